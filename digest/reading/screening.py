"""Owns the telling of machines from people, strongest signs first. It must never answer a machine, and never take a
person for one by a single weak sign."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from digest.reading.automatic_words import automatic_subject, is_bare_note, says_away
from digest.reading.mime.message import ParsedMessage

Reason = Literal[
    "null-reverse-path",
    "dsn",
    "read-receipt",
    "auto-submitted",
    "out-of-office",
    "auto-reply-subject",
    "calendar",
    "list",
    "bulk",
    "loop",
    "machine-sender",
    "complaint",
]

_REPORTS: dict[str, Reason] = {
    "delivery-status": "dsn",
    "disposition-notification": "read-receipt",
    "feedback-report": "complaint",
}
_CALENDAR_ANSWERS = frozenset({"reply", "counter", "declinecounter", "refresh"})
_CALENDAR_MAIL = ("text/calendar", "multipart/alternative")  # attached to a letter it is a person's
_MACHINE_LOCAL_PARTS = frozenset(
    [
        "mailer-daemon",
        "postmaster",
        "no-reply",
        "noreply",
        "do-not-reply",
        "donotreply",
        "no_reply",
        "do_not_reply",
        "bounce",
        "bounces",
        "mdaemon",
        "autoresponder",
        "auto-reply",
        "autoreply",
        "notification-only",
        "listserv",
        "majordomo",
    ]
)
_OWN_REPLY_ADDRESS = re.compile(r"r-[a-z2-7]{26}(?:$|@)")
# "auto" with response, submitted, replied, reply, generated or respond, as Discourse looks for them.
_AUTO = re.compile(r"auto[-_]?(?:repl|respon|generat|submit)|holidayreply|machinegenerated|vacation")
_SAYS_NO = frozenset({"no", "false", "0", "", "never"})
_NO_EVIDENCE = frozenset({"x-auto-response-suppress", "auto-submitted", "received", "subject", "references"})
_LIST_FIELDS = (
    "list-id",
    "list-post",
    "list-help",
    "list-unsubscribe",
    "x-mailman-version",
    "x-beenthere",
    "list-owner",
)
_MANY_PHRASES = 4  # of absence notes, in a letter that says other things too
_LIST_PRECEDENCE = frozenset({"bulk", "junk", "list"})


def screen(message: ParsedMessage, mail_from: str | None = None) -> Reason | None:
    """Why no person wrote this message, or None: a person did. `mail_from` is the envelope's sender without angle
    brackets, "" the null reverse-path (RFC 5321, 4.5.5), None unknown."""
    for rule in _SURE:
        reason = rule(message)
        if reason:
            return reason
    if mail_from == "" or message.header("return-path").strip() == "<>":
        return "null-reverse-path"
    return _auto_submitted(message) or _auto_fields(message) or _weak(message)


def _report(message: ParsedMessage) -> Reason | None:
    """Delivery status, read receipt, complaint (RFC 3464, 8098, 5965)."""
    if message.content_type == "multipart/report":
        return _REPORTS.get(message.report_type or "", "dsn")
    return None


def _calendar(message: ParsedMessage) -> Reason | None:
    """An answer to an invitation (RFC 5546, 3.2.3), or a message that is a calendar entry and nothing else."""
    answered = message.calendar_method in _CALENDAR_ANSWERS
    alone = message.calendar_method is not None and message.content_type in _CALENDAR_MAIL
    classed = "calendarmessage" in message.header("content-class").lower()
    return "calendar" if answered or alone or classed else None


def _loop(message: ParsedMessage) -> Reason | None:
    """Our own mail come back: a reply address of ours as its author, or a loop field."""
    own = any(_OWN_REPLY_ADDRESS.match(address) for address in message.from_addresses)
    looped = message.header("x-loop").strip().lower() in ("yes", "true")
    return "loop" if own or looped else None


def _machine_sender(message: ParsedMessage) -> Reason | None:
    """An author whom nobody can answer."""
    local_parts = {address.partition("@")[0].partition("+")[0] for address in message.from_addresses}
    return "machine-sender" if local_parts & _MACHINE_LOCAL_PARTS else None


_SURE: tuple[Callable[[ParsedMessage], Reason | None], ...] = (_report, _calendar, _loop, _machine_sender)


def _auto_submitted(message: ParsedMessage) -> Reason | None:
    """RFC 3834, 5: anything but "no", parameters and comments aside."""
    values = [
        re.split("[;(]", value)[0].strip().lower() for value in message.headers.get("auto-submitted", ())
    ]
    return "auto-submitted" if any(value and value != "no" for value in values) else None


def _auto_fields(message: ParsedMessage) -> Reason | None:
    """The fields of servers that do not know RFC 3834."""
    if _exchange_rule(message) or message.header("delivered-to").strip().lower() == "autoresponder":
        return "out-of-office"
    for name, values in message.headers.items():
        if name in _NO_EVIDENCE or not name.startswith(("x-", "precedence", "preference")):
            continue
        said = " ".join(values).lower()
        if (_AUTO.search(name) and said.strip() not in _SAYS_NO) or (len(said) < 80 and _AUTO.search(said)):
            return "out-of-office"
    return None


def _exchange_rule(message: ParsedMessage) -> bool:
    suppressed = message.header("x-auto-response-suppress").lower()
    return "x-ms-exchange-inbox-rules-loop" in message.headers and "all" in suppressed


def _weak(message: ParsedMessage) -> Reason | None:
    """Signs of which one alone proves nothing: list fields, precedence, the subject, the words."""
    precedence = message.header("precedence").strip().lower() in _LIST_PRECEDENCE
    fields = sum(name in message.headers for name in _LIST_FIELDS)
    if fields > 1 or (fields and precedence):
        return "list"
    subject = automatic_subject(message.subject)
    away = says_away(message)
    if away and away >= (1 if subject else 2 if is_bare_note(message) else _MANY_PHRASES):
        return "out-of-office"
    if subject == "sure":
        return "auto-reply-subject"
    return "bulk" if precedence and (subject or away) else None
