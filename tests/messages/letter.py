"""Owns a reply before a client gives it its form: typed pieces, signature, quotation. Never encodes anything."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.messages.sent_mail import SentMail, heading, html_of, wrapped

Format = Callable[[str], str]


@dataclass(frozen=True)
class Letter:
    """Typed pieces by place (`inside` by heading number), what is quoted, and the words of the client's language."""

    person: str
    address: str
    words: Mapping[str, str]
    sent: SentMail
    quoted: tuple[str, ...]
    above: str
    inside: Mapping[int, str]
    below: str
    signature: str
    footer: str | None
    above_html: str | None

    def say(self, key: str) -> str:
        """A phrase of the client in its language, with our name and address and the person's in their places."""
        return self.words[key].format(
            n=self.sent.sender, a=self.sent.address, s=self.sent.subject, p=self.person, m=self.address
        )

    def block(self, suffix: str = "") -> list[tuple[str, str]]:
        """The header block that Outlook and its kin quote: labels and values in the client's order."""
        values = {
            "f": f"{self.sent.sender} <{self.sent.address}>",
            "d": self.words["long"],
            "t": f"{self.person} <{self.address}>",
            "s": self.sent.subject,
        }
        rows = (row.rpartition("=") for row in self.words["block" + suffix].split("|"))
        return [(label, values[key]) for label, _, key in rows]


@dataclass(frozen=True)
class Body:
    """What a client puts into a message; None where it writes no such part."""

    text: str | None
    html: str | None
    flowed: bool = False


def stack(*pieces: str, gap: str = "\n\n") -> str:
    """The non-empty pieces under each other."""
    return gap.join(piece.strip("\n") for piece in pieces if piece.strip())


def hard_wrapped(text: str, width: int = 72) -> str:
    """Typed text as clients of the old school break it."""
    fill = textwrap.TextWrapper(
        width=width, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return "\n".join(line if len(line) <= width else fill.fill(line) for line in text.split("\n"))


def quote_text(letter: Letter, mark: str = "> ", answers: Format = str) -> str:
    """The quotation with `mark` before each line, typed answers unmarked under their headings."""
    lines: list[str] = []
    for at, block in enumerate(letter.quoted):
        tight = at and heading(block) and heading(letter.quoted[at - 1])
        answered = at and heading(letter.quoted[at - 1]) in letter.inside
        lines += [] if not at or tight or answered else [mark.rstrip()]
        lines += [(mark + line).rstrip() for line in wrapped(block).split("\n")]
        typed = letter.inside.get(heading(block) or 0)
        lines += ["", answers(typed), ""] if typed else []
    return "\n".join(lines)


def quote_html(letter: Letter, opening: str, closing: str, answer: Format) -> str:
    """The quotation in containers that end before a typed answer and begin again after it."""
    out = [opening]
    for block in letter.quoted:
        out.append(html_of(block))
        typed = letter.inside.get(heading(block) or 0)
        out += [closing, answer(typed), opening] if typed else []
    return "\n".join([*out, closing])


def lines_html(text: str, line: Format, empty: str, gap: str = "\n") -> str:
    """Typed lines, each in the element in which the client puts a line."""
    return gap.join(line(inline(row)) if row.strip() else empty for row in text.strip("\n").split("\n"))


def inline(text: str) -> str:
    """Escaped words; runs of spaces and links as composers write them."""
    escaped = html.escape(text, quote=False).replace("  ", "&nbsp; ")
    words = escaped.split(" ")
    return " ".join(f'<a href="{word}">{word}</a>' if word.startswith("https://") else word for word in words)
