"""Owns the unwrapping of links that mail gateways rewrote, as far as it can be done without asking anybody. It must
never open a link."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote, urlsplit

_LINK = re.compile(r"https?://[^\s<>\"'`]{4,4000}")
_V3 = re.compile(r"/v3/__(.+?)__;([A-Za-z0-9_\-=]*)!")
_RUN_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BEHIND = ".,;:!?)]}*_"


def unwrapped(text: str) -> str:
    """The text with each rewritten link as it was before; what cannot be undone stays."""
    if "://" not in text:
        return text
    return _LINK.sub(lambda match: _unwrapped_link(match[0]), text)


def _unwrapped_link(link: str) -> str:
    bare = link.rstrip(_BEHIND) if not link.endswith("$") else link
    behind = link[len(bare) :]
    for _ in range(3):  # a link may have passed several gateways
        inner = _inner(bare)
        if inner is None:
            break
        bare = inner
    return bare + behind


def _inner(link: str) -> str | None:
    try:
        host = (urlsplit(link).hostname or "").lower()
    except ValueError:
        return None
    unwrap = next(
        (unwrap for suffix, unwrap in _GATEWAYS.items() if host == suffix or host.endswith("." + suffix)),
        None,
    )
    inner = unwrap(link) if unwrap else None
    return inner if inner and inner.startswith(("http://", "https://")) and not inner.isspace() else None


def _parameter(*names: str) -> Callable[[str], str | None]:
    """Gateways that carry the address as it was in the query."""

    def inner(link: str) -> str | None:
        query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
        return next((query[name][0] for name in names if name in query), None)

    return inner


def _proofpoint(link: str) -> str | None:
    if "/v3/" in link:
        return _proofpoint_v3(link)
    query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    wrapped = query.get("u", [""])[0]
    return (
        unquote(wrapped.replace("-", "%").replace("_", "/")) if "/v2/" in link else unquote(wrapped) or None
    )


def _proofpoint_v3(link: str) -> str | None:
    """v3 puts `*` (or `**` and a length) for characters that stand, encoded, after the address."""
    found = _V3.search(link)
    if not found:
        return None
    try:
        spare = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return _with_spares(_one_slash(found[1]), iter(spare))


def _one_slash(address: str) -> str:
    """Some gateways leave one slash of two after the scheme."""
    return re.sub(r"^(https?:/)(?=[^/])", r"\1/", address)


def _with_spares(address: str, characters: Iterator[str]) -> str:
    out: list[str] = []
    position = 0
    while position < len(address):
        count, step = _stars(address, position)
        if count == 0:
            out.append(address[position])
        else:
            out += [next(characters, "") for _ in range(count)]
        position += step
    return "".join(out)


def _stars(address: str, position: int) -> tuple[int, int]:
    """How many characters a star stands for, and how many it takes up."""
    if address[position] != "*":
        return 0, 1
    if address[position + 1 : position + 2] == "*" and address[position + 2 : position + 3] in _RUN_LENGTHS:
        return _RUN_LENGTHS.index(address[position + 2]) + 2, 3
    return 1, 1


def _checkpoint(link: str) -> str | None:
    """`/v2/___https://example.com/___.YXA...`: the address stands between underscores."""
    parts = link.split("___")
    return _one_slash(parts[1]) if len(parts) > 2 else None


def _last_of_path(link: str) -> str | None:
    """The address, encoded, is the last part of the path."""
    return unquote(urlsplit(link).path.rpartition("/")[2])


def _google(link: str) -> str | None:
    return _parameter("q", "url")(link) if urlsplit(link).path == "/url" else None


_GATEWAYS: dict[str, Callable[[str], str | None]] = {
    "safelinks.protection.outlook.com": _parameter("url"),
    "safelinks.protection.office365.us": _parameter("url"),
    "urldefense.proofpoint.com": _proofpoint,
    "urldefense.com": _proofpoint,
    "urldefense.us": _proofpoint,
    "linkprotect.cudasvc.com": _parameter("a"),
    "protect.checkpoint.com": _checkpoint,
    "secure-web.cisco.com": _last_of_path,
    "google.com": _google,
    "l.facebook.com": _parameter("u"),
    "slack-redir.net": _parameter("url"),
    "deref-gmx.net": _parameter("redirectUrl"),
    "deref-web.de": _parameter("redirectUrl"),
    "deref-mail.com": _parameter("redirectUrl"),
    "deref-1und1.de": _parameter("redirectUrl"),
    "protect2.fireeye.com": _parameter("u"),
    "trendmicro.com": _parameter("url"),
}
