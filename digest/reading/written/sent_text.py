"""Owns what we sent, word by word, and the search for it in a reply: re-wrapped, re-quoted or between
banners it is still not the person's. It must never take a line for ours because of a few words that anybody
could write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from itertools import chain
from urllib.parse import unquote

from digest.languages import normal
from digest.reading.mime.message import parse
from digest.reading.mime.our_mail import OurMail, our_mail
from digest.reading.visible.html_text import whole_texts
from digest.reading.visible.line import Line
from digest.reading.visible.plain_text import text_lines
from digest.reading.wording.phrase_set import behind_words, words_of

_RUN = 4  # words in a row that count as ours
_MOST_CHARACTERS, _BEGINNING = 2_000, 600  # of a line that are compared
#: That many lines, up to so many characters, whose words are remembered: ours recur.
_LINES_AT_HAND, _AT_HAND = 1024, 400
_HEADING_WORDS = 14
_TYPED_WORDS = 8  # that somebody may have typed as we had said them
_TARGET = re.compile(r"[<(\[]?https?://[ ]?[^\s<>()\[\]]{1,2000}[>)\]]?|<?mailto:[^\s<>]{1,320}>?")
_LINK = re.compile(r"https?://([^\s<>\"'()\[\]]{4,2000})")
_NUMBERED = re.compile(r"\s*\d{1,4}[.)]\s")

Words = tuple[str, ...]


@dataclass(frozen=True)
class SentText:
    """What we sent. `runs` are all rows of four words, `lines` the words of each line, `headings` the lines
    that stand above an answer, as sent, by their words; `names` are our addresses and sender's name, in
    lower case."""

    runs: frozenset[Words]
    lines: frozenset[Words]
    headings: dict[Words, str]
    names: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()

    @cached_property
    def heading_sizes(self) -> list[int]:
        """How many words the headings have, the longest first."""
        return sorted({len(words) for words in self.headings}, reverse=True)


def sent_text(source: bytes | OurMail | str) -> SentText:
    """What stands in a mail that we sent (raw or read), in its text and in its HTML, or in a plain text.

    Raises Unreadable where raw bytes are no message.
    """
    if isinstance(source, str):
        source = OurMail(source.replace("\r\n", "\n"), None, ())
    mail = our_mail(parse(source)) if isinstance(source, bytes) else source
    texts = [line.text for line in text_lines(mail.text)] if mail.text is not None else []
    # The source of our page has a line break wherever a line ends. A client that quotes in plain text also shows what
    # the page hides, and may begin a line with each link.
    page, pieces = (whole.split("\n") for whole in whole_texts(mail.html or ""))
    wordings = [tuple(map(line_words, lines)) for lines in (texts, page, pieces)]
    flows = {tuple(chain.from_iterable(lines)) for lines in wordings}
    return SentText(
        runs=frozenset(chain.from_iterable(map(_runs, flows))),
        lines=frozenset(chain.from_iterable(wordings)) - {()},
        headings=_headings(zip([*texts, *page], [*wordings[0], *wordings[1]], strict=True)),
        names=mail.names,
        links=_links(mail),
    )


def _runs(flow: Words) -> Iterator[Words]:
    return zip(*(flow[at:] for at in range(_RUN)), strict=False)


def _headings(lines: Iterable[tuple[str, Words]]) -> dict[Words, str]:
    headings = dict[Words, str]()
    for line, words in lines:
        if _is_heading(text := line.strip(), words):
            headings[words] = text
            headings.setdefault(words[1:] if words[0].isdigit() else words, text)
    return headings


def _links(mail: OurMail) -> frozenset[str]:
    of_page = [unescape(link[0]) for link in _LINK.finditer(mail.html or "")]
    found = _LINK.findall("\n".join([mail.text or "", *of_page]))
    return frozenset(link.rstrip(".,;)") for link in found if "/" in link)


def line_words(text: str) -> Words:
    """The words by which lines are compared: link targets left out, since gateways rewrite them."""
    return _at_hand(text) if len(text) <= _AT_HAND else _words(text[:_MOST_CHARACTERS])


def _words(text: str) -> Words:
    return tuple(words_of(normal(_TARGET.sub(" ", text) if "://" in text or "mailto:" in text else text)))


_at_hand = lru_cache(maxsize=_LINES_AT_HAND)(_words)


def _is_heading(text: str, words: Sequence[str]) -> bool:
    """A line to answer below: numbered, or a short question."""
    return (
        bool(words) and len(words) <= _HEADING_WORDS and (bool(_NUMBERED.match(text)) or text.endswith("?"))
    )


def ours(lines: Sequence[Line], sent: SentText) -> list[bool]:
    """For each line whether its words are what we sent, whatever stands around it or broke it in two."""
    by_line = [_words_to_compare(line.text, sent) for line in lines]
    marked = _marked(tuple(chain.from_iterable(by_line)), sent.runs)
    found, at = [False] * len(lines), 0
    for index, words in enumerate(by_line):
        found[index] = _is_ours(_behind_heading(words, marked[at : at + len(words)], sent))
        at += len(words)
        if not words and lines[index].text:
            found[index] = _is_our_link(lines[index].text, sent)
    _add_short(by_line, found, sent)
    _take_back_typed(lines, by_line, found)
    return found


def _words_to_compare(text: str, sent: SentText) -> Words:
    """Of a long line that begins with other words its beginning alone: most of it cannot be ours then."""
    if len(text) > _BEGINNING:
        beginning = _words(text[:_BEGINNING])
        if sent.runs.isdisjoint(_runs(beginning)):
            return beginning
    return line_words(text)


def _take_back_typed(lines: Sequence[Line], by_line: Sequence[Words], found: list[bool]) -> None:
    """A few words of ours alone at the top, without a quote mark, were typed: "I can help with 14",
    "pause"."""
    top: list[int] = []
    for index, words in enumerate(by_line):
        if words and (not found[index] or lines[index].depth or lines[index].role != "text"):
            break
        top.append(index)
    if sum(len(by_line[index]) for index in top) <= _TYPED_WORDS and len(top) < len(lines):
        for index in top:
            found[index] = False


def _is_ours(marked: Sequence[bool]) -> bool:
    """Most words of a line are ours, and what is not stands inside it: words at its end are an answer."""
    if len(marked) <= _RUN:
        return bool(marked) and all(marked)
    return sum(marked) * 5 >= len(marked) * 4 and marked[-1]


def _is_our_link(text: str, sent: SentText) -> bool:
    """Whether a line without words is a link of ours, maybe wrapped into another by a gateway."""
    shown = unquote(text[:_MOST_CHARACTERS])
    return any(link in shown for link in sent.links)


def _behind_heading(words: Words, marked: Sequence[bool], sent: SentText) -> Sequence[bool]:
    """The marks of what follows a heading of ours on its line, since that is an answer, or goes on as we
    sent it."""
    size = _heading_size(words, sent)
    return marked[size:] if 0 < size < len(words) else marked


def _heading_size(words: Words, sent: SentText) -> int:
    """How many words at the beginning are one of our headings; 0 for none."""
    for size in sent.heading_sizes:
        if 1 < size <= len(words) and words[:size] in sent.headings:
            return size
    return 0


def _marked(flow: Words, runs: frozenset[Words]) -> list[bool]:
    marked = [False] * len(flow)
    for at, run in enumerate(_runs(flow)):
        if run in runs:
            marked[at : at + _RUN] = [True] * _RUN
    return marked


def _add_short(by_line: Sequence[Words], found: list[bool], sent: SentText) -> None:
    """Short lines are ours where they are a line of ours as a whole, and stand next to one that is ours."""
    filled = [index for index, words in enumerate(by_line) if words]
    for order in (filled, filled[::-1]):
        beside = False
        for index in order:
            if not found[index]:
                words = by_line[index]
                found[index] = words in sent.lines and (beside or words in sent.headings)
            beside = found[index]


def heading_of(text: str, sent: SentText) -> str | None:
    """The heading of ours that this line is, as we sent it, or None."""
    if len(text) > _AT_HAND and "://" not in text:
        return None  # headings are short
    return sent.headings.get(line_words(text))


def split_heading(text: str, sent: SentText) -> tuple[str, str] | None:
    """The heading of ours with which a line begins, and the answer after it on the same line; None without
    either."""
    words = line_words(text[:400])
    size = _heading_size(words, sent)
    if not 0 < size < len(words):
        return None
    answer = behind_words(text, size)
    return (sent.headings[words[:size]], answer) if answer else None
