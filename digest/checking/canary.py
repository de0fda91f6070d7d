"""Owns what the vital signs mean: each kind of trouble with its threshold and its sentence. It must never name a
person, a group or a word that somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.checking.finding import N_, Finding, note, ok, wrong
from digest.domain.running.alarm import Alarm
from digest.domain.vital_signs import AWAKE, VitalSigns

INBOX_LATE = timedelta(minutes=10)
OUTBOX_LATE = timedelta(minutes=15)
FEW_BOUNCES, MANY_BOUNCES = 3, 0.05  # so many mails, and this share of those that left
USUAL_REPLIES = 3  # a week ago; with fewer, silence may be chance

#: What is found by looking, and over when it is not found any more; every other kind is a report of one day.
WATCHED = ("tick", "inbox", "outbox", "failed", "bounces", "silence", "disk")


@dataclass(frozen=True)
class Trouble:
    kind: str
    finding: Finding


def troubles(signs: VitalSigns, real_now: datetime) -> Iterator[Trouble]:
    """What is wrong just now, the gravest first."""
    for kind, look in LOOKS.items():
        found = look(signs, real_now)
        if found is not None:
            yield Trouble(kind, found)


def _tick(signs: VitalSigns, real_now: datetime) -> Finding | None:
    last = signs.beats.last_at
    if last is None:
        return note(
            N_(
                "No worker has run yet: nothing is read, composed or sent. Start one: digest worker, or digest serve."
            )
        )
    if real_now - last > AWAKE:
        return wrong(
            N_(
                "The last tick was %(minutes)s minutes ago: nothing is read, composed or sent meanwhile. "
                "Look whether digest worker (or digest serve) runs, and at its log."
            ),
            minutes=_minutes(real_now - last),
        )
    return None


def _inbox(signs: VitalSigns, _: datetime) -> Finding | None:
    if signs.inbox.since is None or signs.at - signs.inbox.since <= INBOX_LATE:
        return None
    return wrong(
        N_(
            "Messages that came in wait to be read: %(count)s, the first for %(minutes)s minutes. "
            "None is lost. Look at the worker's log, or start another worker."
        ),
        count=signs.inbox.count,
        minutes=_minutes(signs.at - signs.inbox.since),
    )


def _outbox(signs: VitalSigns, _: datetime) -> Finding | None:
    since = signs.outbox.since
    if since is not None and signs.at - since > OUTBOX_LATE:
        return wrong(
            N_(
                "Mails wait to be sent: %(count)s, the first for %(minutes)s minutes. "
                "They go out when the mail server takes them. Run: digest check"
            ),
            count=signs.outbox.count,
            minutes=_minutes(signs.at - since),
        )
    if signs.stubborn:
        return wrong(
            N_(
                "The mail server has refused mails for now, three times and more: %(count)s. "
                "They are tried again. Run: digest check"
            ),
            count=signs.stubborn,
        )
    return None


def _failed(signs: VitalSigns, _: datetime) -> Finding | None:
    read, sent = signs.messages.get("failed", 0), signs.mails.get("failed", 0)
    if not read and not sent:
        return None
    return wrong(
        N_(
            "Set aside within a day: %(read)s messages that could not be read, %(sent)s mails that could not be sent. "
            "They are kept; the log says why."
        ),
        read=read,
        sent=sent,
    )


def _bounces(signs: VitalSigns, _: datetime) -> Finding | None:
    back = signs.mails.get("bounced", 0) + signs.mails.get("rejected", 0)
    left = back + sum(signs.mails.get(state, 0) for state in ("sent", "delivered", "complained"))
    if back < FEW_BOUNCES or back < MANY_BOUNCES * left:
        return None
    return wrong(
        N_(
            "Many mails of the last day came back or were refused: %(count)s of %(all)s. "
            "Run digest check for SPF, DKIM and DMARC; digest group show tells which addresses fail."
        ),
        count=back,
        all=left,
    )


def _silence(signs: VitalSigns, _: datetime) -> Finding | None:
    """Prompts went out hours ago and nobody at all wrote, though on the same day a week ago people did."""
    usual = signs.replies_a_week_ago
    if signs.replies or not signs.prompts_unanswered_since or usual < USUAL_REPLIES:
        return None
    return wrong(
        N_(
            "Prompts went out (%(prompts)s), and no reply came in; a week ago there were %(usual)s. "
            "Perhaps mail does not come in any more. Run: digest check --round-trip"
        ),
        prompts=signs.prompts_unanswered_since,
        usual=usual,
    )


LOOKS = {
    "tick": _tick,
    "inbox": _inbox,
    "outbox": _outbox,
    "failed": _failed,
    "bounces": _bounces,
    "silence": _silence,
}


def reported(alarm: Alarm) -> Finding:
    """What to say of an alarm that another part of the service raised."""
    words = REPORTS.get(alarm.kind)
    if words is None:
        return note(N_("Something asks for a look: %(kind)s. The log says more."), kind=alarm.kind)
    others = alarm.facts.get("others", [])
    if others:
        words = REPORTS_OF_SEVERAL.get(alarm.kind, words)
    facts = {"domain": "?", "enhanced_status": "?"} | {name: one or "?" for name, one in alarm.facts.items()}
    return wrong(words, **(facts | {"others": ", ".join(map(_with_status, others))}))


def _with_status(other: dict[str, str | None]) -> str:
    return f"{other['domain']} ({other['enhanced_status'] or '?'})"


def over(kind: str) -> Finding:
    """What to say when that kind is over."""
    return ok(OVER.get(kind, N_("What was reported has not come again.")))


REPORTS = {
    "refused-by-policy": N_(
        "%(domain)s refuses our mail by its policy (%(enhanced_status)s). Mails to it wait for four hours. Its members "
        "are not to blame. Run digest check for SPF, DKIM and DMARC, or ask its postmaster."
    ),
    "content-refused": N_(
        "%(domain)s refuses a mail of ours for what is in it (%(enhanced_status)s). Ask its postmaster why."
    ),
    "refused-by-provider": N_(
        "%(domain)s takes mails of ours and does not hand them on (%(enhanced_status)s). No member is to blame. Its "
        "log tells why; look at the account there."
    ),
    "no-facilitator-reachable": N_(
        "Mail to a member comes back, and no facilitator of the group can be told. See: digest group list"
    ),
    "breaker": N_(
        "Automatic answers are stopped for now: there were more than usual. Prompts and digests go on. "
        "Look in the log for a loop between two machines."
    ),
}
REPORTS_OF_SEVERAL = {
    "refused-by-policy": N_(
        "%(domain)s refuses our mail by its policy (%(enhanced_status)s), and so do %(others)s. Mails to them wait for "
        "four hours. Their members are not to blame. "
        "Run digest check for SPF, DKIM and DMARC, or ask their postmasters."
    ),
    "content-refused": N_(
        "%(domain)s refuses a mail of ours for what is in it (%(enhanced_status)s), and so do %(others)s. "
        "Ask their postmasters why."
    ),
}
OVER = {
    "tick": N_("A worker runs again."),
    "inbox": N_("What came in is read again."),
    "outbox": N_("Mails go out again."),
    "failed": N_("For a day nothing more was set aside."),
    "bounces": N_("Few mails come back now."),
    "silence": N_("Replies come in again."),
    "disk": N_("There is room on the disk again."),
    "breaker": N_("Automatic answers go out again."),
}


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
