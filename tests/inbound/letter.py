"""Owns the message that the suite for every door brings. It must never know a door."""

from __future__ import annotations

from dataclasses import dataclass

TOKEN = "r-aaaaaaaaaaaaaaaaaaaaaaaaaa"
TO = f"{TOKEN}@in.example.org"
SENDER = "mira@example.com"

EIGHT_BIT = bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"")  # bytes that no charset explains


@dataclass(frozen=True)
class Letter:
    """A raw message and its envelope."""

    raw: bytes
    mail_from: str = SENDER
    rcpt_to: str = TO


def letter(text: str | bytes = "Tried: a thing", *, rcpt_to: str = TO, mail_from: str = SENDER) -> Letter:
    """A message with that text. The addresses in its header are wrong on purpose: a door goes by the envelope."""
    body = text.encode() if isinstance(text, str) else text
    head = (
        b"From: Mira <mira@example.com>\r\nTo: somebody@example.net\r\nSubject: Re: Packaging group, week 14\r\n"
        b"Message-ID: <a@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return Letter(head + body + b"\r\n", mail_from, rcpt_to)
