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
from tests.inbound.payloads import Post, mailgun, postmark, sendgrid, ses
from tests.inbound.payloads.raw import raw_post

OLD, NEW, FOREIGN = "the old secret of this door", "the new secret of this door", "a secret of somebody else"
SIGNS = "the secret that signs links"
STORED = (200, 1)

#: What every HTTP door says alike.
ALIKE: dict[str, tuple[object, int]] = {
    "good": STORED,
    "old secret": STORED,
    "duplicate": STORED,
    "oversize": STORED,
    "8-bit": STORED,
    "wrong recipient": STORED,
    "stale but stored": STORED,
    "away": (503, 0),
}
REFUSED = {"unsigned": (401, 0), "forged": (401, 0), "stale": (401, 0)}
HOUR = 3600


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
    answers: ClassVar = {**ALIKE, **REFUSED, "replayed": (401, 1), "malformed": (415, 0)}

    def post(self, letter: Letter, how: str) -> Post:
        secret = {"old secret": OLD, "forged": FOREIGN}.get(how, NEW)
        post = raw_post(letter, secret, _now() - (HOUR if how.startswith("stale") else 0))
        if how == "unsigned":
            return post.without("X-Digest-Signature")
        if how == "replayed" and self.before:
            return post.with_headers(**self.before.headers)
        if how == "malformed":
            return post.with_headers(**{"Content-Type": "text/plain"})
        return post


class MailgunDoor(HttpDoor):
    name = "mailgun"
    settings: ClassVar = {"mailgun_signing_key": (NEW, OLD)}
    answers: ClassVar = {**ALIKE, **REFUSED, "replayed": (406, 1), "malformed": (422, 0)}

    def post(self, letter: Letter, how: str) -> Post:
        key = {"old secret": OLD, "forged": FOREIGN}.get(how, NEW)
        at = _now() - (10 * HOUR if how.startswith("stale") else 0)
        if how == "malformed":
            return mailgun.parsed_route_post(letter, key, at)
        if how != "replayed":
            self.fields = mailgun.mailgun_fields(letter, key, at)
        fields = [(name, value) for name, value in self.fields if name != "body-mime"]
        if how == "unsigned":
            fields = [(name, value) for name, value in fields if name != "signature"]
        return self.written([*fields, ("body-mime", letter.raw)])

    def written(self, fields: list[tuple[str, bytes]]) -> Post:
        return mailgun.as_multipart(fields)


class MailgunUrlencodedDoor(MailgunDoor):
    """Without attachments Mailgun may send the other kind of form."""

    def written(self, fields: list[tuple[str, bytes]]) -> Post:
        return mailgun.as_urlencoded(fields)


class PostmarkDoor(HttpDoor):
    name = "postmark"
    pairs: ClassVar = {"new": "digest:a new password", "old": "digest:an old password"}
    settings: ClassVar = {"postmark_secret": tuple(pairs.values())}
    answers: ClassVar = {**ALIKE, "unsigned": (401, 0), "forged": (401, 0), "malformed": (422, 0)}
    exempt: ClassVar = {
        "stale": "Postmark signs nothing: user and password have no age",
        "stale but stored": "Postmark signs nothing: user and password have no age",
        "replayed": "Postmark signs nothing: whoever has user and password may send",
    }

    def post(self, letter: Letter, how: str) -> Post:
        pair = {"old secret": self.pairs["old"], "forged": "digest:a wrong password"}.get(
            how, self.pairs["new"]
        )
        if how == "malformed":
            return postmark.as_json(postmark.postmark_body(letter, raw=False), pair)
        post = postmark.postmark_post(letter, pair)
        return post.without("Authorization") if how == "unsigned" else post


FINAL_AFTER_4XX = {"unsigned": (503, 0), "forged": (503, 0), "stale": (503, 0), "malformed": (503, 0)}


class SendgridDoor(HttpDoor):
    """Signed over its body."""

    name = "sendgrid"
    settings: ClassVar = {
        "sendgrid_public_key": tuple(sendgrid.public_key(sendgrid.key(name)) for name in (NEW, OLD))
    }
    answers: ClassVar = {**ALIKE, **FINAL_AFTER_4XX, "replayed": (503, 1)}

    def post(self, letter: Letter, how: str) -> Post:
        key = sendgrid.key({"old secret": OLD, "forged": FOREIGN}.get(how, NEW))
        post = sendgrid.sendgrid_post(letter, raw=how != "malformed")
        if how == "replayed" and self.before:
            return post.with_headers(**self.before.headers)
        at = _now() - (5 * 24 * HOUR if how.startswith("stale") else 0)
        return post if how == "unsigned" else sendgrid.signed(post, key, at)


class SesDoor(HttpDoor):
    name = "ses"
    settings: ClassVar = {"ses_topics": (ses.TOPIC,)}
    answers: ClassVar = {
        **ALIKE,
        "unsigned": (401, 0),
        "forged": (401, 0),
        "stale": (503, 0),
        "malformed": (503, 0),
        "replayed": (401, 1),
        "oversize": (413, 0),
    }
    exempt: ClassVar = {
        "old secret": "Amazon SNS changes its certificates by itself; there is no secret of ours"
    }

    def __init__(self, database_url: str, folder: Path) -> None:
        super().__init__(database_url, folder)
        self.amazon = ses.amazon()
        self.app.extensions["digest.fetch"] = self.amazon.fetch

    def post(self, letter: Letter, how: str) -> Post:
        signer = ses.amazon("somebody else") if how == "forged" else self.amazon
        message = '{"notificationType": "Received"}' if how == "malformed" else ses.received(letter)
        post = ses.notification(message, signer, age=16 * 24 * HOUR if how.startswith("stale") else 0)
        if how == "unsigned":
            return ses.changed(post, Signature="")
        if how == "replayed" and self.before:
            return ses.changed(self.before, Message=message)
        return post


def _now() -> int:
    return int(time.time())
