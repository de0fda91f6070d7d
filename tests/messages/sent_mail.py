"""Owns the messages that the service is taken to have sent, in text and HTML, block by block. Never quotes them."""

from __future__ import annotations

import html
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.messages import mime

ADDRESS = "{token}@in.digest.example"


@dataclass(frozen=True)
class SentMail:
    """One mail of ours: its blocks are paragraphs; a heading is a block that opens with '1. ', '2. ' or '3. '."""

    name: str
    language: str
    sender: str
    address: str
    subject: str
    blocks: tuple[str, ...]

    @property
    def message_id(self) -> str:
        return f"<{self.name}.1763366400@digest.example>"


def sent_mails(path: Path) -> dict[str, SentMail]:
    """The mails of the TOML file by name."""
    records = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _mail(name, record) for name, record in records.items()}


def _mail(name: str, record: dict[str, str]) -> SentMail:
    blocks: list[str] = []
    for paragraph in record["text"].strip().split("\n\n"):
        lines = paragraph.split("\n")
        blocks += lines if heading(lines[0]) else [paragraph]
    address = ADDRESS.format(token=record["token"])
    return SentMail(name, record["lang"], record["from"], address, record["subject"], tuple(blocks))


def heading(block: str) -> int | None:
    """1, 2 or 3 where the block is one of the prompt's three questions."""
    return int(block[0]) if block[:3] in ("1. ", "2. ", "3. ") and "\n" not in block else None


def text_of(mail: SentMail) -> str:
    """The text part, wrapped at 76, headings directly under each other."""
    pieces: list[str] = []
    for at, block in enumerate(mail.blocks):
        tight = at and heading(block) and heading(mail.blocks[at - 1])
        pieces.append(("" if not at else "\n" if tight else "\n\n") + wrapped(block))
    return "".join(pieces) + "\n"


def wrapped(block: str, width: int = 76) -> str:
    """Each line of the block filled to `width`, links whole."""
    fill = textwrap.TextWrapper(width=width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(fill.fill(line) for line in block.split("\n"))


def html_of(block: str) -> str:
    """A block as the paragraph that we write."""
    style = "margin:16px 0 4px;font-weight:600" if heading(block) else "margin:0 0 16px"
    return f'<p style="{style}">{_linked(html.escape(block, quote=False)).replace(chr(10), "<br>")}</p>'


def _linked(escaped: str) -> str:
    words = escaped.split(" ")
    return " ".join(
        f'<a href="{w}" style="color:#0b57d0">{w}</a>' if w.startswith("https://") else w for w in words
    )


def raw(mail: SentMail) -> bytes:
    """The message as it left: multipart/alternative, quoted-printable."""
    body = "\n".join(html_of(block) for block in mail.blocks)
    top = f'<!doctype html>\n<html lang="{mail.language}"><body style="font:16px/1.5 sans-serif">\n'
    page = f"{top}{body}\n</body></html>\n"
    content = mime.multipart(
        "alternative", "=_digest", mime.leaf("text/plain", text_of(mail)), mime.leaf("text/html", page)
    )
    fields = (
        ("From", f"{mail.sender} <{mail.address}>"),
        ("To", "mira@member.example"),
        ("Subject", mail.subject),
        ("Date", "Tue, 17 Nov 2026 09:00:00 +0100"),
        ("Message-ID", mail.message_id),
        ("MIME-Version", "1.0"),
        *content.fields,
    )
    return mime.written(fields, content.payload)
