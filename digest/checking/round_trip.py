"""Owns the test of the whole way: a message of ours goes out as every mail does, and is waited for where mail comes in,
whichever process takes it. It must never be filed or answered: its address is nobody's reply address.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from digest import clock, reply_address, tokens
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.trip_message import (
    HEAD,
    head_of,
    hops,
    is_marked,
    is_report,
    outgoing,
    results,
    signers,
)
from digest.database import Database
from digest.domain.mails.record import InboundMessage
from digest.domain.running import round_trip
from digest.outbound.sign import signed
from digest.outbound.ways_out import transport_of
from digest.settings import Settings

AGAIN = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Trip:
    """One test: `mark` is its token, by which what comes back is known; `begun_after` the newest message before."""

    mark: str
    address: str
    begun_after: int
    left_at: datetime


def findings(
    database: Database, settings: Settings, address: str | None, patience: float
) -> Iterator[Finding]:
    """Each as soon as it is known. `address`: a mailbox that is forwarded to us or answers; None for one of ours."""
    trip = _begin(database, settings)
    refused = _send(settings, trip, address or trip.address)
    if refused is not None:
        yield refused
        return
    yield ok(
        N_("The mail server took the message to %(address)s; it is waited for."),
        address=address or trip.address,
    )
    arrived = _wait(database, trip, patience)
    if arrived is None:
        yield _lost(settings, trip, patience)
        return
    row, head = arrived
    if is_report(head):
        yield wrong(
            N_(
                "It came back as undeliverable: no server takes mail to %(address)s. "
                "Check where its domain is led (MX), and what takes it there."
            ),
            address=address or trip.address,
        )
        return
    seconds = max(0, round((row.received_at - trip.left_at).total_seconds()))
    yield ok(N_("It came in after %(seconds)s seconds, by %(via)s."), seconds=seconds, via=row.via)
    yield from _way(head, trip)
    yield from _proofs(head, settings)


def _begin(database: Database, settings: Settings) -> Trip:
    token = tokens.random_token()
    with database.transaction() as session:
        round_trip.begin(session, tokens.token_hash(token), clock.now())
        newest = session.scalar(select(func.max(InboundMessage.id))) or 0
    domain, mailbox = settings.reply_domain, settings.reply_address
    address = reply_address.mint(
        token, domain=domain, address=mailbox, prefix=reply_address.TRIP, tag=settings.reply_tag
    )
    return Trip(token, address, newest, clock.now())


def _send(settings: Settings, trip: Trip, to: str) -> Finding | None:
    sender = settings.mail_from or ""
    fixed = (settings.envelope_from or "").partition("fixed:")[2]
    own = trip.address if settings.envelope_from == "verp" else sender
    mail = outgoing(
        sender=sender,
        mail_from=fixed or own,
        rcpt_to=to,
        reply_to=trip.address,
        mark=trip.mark,
        now=trip.left_at,
    )
    with closing(transport_of(settings)) as transport:
        result = transport.send([replace(mail, raw=signed(mail.raw, settings))])[0]
        said = transport.trouble or result.remark
    if result.result == "sent":
        return None
    return wrong(N_("The mail server did not take it: %(said)s. Run: digest check"), said=said.rstrip("."))


def _wait(database: Database, trip: Trip, patience: float) -> tuple[InboundMessage, Message] | None:
    """What came in since and carries the mark, with its header; None where nothing did in that time."""
    deadline, seen = time.monotonic() + patience, trip.begun_after
    while True:
        with database.reading() as session:
            new = select(InboundMessage).where(InboundMessage.id > seen).order_by(InboundMessage.id)
            for row in session.scalars(new.options(undefer(InboundMessage.raw))):
                seen = row.id
                raw = zlib.decompressobj().decompress(row.raw, HEAD) if row.raw else b""
                if trip.mark in row.rcpt_to.lower() or is_marked(raw, trip.mark):
                    return row, head_of(raw)
        if time.monotonic() >= deadline:
            return None
        time.sleep(AGAIN)


def _way(head: Message, trip: Trip) -> Iterator[Finding]:
    for number, hop in enumerate(hops(head, trip.left_at), 1):
        values = {"number": number, "sender": hop.sender, "by": hop.by}
        took = "?" if hop.seconds is None else max(0, round(hop.seconds))
        words = (
            N_("%(number)s. %(sender)s to %(by)s: encrypted, %(seconds)s s")
            if hop.encrypted
            else N_("%(number)s. %(sender)s to %(by)s: not encrypted, %(seconds)s s")
        )
        yield ok(words, **values, seconds=took)


def _proofs(head: Message, settings: Settings) -> Iterator[Finding]:
    domain = settings.dkim_domain or (settings.mail_from or "").rpartition("@")[2]
    found = signers(head)
    if domain in found:
        yield ok(N_("It carries a DKIM signature of %(domain)s."), domain=domain)
    else:
        yield note(
            N_(
                "It carries no DKIM signature of %(domain)s. Let the mail server sign, or set DIGEST_DKIM_SELECTOR."
            ),
            domain=domain,
        )
    for server, said in results(head):
        told = ", ".join(f"{method} {result}" for method, result in sorted(said.items()))
        if "fail" in said.values():
            yield wrong(
                N_("%(server)s found: %(told)s. Run digest check for the records in DNS."),
                server=server,
                told=told,
            )
        elif told:
            yield ok(N_("%(server)s found: %(told)s"), server=server, told=told)
    if not results(head):
        yield note(N_("No server on the way noted whether SPF, DKIM and DMARC pass."))


def _lost(settings: Settings, trip: Trip, patience: float) -> Finding:
    return wrong(
        N_(
            "It did not come in within %(seconds)s seconds. Look for %(id)s in the mail server's log: "
            "was it handed on, to whom, and does that server give mail to %(address)s to Digest? "
            "If it only takes longer: --wait 600"
        ),
        seconds=round(patience),
        id=reply_address.trip_message_id(trip.mark, (settings.mail_from or "").rpartition("@")[2]),
        address=trip.address,
    )
