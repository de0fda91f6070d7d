"""Behaviour of the export: its shape, and that it never tells who wrote without a name."""

from __future__ import annotations

import itertools
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.export import export_group
from digest.domain.groups.group import Group, Member
from digest.domain.mails.record import InboundMessage, InboundState, OutboundMessage
from digest.domain.questions import question as questions
from digest.domain.questions.question import Answer
from digest.domain.replies.intake import set_aside
from digest.domain.rounds.entry import Section
from digest.domain.rounds.round import Round
from tests.domain.given import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_group,
    a_member,
    a_prompted_round,
    a_question,
    an_entry,
)

numbers = itertools.count(1)


def exported(session: Session, group: Group) -> dict[str, Any]:
    session.flush()
    session.expire_all()
    return export_group(session, group)


def a_reply(
    session: Session,
    member: Member | None,
    *,
    intent: str | None = "entry",
    state: InboundState = "filed",
    reason: str | None = None,
    anonymous: bool = False,
    of: Round | None = None,
    thread: OutboundMessage | None = None,
    at: datetime = WEDNESDAY,
) -> InboundMessage:
    message = InboundMessage(
        raw_digest=f"{next(numbers):064}",
        rcpt_to="r-x@in.example",
        size=1,
        via="raw",
        received_at=at,
        member_id=member.id if member else None,
        intent=intent,
        state=state,
        reason=reason,
        anonymous=anonymous,
        round_id=of.id if of else None,
        thread_id=thread.id if thread else None,
    )
    session.add(message)
    session.flush()
    return message


def a_receipt(session: Session, member: Member, about: InboundMessage) -> OutboundMessage:
    """The mail that a command is a reply to."""
    number = next(numbers)
    mail = OutboundMessage(
        kind="receipt",
        occasion=f"inbound:{about.id}",
        member_id=member.id,
        about={"inbound_id": about.id},
        message_id=f"<{number}@example.com>",
        mail_from="",
        rcpt_to=member.person.address,
        link_key=f"{number}",
        created_at=WEDNESDAY,
        due_at=WEDNESDAY,
        expires_at=MONDAY,
    )
    session.add(mail)
    session.flush()
    return mail


def come_from(sections: list[Section], message: InboundMessage) -> None:
    for section in sections:
        section.source_message_id = message.id


def test_a_new_group_has_nothing_to_export(database: Database) -> None:
    with database.transaction() as session:
        assert exported(session, a_group(session)) == {"entries": [], "questions": [], "replies": []}


