"""Owns the hand-written cases: what was typed, and by marks in it what a colleague files. Never renders a message."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]
OPEN = ("{t:", "{f:", "{q:", "{s:", "{a")
CLOSE = ":}"


@dataclass(frozen=True)
class Marked:
    """Typed text without its marks, and the marked stretches in order: kind (t, f, q, s, a14) and words."""

    typed: str
    stretches: tuple[tuple[str, str], ...]


def unmark(text: str) -> Marked:
    """Take `{t:…:}` (tried) `{f:…:}` (failed) `{q:…:}` (question) `{s:…:}` (sign-off) `{a14:…:}` (answer) off."""
    typed, stretches, rest = "", [], text
    while (found := _first_mark(rest)) is not None:
        head, kind, words, rest = found
        typed += head + words
        stretches.append((kind, words.strip()))
    return Marked((typed + rest).strip("\n"), tuple(stretches))


def _first_mark(text: str) -> tuple[str, str, str, str] | None:
    starts = [at for at in (text.find(mark) for mark in OPEN) if at >= 0]
    if not starts:
        return None
    start = min(starts)
    colon = text.index(":", start)
    stop = text.index(CLOSE, colon)
    return text[:start], text[start + 1 : colon], text[colon + 1 : stop], text[stop + len(CLOSE) :]


def cases(folder: Path) -> Iterator[Record]:
    """All cases of the TOML files in `folder`, each with its language out of the file or the record."""
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for record in content.get("case", []):
            yield {"lang": content.get("lang", "en"), **record}


def typed_pieces(case: Record) -> list[str]:
    """What the person typed, in reading order: above the quotation, inside it, below it."""
    inside = case.get("inside", {})
    return [case.get("text", ""), *(inside[key] for key in sorted(inside)), case.get("below", "")]


def expectation(case: Record) -> Record:
    """The content of the case's JSON file."""
    pieces = [unmark(piece) for piece in typed_pieces(case) if piece.strip()]
    stretches = [stretch for piece in pieces for stretch in piece.stretches]
    reply = case.get("reply", "\n\n".join(piece.typed for piece in pieces))
    intent = case.get("intent", "entry")
    expected: Record = {
        "reply": reply,
        "intent": intent,
        "tried": _joined(stretches, "t"),
        "failed": _joined(stretches, "f"),
        "questions": [words for kind, words in stretches if kind == "q"],
        "anonymous": case.get("anonymous", False),
        "automatic": False,
        "language": case.get("language", case["lang"]) or None,
    }
    expected |= _answers(case, stretches) | _latitude(case, reply, stretches)
    return expected | {"about": _about(case)}


def _joined(stretches: list[tuple[str, str]], kind: str) -> str | None:
    return "\n".join(words for found, words in stretches if found == kind) or None


def _answers(case: Record, stretches: list[tuple[str, str]]) -> Record:
    numbered = [[int(kind[1:]), words] for kind, words in stretches if kind.startswith("a")]
    found: Record = {"numbered": numbered} if numbered else {}
    return found | {key: case[key] for key in ("helps", "command") if key in case}


def _latitude(case: Record, reply: str, stretches: list[tuple[str, str]]) -> Record:
    """Where more than one reading is right: a typed sign-off kept, kept in part or left out; named alternatives."""
    replies = [reply, *case.get("accepted_reply", [])]
    for words in (words for kind, words in stretches if kind == "s"):
        lines = words.split("\n")
        kept = ("\n".join(lines[:count]) for count in range(len(lines)))
        replies += [reply.replace(words, some).strip() for some in kept]
    found: Record = {"accepted_reply": replies} if len(replies) > 1 else {}
    return found | {
        key: case[key] for key in ("accepted", "accepted_language", "bullets", "needs_sent") if key in case
    }


def automatic_expectation(case: Record) -> Record:
    """The content of an automatic message's JSON file: `mail_from` is the envelope sender where it is known."""
    known = {"mail_from": case["mail_from"]} if "mail_from" in case else {}
    about = {
        "language": case["lang"],
        "client": case.get("system", case.get("form", "autoreply")),
        "kind": case["kind"],
    }
    return {"automatic": True, "intent": "automatic"} | known | {"about": about}


def _about(case: Record) -> Record:
    manner = [word.strip() for word in case.get("manner", "").split(",") if word.strip()]
    return {
        "language": case["lang"],
        "client": case["client"],
        "manner": manner,
        "sent": case.get("sent", ""),
    }
