"""Owns how `digest preview` shows an invented mail: as text, as HTML, or as it is sent. It must never compose one."""

from __future__ import annotations

from typing import Literal

from digest.errors import Misuse
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.examples import mails, preview, preview_beforehand

BEFOREHAND = "---- and this, to send yourself before it, so that the mail is expected:"


def shown(mail: str, locale: str, form: Literal["text", "html", "raw"]) -> str | bytes:
    """The mail of that name in that language. Raises Misuse that says which there are."""
    name = mail.replace("-", "_")
    if name not in mails():
        raise Misuse(f"There is no mail {mail!r}. There are: {', '.join(mails())}.")
    composed = preview(name, locale)
    if form == "raw":
        return composed.raw
    if form == "html":
        return composed.html_body
    return _as_text(composed) + _beforehand(name, locale)


def _as_text(composed: ComposedMessage) -> str:
    return f"To: {composed.rcpt_to}\nSubject: {composed.subject}\n\n{composed.text_body.rstrip()}\n"


def _beforehand(name: str, locale: str) -> str:
    if name != "invitation":
        return ""
    return f"\n{BEFOREHAND}\n\n{preview_beforehand(locale).strip()}\n"
