"""Owns the talk with an IMAP server (RFC 3501; IDLE 2177, UIDPLUS 4315, MOVE 6851), the only user of imap-tools.
It must never know whose a message is, nor mark one as read or remove one that was not copied.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.mailbox import MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from digest import trust
from digest.access_token import AccessToken
from digest.errors import Transient
from digest.inbound.imap.account import Account

PATIENCE = 30.0  # seconds for any one answer of the server
PIECE = 1024 * 1024  # bytes of a message that are asked for at once
SLICE = 0.5  # seconds in which a stop is noticed
HEADS = 100  # headers that are asked for at once
FIELDS = (
    "From To Cc Resent-To Resent-Cc Delivered-To X-Original-To Envelope-To X-Gm-Original-To "
    "Subject Message-ID In-Reply-To References Return-Path Content-Type"
)
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


class LoginRefused(Transient):
    """The server refuses the user or the password; trying again soon would only lock the account."""


class Gone(Exception):
    """The message is not in the mailbox any more: a person or another worker has moved it."""


@dataclass(frozen=True)
class Head:
    """What is looked at of a message before it is known to be for us."""

    uid: int
    header: bytes


@contextmanager
def told() -> Generator[None]:
    """Whatever goes wrong in the block is raised as Transient, with the server's own words where it said any."""
    try:
        yield
    except MailboxLoginError as error:
        raise LoginRefused(f"the server refuses the login: {_words(error)}") from None
    except (imaplib.IMAP4.error, ImapToolsError, OSError, ssl.SSLError) as error:
        raise Transient(f"the server cannot be used: {_words(error)}") from None


def _words(error: Exception) -> str:
    result = getattr(error, "command_result", None)
    said = result[1][0] if result and result[1] else getattr(error, "strerror", None) or error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200] or type(error).__name__


def open_mailbox(account: Account, token: AccessToken | None = None) -> Mailbox:
    """Log in and select the mailbox. Raises Transient; LoginRefused where the server does not let us in."""
    with told():
        box = _connect(account)
        try:
            _log_in(box, account, token)
            return Mailbox(box, account)
        except BaseException:
            _hang_up(box)
            raise


def _connect(account: Account) -> Any:  # the library's types are not complete
    if account.security == "none":
        return MailBoxUnencrypted(account.host, account.port, PATIENCE)
    context = trust.context(account.ca_file)
    if account.security == "starttls":
        return MailBoxStartTls(account.host, account.port, PATIENCE, context)
    return MailBox(account.host, account.port, PATIENCE, ssl_context=context)


