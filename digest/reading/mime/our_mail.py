"""Owns the reading of a mail that we composed: its form is known, so that no parser has to look for it. It must never
read a message that came in."""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from digest.reading.mime.charset import decode
from digest.reading.mime.message import ParsedMessage, decoded, mailboxes, parse

_BOUNDARY = re.compile(rb'\r\nContent-Type: multipart/alternative; boundary="(=_[0-9a-f]{32})"\r\n\r\n')
_PART = re.compile(
    rb'\r\nContent-Type: text/(plain|html); charset="utf-8"\r\n'
    rb"Content-Transfer-Encoding: (quoted-printable|base64)\r\n(?:[^\r\n]+\r\n)*\r\n"
)
_PEOPLE = re.compile(rb"^(From|Reply-To): ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.MULTILINE)
_DECODED = {b"quoted-printable": a2b_qp, b"base64": a2b_base64}


@dataclass(frozen=True)
class OurMail:
    """What a mail of ours says in plain text and in HTML, each whole or None; `names` are those that it comes from and
    goes back to, names and addresses, in lower case, sorted."""

    text: str | None
    html: str | None
    names: tuple[str, ...]


def parse_ours(raw: bytes) -> OurMail:
    """The mail in these bytes, by the form that `outbound/form/mime` gives to all; one of another form is parsed.

    Raises Unreadable where they are no message.
    """
    boundary = _BOUNDARY.search(raw)
    bodies = _bodies(raw[boundary.end() - 2 :], boundary[1]) if boundary else None
    if boundary is None or bodies is None:
        return our_mail(parse(raw))
    people = {name: value.decode("ascii") for name, value in _PEOPLE.findall(raw, 0, boundary.start())}
    names = _names(_senders(people.get(b"From", "")), decoded(people.get(b"Reply-To", "")))
    return OurMail(*bodies, names)


def our_mail(message: ParsedMessage) -> OurMail:
    """The same of a message that was parsed."""
    return OurMail(
        message.text,
        message.html,
        _names((message.from_name, *message.from_addresses), message.header("reply-to")),
    )


def _bodies(body: bytes, boundary: bytes) -> tuple[str, str] | None:
    """The two bodies, plain text first; None where they are not as we write them."""
    _, *parts = body.split(b"\r\n--" + boundary)
    heads = [head for part in parts if (head := _PART.match(part))]
    if len(parts) != 3 or [head[1] for head in heads] != [b"plain", b"html"]:
        return None
    plain, page = (_text(_DECODED[head[2]](head.string[head.end() :])) for head in heads)
    return plain, page


def _text(octets: bytes) -> str:
    return decode(octets, "utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _names(senders: Iterable[str], reply_to: str) -> tuple[str, ...]:
    answered = (word.strip("<>,") for word in reply_to.split() if "@" in word)
    return tuple(sorted({name.lower() for name in (*senders, *answered)} - {""}))


@lru_cache(maxsize=1024)  # the mails of a group come from one name and address
def _senders(field: str) -> tuple[str, ...]:
    found = mailboxes([field])
    return (*(name for name, _ in found[:1]), *(address for _, address in found))
