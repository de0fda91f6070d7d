"""Owns the reading of an HTML body as lines: lists, tables, indents and quotations are kept as structure.
It must never recurse, and never drop text that a reader would see."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.reading.visible.html_guard import guarded
from digest.reading.visible.html_lines import LineWriter
from digest.reading.visible.html_marks import Attributes, Mark, mark_of
from digest.reading.visible.html_style import (
    BLOCKS,
    PARAGRAPHS,
    PLAIN,
    SKIPPED,
    STYLED,
    is_tight,
    is_word_list,
    smiley,
    style_of,
)
from digest.reading.visible.line import Line, Role

_ROLES: dict[Mark, Role] = {
    "history": "history",
    "onward": "history",
    "forwarded": "forwarded",
    "introduced": "attribution",
    "attribution": "attribution",
    "signature": "signature",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """What an element's tag and attributes say by themselves: many elements of a page have the same."""

    tag: str
    mark: Mark | None
    block: bool
    gap: bool
    keeps_blanks: bool
    href: str
    listed: bool  # by Word, which writes the sign as text
    start: int  # of a numbered list


@dataclass(slots=True)
class _Element:
    """An open element, and what holds again when it ends."""

    kind: _Kind
    mark: Mark | None
    block: bool
    gap: bool
    depth: int
    role: Role


@dataclass
class _Walk:
    """Where the reading stands. `lists` holds the next number of each open list, None for one without
    numbers."""

    writer: LineWriter = field(default_factory=LineWriter)
    lists: list[int | None] = field(default_factory=list[int | None])
    kept_blanks: int = 0
    onward: bool = False


def html_lines(page: str) -> list[Line]:
    """The lines of an HTML body in reading order; hidden elements, styles, scripts and pictures are left
    out."""
    walk = _Walk()
    open_elements: list[tuple[LexborNode, _Element]] = []
    root = LexborHTMLParser(guarded(page)).root
    node = root.first_child if root is not None else None
    while node is not None:
        element = _enter(walk, node)
        child = node.first_child if element is not None else None
        if element is not None and child is not None:
            open_elements.append((node, element))
            node = child
            continue
        if element is not None:
            _leave(walk, element)
        following = node.next
        while following is None and open_elements:
            node, element = open_elements.pop()
            _leave(walk, element)
            following = node.next
        node = following
    walk.writer.end_block()
    return walk.writer.lines


def _enter(walk: _Walk, node: LexborNode) -> _Element | None:
    """Opens an element; None for what has no inside that counts."""
    tag = node.tag or ""
    writer = walk.writer
    if tag == "-text":
        writer.write(node.text_content or "", kept=walk.kept_blanks > 0)
        return None
    if tag == "br":
        writer.break_line()
        return None
    if tag in SKIPPED:
        return None
    attributes = {} if tag in PLAIN else node.attributes
    if tag in ("img", "hr"):
        return _enter_void(walk, tag, attributes)
    kind = _kind(tag, tuple(attributes.items()))
    if kind.mark == "hidden" and not walk.onward:
        return None
    return _open(walk, node, kind)


def _enter_void(walk: _Walk, tag: str, attributes: Attributes) -> None:
    if tag == "hr":
        if mark_of(tag, attributes) == "onward":
            _turn_onward(walk)
        walk.writer.draw_rule()
        return
    walk.writer.write(smiley(attributes))


@lru_cache(maxsize=256)
def _kind(tag: str, items: tuple[tuple[str, str | None], ...]) -> _Kind:
    attributes = dict(items)
    style = style_of(attributes) if attributes and tag in STYLED else ""
    start = (attributes.get("start") or "1")[:6]
    return _Kind(
        tag=tag,
        mark=mark_of(tag, attributes),
        block=tag in BLOCKS,
        # a line drawn above an element (Outlook's header block) parts as well as a blank one
        gap="border-top:" in style or (tag in PARAGRAPHS and not is_tight(tag, attributes, style)),
        keeps_blanks=tag == "pre" or "white-space:pre" in style,
        href=(attributes.get("href") or "") if tag == "a" else "",
        listed=tag == "p" and is_word_list(attributes),
        start=int(start) if start.isdecimal() else 1,
    )


