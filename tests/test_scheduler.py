"""Behaviour of the heartbeat: what runs, how often, and what a failure does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from digest import clock, retention, scheduler
from digest.database import Database
from digest.domain.mails.link_opening import LinkOpening, note_opening
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions import question as questions
from digest.errors import Transient
from digest.outbound.ways_out import transport_for
from digest.scheduler import Job, running
from digest.settings import Settings
from tests.domain.given import MONDAY, a_group, a_member, a_prompted_round, a_question

OFTEN = timedelta(milliseconds=50)


def eventually(true: Callable[[], bool], within: float = 5.0) -> bool:
    latest = time.monotonic() + within
    while not true() and time.monotonic() < latest:
        time.sleep(0.01)
    return true()


def test_a_job_runs_at_once_and_then_at_its_cadence() -> None:
    runs: list[float] = []
    begun = time.monotonic()
    with running([Job("count", timedelta(milliseconds=200), lambda: runs.append(time.monotonic()))]):
        assert eventually(lambda: len(runs) >= 3)
    assert runs[0] - begun < 0.2
    assert runs[2] - runs[0] >= 0.35


def test_each_job_has_its_own_thread() -> None:
    held, ran = threading.Event(), threading.Event()
    with running([Job("long", OFTEN, lambda: held.wait(5)), Job("short", OFTEN, ran.set)]):
        assert ran.wait(5)
        held.set()


def test_a_job_never_runs_twice_at_the_same_time_and_late_runs_become_one() -> None:
    at_once, most, runs = 0, 0, 0
    lock = threading.Lock()

    def long() -> None:
        nonlocal at_once, most, runs
        with lock:
            at_once, runs = at_once + 1, runs + 1
            most = max(most, at_once)
        time.sleep(0.3)
        with lock:
            at_once -= 1

    with running([Job("long", OFTEN, long)]):
        time.sleep(1.0)
    assert most == 1
    assert runs <= 4


def test_a_clock_that_is_set_back_lets_everything_run_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LOOK_AT_CLOCK", 0.01)
    runs: list[int] = []
    with running([Job("seldom", timedelta(hours=5), lambda: runs.append(1))]):
        assert eventually(lambda: len(runs) == 1)
        time.sleep(0.1)
        assert len(runs) == 1
        usual = clock.real_now
        monkeypatch.setattr(clock, "real_now", lambda: usual() - timedelta(hours=3))
        assert eventually(lambda: len(runs) == 2)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=5), timedelta(days=375)])
def test_missed_runs_are_not_counted_one_by_one(late: timedelta) -> None:
    two, planned = timedelta(seconds=2), clock.real_now()
    now = planned + late
    following = scheduler._Every(two).get_next_fire_time(planned, now)
    assert now < following <= now + two
    assert (following - planned) % two == timedelta(0)


def test_a_failure_stops_neither_the_job_nor_the_others(caplog: pytest.LogCaptureFixture) -> None:
    failures: list[int] = []
    others: list[int] = []

    def fail() -> None:
        failures.append(1)
        raise RuntimeError("out of paper")

    with running([Job("fails", OFTEN, fail), Job("works", OFTEN, lambda: others.append(1))]):
        assert eventually(lambda: len(failures) >= 3 and len(others) >= 3)


def test_trouble_is_logged_when_it_begins_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []

    def away_for_a_while() -> None:
        runs.append(1)
        if len(runs) < 4:
            raise Transient("The database is away.")

    with caplog.at_level(logging.INFO, "digest.scheduler"), running([Job("read", OFTEN, away_for_a_while)]):
        assert eventually(lambda: len(runs) >= 6)
    said = [record.getMessage() for record in caplog.records if record.name == "digest.scheduler"]
    assert said == ["read: The database is away.", "read: works again"]
    assert all(record.exc_info in (None, False) for record in caplog.records), (
        "known trouble needs no traceback"
    )


def test_at_the_end_what_runs_may_finish() -> None:
    begun, finished = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        time.sleep(0.5)
        finished.set()

    with running([Job("slow", timedelta(minutes=1), slow)]):
        assert begun.wait(5)
    assert finished.is_set()


def test_the_jobs_are_all_the_parts_of_the_work_each_done_for_real(database: Database) -> None:
    settings = Settings(mail_from="digest@example.com", reply_domain="in.example.com", secret=("s" * 20,))
    jobs = scheduler.jobs(database, settings, transport_for("console:"), "a worker")
    assert [job.name for job in jobs] == [
        "read what came in",
        "compose what is due",
        "send what waits",
        "forget openings of links",
        "forget the bytes of old mails",
        "look for trouble",
        "forget old traces",
    ]
    assert all(timedelta(seconds=1) <= job.every <= timedelta(hours=1) for job in jobs)
    for job in jobs:
        job.run()


def a_mail(number: int, member_id: int) -> OutboundMessage:
    return OutboundMessage(
        kind="digest",
        occasion=f"round:{number}",
        member_id=member_id,
        message_id=f"<{number}@example.com>",
        mail_from="",
        rcpt_to="ben@example.com",
        link_key=f"{number}",
        created_at=MONDAY,
        due_at=MONDAY,
        expires_at=MONDAY,
    )


def test_openings_of_links_are_forgotten_after_an_hour(database: Database) -> None:
    with database.transaction() as session:
        mail = a_mail(1, a_member(session, a_group(session), "Ben").id)
        session.add(mail)
        session.flush()
        for minutes in (30, 59, 61, 600):
            note_opening(session, mail, f"opened-{minutes}", clock.now() - timedelta(minutes=minutes))
    retention.forget_openings(database)
    with database.reading() as session:
        assert set(session.scalars(select(LinkOpening.link_name))) == {"opened-30", "opened-59"}


def test_openings_by_which_an_offer_is_still_to_be_judged_are_kept(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        question = a_question(session, a_prompted_round(session, group), a_member(session, group, "Mira"))
        ben = a_member(session, group, "Ben")
        mails = [a_mail(number, ben.id) for number in (1, 2)]
        session.add_all(mails)
        session.flush()
        questions.offer(session, question, ben, "auto", clock.now(), mails[0].id)
        for mail in mails:
            note_opening(session, mail, "leave", clock.now() - timedelta(hours=2))
        kept = mails[0].id
    retention.forget_openings(database)
    with database.reading() as session:
        assert list(session.scalars(select(LinkOpening.outbound_message_id))) == [kept]
