"""Owns the links that begin a mail (RFC 6068), encoded so that Outlook, Gmail and Apple Mail take them.
It must never hold what a member wrote.
"""

from __future__ import annotations

from urllib.parse import quote


def mailto(address: str, *, subject: str, body: str = "") -> str:
    """A mail to that address, begun. A space is %20, for "+" would stay a plus; lines end with %0D%0A (section 5)."""
    fields = [f"subject={_encoded(subject)}", *([f"body={_encoded(body)}"] if body else [])]
    return f"mailto:{quote(address, safe='@+')}?{'&'.join(fields)}"


def _encoded(text: str) -> str:
    return quote("\r\n".join(text.splitlines()), safe="")
