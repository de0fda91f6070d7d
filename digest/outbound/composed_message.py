"""Owns the finished message: its envelope and bytes, as stored and sent. It must never be altered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ComposedMessage:
    """One message to one recipient; `raw` is RFC 5322 with CRLF, `mail_from` "" the null reverse-path."""

    kind: str  # name of the mail: its folder under templates/email
    message_id: str  # with its angle brackets, as in the field
    mail_from: str
    rcpt_to: str
    subject: str  # decoded
    raw: bytes
    text_body: str  # decoded text/plain, "\n" line ends
    html_body: str  # decoded text/html
