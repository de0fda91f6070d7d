"""Owns what an element's name, class and style say of its layout: blocks, gaps, lists, smileys. It must never know who
quoted what."""

from __future__ import annotations

import re

from digest.reading.visible.html_marks import Attributes

SKIPPED = frozenset("head style script title noscript template svg math object -comment -doctype".split())
PLAIN = frozenset("b i u em strong font o:p small big sub sup tbody thead tfoot html".split())
PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol pre dl".split())
BLOCKS = PARAGRAPHS | frozenset(
    "div table tr td th li section article header footer center form fieldset address dt dd main figure body".split()
)
STYLED = frozenset("p div span pre td".split())
_NO_MARGIN = re.compile(r"(?:^|;)margin(?:-top|-bottom)?:0")
_EMOJI = re.compile(r"emoji|emoticon", re.IGNORECASE)


def style_of(attributes: Attributes) -> str:
    """The style of an element in small letters and without blanks; its first 2,000 characters count."""
    return (attributes.get("style") or "")[:2_000].replace(" ", "").lower()


def is_tight(tag: str, attributes: Attributes, style: str) -> bool:
    """Whether a paragraph stands without a blank line around it, as Word and Apple Mail write them."""
    names = (attributes.get("class") or "").lower()
    return tag == "p" and ("mso" in names or names in ("p1", "p2", "p3") or bool(_NO_MARGIN.search(style)))


def is_word_list(attributes: Attributes) -> bool:
    """Whether a paragraph is what Word makes of an item of a list: it writes the sign as text."""
    return "msolist" in (attributes.get("class") or "").lower() or "mso-list:l" in style_of(attributes)


def smiley(attributes: Attributes) -> str:
    """The words of a picture that stands for a smiley; nothing for any other."""
    words = attributes.get("alt") or ""
    kind = f"{attributes.get('class')} {attributes.get('src')} {attributes.get('goomoji')}"
    is_one = 0 < len(words) <= 8 and (not words.isascii() or bool(_EMOJI.search(kind[:500])))
    return words if is_one else ""
