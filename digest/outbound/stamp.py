"""Owns what is drawn for one mail before it is composed: its Message-ID, its reply token, the links that it
holds. It must never touch the database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from digest import reply_address, signed_link, tokens, words
from digest.domain.groups.group import Member
from digest.outbound.facts import Frame
from digest.outbound.form.mailto import mailto
from digest.outbound.form.reply_words import in_place_of, reply_words
from digest.settings import Settings, read_url
from digest.signed_link import Link, Purpose

STOPPABLE = ("prompt", "digest", "questions", "invitation")


@dataclass(frozen=True)
class Stamp:
    """The random parts of one mail to one member; `links` fills while they are made: by name, the address."""

    settings: Settings
    kind: str
    member: Member
    reply_token: str = field(default_factory=tokens.random_token)
    link_key: str = field(default_factory=lambda: secrets.token_hex(tokens.KEY_BYTES))
    bounce_proof: bytes = field(default_factory=lambda: secrets.token_bytes(tokens.KEY_BYTES), repr=False)
    links: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def message_id(self) -> str:
        """Ours, and the same however often the mail is handed over (RFC 5322, section 3.6.4)."""
        domain = (self.settings.mail_from or "").rpartition("@")[2]
        return f"<{self.kind.replace('_', '-')}.{tokens.token_hash(self.link_key)[:24]}@{domain}>"

    @property
    def reply_to(self) -> str:
        return self._minted(self.reply_token, reply_address.REPLY)

    @property
    def ask_token(self) -> str:
        """Of the address by which this member asks; the same in all her mails, so it is made from the key."""
        member = self.member
        return tokens.derived_token("ask", f"{member.group.list_key}:{member.id}", self.settings.secret)

    @property
    def ask_address(self) -> str | None:
        """None for somebody who does not take part, or where no mail comes in."""
        if self.member.state != "active" or not (self.settings.reply_domain or self.settings.reply_address):
            return None
        return self._minted(self.ask_token, reply_address.ASK)

    @property
    def ask_url(self) -> str | None:
        """A mail to that address, begun; None where the address alone is enough."""
        mark = self.ask_address and self._mark(self.ask_token, reply_address.ASK)
        if not self.ask_address or not mark:
            return None
        return mailto(self.ask_address, subject=f"{self.member.group.name} {mark}")

    @property
    def ask_mark(self) -> str | None:
        """What has to stand in the subject of a mail to that address, where the address does not say whose it is."""
        if not self.ask_address or self.settings.reply_tag:
            return None
        return self._mark(self.ask_token, reply_address.ASK)

    @property
    def unsubscribe_mailto(self) -> str:
        """The address, or a mail begun where that may lose its tag."""
        mark = self._mark(self.reply_token, reply_address.REPLY)
        return (
            mailto(self.reply_to, subject=f"unsubscribe {mark}", body="unsubscribe")
            if mark
            else self.reply_to
        )

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
        """The address of a page for this mail's member; without a web address a reply, begun, that does the same."""
        if not self.settings.base_url:
            said = in_place_of(purpose, number, self.kind, words.translator(self.member.locale))
            return None if said is None else self._begun(said)
        name = signed_link.name(purpose, number)
        if name not in self.links:
            token = signed_link.mint(
                Link(purpose, self.link_key, self.member.link_epoch, number), self.settings.secret
            )
            self.links[name] = f"{self.settings.base_url}/{purpose}/{token}"
        return self.links[name]

    def anonymous_mailto(self) -> str | None:
        """A reply, begun, that leaves the name off; None where there are pages, for none does that."""
        if self.settings.base_url:
            return None
        return self._begun(reply_words(words.translator(self.member.locale))["anonymous"])

    def _begun(self, said: str) -> str:
        """The mark proves the thread as the address does, where a server or a client has cut off its tag."""
        mark = self._mark(self.reply_token, reply_address.REPLY)
        subject = [self.member.group.name + (":" if said else ""), said, mark or ""]
        return mailto(self.reply_to, subject=" ".join(part for part in subject if part), body=said)

    def _minted(self, token: str, prefix: str) -> str:
        settings = self.settings
        return reply_address.mint(
            token,
            domain=settings.reply_domain,
            address=settings.reply_address,
            prefix=prefix,
            tag=settings.reply_tag,
        )

    def _mark(self, token: str, prefix: str) -> str | None:
        """None with a reply domain, whose addresses lose nothing."""
        return None if self.settings.reply_domain else reply_address.mark(token, prefix)

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
        relay_host=read_url(stamp.settings.mail_url or "").hostname,
        base_url=stamp.settings.base_url,
        unsubscribe_url=stamp.url("unsubscribe") if stoppable else None,
        unsubscribe_mailto=stamp.unsubscribe_mailto if stoppable else None,
        leave_url=stamp.url("leave") if stoppable else None,
        ask_address=stamp.ask_address,
        ask_url=stamp.ask_url,
        ask_mark=stamp.ask_mark,
        hushed=bool(stamp.ask_address) and member.person.addresses[0].suppressed_reason == "complaint",
        in_reply_to=answers,
        answers_a_message=answers_a_message,
    )


def envelope_from(stamp: Stamp, *, null_path: bool) -> str:
    """MAIL FROM: null for what answers a message (RFC 3834, section 3.3), one address for all where that is fixed.

    With verp (variable envelope return path) each mail has its own, so that a bounce names its mail. Nothing in the
    mail tells it, or whoever is passed the mail on could forge its bounce.
    """
    settings = stamp.settings
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    if fixed or null_path:
        return fixed
    if settings.envelope_from == "verp" and settings.reply_domain:
        token = tokens.keyed_token(stamp.link_key, stamp.bounce_proof)
        return reply_address.mint(
            token, domain=settings.reply_domain, address=None, prefix=reply_address.BOUNCE
        )
    return settings.mail_from or ""
