"""The nouns of the product and their verbs. It never knows mail, web, templates or the scheduler."""

from __future__ import annotations

from sqlalchemy import MetaData


def every_table() -> MetaData:
    """The metadata with all tables in it, for migrations."""
    from digest.domain import entry, group, mail_record, person, practice, question, round  # noqa: F401
    from digest.domain.base import Base

    return Base.metadata
