"""Owns what is due: plans rounds, and turns due prompts, digests, offers and notices into mails in the
outbox. It must never send; each group's turn is one transaction, so that a crash leaves it done or undone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from digest import clock
from digest.database import Database
from digest.domain.groups.practice import Practice
from digest.domain.mails import automatic_answers
from digest.domain.questions import ageing, answering, going_round, question, same_here
from digest.domain.rounds import round
from digest.errors import DigestError
from digest.outbound.due.again import due_again, post_again
from digest.outbound.due.answer import tell_answer
from digest.outbound.due.digest import post_digest
from digest.outbound.due.notice import post_notice
from digest.outbound.due.offer import tell_offer
from digest.outbound.due.prompt import post_prompts
from digest.outbound.due.questions import post_questions
from digest.settings import Settings

log = logging.getLogger(__name__)

Find = Callable[[Session, datetime], list[int]]
Act = Callable[[Session, Settings, int, datetime], int]


def due_all(database: Database, settings: Settings) -> int:
    """Compose whatever is due now, once, however many workers ask; how many mails went into the outbox."""
    _plan(database)
    return sum(_work_off(database, settings, find, act) for find, act in WORK)


def let_age(session: Session, settings: Settings, question_id: int, now: datetime) -> int:
    """What comes by itself in the life of a question owes somebody a notice; that is composed in the same turn."""
    ageing.age(session, question_id, now)
    return 0


def tell_same(session: Session, settings: Settings, question_id: int, now: datetime) -> int:
    """So does "same here" to its asker."""
    same_here.tell(session, question_id, now)
    return 0


def note_change(session: Session, settings: Settings, _: int, now: datetime) -> int:
    """Automatic answers are held back from now on, or no more; whoever runs the service hears of it."""
    if automatic_answers.note_change(session, now):
        log.error("automatic answers are held back: there were too many in an hour")
    return 0


#: What may be due, in the order in which it is looked for.
WORK: tuple[tuple[Find, Act], ...] = (
    (due_again, post_again),
    (question.quiet_offers_due, tell_offer),
    (answering.quiet_answers_due, tell_answer),
    (round.due_digests, post_digest),
    (going_round.due_question_mails, post_questions),
    (round.due_prompts, post_prompts),
    (ageing.due_questions, let_age),
    (same_here.questions_to_tell, tell_same),
    (automatic_answers.due_notices, post_notice),
    (automatic_answers.changes, note_change),
)


def _work_off(database: Database, settings: Settings, find: Find, act: Act) -> int:
    """Until nothing is due that was not tried; one that fails is told and does not stop the others."""
    composed, tried = 0, set[int]()
    while True:
        now = clock.now()
        with database.reading() as session:
            due = [row_id for row_id in find(session, now) if row_id not in tried]
        if not due:
            return composed
        for row_id in due:
            tried.add(row_id)
            composed += _one(database, settings, act, row_id, now)


def _one(database: Database, settings: Settings, act: Act, row_id: int, now: datetime) -> int:
    try:
        with database.transaction() as session:
            return act(session, settings, row_id, now)
    except DigestError:
        raise  # the database is away, or a setting is wrong: not this row's fault
    except Exception:
        log.exception("%s %s could not be composed", act.__name__, row_id)
        return 0


def _plan(database: Database) -> None:
    """Rows for the rounds of the coming weeks; only practices whose plan runs out are looked at."""
    while True:
        now = clock.now()
        with database.reading() as session:
            practices = round.practices_to_plan(session, now)
        if not practices:
            return
        for practice_id in practices:
            with database.transaction() as session:
                practice = session.get(Practice, practice_id)
                if practice is not None and practice.planned_until <= now:
                    round.plan_rounds(session, practice, now)
