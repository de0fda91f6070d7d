"""Owns what is told of the mailbox that replies are read from: whether one can log in, and how new mail is noticed.
It must never change anything there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from digest.access_token import AccessToken, NoToken
from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.checking.hidden import mail_url
from digest.checking.scope import Scope
from digest.errors import Misuse, Transient
from digest.inbound.imap.account import Account, account
from digest.inbound.imap.mailbox import LoginRefused, Mailbox, open_mailbox


def look(scope: Scope) -> Iterator[Finding]:
    try:
        found = account(scope.settings.imap)
    except Misuse as misuse:
        yield wrong("%(reason)s", reason=misuse)
        return
    if found is not None:
        yield from _mailbox(found, mail_url(scope.settings.imap.url or ""))
    elif scope.settings.imap.password or scope.settings.imap.folder or scope.settings.imap.tokens.client_id:
        yield wrong(
            N_(
                "DIGEST_IMAP_URL is not set, so no mailbox is read, whatever else of it is set. "
                "Write it like imaps://user@imap.example.com/INBOX."
            )
        )


def _mailbox(found: Account, shown: str) -> Iterator[Finding]:
    try:
        token = AccessToken(found.tokens) if found.tokens else None
        with closing(open_mailbox(found, token)) as mailbox:
            yield _way(mailbox, shown)
            yield _folder(mailbox, found.read_folder)
    except NoToken as error:
        yield wrong(N_("DIGEST_IMAP_URL: %(url)s: no login by OAuth: %(reason)s"), url=shown, reason=error)
    except LoginRefused as refused:
        yield wrong(
            N_(
                "DIGEST_IMAP_URL: %(url)s: %(reason)s. The application needs the permission to read and access to this "
                "mailbox. docs/providers/one-mailbox.md has the steps."
            )
            if found.tokens
            else N_(
                "DIGEST_IMAP_URL: %(url)s: %(reason)s. Check user and password; many providers want IMAP switched on "
                "first, or an app password."
            ),
            url=shown,
            reason=str(refused).rstrip("."),
        )
    except Transient as error:
        yield wrong(
            N_(
                "DIGEST_IMAP_URL: %(url)s: %(reason)s. Check the name, the port, the way it is encrypted, and the "
                "mailbox at its end. For a certificate of your company's own: ?ca=FILE"
            ),
            url=shown,
            reason=str(error).rstrip("."),
        )


def _way(mailbox: Mailbox, shown: str) -> Finding:
    if mailbox.can_idle:
        return ok(N_("DIGEST_IMAP_URL: %(url)s can be read; the server tells of new mail at once"), url=shown)
    return ok(N_("DIGEST_IMAP_URL: %(url)s can be read; new mail is looked for every 20 seconds"), url=shown)


def _folder(mailbox: Mailbox, name: str) -> Finding:
    if mailbox.folder_is_there():
        return ok(N_("DIGEST_IMAP_FOLDER: what was read goes to “%(name)s”"), name=name)
    return note(
        N_("DIGEST_IMAP_FOLDER: “%(name)s” is not there yet; it is made when the first reply comes."),
        name=name,
    )