def _log_in(box: Any, account: Account, token: AccessToken | None) -> None:
    try:
        if token is not None:
            box.xoauth2(account.user, token.get(), None)
        elif f"{account.user}{account.password}".isascii():
            box.login(account.user, account.password or "", None)
        else:
            box.login_utf8(account.user, account.password or "", None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:  # AUTHENTICATE raises the library's own
        if token is not None:
            token.forget()
        raise LoginRefused(f"the server refuses the login: {_words(error)}") from None


def _hang_up(box: Any) -> None:
    with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()


class Mailbox:
    """One mailbox, selected. Every method raises Transient where the server cannot be used."""

    def __init__(self, box: Any, account: Account) -> None:
        self._box, self._client, self._account = box, box.client, account
        box.folder.set(account.mailbox)
        self.capabilities = self._capabilities()
        self.uid_validity = int(self._client.response("UIDVALIDITY")[1][0] or 0)
        self._folder: str | None = None

    @property
    def can_idle(self) -> bool:
        return "IDLE" in self.capabilities

    def close(self) -> None:
        _hang_up(self._box)

    def uids_after(self, uid: int) -> list[int]:
        """The messages with a greater UID, in order, but for those that somebody has marked as deleted."""
        with told():
            self._client.noop()  # a search alone tells of what the server has told us before (RFC 3501, 7.4.1)
        return [found for found in self._search(f"UID {uid + 1}:* UNDELETED") if found > uid]

    def still_there(self, uids: Sequence[int]) -> list[int]:
        return self._search(f"UID {','.join(map(str, uids))} UNDELETED") if uids else []

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """The header fields that tell whose a message is; nothing for a message that is gone."""
        for start in range(0, len(uids), HEADS):
            asked = ",".join(map(str, uids[start : start + HEADS]))
            said = self._fetch(asked, f"(UID BODY.PEEK[HEADER.FIELDS ({FIELDS})])")
            found = [Head(int(uid[1]), literal) for about, literal in said if (uid := _UID.search(about))]
            yield from sorted(found, key=lambda head: head.uid)

    def pieces(self, uid: int) -> Iterator[bytes]:
        """The bytes of a message, unread as before. Raises Gone, for some servers show an empty one in its place."""
        offset = 0
        while True:
            said = list(self._fetch(str(uid), f"(UID BODY.PEEK[]<{offset}.{PIECE}>)"))
            piece = next((literal for about, literal in said if f"UID {uid}".encode() in about), b"")
            if not piece and (offset == 0 or not self.still_there([uid])):
                raise Gone
            yield piece
            offset += len(piece)
            if len(piece) < PIECE:
                return

    def move(self, uid: int) -> None:
        """Into the folder for what was read, which is made where it is missing."""
        with told():
            if self._moved(uid):
                return
            self._folder = None  # somebody has renamed or removed it
            if not self._moved(uid):
                raise Transient(
                    f"the server does not move messages to {self._folder!r}. Is the mailbox full?"
                )

    def folder_is_there(self) -> bool:
        with told():
            return any(self._box.folder.exists(name) for name in self._folder_names())

    def wait(self, stop: threading.Event, seconds: float) -> None:
        """Until something new is there (IDLE), the time is over, or `stop` is set."""
        if not self.can_idle:
            stop.wait(seconds)
            return
        end = time.monotonic() + seconds
        with told():
            self._box.idle.start()
            while not stop.is_set() and (left := end - time.monotonic()) > 0:
                begun = time.monotonic()
                if self._box.idle.poll(min(SLICE, left)) or time.monotonic() - begun < min(SLICE, left) / 2:
                    break  # something is new, or the connection is cut, which the next line finds out
            self._box.idle.stop()

    def _capabilities(self) -> frozenset[str]:
        """Asked again after the login: servers keep some for those whom they know."""
        said = self._client.capability()[1]
        return frozenset(b" ".join(said).decode("ascii", "replace").upper().split())

    def _search(self, criteria: str) -> list[int]:
        with told():
            kind, said = self._client.uid("SEARCH", criteria)
            if kind != "OK":
                raise imaplib.IMAP4.error(str(said[0]))
            return sorted(int(uid) for uid in (said[0] or b"").split())

    def _fetch(self, uids: str, parts: str) -> Iterator[tuple[bytes, bytes]]:
        """(what the server says around it, the literal) of each message."""
        with told():
            kind, said = self._client.uid("FETCH", uids, parts)
            if kind != "OK":
                raise imaplib.IMAP4.error(str(said[0]))
        for item, following in zip(said, [*said[1:], None], strict=True):
            if isinstance(item, tuple):
                yield item[0] + (following if isinstance(following, bytes) else b""), item[1]
            elif isinstance(item, bytes) and item.rstrip(b")").endswith((b'""', b"NIL")):
                yield item, b""

    def _moved(self, uid: int) -> bool:
        name = encode_folder(self._folder or self._make_folder())
        if "MOVE" in self.capabilities:
            return self._client.uid("MOVE", str(uid), name)[0] == "OK"
        if self._client.uid("COPY", str(uid), name)[0] != "OK":
            return False
        self._client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self.capabilities:  # a plain EXPUNGE would remove what others have marked
            self._client.uid("EXPUNGE", str(uid))
        return True

    def _make_folder(self) -> str:
        names = self._folder_names()
        found = next((name for name in names if self._box.folder.exists(name)), None)
        self._folder = found or next((name for name in names if self._created(name)), names[0])
        return self._folder

    def _created(self, name: str) -> bool:
        with suppress(ImapToolsError):
            self._box.folder.create(name)
            self._box.folder.subscribe(name, True)
            return True
        return self._box.folder.exists(name)

    def _folder_names(self) -> tuple[str, str]:
        """The names that our folder may have: its own, and below the inbox, where some servers keep all folders."""
        listed = self._box.folder.list("", "INBOX")
        return (
            self._account.read_folder,
            f"INBOX{listed[0].delim if listed else '.'}{self._account.read_folder}",
        )
