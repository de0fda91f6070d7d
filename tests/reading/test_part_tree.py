"""A message that is cut where its boundary stands is the one that the standard library's parser finds."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import SMTP
from typing import Any

import pytest

from digest.reading.mime import part_tree as tree_module
from digest.reading.mime.mime_body import parts_of
from digest.reading.mime.part_tree import part_tree
from tests.messages.score import messages

SAMPLES = [each.raw for kind in ("replies", "automatic") for each in messages(kind)]
Damage = Callable[[random.Random, bytes], bytes]


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(raw: bytes) -> None:
        raise AssertionError("it was left to the parser")

    monkeypatch.setattr(tree_module, "message_from_bytes", refuse)


def shape(message: Message) -> Any:
    """All that is read out of a message: its fields as they came, and what it holds."""
    inner = [shape(part) for part in parts_of(message)] if message.is_multipart() else message.get_payload()
    return list(message.raw_items()), message.get_content_type(), inner


def found(parse: Callable[[bytes], Message], raw: bytes) -> Any:
    """What is found, or how the parser stumbles."""
    try:
        return shape(parse(raw))
    except (ValueError, LookupError, TypeError, AttributeError, MessageError, AssertionError) as error:
        return repr(error)


def with_picture() -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "mira@example.org", "Re: week 14"
    message.set_content("Tried: crates.\n")
    message.add_alternative("<p>Tried: crates.</p><img src='cid:1'>", subtype="html")
    message.get_payload(1).add_related(b"\x89PNG" * 4000, "image", "png", cid="<1>")  # type: ignore[union-attr]
    message.add_attachment(b"%PDF" * 4000, maintype="application", subtype="pdf", filename="lids.pdf")
    return message.as_bytes()


@pytest.mark.usefixtures("no_parser")
def test_a_message_with_pictures_and_files_is_cut() -> None:
    raw = with_picture()
    assert shape(part_tree(raw)) == shape(message_from_bytes(raw))
    lines = raw.replace(b"\r\n", b"\n")
    assert shape(part_tree(lines)) == shape(message_from_bytes(lines))


def test_most_messages_of_real_clients_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    left = list[bytes]()

    def parse(raw: bytes) -> Message:
        left.append(raw)
        return message_from_bytes(raw)

    monkeypatch.setattr(tree_module, "message_from_bytes", parse)
    assert [shape(part_tree(raw)) for raw in SAMPLES] == [shape(message_from_bytes(raw)) for raw in SAMPLES]
    assert len(left) * 5 < len(SAMPLES)


@pytest.mark.parametrize(
    "body",
    [
        "\r\nOne.\r\n\r\nTwo.",
        "\r\n\r\nOne.\r\n",
        "Subject: x\r\n\r\nOne.",
        "Subject: x\r\n\r\nsee --b in the text\r\nand --b--\r\n",
        "Subject: x\r\n\r\n--b2\r\nOne.",
        "no field\r\n\r\nOne.",
        "Subject: x",
        "Subject: x\r\n\r\n",
        "",
    ],
)
@pytest.mark.parametrize("kind", ["mixed", "digest"])
def test_a_part_is_what_the_parser_makes_of_it(kind: str, body: str) -> None:
    part = f"--b\r\n{body}\r\n"
    header = f"From: a@example.org\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n"
    for end in ("--b--\r\n", "--b--", "--b--x\r\n", "--b-- \r\n", "--b--\r\nafter\r\n--b\r\n", ""):
        raw = f"{header}before\r\n{part}{part}{end}".encode()
        assert shape(part_tree(raw)) == shape(message_from_bytes(raw))


def cut_out(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw))
    return raw[:at] + raw[at + dice.randint(1, 40) :]


def put_in(dice: random.Random, raw: bytes) -> bytes:
    at = dice.randrange(len(raw))
    pieces = (b"\r\n", b"\n", b"\r", b"--", b" ", b"\t", b"\r\n\r\n", b"\n\n", b"\xff", b"--\r\n")
    return raw[:at] + dice.choice(pieces) + raw[at:]


def repeat_a_delimiter(dice: random.Random, raw: bytes) -> bytes:
    lines = re.findall(rb"^--.*\n", raw, re.MULTILINE)
    at = dice.randrange(len(raw))
    return raw[:at] + dice.choice([b"", b"\r\n"]) + dice.choice(lines or [b""]) + raw[at:]


def end_a_line_otherwise(dice: random.Random, raw: bytes) -> bytes:
    at = raw.find(b"\r\n", dice.randrange(len(raw)))
    return raw if at < 0 else raw[:at] + dice.choice([b"\n", b"\r", b"", b" \r\n"]) + raw[at + 2 :]


def change_the_type(dice: random.Random, raw: bytes) -> bytes:
    old = dice.choice([b"multipart/", b"text/plain", b"boundary=", b"ontent-Type", b'"'])
    new = dice.choice([b"multipart/digest", b"message/rfc822", b"multipart/mixed", b"boundary=b;", b"x"])
    at = raw.find(old, dice.randrange(len(raw) // 3))
    return raw if at < 0 else raw[:at] + new + raw[at + len(old) :]


@pytest.mark.parametrize(
    "damage", [cut_out, put_in, repeat_a_delimiter, end_a_line_otherwise, change_the_type]
)
def test_damaged_ones_are_what_the_parser_makes_of_them(damage: Damage) -> None:
    dice = random.Random(14)
    for raw in [*SAMPLES, with_picture()]:
        damaged = damage(dice, damage(dice, raw))
        assert found(part_tree, damaged) == found(message_from_bytes, damaged)
