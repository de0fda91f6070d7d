"""Behaviour of questions, offers to help and answers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.questions.answering import questions_answered_at, show_answers
from digest.domain.questions.question import (
    QUIET,
    Answer,
    Question,
    asked_in,
    give_numbers,
    offer,
    open_questions,
    question_numbered,
    quiet_offers_due,
    story_of,
    undo_offer,
    withdraw_questions,
)
from tests.domain.given import (
    MONDAY,
    WEDNESDAY,
    a_group,
    a_member,
    a_prompted_round,
    a_question,
    an_entry,
)


def a_shown_question(session: Session, group_name: str = "Packaging group") -> tuple[Question, Member]:
    """A question of Mira's that the group has seen, and Ben, who has not said anything yet."""
    group = a_group(session, group_name)
    of = a_prompted_round(session, group)
    mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
    question = a_question(session, of, mira)
    question.section.shown_at, question.section.shown_with_name = MONDAY, True
    give_numbers(group, [question])
    session.flush()
    return question, ben


def an_answer(session: Session, question: Question, member: Member, text: str) -> Answer:
    answer = Answer(question=question, member=member, text=text, received_at=WEDNESDAY)
    session.add(answer)
    session.flush()
    return answer


def test_a_question_has_no_number_before_it_is_shown(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        question = a_question(session, a_prompted_round(session, group), a_member(session, group, "Mira"))
        assert (question.number, question.state, question.asked_at) == (None, "open", WEDNESDAY)
        assert open_questions(session, group.id) == []


def test_numbers_belong_to_the_group_and_are_given_once(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        sections = an_entry(
            session, a_prompted_round(session, group), a_member(session, group, "Mira"), question=["a?", "b?"]
        )
        asked = asked_in(session, [section.id for section in sections])
        give_numbers(group, asked)
        give_numbers(group, asked)
        other, _ = a_shown_question(session, "Another group")
        assert [question.number for question in asked] == [1, 2]
        assert group.next_question_number == 3
        assert other.number == 1
        assert question_numbered(session, group.id, 2) is asked[1]
        assert question_numbered(session, group.id, 3) is None


def test_who_asked_is_named_only_where_it_was_shown_with_the_name(database: Database) -> None:
    with database.transaction() as session:
        question, _ = a_shown_question(session)
        assert question.shown_name == "Mira"
        question.section.shown_with_name = False
        assert question.shown_name is None
        question.section.shown_with_name = True
        question.section.entry.anonymous = True  # she wrote again, without it
        assert question.shown_name == "Mira"  # to take it away now would tell who that was


def test_the_story_is_what_others_may_see_of_it(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        of = a_prompted_round(session, group)
        mira = a_member(session, group, "Mira")
        tried, failed, held, _ = an_entry(
            session, of, mira, tried="a sample", failed=["its size", "its colour"], question="who decides?"
        )
        question = a_question(session, of, mira, "who else?")
        assert story_of(question) == {}
        tried.shown_at = failed.shown_at = held.shown_at = MONDAY
        assert story_of(question) == {"tried": "a sample", "failed": "its size\n\nits colour"}
        held.withdrawn_at = MONDAY
        assert story_of(question) == {"tried": "a sample", "failed": "its size"}


def test_a_question_goes_with_its_section(database: Database) -> None:
    with database.transaction() as session:
        question, _ = a_shown_question(session)
        withdraw_questions(session, [question.section_id], MONDAY)
        session.expire_all()
        assert (question.state, question.closed_at) == ("withdrawn", MONDAY)
        assert open_questions(session, question.group_id) == []


def test_an_offer_is_made_once_however_often_it_is_clicked(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        first = offer(session, question, ben, "button", MONDAY)
        again = offer(session, question, ben, "button", MONDAY + timedelta(minutes=3))
        assert again is first
        assert (first.state, first.times_made, first.tell_at) == ("quiet", 1, MONDAY + QUIET)


def test_an_offer_stays_quiet_for_ten_minutes(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        made = offer(session, question, ben, "reply", MONDAY)
        assert quiet_offers_due(session, MONDAY + QUIET - timedelta(seconds=1)) == []
        assert quiet_offers_due(session, MONDAY + QUIET) == [made.id]


def test_an_offer_can_be_undone_until_its_asker_hears_of_it(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        made = offer(session, question, ben, "button", MONDAY)
        assert undo_offer(session, made, MONDAY)
        assert made.state == "undone"
        assert not undo_offer(session, made, MONDAY)
        assert quiet_offers_due(session, MONDAY + QUIET) == []


def test_an_offer_that_was_told_cannot_be_undone(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        made = offer(session, question, ben, "button", MONDAY)
        made.state, made.told_at = "told", MONDAY + QUIET
        session.flush()
        assert not undo_offer(session, made, MONDAY)
        assert made.state == "told"


def test_an_offer_that_was_undone_stands_again_with_ten_new_minutes(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        undo_offer(session, offer(session, question, ben, "button", MONDAY), MONDAY)
        later = MONDAY + timedelta(hours=1)
        again = offer(session, question, ben, "reply", later)
        assert (again.state, again.via, again.times_made, again.tell_at) == (
            "quiet",
            "reply",
            2,
            later + QUIET,
        )


def test_a_button_or_a_reply_clears_a_suspect_offer_and_a_machine_does_not(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        made = offer(session, question, ben, "auto", MONDAY)
        made.state = "suspect"
        session.flush()
        assert offer(session, question, ben, "auto", MONDAY).state == "suspect"
        assert offer(session, question, ben, "button", MONDAY).state == "quiet"


def test_a_press_after_an_offer_that_submitted_itself_counts_as_the_press(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        offer(session, question, ben, "auto", MONDAY)
        assert offer(session, question, ben, "button", MONDAY).via == "button"
        assert offer(session, question, ben, "auto", MONDAY).via == "button"


def test_answers_wait_for_the_digest_unless_they_are_taken_back(database: Database) -> None:
    with database.transaction() as session:
        question, ben = a_shown_question(session)
        kept, gone = (
            an_answer(session, question, ben, "this one"),
            an_answer(session, question, ben, "not this"),
        )
        for_her = an_answer(session, question, ben, "for you alone")
        gone.taken_back_at, for_her.just_you = WEDNESDAY, True
        show_answers(session, question.group_id, MONDAY, MONDAY)
        assert questions_answered_at(session, question.group_id, MONDAY) == []  # nobody has told her yet
        kept.told_at = gone.told_at = for_her.told_at = WEDNESDAY
        show_answers(session, question.group_id, MONDAY, MONDAY)
        assert questions_answered_at(session, question.group_id, MONDAY) == [question]
        assert (kept.shown_at, gone.shown_at, for_her.shown_at) == (MONDAY, None, None)
        assert (kept.is_standing, gone.is_standing) == (True, False)
        show_answers(session, question.group_id, MONDAY, MONDAY + QUIET)
        assert kept.shown_at == MONDAY