def _open(walk: _Walk, node: LexborNode, kind: _Kind) -> _Element:
    writer = walk.writer
    mark = None if walk.onward else kind.mark
    block = kind.block or mark is not None
    gap = kind.gap and not (walk.lists and kind.tag in ("ul", "ol"))
    element = _Element(kind, mark, block, gap, writer.depth, writer.role)
    if block:
        writer.end_block()
    if gap:
        writer.leave_gap()
    _begin_structure(walk, kind)
    _apply(walk, node, mark)
    walk.kept_blanks += kind.keeps_blanks
    return element


def _begin_structure(walk: _Walk, kind: _Kind) -> None:
    tag = kind.tag
    if tag in ("ul", "ol"):
        walk.lists.append(None if tag == "ul" else kind.start)
    elif tag == "li":
        walk.writer.sign = _list_sign(walk)
    elif tag == "tr":
        walk.writer.open_row()
    elif tag in ("td", "th"):
        walk.writer.open_cell()
    elif kind.listed:
        walk.writer.listed = True


def _list_sign(walk: _Walk) -> str:
    number = walk.lists[-1] if walk.lists else None
    indent = "  " * (len(walk.lists) - 1)
    if number is None:
        return f"{indent}- "
    walk.lists[-1] = number + 1
    return f"{indent}{number}. "


def _apply(walk: _Walk, node: LexborNode, mark: Mark | None) -> None:
    writer = walk.writer
    if mark is None or writer.role in ("history", "forwarded"):
        return
    if mark in ("quote", "excerpt"):
        writer.depth += 1
        writer.role = "excerpt" if mark == "excerpt" else "text"
    elif mark == "onward":
        _turn_onward(walk)
    elif mark == "introduced":
        writer.role = "attribution" if _holds_quotation(node) else "forwarded"
    else:
        writer.role = _ROLES[mark]


def _turn_onward(walk: _Walk) -> None:
    walk.writer.end_block()
    walk.onward = True
    walk.writer.role = "history"


def _holds_quotation(node: LexborNode) -> bool:
    """Whether a quotation stands in this container itself: else the container is the quotation."""
    for child in node.iter():
        if child.tag == "blockquote" or any(inner.tag == "blockquote" for inner in child.iter()):
            return True
    return False


def _leave(walk: _Walk, element: _Element) -> None:
    writer, kind = walk.writer, element.kind
    if kind.href:
        _name_target(writer, kind.href)
    if element.block:
        writer.end_block()
    if element.gap:
        writer.leave_gap()
    if kind.tag in ("ul", "ol"):
        walk.lists.pop()
    elif kind.tag == "tr":
        writer.close_row()
    elif kind.tag in ("td", "th"):
        writer.close_cell()
    walk.kept_blanks -= kind.keeps_blanks
    writer.depth = element.depth
    if not walk.onward:
        # What stands below the quotation in an introduced container is an answer, no attribution.
        introduced = element.mark in ("quote", "excerpt") and element.role == "attribution"
        writer.role = "text" if introduced else element.role


def _name_target(writer: LineWriter, href: str) -> None:
    """Writes the address of a link after its words, where the words do not show it."""
    if writer.role != "text" or writer.depth or not href.startswith(("http://", "https://")):
        return
    host = href.split("/", 3)[2].removeprefix("www.")
    if not writer.shows(host):
        writer.write(f" ({href})")


def whole_texts(page: str) -> tuple[str, str]:
    """All text of an HTML body, hidden parts too: as it stands in the source, and each piece of it on a line."""
    body = LexborHTMLParser(page).body
    return (body.text(), body.text(separator="\n")) if body is not None else ("", "")
