"""Owns the values that every mail needs, whatever it says. It must never hold a row or a finished word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as calendar_day, datetime

from digest.words.speech import Speech, speech


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every mail needs: who gets it, from which group, how it is answered, and how it is stopped.

    Without a web address links begin a reply that does the same; None: the mail names the words alone.
    """

    locale: str  # of the member: "de", "en-GB"; English where there is no catalogue
    timezone: str  # IANA name; days and times are said in it
    group_name: str
    group_task: str | None = None  # "the new packaging rules"
    until: calendar_day | None = None  # the day the task ends
    week: int | None = None  # ISO 8601 week of the round, for subject and Reply-To; None outside a round
    list_id_local: str  # opaque, fixed per group: "g-7k2x"; List-Id adds lists.<domain of from_address>
    recipient_name: str
    recipient_address: str  # addr_spec
    from_address: str  # addr_spec, the service's own
    from_name: str | None = None  # None: the group's name
    reply_to_address: str | None = None  # addr_spec: the token; in an introduction the other person's
    reply_to_name: str | None = None  # None: "<group>, week <n>"
    envelope_from: str  # MAIL FROM; "" is the null reverse-path
    message_id: str  # with or without angle brackets
    date: datetime
    relay_host: str | None = None  # the server that takes our mail; some want to be told things in the header
    base_url: str | None = None
    unsubscribe_url: str | None = None  # RFC 8058 POST
    unsubscribe_mailto: str | None = None  # addr_spec or mailto: URL
    leave_url: str | None = None  # the page with a button
    ask_address: str | None = None  # addr_spec; what is written to it is asked, at any time
    ask_url: str | None = None  # the same as a mail begun
    ask_mark: str | None = None  # to stand in its subject, where the address does not say who asks
    hushed: bool = False  # after a complaint she gets answers alone, until she asks for more
    in_reply_to: str | None = None  # message_id that this mail answers
    references: tuple[str, ...] = ()  # oldest first, without in_reply_to
    answers_a_message: bool = False  # RFC 3834: auto-replied, else auto-generated

    @property
    def speech(self) -> Speech:
        """How its reader is spoken to."""
        return speech(self.locale, self.timezone, self.date)
