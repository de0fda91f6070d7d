"""Owns the records of mail: messages that came in, messages that go out, and their states.
It must never parse, compose, send or keep more of a link opening than that it was opened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BindParameter,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    bindparam,
    false,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column, relationship

from digest.domain.base import Base, partial_index
from digest.domain.groups.group import Member, leave, pause
from digest.domain.groups.notice import Notice

InboundState = Literal["accepted", "processing", "filed", "held", "dropped", "failed"]
OutboundState = Literal[
    "queued",
    "sending",
    "sent",
    "rejected",
    "failed",
    "cancelled",
    "expired",
    "delivered",
    "bounced",
    "complained",
]

_UNFINISHED = "state IN ('accepted', 'processing')"
#: In a query, spelled as in the partial indexes: SQLite uses these for nothing else.
UNFINISHED: BindParameter[list[str]] = bindparam(
    None, ["accepted", "processing"], expanding=True, literal_execute=True
)
STALE = text("outbound_messages.stale")

REPLY_ADDRESS_OPEN = timedelta(days=35)
OF_THE_GROUP = ("prompt", "digest")  # what a member gets whether or not she did anything
MOST_LEASES = 3  # a message whose worker died this often is set aside for the operator


class InboundMessage(Base):
    """A message as it came in; the raw bytes are stored before anything is decided about it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("raw_digest", "rcpt_to"),
        CheckConstraint("state in ('accepted','processing','filed','held','dropped','failed')", name="state"),
        partial_index("ix_inbound_messages_unfinished", "state", "id", where=_UNFINISHED),
        partial_index(
            "ix_inbound_messages_kept", "settled_at", where="raw IS NOT NULL AND settled_at IS NOT NULL"
        ),
        partial_index("ix_inbound_messages_in_order", "member_id", "id", where=_UNFINISHED),
        partial_index("ix_inbound_messages_thread", "thread_id", where="message_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    raw_digest: Mapped[str]  # SHA-256 of the raw message, hexadecimal
    rcpt_to: Mapped[str]
    mail_from: Mapped[str | None]  # '' is the null reverse-path, None is unknown
    #: Compressed; None where it was over the cap.
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    size: Mapped[int]
    via: Mapped[str]
    verdicts: Mapped[dict[str, str] | None] = mapped_column(JSON)  # of the door: method to result (RFC 8601)
    #: Who wrote it, as its From field says; only where its member is asked about it.
    from_address: Mapped[str | None]
    received_at: Mapped[datetime]
    #: The mail that it replies to.
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_messages.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    #: False where its thread was not looked for yet.
    thread_sought: Mapped[bool] = mapped_column(default=True, server_default=true())
    admitted: Mapped[bool] = mapped_column(default=False)  # its member said that she wrote it
    state: Mapped[InboundState] = mapped_column(default="accepted")
    reason: Mapped[str | None]
    intent: Mapped[str | None]
    anonymous: Mapped[bool] = mapped_column(default=False)
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)  # kinds, such as signature; never words
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    message_id: Mapped[str | None]
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    member: Mapped[Member | None] = relationship()
    thread: Mapped[OutboundMessage | None] = relationship(foreign_keys=[thread_id])


class OutboundMessage(Base):
    """A mail to one member: composed once, kept as finished bytes until its reply address closes."""

    __tablename__ = "outbound_messages"
    __table_args__ = (
        UniqueConstraint("kind", "occasion", "member_id"),
        CheckConstraint(
            "state in ('queued','sending','sent','rejected','failed','cancelled','expired',"
            "'delivered','bounced','complained')",
            name="state",
        ),
        Index("ix_outbound_messages_lately", "member_id", "created_at"),
        partial_index("ix_outbound_messages_queued", "due_at", where="state = 'queued'"),
        partial_index("ix_outbound_messages_kept", "reply_until", where="raw IS NOT NULL"),
        partial_index("ix_outbound_messages_sending", "lease_until", where="state = 'sending'"),
        partial_index("ix_outbound_messages_stale", "id", where="stale"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    occasion: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    about: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # ids of what the mail is about
    message_id: Mapped[str] = mapped_column(unique=True)
    mail_from: Mapped[str]
    rcpt_to: Mapped[str]
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))  # compressed
    reply_hash: Mapped[str | None] = mapped_column(unique=True)  # of the token in its Reply-To
    reply_until: Mapped[datetime | None]
    link_key: Mapped[str] = mapped_column(unique=True)  # stands in the mail's links for this row
    link_names: Mapped[list[str]] = mapped_column(JSON, default=list)  # every link that the mail holds
    state: Mapped[OutboundState] = mapped_column(default="queued")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    begun: Mapped[bool] = mapped_column(default=False)  # its worker started to hand it over
    lost_leases: Mapped[int] = mapped_column(default=0)
    #: Something in it was taken back: it is composed anew before it may leave.
    stale: Mapped[bool] = mapped_column(default=False, server_default=false())
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    enhanced_status: Mapped[str | None]
    remark: Mapped[str | None]  # what the next hop said, or why it was not sent
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


def leave_and_cancel(session: Session, member: Member, now: datetime) -> None:
    """The member is out, and what was waiting for her is cancelled in the same transaction."""
    leave(member, now)
    cancel_waiting(session, member.id, now)


def cancel_waiting(session: Session, member_id: int, now: datetime) -> None:
    """Cancel the member's mails that wait, and what the service still owed her."""
    session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.member_id == member_id, OutboundMessage.state == "queued")
        .values(state="cancelled", remark="the member left or paused")
    )
    session.execute(
        update(Notice)
        .where(Notice.member_id == member_id, Notice.settled_at.is_(None))
        .values(settled_at=now, cancelled=True)
    )


def pause_and_cancel(session: Session, member: Member) -> None:
    """The member has a break: a prompt or digest that still waits to be sent is cancelled with it."""
    pause(member)
    waiting = update(OutboundMessage).where(
        OutboundMessage.member_id == member.id,
        OutboundMessage.state == "queued",
        OutboundMessage.kind.in_(OF_THE_GROUP),
    )
    session.execute(waiting.values(state="cancelled", remark="the member paused"))


def find_thread(session: Session, reply_hash: str) -> OutboundMessage | None:
    """The mail whose Reply-To holds the token with that hash."""
    return session.scalar(select(OutboundMessage).where(OutboundMessage.reply_hash == reply_hash))


def find_by_link_key(session: Session, link_key: str) -> OutboundMessage | None:
    return session.scalar(select(OutboundMessage).where(OutboundMessage.link_key == link_key))
