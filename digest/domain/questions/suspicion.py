"""Owns what tells a machine's visit from a person's: when links of a mail were opened, and how soon.
It must never know an address or a browser: both can be imitated.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import HelpOffer

FRESH = timedelta(minutes=5)  # what filters do with a mail, they mostly do on its arrival
#: Nobody reads a mail, follows its only link and presses its button in that time.
SO_SOON = timedelta(minutes=1)
ALONE = timedelta(minutes=1)  # a person opens one link, a machine several
AROUND = timedelta(minutes=10)  # before and after an offer

UNDO = "undo"  # a person may well want that at once, and it makes no promise
STOP_LINKS = frozenset({"leave", "unsubscribe"})
_HEADER_LINKS = frozenset({"unsubscribe"})  # stands in no body, so that opening every link may leave it out


def is_fresh(message: OutboundMessage, at: datetime) -> bool:
    """Whether the mail has been out for less than five minutes at that instant, or was not sent yet."""
    return message.sent_at is None or at - message.sent_at <= FRESH


def may_submit_itself(
    message: OutboundMessage, link_name: str, openings: Collection[str], now: datetime
) -> bool:
    """Whether the page behind that link may act without its button.

    `openings` names the links of the mail that were opened within `ALONE` before `now`.
    """
    return not is_fresh(message, now) and not set(openings) - {link_name}


def is_suspect(offer: HelpOffer, message: OutboundMessage | None, openings: Collection[str]) -> bool:
    """Whether a machine may have made the offer, so that its member is asked before anybody hears of it.

    `message` is the mail whose link was used; `openings` names its links that were opened within `AROUND`
    before or after `offer.made_at`. A reply and a later press of the button are never suspect.
    """
    if message is None or offer.via == "reply":
        return False
    if offer.via == "button" and not is_fresh(message, offer.made_at):
        return False
    return _swept(message, set(openings))


def is_swept(message: OutboundMessage, link_name: str, openings: Collection[str], now: datetime) -> bool:
    """Whether a press just now looks like a filter that goes through a mail on its arrival.

    `openings` names the links that were opened within `AROUND` before `now`. Who presses on a page behind a stop
    link has opened one herself.
    """
    opened = set(openings)
    stopped = link_name not in STOP_LINKS and bool(opened & STOP_LINKS)
    alone = not link_name.startswith(UNDO) and _is_only_link(message, now)
    return is_fresh(message, now) and (stopped or alone or _all_opened(message, opened))


def _is_only_link(message: OutboundMessage, now: datetime) -> bool:
    """Where there is one link alone, only the time tells."""
    soon = message.sent_at is None or now - message.sent_at <= SO_SOON
    return soon and len(_links(message)) == 1


def _swept(message: OutboundMessage, opened: set[str]) -> bool:
    return bool(opened & STOP_LINKS) or _all_opened(message, opened)


def _all_opened(message: OutboundMessage, opened: set[str]) -> bool:
    links = _links(message)
    return len(links) > 1 and links <= opened


def _links(message: OutboundMessage) -> set[str]:
    return set(message.link_names) - _HEADER_LINKS
