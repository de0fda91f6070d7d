"""Owns the values of the notices, the short mails. It must never hold a row or a finished word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

NoticeKind = Literal[
    "paused",  # at: when it ends; None: until the member writes
    "resumed",  # at: the next prompt
    "left",
    "declined",  # "no" to an invitation
    "joined_already",  # at: the next prompt
    "sender_unknown",  # address; unproved; fix_url
    "too_large",  # size_limit_mb
    "nothing_readable",
    "wrong_address",  # a message to an address of ours that there is not
    "closed_address",  # a reply to an address that no longer takes any
    "undone",
    "undo_too_late_withdrawn",  # at: when it was shown
    "withdrawn",
    "later_noted",  # at: when it will be shown; None: not before the member writes again
    "skip_noted",  # at: the next prompt
    "anonymous_noted",
    "help_undone",  # number
    "offer_question",  # number, question, asker_name; fix_url: the page with the button
    "help_not_possible",  # number; reason
    "number_unknown",  # number | None; choices
    "same_noted",  # number, at: not before; asker_name
    "same_here",  # number, question, count
    "group_grows",  # count
    "did_it_help",  # number, question; fix_url: the page that closes it
    "solved_noted",  # number; text: her line
    "not_yet_noted",  # number
    "could_you_help",  # number, question, asker_name; fix_url: the page with the button
    "sharpen",  # number, question
    "stuck",  # number, question, asker_name
    "closed_kindly",  # number, question
]
#: told, heard: it is too late to take back an offer, or "same here"
HelpObstacle = Literal["closed", "withdrawn", "own", "unknown", "told", "heard"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One open question that a reply may have meant."""

    number: int
    text: str
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeFacts:
    """The short mails; which fields a kind needs stands beside its name in `NoticeKind`."""

    kind: NoticeKind
    at: datetime | None = None
    address: str | None = None
    unproved: bool = False  # whether it is her own address, of which the message gives no proof
    text: str | None = None
    lang: str | None = None
    number: int | None = None
    question: str | None = None
    asker_name: str | None = None
    reason: HelpObstacle | None = None
    choices: tuple[Choice, ...] = ()
    count: int | None = None
    size_limit_mb: int | None = None
    fix_url: str | None = None
    undo_url: str | None = None
