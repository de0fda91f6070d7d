"""The nouns of the product and their verbs. It never knows mail, web, templates or the scheduler."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData


def every_table() -> MetaData:
    """The metadata with all tables in it, for migrations."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return import_module(f"{__name__}.base").Base.metadata
