"""Owns one rehearsal: a throw-away database, the invented group, its clock.
It must never put anything into a mailbox but through the real ways out and in.
"""

from __future__ import annotations

import threading
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from digest import clock
from digest.database import Database
from digest.demo import mail_client
from digest.demo.cast import CAST, EXAMPLE, GROUP, TASK, TIMEZONE, Player, player
from digest.demo.mailbox import Mail, Mailboxes
from digest.domain.groups import group as groups, practice as practices
from digest.domain.groups.group import Group
from digest.domain.groups.invitation import invite
from digest.domain.groups.notice import Notice
from digest.domain.mails.record import InboundMessage, OutboundMessage
from digest.domain.questions.going_round import QuestionMail
from digest.domain.questions.question import Answer, HelpOffer
from digest.domain.rounds import round as rounds
from digest.domain.rounds.round import Round
from digest.inbound.providers.raw import signature
from digest.outbound.transport import Transport
from digest.settings import Settings
from digest.tick import tick, worker_name

PATIENCE = 5.0  # seconds that a click waits for what another worker has in hand


@dataclass(frozen=True)
class Event:
    """Something that the clock can be moved to."""

    at: datetime
    what: str


class Rehearsal:
    """`settings` lead to a Maildir, and to this process's own door under `base_url`."""

    def __init__(
        self, settings: Settings, database: Database, transport: Transport, mailboxes: Mailboxes
    ) -> None:
        self.settings, self.database, self.transport, self.mailboxes = (
            settings,
            database,
            transport,
            mailboxes,
        )
        self.worker = worker_name()
        self._one_at_a_time = threading.Lock()
        self._answered: set[str] = set()

    def set_the_stage(self) -> None:
        """The group on the Monday before its first prompt: everybody is invited."""
        clock.start_at(_monday_before(clock.real_now()))
        now = clock.now()
        with self.database.transaction() as session:
            until = (now + timedelta(weeks=12)).date()
            group = groups.add_group(
                session, GROUP, timezone=TIMEZONE, locale="en", task=TASK, until=until, now=now
            )
            practice = practices.add_practice(
                session, group, "learning-log", example=EXAMPLE, example_by="Jonas", now=now
            )
            rounds.plan_rounds(session, practice, now)
            for one in CAST:
                locale, keys = one.locale, one.name == "Jonas"
                invite(session, group, one.address, one.name, locale=locale, facilitator=keys, now=now)
        self.tick()

    def let_others_answer(self, but: Player) -> None:
        """Everybody else whose last mail asks something answers it."""
        for one in CAST:
            if one != but:
                self._answer(one)
        self.tick()

    def _answer(self, one: Player) -> None:
        mail = next(iter(self.mailboxes.of(one.address)), None)
        kind = mail.message_id.partition(".")[0].strip("<") if mail else ""
        words = {"invitation": one.yes, "prompt": one.entry}.get(kind)
        if mail is not None and words is not None and mail.id not in self._answered:
            self._answered.add(mail.id)
            self.send(one, mail, words, one.client)

    def reply(self, mail: Mail, text: str, client: str) -> None:
        """A member's reply, through the real door, and what follows from it at once."""
        self._answered.add(mail.id)
        self.send(player(mail.to), mail, text, client)
        self.tick()

    def send(self, one: Player, mail: Mail, text: str, client: str) -> None:
        raw = mail_client.reply(one, mail, text, client, clock.now())
        at = str(int(clock.real_now().timestamp()))
        code = signature(self.settings.inbound_secret[0], at, one.address, mail.reply_to, [raw])
        request = urllib.request.Request(
            f"{self.settings.base_url}/inbound/raw",
            raw,
            {
                "Content-Type": "message/rfc822",
                "X-Digest-Mail-From": one.address,
                "X-Digest-Rcpt-To": mail.reply_to,
                "X-Digest-Timestamp": at,
                "X-Digest-Signature": code,
            },
        )
        with urllib.request.urlopen(request, timeout=30):
            pass

    def tick(self) -> None:
        """All that is due now is in the mailboxes afterwards, whichever worker of this process had it in hand."""
        latest = time.monotonic() + PATIENCE
        with self._one_at_a_time:
            self._turn()
            while self._is_under_way() and time.monotonic() < latest:
                time.sleep(0.02)
                self._turn()

    def _turn(self) -> None:
        tick(self.database, self.settings, self.transport, self.worker)

    def _is_under_way(self) -> bool:
        read = select(InboundMessage.id).where(InboundMessage.state.in_(("accepted", "processing")))
        owed = select(Notice.id).where(Notice.settled_at.is_(None), Notice.due_at <= clock.now())
        sent = select(OutboundMessage.id).where(
            OutboundMessage.state.in_(("queued", "sending")), OutboundMessage.due_at <= clock.now()
        )
        with self.database.reading() as session:
            return bool(session.scalar(select(or_(read.exists(), owed.exists(), sent.exists()))))

    def move_to(self, instant: datetime) -> None:
        """Let the clock show an instant to come, and all that is due until then happen, in its order."""
        while upcoming := [event.at for event in self.events() if event.at < instant]:
            clock.start_at(min(upcoming))
            self.tick()
        clock.start_at(instant)
        self.tick()

    def events(self) -> list[Event]:
        """What comes next, earliest first."""
        now = clock.now()
        dates = {
            "prompts": select(Round.prompt_due_at).where(
                Round.prompted_at.is_(None), Round.prompt_due_at > now
            ),
            "digest": select(Round.digest_due_at).where(
                Round.digested_at.is_(None), Round.digest_due_at > now
            ),
            "questions go round": select(QuestionMail.due_at).where(
                QuestionMail.decided_at.is_(None), QuestionMail.due_at > now
            ),
            "answers are told": select(Answer.tell_at).where(
                Answer.told_at.is_(None), Answer.taken_back_at.is_(None), Answer.tell_at > now
            ),
            "help is told": select(HelpOffer.tell_at).where(
                HelpOffer.state == "quiet", HelpOffer.tell_at > now
            ),
            "reminders": select(Notice.due_at).where(Notice.settled_at.is_(None), Notice.due_at > now),
        }
        with self.database.reading() as session:
            found = [Event(at, what) for what, query in dates.items() for at in session.scalars(query) if at]
        return sorted(set(found), key=lambda event: (event.at, event.what))

    def joined(self) -> dict[str, str]:
        """The state of each member by address."""
        with self.database.reading() as session:
            group = session.scalars(select(Group)).one()
            return {member.person.address: member.state for member in group.members}


def _monday_before(instant: datetime) -> datetime:
    """Ten o'clock on the Monday of the week to come: everything in the rehearsal lies ahead."""
    week = clock.weeks_after(clock.iso_week(instant, TIMEZONE), 1)
    return clock.local_instant(week, 0, datetime.min.time().replace(hour=10), TIMEZONE)
