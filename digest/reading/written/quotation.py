"""Owns which lines of a message are quoted or forwarded: it labels each line. It must never look at
signatures, and never at what the words mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from digest.reading.visible.line import Line
from digest.reading.written.history.attribution import (
    begins_broken,
    could_end,
    introduces_history,
    introduces_next_line,
    introduces_quotation,
    may_introduce_history,
    start_of,
)
from digest.reading.written.history.attribution_evidence import Evidence
from digest.reading.written.history.header_block import block_end, could_open
from digest.reading.written.history.separator import separator
from digest.reading.written.pages import LINES_BETWEEN, Label, Pages, first_label
from digest.reading.written.second_look import doubt_answers, keep_excerpts, label_remains

_MOST_LINES = 20_000
_MOST_CHARACTERS = 600


def labelled(
    lines: Sequence[Line], sent: Sequence[bool] | None = None, names: Collection[str] = ()
) -> list[Label]:
    """One label a line: `quote` covers marked and unmarked history with its attribution and markers.

    `sent` says of each line whether its words are what we sent, None where that is not known; `names` are
    the addresses and names, in lower case, that can stand in an attribution of our mail.
    """
    labels: list[Label] = [
        first_label(line, ours) for line, ours in zip(lines, sent or [False] * len(lines), strict=True)
    ]
    texts = [line.text if label == "own" else "" for line, label in zip(lines, labels, strict=True)]
    pages = Pages(lines, texts, labels, names, sent is not None and any(sent), unmarked_from=len(lines))
    _look(pages)
    label_remains(pages)
    keep_excerpts(pages)
    if not any(pages.texts) and (pages.openings or "signature" in pages.labels):
        return _reopened(pages)
    doubt_answers(pages, sent)
    return pages.labels


def _look(pages: Pages) -> None:
    """Looks at each line in turn; nobody answers below twenty thousand of them."""
    at = 0
    while at < min(len(pages.lines), _MOST_LINES):
        at = _next(pages, at)


def _next(pages: Pages, at: int) -> int:
    """Looks at one line; labels what begins there, and says which line is next."""
    if not pages.texts[at]:
        return at + 1
    found = _separated(pages, at) or _headed(pages, at, announced=False)
    if found is not None:
        return _close(pages, _introduction(pages, at), *found)
    return _attributed(pages, at)


def _introduction(pages: Pages, at: int) -> int:
    """Where the attribution begins that stands directly above a header block; where none does, the block
    itself."""
    if at == 0 or not pages.texts[at - 1]:
        return at
    start = start_of(
        pages.texts, at - 1, lambda found: introduces_quotation(found) or introduces_next_line(found)
    )
    return at if start is None else start


def _separated(pages: Pages, at: int) -> tuple[int, Label] | None:
    """A marker line with what belongs to it: the header block below, where there is one."""
    mark = separator(pages.texts[at])
    if mark is None and pages.lines[at].role != "rule":
        return None
    below = at + 1
    while below < min(len(pages.texts), at + 1 + LINES_BETWEEN) and not pages.texts[below]:
        below += 1
    headed = _headed(pages, below, announced=True) if below < len(pages.texts) else None
    label: Label = "forwarded" if mark is not None and mark.meaning == "forwarded" else "quote"
    if headed is not None:
        return headed[0], label
    return (at + 1, label) if mark is not None and mark.meaning in ("forwarded", "original") else None


def _headed(pages: Pages, at: int, *, announced: bool) -> tuple[int, Label] | None:
    if not could_open(pages.texts[at]) or not pages.affords():
        return None
    end = block_end(pages.texts, at, announced=announced)
    return None if end is None else (end, "quote")


def _attributed(pages: Pages, at: int) -> int:
    quoted = pages.quotation_follows(at + 1)
    if not quoted and _is_broken(pages, at):
        return _close(pages, at, at + 1, "quote")
    if not (quoted or could_end(pages.texts[at]) or _names_us(pages, at)) or not pages.affords():
        return at + 1
    starts = (start_of(pages.texts, at, accepts, pages.names) for accepts in _rules(pages, at, quoted))
    start = next((start for start in starts if start is not None), None)
    return at + 1 if start is None else _close(pages, start, at + 1, "quote")


def _rules(pages: Pages, at: int, quoted: bool) -> Iterator[Callable[[Evidence], bool]]:
    """What is enough for an attribution here, by what stands below."""
    yield introduces_quotation if quoted else introduces_history
    if quoted and pages.labels[at + 1] == "quote":
        yield introduces_next_line
    if not quoted and not pages.sent_known and _stands_alone(pages, at):
        yield may_introduce_history


def _names_us(pages: Pages, at: int) -> bool:
    text = pages.texts[at][:_MOST_CHARACTERS].lower() if pages.names else ""
    return any(name in text for name in pages.names)


def _is_broken(pages: Pages, at: int) -> bool:
    """Whether the address of an attribution stands alone below it, as clients that write a link make it."""
    below = [text for text in pages.texts[at + 1 : at + 1 + LINES_BETWEEN] if text]
    if not below or not below[0].startswith("<") or pages.texts[at].endswith((".", ":", "!", "?")):
        return False
    return begins_broken(pages.texts[at])


def _stands_alone(pages: Pages, at: int) -> bool:
    """Whether a line is a paragraph of its own, with words above and below."""
    texts = pages.texts
    return 2 <= at < len(texts) - 2 and not texts[at - 1] and not texts[at + 1] and any(texts[:at])


def _close(pages: Pages, start: int, end: int, label: Label) -> int:
    """Labels an introduction, and all below it where no quote marks say how far the quotation goes."""
    if pages.quotation_follows(end):
        if not any(line.depth for line in pages.lines[end : end + LINES_BETWEEN]):
            pages.unmarked_from = min(pages.unmarked_from, end)
        pages.give(label, start, end)
        return end
    if label == "quote":
        pages.openings.append((start, end))
    pages.give(label, start, len(pages.lines))
    return len(pages.lines)


def _reopened(pages: Pages) -> list[Label]:
    """Nothing stands above the history: what stands below its introduction may be the answer, so it is kept
    in doubt."""
    if not pages.openings:
        return ["doubtful" if label == "signature" else label for label in pages.labels]
    _, end = pages.openings[0]
    below = Pages(pages.lines[end:], [], [], pages.names, pages.sent_known)
    below.labels = [first_label(line, ours=False) for line in below.lines]
    below.texts = [
        line.text if label == "own" else "" for line, label in zip(below.lines, below.labels, strict=True)
    ]
    _look(below)
    return [*pages.labels[:end], *("doubtful" if label == "own" else label for label in below.labels)]
