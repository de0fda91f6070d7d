"""Owns the filing of a reply to "did it help?": it closes the question with her line, or leaves it open. It must never
close what somebody else asked.
"""

from __future__ import annotations

from digest.domain.questions.helping import reopen, solve
from digest.domain.questions.question import Question
from digest.inbound.filing.case import FILED, Case, Outcome
from digest.reading.meaning.answers.helped import helped

ASKING = ("did_it_help", "solved_noted")
LONGEST_LINE = 300  # characters


def is_about_help(case: Case) -> bool:
    """Whether the mail asked that, and this is no other word to us. "Not yet" reads as "later" elsewhere."""
    to_us = case.reading.intent == "unsubscribe" or case.reading.command not in (None, "yes", "later")
    return case.thread.kind in ASKING and not to_us and case.reading.intent != "thanks"


def file_helped(case: Case) -> Outcome:
    """Yes closes it with thanks, what else she writes is her line for the others; "not yet" leaves it open."""
    question = case.session.get(Question, case.thread.about.get("question_id") or 0)
    said = helped(case.reading.reply)
    if question is None or question.member_id != case.member.id or said is None:
        case.say("nothing_readable")
        return Outcome("held", "nothing-readable")
    if question.shown_name is None:
        case.row.anonymous = True  # that she is asked tells who asked
    if not said.yes:
        reopen(case.session, question, case.now)
        case.say("not_yet_noted", question_id=question.id)
    elif question.state in ("open", "answered"):
        line = " ".join((said.take_away or "").split())[:LONGEST_LINE]
        solve(case.session, question, line or None, case.now)
        case.say("solved_noted", question_id=question.id)
    else:
        case.say("help_not_possible", number=question.number, reason=question.state)
    return FILED
