"""Owns how a URL is shown: without its password. It must never show one, even of a URL that cannot be read."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError


def database_url(url: str) -> str:
    try:
        plain = make_url(url)
        return plain.difference_update_query(["password"]).render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):
        return url.partition(":")[0] + ":..."


def mail_url(url: str) -> str:
    """With its user name, but not its password, also where it is not written as it should be."""
    if url.startswith(("maildir:", "console:")):
        return url
    before, at, host = url.rpartition("@") if "@" in url else (url, "", "")
    scheme, slashes, rest = before.partition("://") if "://" in before else ("", "", before)
    user, colon, password = rest.partition(":")
    is_port = not at and password.partition("/")[0].partition("?")[0].isdigit()
    return f"{scheme}{slashes}{user}:***{at}{host}" if colon and not is_port else url
