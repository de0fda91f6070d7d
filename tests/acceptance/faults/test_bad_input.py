"""What no client should send: each ends in a recorded outcome within a second, and the worker lives on."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from digest.domain.mails.record import InboundMessage
from digest.inbound.envelope import LARGEST_MESSAGE
from tests.acceptance.world import World

TUESDAY = "2026-03-31T09:00+02:00"
HEAD = (
    b"From: Ben <ben@example.com>\r\nTo: you@in.example.org\r\nSubject: Re: week 14\r\nMessage-ID: <x@y>\r\n"
)
PLAIN = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
MIXED = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
MANY_ADDRESSES = b", ".join(b"a%d@example.net" % n for n in range(20_000))


def nested(levels: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(levels)
    )
    return HEAD + b"MIME-Version: 1.0\r\n" + opened + b"\r\nTried: the deep end\r\n"


#: What comes in, and the outcomes that it may have.
HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "100,000 parts": (
        HEAD + MIXED + b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--\r\n",
        {"dropped", "filed", "held"},
    ),
    "3,000 levels": (nested(3000), {"dropped", "filed", "held"}),
    "a header of 5 MB": (
        HEAD + b"X-Long: " + b"a" * 5_000_000 + b"\r\n" + PLAIN + b"Tried: it\r\n",
        {"dropped", "filed"},
    ),
    "an unknown charset": (
        HEAD
        + b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\nTried: a new label\r\n",
        {"filed"},
    ),
    "NUL bytes": (HEAD + PLAIN + b"Tried: a new \x00 label\r\n", {"filed"}),
    "no Message-ID": (
        HEAD.replace(b"Message-ID: <x@y>\r\n", b"") + PLAIN + b"Tried: a new label\r\n",
        {"filed"},
    ),
    "two From fields": (b"From: Eve <eve@example.net>\r\n" + HEAD + PLAIN + b"Tried: a label\r\n", {"held"}),
    "no From field": (HEAD.partition(b"\r\n")[2] + PLAIN + b"Tried: a label\r\n", {"held"}),
    "an empty body": (HEAD + PLAIN, {"held"}),
    "headers only": (HEAD, {"held", "dropped"}),
    "20,000 addresses": (
        HEAD
        + b"Cc: "
        + b", ".join(b"a%d@example.net" % n for n in range(20_000))
        + b"\r\n"
        + PLAIN
        + b"Tried: a label\r\n",
        {"filed", "dropped"},
    ),
    "bare carriage returns": (HEAD + PLAIN + b"Tried: a\rlabel\r", {"filed", "held"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_in_a_recorded_outcome(packaging: World, name: str) -> None:
    raw, outcomes = HOSTILE[name]
    packaging.at(TUESDAY)
    prompt = packaging.last("ben@example.com")
    assert packaging.post(raw, prompt.reply_to, "ben@example.com") == 200
    started = time.monotonic()
    packaging.tick()
    took = time.monotonic() - started
    with packaging.database.reading() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
    assert row.state in outcomes, row.reason
    assert row.state == "filed" or row.reason
    assert took < 5, "a second for the message, the rest for a slow machine"
    assert packaging.reply(prompt, "Tried: the next one is read as ever") == 200
    packaging.tick()
    assert "the next one is read as ever" in packaging.last("ben@example.com").text


def test_a_message_over_the_cap_is_kept_as_a_stub_and_its_member_told_once(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.last("ben@example.com")
    raw = HEAD + PLAIN + b"Tried: everything\r\n" * (LARGEST_MESSAGE // 19 + 10)
    assert packaging.post(raw, prompt.reply_to, "ben@example.com") == 200
    assert packaging.post(raw, prompt.reply_to, "ben@example.com") == 200
    before = len(packaging.inbox("ben@example.com"))
    packaging.tick()
    packaging.tick()
    with packaging.database.reading() as session:
        rows = session.scalars(select(InboundMessage).where(InboundMessage.reason == "too-large")).all()
        assert [(row.state, row.size) for row in rows] == [("dropped", len(raw))]
        assert len(rows[0].raw or b"") < 100_000
    assert len(packaging.inbox("ben@example.com")) == before + 1


@pytest.mark.parametrize(
    ("raw", "status"), [(b"", 422), (b"no header at all", 422), (b"\x00\x01\x02 binary", 422)]
)
def test_what_is_no_message_is_refused(packaging: World, raw: bytes, status: int) -> None:
    packaging.at(TUESDAY)
    assert packaging.post(raw, packaging.last("ben@example.com").reply_to, "ben@example.com") == status
