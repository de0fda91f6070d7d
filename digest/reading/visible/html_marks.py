"""Owns the marks by which mail clients say in HTML what is quoted, signed or their own. It must never read
text: only names, classes, ids and styles of elements. A client's quirk is a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Attributes = Mapping[str, str | None]
# `quote`: one level of quotation. `introduced`: an attribution and the quotation it introduces. `onward`: all that
# follows in the message is history.
Mark = Literal[
    "quote", "introduced", "history", "forwarded", "onward", "attribution", "signature", "hidden", "excerpt"
]

_IDS: dict[str, Mark] = {
    "divrplyfwdmsg": "onward",  # Outlook on the web, for Mac, on phones
    "appendonsend": "onward",
    "stopspelling": "onward",  # Hotmail
    "zwchr": "onward",  # Zimbra
    "reply-intro": "attribution",  # Roundcube
    "olk_src_body_section": "history",  # Outlook for Mac
    "mail-editor-reference-message-container": "history",  # new Outlook
    "isreplycontent": "history",  # NetEase
    "isforwardcontent": "forwarded",
    "qt": "history",  # Fastmail
    "applemailsignature": "signature",
    "applemailsignatureincallout": "signature",
    "composer_signature": "signature",  # Samsung
    "signature": "signature",  # Outlook on the web
    "ms-outlook-mobile-signature": "signature",
    "ymail_android_signature": "signature",
    "ymail_ios_signature": "signature",
}
_CLASSES: dict[str, Mark] = {
    "gmail_attr": "attribution",
    "moz-cite-prefix": "attribution",
    "airmail_on": "attribution",
    "gmail_quote": "introduced",
    "gmail_quote_container": "introduced",
    "protonmail_quote": "introduced",
    "zmail_extra": "introduced",
    "tutanota_quote": "introduced",
    "missive_quote": "introduced",
    "nylas-quote": "introduced",
    "front-blockquote": "introduced",
    "yahoo_quoted": "introduced",
    "moz-forward-container": "forwarded",
    "outlookmessageheader": "onward",
    "qmbox": "history",  # QQ Mail
    "gmail_signature": "signature",
    "moz-signature": "signature",
    "protonmail_signature_block": "signature",
    "ms-outlook-mobile-signature": "signature",
    "k9mail-signature": "signature",
    "bloop_sign": "signature",  # Airmail
    "mobile-signature": "signature",
}
_OTHERS: dict[tuple[str, str], Mark] = {
    ("name", "quote"): "introduced",  # GMX, WEB.DE
    ("name", "messagereplysection"): "introduced",  # Spark
    ("data-marker", "__divider__"): "onward",  # Zimbra
    ("data-smartmail", "gmail_signature"): "signature",
    ("data-signatureblock", "true"): "signature",  # Windows Mail
    ("fairemail", "signature"): "signature",
    ("fairemail", "reply"): "attribution",
    ("fairemail", "quote"): "quote",
}


def mark_of(tag: str, attributes: Attributes) -> Mark | None:
    """What an element's client says of its content; None where it says nothing."""
    if not attributes:
        return "excerpt" if tag == "blockquote" else None
    if tag == "blockquote":
        return None if _is_indent(attributes) else "quote"
    if _is_hidden(attributes):
        return "hidden"
    return _by_id(attributes) or _by_class(attributes) or _by_other(attributes)


def _by_id(attributes: Attributes) -> Mark | None:
    name = (attributes.get("id") or "").lower()
    if not name:
        return None
    if "yahoo_quoted" in name:
        return "introduced"
    if name.startswith("divrpf"):
        return "onward"
    return _IDS.get(name)


def _by_class(attributes: Attributes) -> Mark | None:
    for name in (attributes.get("class") or "").lower().split():
        mark = "introduced" if "yahoo_quoted" in name else _CLASSES.get(name)
        if mark is not None:
            return mark
    return None


def _by_other(attributes: Attributes) -> Mark | None:
    for (name, value), mark in _OTHERS.items():
        if (attributes.get(name) or "").lower() == value:
            return mark
    return None


def _is_hidden(attributes: Attributes) -> bool:
    return "hidden" in attributes or "display:none" in _style(attributes)


def _is_indent(attributes: Attributes) -> bool:
    """A block that its writer moved to the right (the indent button of Gmail and Apple Mail), no quotation."""
    style = _style(attributes)
    return (
        "type" not in attributes and "class" not in attributes and "border:none" in style and "40px" in style
    )


def _style(attributes: Attributes) -> str:
    return (attributes.get("style") or "")[:2_000].replace(" ", "").lower()
