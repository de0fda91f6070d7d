"""Owns the HTTP doors for the suite of all doors: one application for each, asked by a test client. It must never
sign a request itself: the payloads do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, ClassVar

from digest.app import create_app
from digest.database import connect
from digest.settings import Settings
from tests.inbound.letter import Letter
from tests.inbound.payloads import Post
from tests.inbound.payloads.raw import raw_post

OLD, NEW, FOREIGN = "the old secret of this door", "the new secret of this door", "a secret of somebody else"
SIGNS = "the secret that signs links"
STORED = (200, 1)


class HttpDoor:
    """What all of them share; a door says how its posts are made."""

    name: ClassVar[str]
    settings: ClassVar[dict[str, Any]]
    exempt: ClassVar[dict[str, str]] = {}
    answers: ClassVar[dict[str, tuple[object, int]]]

    def __init__(self, database_url: str, folder: Path) -> None:
        del folder
        self._database = connect(database_url)
        settings = Settings(database_url=database_url, secret=(SIGNS,), **self.settings)
        self.app = create_app(settings, self._database)
        self.before: Post | None = None

    @property
    def via(self) -> str:
        return self.name

    def bring(self, letter: Letter, how: str = "good") -> object:
        post = self.post(letter, how)
        self.before = post
        with self.app.test_client() as client:
            return client.post(post.path, data=post.body, headers=post.headers).status_code

    def post(self, letter: Letter, how: str) -> Post:
        raise NotImplementedError

    def close(self) -> None:
        self._database.close()


class RawDoor(HttpDoor):
    name = "raw"
    settings: ClassVar = {"inbound_secret": (NEW, OLD)}
    answers: ClassVar = {
        "good": STORED,
        "old secret": STORED,
        "unsigned": (401, 0),
        "forged": (401, 0),
        "stale": (401, 0),
        "replayed": (401, 1),
        "malformed": (415, 0),
        "duplicate": STORED,
        "oversize": STORED,
        "8-bit": STORED,
        "wrong recipient": STORED,
        "stale but stored": STORED,
        "away": (503, 0),
    }

    def post(self, letter: Letter, how: str) -> Post:
        secret = {"old secret": OLD, "forged": FOREIGN}.get(how, NEW)
        age = 3600 if how.startswith("stale") else 0
        post = raw_post(letter, secret, int(time.time()) - age)
        if how == "unsigned":
            return post.without("X-Digest-Signature")
        if how == "replayed" and self.before:
            return post.with_headers(**self.before.headers)
        if how == "malformed":
            return post.with_headers(**{"Content-Type": "text/plain"})
        return post
