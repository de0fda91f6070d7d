"""The nouns of the product and their verbs, a room each. It never knows mail, web, templates or the scheduler.

`base` is below all rooms; `export` and `vital_signs` look into all of them. Between them imports run one way:
replies -> questions -> rounds -> mails -> groups, and delivery -> mails; pyproject.toml holds it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

from sqlalchemy import MetaData


def every_table() -> MetaData:
    """The metadata with all tables in it, for migrations."""
    for module in walk_packages(__path__, f"{__name__}."):
        import_module(module.name)
    return import_module(f"{__name__}.base").Base.metadata
