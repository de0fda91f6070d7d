"""Owns the door for a company with one mailbox: what is for us is stored, then moved to a folder of its own.
It must never parse a message, touch what is not for us, or move what is not stored.

stored and committed   moved to the folder for what was read; also what was stored before, by whomever
not for us             left where it is, unread, and not looked at again: neither an address nor a mark of ours, no
                       answer to a mail of ours, no report about one, no test of the way
a member's to nobody   stored, so that she is told; left where it is, for whoever looks into the mailbox
the database is away   left where it is; looked at again
moved or deleted       by a person or another worker before we could: nothing to do
cannot be moved        stored all the same, and moved when it can be; meanwhile it is stored no second time
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

from digest import clock, reply_address, tokens
from digest.database import Database
from digest.domain.groups.group import active_member_at
from digest.domain.running.mailbox_mark import keep_mark, looked_up_to
from digest.domain.running.round_trip import was_begun
from digest.errors import Transient
from digest.inbound.accept import accept
from digest.inbound.envelope import LARGEST_MESSAGE, STUB, Envelope, clean_address
from digest.inbound.imap.mailbox import Gone, Head, Mailbox
from digest.inbound.thread import Clues, clues, find

REPORT = "multipart/report"
REPORTED = 512 * 1024  # bytes of a report in which the mail that it is about is looked for
RECIPIENT_FIELDS = (
    *("X-Gm-Original-To", "Delivered-To", "Envelope-To", "X-Original-To"),
    *("Resent-To", "Resent-Cc", "To", "Cc"),
)
_REPORTED_ID = re.compile(
    rb"^(?:X-)?(?:Original-)?Message-ID:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE
)
_AUTHOR = re.compile(r"[^\s<>()\",;:]+@[^\s<>()\",;:]+")
LONGEST_AUTHOR = 1000
_ADDRESS = re.compile(r"<([^<>\s]*)>")


@dataclass
class Reader:
    """One reader of one mailbox; several may read the same. `own_address` is what mail without a tag is sent to."""

    database: Database
    mailbox: Mailbox
    key: str
    own_address: str
    position: int = 0  # every message up to this UID was looked at
    unmoved: set[int] = field(default_factory=set[int])

    def __post_init__(self) -> None:
        with self.database.reading() as session:
            self.position = looked_up_to(session, self.key, self.mailbox.uid_validity)

    def look(self) -> int:
        """Take in what is new; how many messages were for us. Raises Transient, with all that was taken kept."""
        taken, trouble = 0, self._move_the_rest()
        begun = self._mark()
        try:
            for head in self.mailbox.heads(self.mailbox.uids_after(self.position)):
                if self._is_ours(head):
                    taken += 1
                    trouble = self._take(head) or trouble
                elif self._is_by_a_member(head):
                    self._keep(head)
                self.position = head.uid
        finally:
            if self._mark() != begun:
                self._keep_mark()
        if trouble is not None:
            raise trouble
        return taken

    def _take(self, head: Head) -> Transient | None:
        """Store it, then move it; what another reader has stored he may be moving now, so that waits for a look."""
        try:
            is_new = accept(self.database, self._envelope(head))
        except Gone:
            return None
        if not is_new:
            self.unmoved.add(head.uid)
            return None
        return self._move(head.uid)

    def _keep(self, head: Head) -> None:
        with suppress(Gone):
            accept(self.database, self._envelope(head))

    def _is_by_a_member(self, head: Head) -> bool:
        """Whether the one author is in a group, and wrote to this mailbox as to nobody in particular."""
        header = BytesHeaderParser().parsebytes(head.header)
        authors = _AUTHOR.findall(_text(header, "From")[:LONGEST_AUTHOR])
        if len(authors) != 1 or self.own_address.lower() not in _text(header, *RECIPIENT_FIELDS):
            return False
        with self.database.reading() as session:
            return active_member_at(session, authors[0]) is not None

    def _is_ours(self, head: Head) -> bool:
        found = clues(head.header)
        header = BytesHeaderParser().parsebytes(head.header)
        if found.tokens or _recipient(header):
            return True
        if header.get_content_type() == REPORT or _mail_from(header) == "":  # some bounces are words alone
            found = Clues((), (*found.message_ids, *self._reported(head)))
        named = (str(header.get("Message-ID", "")).strip(), *found.message_ids)
        if not any(named):
            return False
        with self.database.reading() as session:
            trips = map(tokens.token_hash, reply_address.trips_in(named))
            return find(session, found) is not None or any(was_begun(session, trip) for trip in trips)

    def _reported(self, head: Head) -> tuple[str, ...]:
        """The Message-ID of the mail that a bounce or a complaint is about (RFC 3464, RFC 5965)."""
        try:
            first = next(self.mailbox.pieces(head.uid))
        except Gone:
            return ()
        return tuple(
            found.decode("ascii", "replace") for found in _REPORTED_ID.findall(first[:REPORTED])[:10]
        )

    def _envelope(self, head: Head) -> Envelope:
        kept, size, code = bytearray(), 0, hashlib.sha256()
        for piece in self.mailbox.pieces(head.uid):
            size += len(piece)
            code.update(piece)
            kept += piece[: max(0, LARGEST_MESSAGE - len(kept))]
        raw = bytes(kept if size <= LARGEST_MESSAGE else kept[:STUB])
        header = BytesHeaderParser().parsebytes(head.header)
        rcpt_to = _recipient(header) or self.own_address
        return Envelope(_mail_from(header), rcpt_to, raw, size, code.hexdigest(), "imap")

    def _move_the_rest(self) -> Transient | None:
        """Move what is stored and could not be moved before; what somebody has moved meanwhile is done with."""
        if not self.unmoved:
            return None
        self.unmoved &= set(self.mailbox.still_there(sorted(self.unmoved)))
        trouble = [self._move(uid) for uid in sorted(self.unmoved)]
        return next((one for one in trouble if one is not None), None)

    def _move(self, uid: int) -> Transient | None:
        try:
            self.mailbox.move(uid)
        except Transient as trouble:
            self.unmoved.add(uid)
            return trouble
        self.unmoved.discard(uid)
        return None

    def _mark(self) -> int:
        return min([self.position, *(uid - 1 for uid in self.unmoved)])

    def _keep_mark(self) -> None:
        with self.database.transaction() as session:
            keep_mark(session, self.key, self.mailbox.uid_validity, self._mark(), clock.now())


def _text(header: Message, *names: str) -> str:
    """What stands in these fields, in lower case; the library's parser of addresses stumbles over nested comments."""
    values = [str(value)[:10_000] for name in names for value in header.get_all(name, [])]
    return "\n".join(values).lower()


def _recipient(header: Message) -> str:
    """The first address of ours in the header, else "": a mailbox tells no envelope recipient."""
    values = [str(value)[:10_000] for name in RECIPIENT_FIELDS for value in header.get_all(name, [])]
    return clean_address(
        next((found for value in values for found in reply_address.ours_in(value)), "").lower()
    )


def _mail_from(header: Message) -> str | None:
    """The envelope sender as the last hop wrote it (RFC 5321, section 4.4): the topmost; None where there is none."""
    written = header.get("Return-Path")
    found = _ADDRESS.search(str(written)[:1000]) if written is not None else None
    return clean_address(found.group(1)) if found else None
