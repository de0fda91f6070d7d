"""Owns the reading of an HTML body as lines: lists, tables, indents and quotations are kept as structure.
It must never recurse, and never drop text that a reader would see."""

from __future__ import annotations

from dataclasses import dataclass, field

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


@dataclass(slots=True)
class _Element:
    """An open element, and what holds again when it ends."""

    tag: str
    mark: Mark | None
    block: bool
    gap: bool
    keeps_blanks: bool
    depth: int
    role: Role
    href: str


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
    attributes: Attributes = {} if tag in PLAIN else node.attributes
    if tag in ("img", "hr"):
        return _enter_void(walk, tag, attributes)
    mark = None if walk.onward else mark_of(tag, attributes)
    if mark == "hidden":
        return None
    return _open(walk, node, tag, attributes, mark)


def _enter_void(walk: _Walk, tag: str, attributes: Attributes) -> None:
    if tag == "hr":
        if mark_of(tag, attributes) == "onward":
            _turn_onward(walk)
        walk.writer.draw_rule()
        return
    walk.writer.write(smiley(attributes))


def _open(walk: _Walk, node: LexborNode, tag: str, attributes: Attributes, mark: Mark | None) -> _Element:
    writer = walk.writer
    style = style_of(attributes) if attributes and tag in STYLED else ""
    gap = _has_gap(walk, tag, attributes, style)
    element = _Element(
        tag=tag,
        mark=mark,
        block=tag in BLOCKS or mark is not None,
        gap=gap,
        keeps_blanks=tag == "pre" or "white-space:pre" in style,
        depth=writer.depth,
        role=writer.role,
        href=(attributes.get("href") or "") if tag == "a" else "",
    )
    _begin(walk, element)
    _begin_structure(walk, tag, attributes)
    _apply(walk, node, mark)
    walk.kept_blanks += element.keeps_blanks
    return element


def _has_gap(walk: _Walk, tag: str, attributes: Attributes, style: str) -> bool:
    """Whether a blank line stands around an element; a line drawn above one (Outlook's header block) parts
    as well."""
    if "border-top:" in style:
        return True
    return (
        tag in PARAGRAPHS
        and not is_tight(tag, attributes, style)
        and not (walk.lists and tag in ("ul", "ol"))
    )


def _begin(walk: _Walk, element: _Element) -> None:
    if element.block:
        walk.writer.end_block()
    if element.gap:
        walk.writer.leave_gap()


def _begin_structure(walk: _Walk, tag: str, attributes: Attributes) -> None:
    if tag in ("ul", "ol"):
        start = (attributes.get("start") or "1")[:6]
        walk.lists.append(None if tag == "ul" else int(start) if start.isdecimal() else 1)
    elif tag == "li":
        walk.writer.sign = _list_sign(walk)
    elif tag == "p" and is_word_list(attributes):
        walk.writer.listed = True
    elif tag == "tr":
        walk.writer.open_row()
    elif tag in ("td", "th"):
        walk.writer.open_cell()


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
    writer = walk.writer
    if element.href:
        _name_target(writer, element.href)
    if element.block:
        writer.end_block()
    if element.gap:
        writer.leave_gap()
    if element.tag in ("ul", "ol"):
        walk.lists.pop()
    elif element.tag == "tr":
        writer.close_row()
    elif element.tag in ("td", "th"):
        writer.close_cell()
    walk.kept_blanks -= element.keeps_blanks
    writer.depth = element.depth
    if not walk.onward:
        # What stands below the quotation in an introduced container is an answer, no attribution.
        introduced = element.mark in ("quote", "excerpt") and element.role == "attribution"
        writer.role = "text" if introduced else element.role


def _name_target(writer: LineWriter, href: str) -> None:
    """Writes the address of a link behind its words, where the words do not show it."""
    if writer.role != "text" or writer.depth or not href.startswith(("http://", "https://")):
        return
    host = href.split("/", 3)[2].removeprefix("www.")
    if not writer.shows(host):
        writer.write(f" ({href})")


def whole_text(page: str) -> str:
    """All text of an HTML body, hidden parts too, each piece on a line."""
    body = LexborHTMLParser(page).body
    return body.text(separator="\n") if body is not None else ""
