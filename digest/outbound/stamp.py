"""Owns what is drawn for one mail before it is composed: its Message-ID, its reply token, the links that it
holds. It must never touch the database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from digest import reply_address, signed_link, tokens
from digest.domain.group import Member
from digest.outbound.frame import Frame
from digest.settings import Settings
from digest.signed_link import Link, Purpose

STOPPABLE = ("prompt", "digest", "questions", "invitation")


@dataclass(frozen=True)
class Stamp:
    """The random parts of one mail to one member; `links` fills while they are made: by name, the address."""

    settings: Settings
    kind: str
    member: Member
    reply_token: str = field(default_factory=tokens.random_token)
    link_key: str = field(default_factory=lambda: secrets.token_hex(8))
    links: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def message_id(self) -> str:
        """Ours, and the same however often the mail is handed over (RFC 5322, section 3.6.4)."""
        domain = (self.settings.mail_from or "").rpartition("@")[2]
        return f"<{self.kind.replace('_', '-')}.{tokens.token_hash(self.link_key)[:24]}@{domain}>"

    @property
    def reply_to(self) -> str:
        domain, address = self.settings.reply_domain, self.settings.reply_address
        return reply_address.mint(self.reply_token, domain=domain, address=address)

    @property
    def ask_token(self) -> str:
        """Of the address by which this member asks; the same in all her mails, so it is made from the key."""
        member = self.member
        return tokens.derived_token("ask", f"{member.group.list_key}:{member.id}", self.settings.secret)

    @property
    def ask_address(self) -> str | None:
        """None for somebody who does not take part, or where no mail comes in."""
        domain, address = self.settings.reply_domain, self.settings.reply_address
        if self.member.state != "active" or not (domain or address):
            return None
        return reply_address.mint(self.ask_token, domain=domain, address=address, prefix=reply_address.ASK)

    def thread(self, about: str) -> str:
        """A Message-ID that all our mails to this member about one thing refer to, so that clients show them together.
        It tells nothing to others: it differs from member to member.
        """
        key, domain = (
            f"{self.settings.secret[0]}:{self.member.id}:{about}",
            (self.settings.mail_from or "").rpartition("@")[2],
        )
        return f"<thread.{tokens.token_hash(key)[:24]}@{domain}>"

    def url(self, purpose: Purpose, number: int = 0) -> str | None:
        """The address of a page for this mail's member; None where the service has no web address."""
        if not self.settings.base_url:
            return None
        name = signed_link.name(purpose, number)
        if name not in self.links:
            token = signed_link.mint(
                Link(purpose, self.link_key, self.member.link_epoch, number), self.settings.secret
            )
            self.links[name] = f"{self.settings.base_url}/{purpose}/{token}"
        return self.links[name]

    def links_in(self, text: str) -> list[str]:
        """The names of the links that the finished mail holds; what was cut out of it counts for nothing."""
        return [name for name, url in self.links.items() if url in text or name == "unsubscribe"]


def frame(
    stamp: Stamp,
    now: datetime,
    *,
    week: int | None = None,
    answers: str | None = None,
    answers_a_message: bool = False,
    reply_to: str | None = None,
) -> Frame:
    """What the mail needs whatever it says; `answers` is the Message-ID of the mail that it answers."""
    member, group, stoppable = stamp.member, stamp.member.group, stamp.kind in STOPPABLE
    return Frame(
        locale=member.locale,
        timezone=group.timezone,
        group_name=group.name,
        group_task=group.task,
        until=group.until,
        week=week,
        list_id_local=group.list_key,
        recipient_name=member.name,
        recipient_address=member.person.address,
        from_address=stamp.settings.mail_from or "",
        reply_to_address=reply_to or stamp.reply_to,
        reply_to_name=None,
        envelope_from=envelope_from(stamp, null_path=answers_a_message),
        message_id=stamp.message_id,
        date=now,
        relay_host=urlsplit(stamp.settings.mail_url or "").hostname,
        base_url=stamp.settings.base_url,
        unsubscribe_url=stamp.url("unsubscribe") if stoppable else None,
        unsubscribe_mailto=stamp.reply_to if stoppable else None,
        leave_url=stamp.url("leave") if stoppable else None,
        ask_address=stamp.ask_address,
        in_reply_to=answers,
        answers_a_message=answers_a_message,
    )


def envelope_from(stamp: Stamp, *, null_path: bool) -> str:
    """MAIL FROM: null for what answers a message (RFC 3834, section 3.3), one address for all where that is fixed.

    With verp (variable envelope return path) each mail has its own, so that a bounce names its mail.
    """
    settings = stamp.settings
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    if fixed or null_path:
        return fixed
    if settings.envelope_from == "verp" and settings.reply_domain:
        return reply_address.mint(
            stamp.reply_token, domain=settings.reply_domain, address=None, prefix=reply_address.BOUNCE
        )
    return settings.mail_from or ""
