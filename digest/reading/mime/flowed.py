"""Owns the unwrapping of format=flowed text (RFC 3676). It must never join what its sender kept apart."""

from __future__ import annotations


def unflow(text: str, *, delsp: bool = False) -> str:
    """Paragraphs as typed: soft line breaks joined, quote marks kept once a line, space-stuffing taken off.

    A typed line that begins with `>` keeps its stuffing space (section 4.4): else it would read as a
    quotation.
    """
    paragraphs: list[tuple[int, list[str]]] = []
    soft = False
    for line in text.split("\n"):
        depth, content = _depth(line)
        flows = content.endswith(" ") and content != "-- "
        piece = content[:-1] if flows and delsp else content
        if soft and depth == paragraphs[-1][0] and content != "-- ":
            paragraphs[-1][1].append(piece)
        else:
            paragraphs.append((depth, [piece]))
        soft = flows
    return "\n".join(_marked(depth, "".join(pieces)) for depth, pieces in paragraphs)


def _depth(line: str) -> tuple[int, str]:
    """Number of quote marks, and the content after them without its stuffing space (sections 4.4, 4.5)."""
    content = line.lstrip(">")
    return len(line) - len(content), content.removeprefix(" ")


def _marked(depth: int, content: str) -> str:
    if depth:
        return ">" * depth + (" " + content if content else "")
    return " " + content if content.startswith(">") else content
