"""Owns the reader that keeps running: a thread that waits for mail, outlives the server's outages, and ends when told.
It must never let a server that is away stop anything else, nor try a login again without a pause.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext

from digest.access_token import AccessToken
from digest.database import Database
from digest.errors import DigestError, Transient
from digest.inbound.imap.account import Account, account
from digest.inbound.imap.mailbox import LoginRefused, open_mailbox
from digest.inbound.imap.reader import Reader
from digest.settings import Settings

log = logging.getLogger(__name__)

#: Seconds; IDLE tells at once, but not every server tells, and firewalls forget silent connections.
LOOK_EVERY = 20.0
PAUSES = (2.0, 5.0, 15.0, 60.0, 300.0)  # seconds after each failure in a row
PAUSES_OF_LOGIN = (60.0, 300.0, 900.0)  # a login that is refused often locks the account
END = 15.0  # seconds that a stop may take


def look_once(database: Database, settings: Settings) -> str | None:
    """One look into the mailbox, where one is configured; what went wrong, if anything. Raises Misuse."""
    found = account(settings.imap)
    if found is None:
        return None
    token = AccessToken(found.tokens) if found.tokens else None
    try:
        with closing(open_mailbox(found, token)) as mailbox:
            reader = Reader(database, mailbox, found.key, settings.reply_address or found.user)
            reader.look()
            if reader.unmoved:
                reader.look()
    except Transient as error:
        return f"The mailbox of DIGEST_IMAP_URL could not be read: {error}"
    return None


@contextmanager
def watching(database: Database, settings: Settings) -> Generator[None]:
    """The mailbox is read as long as the block runs, where one is configured. Raises Misuse."""
    found = account(settings.imap)
    with Watch(database, found, settings.reply_address or found.user) if found else nullcontext():
        yield


class Watch:
    """Reads one mailbox in a thread of its own; several on several machines may read the same."""

    def __init__(self, database: Database, found: Account, own_address: str) -> None:
        self.database, self.account, self.own_address = database, found, own_address
        self.token = AccessToken(found.tokens) if found.tokens else None
        self.stop = threading.Event()
        self.trouble = ""
        self.failures = 0
        self.thread = threading.Thread(target=self._run, name="imap", daemon=True)

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(END)

    def _run(self) -> None:
        while not self.stop.is_set():
            pauses = PAUSES
            try:
                self._read()
            except LoginRefused as error:
                self._tell(error)
                pauses = PAUSES_OF_LOGIN
            except Exception as error:
                self._tell(error)
            pause = pauses[min(self.failures, len(pauses)) - 1] if self.failures else 0.0
            self.stop.wait(pause * random.uniform(0.8, 1.2))  # several workers are not to knock together

    def _read(self) -> None:
        """Until the connection is lost or the thread is to end."""
        with closing(open_mailbox(self.account, self.token)) as mailbox:
            reader = Reader(self.database, mailbox, self.account.key, self.own_address)
            while not self.stop.is_set():
                reader.look()
                self._is_well()
                mailbox.wait(self.stop, LOOK_EVERY)

    def _tell(self, error: Exception) -> None:
        """Log trouble when it begins, not each time."""
        self.failures += 1
        said = str(error) or type(error).__name__
        if said != self.trouble:
            log.error("the mailbox: %s", said, exc_info=not isinstance(error, DigestError))
        self.trouble = said

    def _is_well(self) -> None:
        if self.trouble:
            log.info("the mailbox: it is read again")
        self.trouble, self.failures = "", 0
