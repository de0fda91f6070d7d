"""Owns what hostile HTML is turned into before it is parsed: nesting and tags that would cost more than
linear time are flattened. It must never take away text that a reader would see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_MODEST_LENGTH = 60_000
_MODEST_TAGS = 3_000
_DEEPEST = 250
_LONGEST_TAG = 4_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]*)>?")
_BARE_ADDRESS = re.compile(r"<(?=[^\s<>\"'=/@]{1,64}@)([^\s<>\"'=]{3,320})>")
# Elements that end without being closed: they never nest.
_FLAT = frozenset(
    "area base br col dd dt hr img input li link meta option p param source tbody td tfoot th thead tr wbr o:p".split()
)
_BLOCKS = frozenset("div blockquote table ul ol section article center form".split())


def guarded(page: str) -> str:
    """A page that parses in linear time. Addresses that a client forgot to escape, and a last tag without
    its end, become text."""
    if "@" in page:
        page = _BARE_ADDRESS.sub(r"&lt;\1&gt;", page)
    page = _with_ended_tags(page)
    if len(page) <= _MODEST_LENGTH and page.count("<") <= _MODEST_TAGS:
        return page
    return "".join(_flattened(page))


def _with_ended_tags(page: str) -> str:
    """What follows the last `>` is text, even where a `<` stands in it."""
    last_end = page.rfind(">")
    opened = page.find("<", last_end + 1)
    if opened < 0 or page.rfind("<!--") >= 0:
        return page
    return page[:opened] + escape(page[opened:], quote=False)


def _flattened(page: str) -> Iterator[str]:
    """The page with no more than 250 open elements at once, and no tag over 4,000 characters."""
    depth, done = 0, 0
    for tag in _TAG.finditer(page):
        closing, name = tag[1], tag[2].lower()
        if name in _FLAT and len(tag[0]) <= _LONGEST_TAG:
            continue
        yield page[done : tag.start()]
        done = tag.end()
        too_deep = depth > _DEEPEST
        if name not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
        if not too_deep and not (depth > _DEEPEST):
            yield tag[0] if len(tag[0]) <= _LONGEST_TAG else f"<{closing}{name}>"
        elif name in _BLOCKS:
            yield "<br>"
    yield page[done:]
