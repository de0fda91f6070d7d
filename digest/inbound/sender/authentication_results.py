"""Owns the reading of Authentication-Results (RFC 8601): what one trusted server found out about a sender.
It must never read a field of anybody else, nor anything but what is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

HEADER = 256 * 1024  # bytes in which the field is looked for
LONGEST = 8 * 1024  # characters of one field
_FIELD = re.compile(rb"(?im)^authentication-results[ \t]*:((?:.*(?:\r?\n[ \t].*)*))")
_PAIR = re.compile(r'([\w./-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s";=]+)')
_WORD = re.compile(r"[a-z]+")
_POLICY = re.compile(r"\bp\s*=\s*(none|quarantine|reject)\b")


def dmarc_found(raw: bytes, authserv_id: str) -> dict[str, str]:
    """What the topmost field of that server says of DMARC: "dmarc", and where it says so "policy.dmarc" and
    "header.from". Empty where it says nothing, or is not written as RFC 8601, section 2.2, has it.
    """
    for field in _fields(raw):
        parts = _parts(field)
        if parts and _server(parts[0][0]) == authserv_id.lower():
            return _dmarc(parts[1:])
    return {}


def _fields(raw: bytes) -> Iterator[str]:
    """The fields of that name, topmost first, unfolded; encoded words stay what they are: nobody may hide in one."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEADER].lstrip(b"\r\n"), maxsplit=1)[0]
    for found in _FIELD.finditer(head):
        field = found.group(1).decode("utf-8", "replace").replace("\r", "").replace("\n", "").lower()
        if len(field) <= LONGEST:
            yield field


def _server(part: str) -> str:
    """The authserv-id, without the version that may follow it."""
    words = part.split()
    return words[0].strip('"') if words else ""


def _parts(field: str) -> list[tuple[str, str]]:
    """What stands between semicolons, each as (text, its comments); nothing where a quotation or comment stays open."""
    parts, signs = list[tuple[str, str]](), iter(field)
    text, comment, depth, quoted = "", "", 0, False
    for sign in signs:
        kept = sign + next(signs, "") if sign == "\\" and (quoted or depth) else sign
        if depth:
            depth += (kept == "(") - (kept == ")")
            comment += kept if depth else " "
        elif quoted or sign == '"':
            quoted = quoted != (kept == '"')
            text += kept
        elif sign == "(":
            depth, text = 1, text + " "
        elif sign == ";":
            parts.append((text, comment))
            text, comment = "", ""
        else:
            text += sign
    return [] if depth or quoted else [*parts, (text, comment)]


def _dmarc(parts: list[tuple[str, str]]) -> dict[str, str]:
    """Of several results a failure counts."""
    found = [result for text, comment in parts if (result := _result(text, comment))]
    return next((one for one in found if one["dmarc"] == "fail"), found[0] if found else {})


def _result(text: str, comment: str) -> dict[str, str]:
    pairs = [(name, value.strip('"')) for name, value in _PAIR.findall(text)]
    if not pairs or pairs[0][0].partition("/")[0] != "dmarc" or not _WORD.fullmatch(pairs[0][1]):
        return {}
    said = dict(reversed(pairs[1:]))
    policy = said.get("policy.dmarc") or said.get("action") or "".join(_POLICY.findall(comment)[:1])
    named = {"policy.dmarc": policy, "header.from": said.get("header.from")}
    return {"dmarc": pairs[0][1], **{name: value for name, value in named.items() if value}}