def test_an_entry_holds_what_stands_in_each_section(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        an_entry(
            session,
            of,
            a_member(session, group, "Mira"),
            tried=["a sample", "two samples"],
            failed="its size",
            question=["who decides?", "since when?"],
            undecided="Hall 3",
        )
        assert exported(session, group)["entries"] == [
            {
                "member": "mira@example.com",
                "round": "2026-W14",
                "tried": "a sample\n\ntwo samples",
                "failed": "its size",
                "questions": ["who decides?", "since when?"],
                "anonymous": False,
                "day": "2026-04-01",
            }
        ]


def test_what_was_taken_back_replaced_or_withdrawn_is_not_exported(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        sections = an_entry(
            session,
            of,
            a_member(session, group, "Mira"),
            tried="one",
            failed="two",
            question=["three?", "four?"],
        )
        sections[0].taken_back_at = sections[1].replaced_at = sections[2].withdrawn_at = WEDNESDAY
        (entry,) = exported(session, group)["entries"]
        assert (entry["tried"], entry["failed"], entry["questions"]) == (None, None, ["four?"])
        sections[3].taken_back_at = WEDNESDAY
        assert exported(session, group)["entries"] == []


def test_days_are_those_of_the_groups_zone_and_there_is_no_time(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session, timezone="Pacific/Auckland")
        of = a_prompted_round(session, group)
        mira = a_member(session, group, "Mira")
        a_question(session, of, mira)
        a_reply(session, mira, at=datetime.fromisoformat("2026-04-01T13:00+00:00"))
        found = exported(session, group)
        assert found["replies"][0]["day"] == "2026-04-02"
        assert not re.search(r"\d\d:\d\d", json.dumps(found))


def test_in_a_round_with_an_anonymous_entry_no_entry_has_a_member(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        for name, words in (("Mira", "zinc"), ("Ben", "yeast"), ("Carla", "apples")):
            an_entry(session, of, a_member(session, group, name), tried=words, anonymous=name == "Ben")
        entries = exported(session, group)["entries"]
        assert [entry["member"] for entry in entries] == [None, None, None]
        assert [entry["tried"] for entry in entries] == ["apples", "yeast", "zinc"], "the order tells nothing"
        assert [entry["anonymous"] for entry in entries] == [False, True, False]


def test_another_round_keeps_its_names(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        an_entry(session, of, mira, tried="a sample", anonymous=True)
        later = session.get_one(Round, of.id + 1)
        an_entry(session, later, ben, tried="two samples")
        assert [(e["round"], e["member"]) for e in exported(session, group)["entries"]] == [
            ("2026-W14", None),
            ("2026-W15", "ben@example.com"),
        ]


def test_an_anonymous_entry_that_was_withdrawn_still_hides_the_others(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        an_entry(session, of, a_member(session, group, "Ben"), tried="two samples")
        (hers,) = an_entry(session, of, a_member(session, group, "Mira"), tried="a sample", anonymous=True)
        hers.shown_at = hers.withdrawn_at = MONDAY
        assert [entry["member"] for entry in exported(session, group)["entries"]] == [None]


def test_a_question_has_its_number_its_day_and_who_helps(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        question = a_question(session, of, mira)
        questions.give_numbers(group, [question])
        questions.offer(session, question, ben, "button", MONDAY)
        session.add(
            Answer(question=question, member=ben, text="ours is rated to minus ten", received_at=MONDAY)
        )
        assert exported(session, group)["questions"] == [
            {
                "number": 1,
                "text": "which glue?",
                "state": "open",
                "day": "2026-04-01",
                "offers": [{"member": "ben@example.com", "day": "2026-04-06"}],
                "answers": [
                    {"member": "ben@example.com", "text": "ours is rated to minus ten", "day": "2026-04-06"}
                ],
            }
        ]


def test_numbered_questions_come_first_in_the_order_of_their_numbers(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        asked = [
            a_question(session, of, a_member(session, group, name), text)
            for name, text in (("Mira", "z?"), ("Ben", "new b?"), ("Carla", "y?"), ("Emil", "new a?"))
        ]
        questions.give_numbers(group, [asked[2], asked[0]])
        assert [(q["number"], q["text"]) for q in exported(session, group)["questions"]] == [
            (1, "y?"),
            (2, "z?"),
            (None, "new a?"),
            (None, "new b?"),
        ]


def test_a_question_that_was_withdrawn_keeps_its_number_and_loses_its_words(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        shown, never_shown = a_question(session, of, mira), a_question(session, of, ben, "who?")
        questions.give_numbers(group, [shown])
        shown.section.shown_at = shown.section.withdrawn_at = MONDAY
        never_shown.section.taken_back_at = WEDNESDAY
        questions.withdraw_questions(session, [shown.section_id, never_shown.section_id], MONDAY)
        (only,) = exported(session, group)["questions"]
        assert (only["number"], only["text"], only["state"]) == (1, None, "withdrawn")


@pytest.mark.parametrize("state", ["suspect", "undone"])
def test_an_offer_that_may_be_a_machines_or_was_undone_is_nobodys(database: Database, state: Any) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        question = a_question(session, of, a_member(session, group, "Mira"))
        questions.offer(session, question, a_member(session, group, "Ben"), "auto", MONDAY).state = state
        assert exported(session, group)["questions"][0]["offers"] == []


def test_one_answer_without_a_name_hides_the_names_of_all_to_that_question(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        question = a_question(session, of, a_member(session, group, "Mira"))
        for name, text in (("Ben", "zinc"), ("Carla", "apples")):
            answer = Answer(
                question=question, member=a_member(session, group, name), text=text, received_at=MONDAY
            )
            answer.anonymous = name == "Carla"
            session.add(answer)
        answers = exported(session, group)["questions"][0]["answers"]
        assert [(answer["member"], answer["text"]) for answer in answers] == [
            (None, "apples"),
            (None, "zinc"),
        ]


def test_replies_come_in_order_each_with_its_outcome(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        a_reply(session, mira, at=TUESDAY)
        a_reply(session, ben, intent=None, state="held", reason="sender-unknown")
        a_reply(session, mira, intent="automatic", state="dropped", reason="out-of-office")
        assert exported(session, group)["replies"] == [
            {
                "member": "mira@example.com",
                "day": "2026-03-31",
                "intent": "entry",
                "outcome": "filed",
                "reason": None,
            },
            {
                "member": "ben@example.com",
                "day": "2026-04-01",
                "intent": "unknown",
                "outcome": "held",
                "reason": "sender-unknown",
            },
            {
                "member": "mira@example.com",
                "day": "2026-04-01",
                "intent": "automatic",
                "outcome": "dropped",
                "reason": "out-of-office",
            },
        ]


def test_replies_of_other_groups_and_of_nobody_are_not_exported(database: Database) -> None:
    with database.transaction() as session:
        group, other = a_group(session), a_group(session, "Another")
        a_reply(session, a_member(session, other, "Emil"))
        a_reply(session, None, intent=None, state="dropped", reason="unknown-recipient")
        assert exported(session, group)["replies"] == []


def test_anonymous_replies_have_no_member_and_stand_last(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        a_reply(session, mira, anonymous=True)
        a_reply(session, ben)
        assert [reply["member"] for reply in exported(session, group)["replies"]] == ["ben@example.com", None]


def test_anonymous_replies_stand_in_an_order_that_tells_nothing(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira = a_member(session, group, "Mira")
        for intent in ("skip", "entry", "correction"):
            a_reply(session, mira, intent=intent, anonymous=True)
        assert [r["intent"] for r in exported(session, group)["replies"]] == ["correction", "entry", "skip"]


def test_a_reply_that_waits_to_be_read_may_be_anonymous_and_is_kept_without_its_member(
    database: Database,
) -> None:
    with database.transaction() as session:
        group = a_group(session)
        a_reply(session, a_member(session, group, "Mira"), intent=None, state="accepted")
        (reply,) = exported(session, group)["replies"]
        assert (reply["member"], reply["intent"], reply["outcome"]) == (None, "unknown", None)


def test_a_name_taken_off_afterwards_covers_the_reply_that_came_before(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira = a_member(session, group, "Mira")
        sections = an_entry(session, of, mira, tried="a sample")
        come_from(sections, a_reply(session, mira))
        sections[0].entry.anonymous = True
        assert [reply["member"] for reply in exported(session, group)["replies"]] == [None]


def test_the_word_that_took_the_name_off_does_not_tell_whose_it_was(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira = a_member(session, group, "Mira")
        sections = an_entry(session, of, mira, tried="a sample", anonymous=True)
        entry = a_reply(session, mira)
        come_from(sections, entry)
        a_reply(session, mira, intent="command", thread=a_receipt(session, mira, entry))
        assert [reply["member"] for reply in exported(session, group)["replies"]] == [None, None]


def test_all_that_anybody_wrote_in_that_round_is_covered_so_that_nobody_is_left_over(
    database: Database,
) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        an_entry(session, of, mira, tried="a sample", anonymous=True)
        a_reply(session, mira, of=of)
        a_reply(session, ben, of=of)
        assert [reply["member"] for reply in exported(session, group)["replies"]] == [None, None]


def test_beside_an_anonymous_answer_no_reply_that_answers_the_same_has_a_member(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        ben, carla = a_member(session, group, "Ben"), a_member(session, group, "Carla")
        asked = a_question(session, of, a_member(session, group, "Mira"))
        other = a_question(session, of, a_member(session, group, "Emil"), "who?")
        for question, member in ((asked, ben), (asked, carla), (other, carla)):
            source = a_reply(session, member, intent="answer")
            answer = Answer(question=question, member=member, text="try zinc", received_at=MONDAY)
            answer.source_message_id, answer.anonymous = source.id, member is ben
            session.add(answer)
        members = [reply["member"] for reply in exported(session, group)["replies"]]
        assert members == ["carla@example.com", None, None]


def test_an_anonymous_answer_covers_its_reply(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        question, ben = (
            a_question(session, of, a_member(session, group, "Mira")),
            a_member(session, group, "Ben"),
        )
        reply = a_reply(session, ben, intent="answer")
        answer = Answer(question=question, member=ben, text="try zinc", received_at=MONDAY, anonymous=True)
        answer.source_message_id = reply.id
        session.add(answer)
        assert [reply["member"] for reply in exported(session, group)["replies"]] == [None]


def test_a_replaced_question_is_exported_once(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira = a_member(session, group, "Mira")
        first = a_question(session, of, mira, "which glue?")
        set_aside(session, [first.section.entry_id], {"question"}, WEDNESDAY + timedelta(hours=1))
        a_question(session, of, mira, "which glue below five degrees?")
        assert [q["text"] for q in exported(session, group)["questions"]] == [
            "which glue below five degrees?"
        ]
