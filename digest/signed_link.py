"""Owns the links in mails: purpose and ids inside, signed, about 60 characters long after the host. It must
never know Flask or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from digest import tokens

Purpose = Literal["help", "solved", "undo", "fix", "leave", "unsubscribe", "join", "whole"]


@dataclass(frozen=True)
class Link:
    """What a link says: the mail that it stood in (its link key), the member's epoch then, and a number or 0.

    The number is a question's for help, solved and whole; for undo and fix it is 0 or what the page needs.
    """

    purpose: Purpose
    link_key: str
    epoch: int
    number: int = 0


def mint(link: Link, keys: Sequence[str]) -> str:
    """The token of the link, for /<purpose>/<token>."""
    return tokens.mint(link.purpose, f"{link.link_key}-{link.epoch}-{link.number}", keys)


def read(purpose: Purpose, token: str, keys: Sequence[str]) -> Link | None:
    """The link of a token; None for one that is damaged, foreign, or made for another purpose."""
    payload = tokens.read(purpose, token, keys)
    if payload is None:
        return None
    link_key, epoch, number = payload.split("-")
    return Link(purpose, link_key, int(epoch), int(number))


def name(purpose: Purpose, number: int = 0) -> str:
    """How an opening of that link is noted."""
    return f"{purpose}-{number}" if number else purpose
