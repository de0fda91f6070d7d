"""Owns an application with every provider switched on, and what it stored. It must never know one provider's rules."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from digest.app import create_app
from digest.database import Database, connect
from digest.domain.mails.record import InboundMessage
from digest.inbound import bounce
from digest.inbound.delivery_report import DeliveryReport
from digest.settings import Settings
from tests.inbound.payloads import Post, sendgrid, ses
from tests.parts.databases import SqliteDatabases, database_with_schema

KEY = "the signing key of this door"
PAIR = "digest:a long password"


@dataclass
class Doors:
    """All doors of one service."""

    database: Database
    amazon: ses.Amazon = field(default_factory=ses.amazon)

    def __post_init__(self) -> None:
        settings = Settings(
            secret=("the secret that signs links",),
            mailgun_signing_key=(KEY,),
            postmark_secret=(PAIR,),
            sendgrid_secret=(PAIR,),
            sendgrid_public_key=(sendgrid.public_key(sendgrid.key(KEY)),),
            ses_topics=(ses.TOPIC,),
        )
        self.app = create_app(settings, self.database)
        self.app.extensions["digest.fetch"] = self.amazon.fetch

    def post(self, post: Post) -> int:
        with self.app.test_client() as client:
            return client.post(post.path, data=post.body, headers=post.headers).status_code

    @property
    def stored(self) -> list[InboundMessage]:
        with self.database.reading() as session:
            return list(session.scalars(select(InboundMessage).options(undefer(InboundMessage.raw))))

    @property
    def raw(self) -> list[bytes]:
        return [zlib.decompress(row.raw or b"") for row in self.stored]


@pytest.fixture
def doors(sqlite_databases: SqliteDatabases) -> Iterator[Doors]:
    with database_with_schema(sqlite_databases) as url, closing(connect(url)) as database:
        yield Doors(database)


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[DeliveryReport]:
    """The reports that the doors hand over, in order."""
    handed_over: list[DeliveryReport] = []
    take: Callable[[Database, DeliveryReport], object] = bounce.take

    def keep(database: Database, report: DeliveryReport) -> object:
        handed_over.append(report)
        return take(database, report)

    monkeypatch.setattr(bounce, "take", keep)
    return handed_over
