"""Owns what is told of the plain settings: what is in force, and what is missing. It must never connect anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from digest import words
from digest.checking.finding import N_, Finding, State, note, ok, wrong
from digest.checking.scope import Scope
from digest.errors import Misuse
from digest.inbound.sender.verdict import sender_check
from digest.settings import WHAT

CLOSED = N_("%(name)s is not set: %(what)s. Until then POST /inbound/raw is closed.")


def look(scope: Scope) -> Iterator[Finding]:
    yield _mail_from(scope)
    yield _replies(scope)
    if scope.settings.reply_domain and scope.settings.reply_address:
        yield note(
            N_(
                "DIGEST_REPLY_ADDRESS is set besides DIGEST_REPLY_DOMAIN, which goes before it. "
                "With one mailbox alone, take DIGEST_REPLY_DOMAIN out."
            )
        )


def rest(scope: Scope) -> Iterator[Finding]:
    """The settings that may stay as they are."""
    settings = scope.settings
    if settings.envelope_from == "verp" and not settings.reply_domain:
        yield note(
            N_(
                "DIGEST_ENVELOPE_FROM: verp needs DIGEST_REPLY_DOMAIN. Without it mails have the usual sender, "
                "and bounces are known by their Message-ID."
            )
        )
    elif settings.envelope_from:
        yield ok(N_("DIGEST_ENVELOPE_FROM: %(value)s"), value=settings.envelope_from)
    else:
        yield ok(N_("DIGEST_ENVELOPE_FROM: not set, so mails have the usual sender"))
    yield ok(N_("DIGEST_ONE_CLICK: %(value)s"), value="on" if settings.one_click else "off")
    yield _senders(scope)
    if not settings.operator:
        yield ok(N_("DIGEST_OPERATOR: not set, so nobody is told by mail when the service needs a look"))
    elif not words.has_catalogue(settings.operator_locale):
        yield note(
            N_("DIGEST_OPERATOR_LOCALE: mails in %(locale)s are not there yet: they come in English."),
            locale=settings.operator_locale,
        )
    for name in settings.unknown:
        yield note(
            N_("%(name)s is set, and no setting has this name: it does nothing. Check how it is spelt."),
            name=name,
        )
    if settings.clock is None:
        yield ok(N_("DIGEST_CLOCK: not set, so the clock is this machine's"))
    else:
        yield note(
            N_("DIGEST_CLOCK: each process starts at %(instant)s. For rehearsals only."),
            instant=settings.clock.isoformat(),
        )


def _senders(scope: Scope) -> Finding:
    """Who is believed about the authors of messages."""
    try:
        sender_check(scope.settings)
    except Misuse:
        return wrong(
            N_(
                "DIGEST_VERIFY_DKIM is on, and its library is missing. "
                "Install it: .venv/bin/pip install -r requirements-dkim.lock"
            )
        )
    if scope.settings.authserv_id:
        return ok(
            N_("DIGEST_AUTHSERV_ID: %(name)s is believed about senders"), name=scope.settings.authserv_id
        )
    if scope.settings.verify_dkim:
        return ok(N_("DIGEST_VERIFY_DKIM: signatures of senders are checked here"))
    return ok(N_("DIGEST_AUTHSERV_ID: not set, so forged senders are found only where your provider tells"))


def missing(state: State, name: str, words: str = N_("%(name)s is not set: %(what)s.")) -> Finding:
    return Finding(state, words, {"name": name, "what": WHAT[name]})


def _mail_from(scope: Scope) -> Finding:
    if not scope.settings.mail_from:
        return missing("wrong", "DIGEST_MAIL_FROM")
    return ok(N_("DIGEST_MAIL_FROM: %(address)s"), address=scope.settings.mail_from)


def _replies(scope: Scope) -> Finding:
    settings = scope.settings
    if settings.reply_domain:
        return ok(
            N_("DIGEST_REPLY_DOMAIN: %(domain)s; all its addresses, such as r-...@, have to come in here"),
            domain=settings.reply_domain,
        )
    if settings.reply_address:
        local_part, _, host = settings.reply_address.rpartition("@")
        detail = "+r-..." if settings.reply_tag else ""
        return ok(
            N_("DIGEST_REPLY_ADDRESS: replies go to %(address)s"), address=f"{local_part}{detail}@{host}"
        )
    return wrong(
        N_("%(name)s is not set: %(what)s. With one mailbox alone, set DIGEST_REPLY_ADDRESS."),
        name="DIGEST_REPLY_DOMAIN",
        what=WHAT["DIGEST_REPLY_DOMAIN"],
    )
