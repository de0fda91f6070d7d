"""Measures how well and how fast the newly written words of a reply are found, beside the parsers on PyPI,
in one run.

python -m bench.replies [CASES.jsonl]

The messages are those of `tests/reading/client_forms.py` around the words of `typed_words.py`: they were
written for this project, so its own figure on them says that nothing broke, not how it does on the mail of
others. With a file, its cases are read instead: one JSON object a line with `text` or `html` (or a message
as base64 `eml`), and `accepted`, every reading that counts as right. `exact`: equal but for blanks and
quote marks; `leak`: words that no accepted reading has; `loss`: words missing. Our milliseconds include the
parsing of the message; peers are given its body. Peers that are not installed are left out: `pip install
mail-parser-reply email-reply-parser quotequail talon`.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from digest.reading.mime.message import parse
from digest.reading.visible.visible_text import see
from digest.reading.written.reply_text import cut
from tests.reading.client_forms import FORMS
from tests.reading.typed_words import TYPED

ROUNDS = 3
_MARKS = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LANGUAGES = "en de fr es it ja ko nl pl sv cs da zh".split()


@dataclass(frozen=True)
class Case:
    """One reply: its body in text and HTML as far as it has them, as a whole message, and what counts as
    right."""

    text: str | None
    html: str | None
    raw: bytes
    accepted: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """Shares of cases, and milliseconds a case (median of the rounds)."""

    exact: float
    leak: float
    loss: float
    milliseconds: float


Reader = Callable[[Case], str]


def plain(case: Case) -> str:
    """The text that peers without HTML are given."""
    if case.text is not None:
        return case.text
    page = re.sub(r"<(?:br|/p|/div|/blockquote)[^>]{0,200}>", "\n", case.html or "")
    return unescape(re.sub(r"<[^>]{0,2000}>", "", page))


def ours(case: Case) -> str:
    return cut(see(parse(case.raw))).reply


def peers() -> Iterator[tuple[str, Reader]]:
    for name, make in _PEERS.items():
        try:
            yield name, make()
        except ImportError:
            print(f"{name:<22}not installed")


def _mail_parser_reply() -> Reader:
    parser: Any = import_module("mailparser_reply").EmailReplyParser(languages=_LANGUAGES)
    return lambda case: parser.parse_reply(text=plain(case)) or ""


def _email_reply_parser() -> Reader:
    parser: Any = import_module("email_reply_parser").EmailReplyParser
    return lambda case: parser.parse_reply(plain(case)) or ""


def _quotequail() -> Reader:
    quail: Any = import_module("quotequail")

    def read(case: Case) -> str:
        found = quail.unwrap_html(case.html) if case.text is None and case.html else quail.unwrap(plain(case))
        keys = ("html_top", "html_bottom") if case.text is None else ("text_top", "text_bottom")
        parts = [found.get(key) or "" for key in keys] if found else [plain(case)]
        return plain(Case(None, "\n".join(parts), b"", ())) if case.text is None else "\n".join(parts)

    return read


def _talon() -> Reader:
    quotations: Any = import_module("talon.quotations")
    signature: Any = import_module("talon.signature.bruteforce")

    def read(case: Case) -> str:
        if case.text is None:
            rest = plain(Case(None, quotations.extract_from_html(case.html), b"", ()))
        else:
            rest = quotations.extract_from_plain(case.text)
        return signature.extract_signature(rest)[0] or ""

    return read


_PEERS: dict[str, Callable[[], Reader]] = {
    "mail-parser-reply": _mail_parser_reply,
    "email-reply-parser": _email_reply_parser,
    "quotequail": _quotequail,
    "talon": _talon,
}


def own_cases() -> list[Case]:
    """Every form of a client around every text that people type."""
    cases = [parse(form.message(typed)) for form in FORMS for typed in TYPED]
    raws = [(form.message(typed), typed) for form in FORMS for typed in TYPED]
    return [
        Case(message.text, message.html if message.text is None else None, raw, (typed,))
        for message, (raw, typed) in zip(cases, raws, strict=True)
    ]


def cases_in(path: Path) -> list[Case]:
    """The cases of a file."""
    return [_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _case(item: dict[str, Any]) -> Case:
    kind = "plain" if item.get("text") is not None else "html"
    body = item.get("text") if item.get("text") is not None else item.get("html") or ""
    head = f"From: person@example.org\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
    raw = base64.b64decode(item["eml"]) if item.get("eml") else head.encode() + str(body).encode()
    message = parse(raw)
    return Case(message.text, message.html if message.text is None else None, raw, tuple(item["accepted"]))


def measured(read: Reader, cases: Sequence[Case]) -> Figures:
    """The figures of one parser over all cases, each read several times."""
    replies, seconds = list[str](), list[float]()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        replies = [_safely(read, case) for case in cases]
        seconds.append(time.perf_counter() - start)
    scores = [scored(reply, case.accepted) for reply, case in zip(replies, cases, strict=True)]
    exact, leak, loss = (sum(score[at] for score in scores) / len(scores) for at in range(3))
    return Figures(exact, leak, loss, median(seconds) * 1000 / len(cases))


def _safely(read: Reader, case: Case) -> str:
    try:
        return read(case)
    except Exception:  # a peer that fails has found nothing
        return ""


def scored(reply: str, accepted: Sequence[str]) -> tuple[bool, bool, bool]:
    """Whether a reply is exact, whether it leaks, whether it lost words."""
    found = words(reply)
    wanted = [words(text) for text in accepted]
    longest, shortest = max(wanted, key=lambda bag: bag.total()), min(wanted, key=lambda bag: bag.total())
    exact = normalised(reply) in {normalised(text) for text in accepted}
    return exact, bool(found - longest), bool(shortest - found)


def normalised(text: str) -> str:
    return " ".join(_MARKS.sub("", _INVISIBLE.sub("", text)).split())


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", normalised(text)))


def main(arguments: Sequence[str]) -> None:
    warnings.simplefilter("ignore")
    cases = cases_in(Path(arguments[0])) if arguments else own_cases()
    measured(ours, cases[:50])  # loads the languages
    print(f"{len(cases)} replies\n{'':<22}{'exact':>8}{'leak':>8}{'loss':>8}{'ms':>8}")
    for name, read in (("digest", ours), *peers()):
        figures = measured(read, cases)
        print(
            f"{name:<22}{figures.exact:>8.1%}{figures.leak:>8.1%}{figures.loss:>8.1%}{figures.milliseconds:>8.2f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
