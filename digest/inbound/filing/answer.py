"""Owns the filing of answers and of offers to help that come by reply. It must never introduce anybody
itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from digest.domain.questions import answering, question as questions, same_here
from digest.domain.questions.question import Question
from digest.domain.rounds.entry import Section
from digest.inbound.filing.case import FILED, REPEATED, Case, Outcome

Taken = Literal["new", "repeated", "not-open"]


def file_help(case: Case) -> Outcome:
    """ "help 14": an offer for each number that was named, or for the only open question."""
    numbers = case.reading.helps or _the_only_one(case)
    if not numbers:
        return _ask_which(case)
    for number in numbers:
        if question := _open(case, number):
            made = questions.offer(case.session, question, case.member, "reply", case.now)
            case.say("offer", f"offer:{made.id}:{made.times_made}", offer_id=made.id, number=number)
    return FILED


def file_answer(case: Case) -> Outcome:
    """ "14: try the staging key first": an answer to each question that was named; beside it "same 15", "help 16"."""
    reading = case.reading
    if reading.helps:
        file_help(case)
    if reading.sames is not None:
        return _file_same(case)
    if not reading.numbered:
        return _answer_without_number(case)
    return _answer_numbered(case)


def _file_same(case: Case) -> Outcome:
    """ "Same 14": its asker alone is told, without a name."""
    numbers = case.reading.sames or _the_only_one(case)
    if not numbers:
        return _ask_which(case)
    case.row.anonymous = True
    for number in numbers:
        if question := _open(case, number):
            said = same_here.say_same(case.session, question, case.member, case.row, case.now)
            about = {"number": number, "question_id": question.id, "tell_at": said.tell_at.isoformat()}
            case.say("same_noted", f"inbound:{case.row.id}:{number}", **about)
    return _answer_numbered(case) if case.reading.numbered else FILED


def _open(case: Case, number: int) -> Question | None:
    """Somebody else's open question of that number; None where there is none, and the member is told why."""
    question, obstacle = find_open(case, number)
    if question is None:
        case.say("help_not_possible", f"inbound:{case.row.id}:{number}", number=number, reason=obstacle)
    return question


def _answer_numbered(case: Case) -> Outcome:
    taken: list[Taken] = [_take(case, number, text) for number, text in case.reading.numbered]
    return _outcome(case, taken)


def _answer_without_number(case: Case) -> Outcome:
    only, said = _the_only_one(case), case.reading.said or case.reading.reply
    if not only or not said:
        return _ask_which(case)
    return _outcome(case, [_take(case, only[0], said)])


def _outcome(case: Case, taken: Sequence[Taken]) -> Outcome:
    if "new" in taken:
        case.say("receipt", occasion_word="answer")
        return FILED
    return REPEATED if "repeated" in taken else Outcome("held", "question-not-open")


def _take(case: Case, number: int, text: str) -> Taken:
    question, obstacle = find_open(case, number, own_too=True)
    about = question or answering.section_numbered(case.session, case.group_id, number)
    if about is None:
        case.say("help_not_possible", f"inbound:{case.row.id}:{number}", number=number, reason=obstacle)
        return "not-open"
    return "new" if _write(case, about, text) else "repeated"


def _write(case: Case, about: Question | Section, text: str) -> bool:
    is_new = answering.answer(
        case.session,
        about,
        case.member,
        text,
        source=case.row,
        now=case.now,
        lang=case.reading.language,
        anonymous=case.reading.anonymous,
        just_you=case.reading.just_you,
    )
    case.row.anonymous = case.row.anonymous or answering.is_nameless(case.session, about, case.member)
    return is_new


def find_open(case: Case, number: int, own_too: bool = False) -> tuple[Question | None, str | None]:
    """The open question of that number, or (None, why not)."""
    question = questions.question_numbered(case.session, case.group_id, number)
    if question is None:
        return None, "unknown"
    if question.state != "open":
        return None, "withdrawn" if question.state == "withdrawn" else "closed"
    if question.member_id == case.member.id and not own_too:
        return None, "own"
    return question, None


def _the_only_one(case: Case) -> tuple[int, ...]:
    standing = questions.open_questions(case.session, case.group_id)
    others = [question.number for question in standing if question.member_id != case.member.id]
    return (others[0],) if len(others) == 1 and others[0] is not None else ()


def _ask_which(case: Case) -> Outcome:
    """Ask the member which question was meant, and guess nothing."""
    case.say("number_unknown")
    return Outcome("held", "which-question")
