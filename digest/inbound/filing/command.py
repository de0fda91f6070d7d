"""Owns what the command words do: yes, undo, without my name, later, withdraw, pause, resume, stop.
It must never take a word for a command that was not the whole new text; the reading has decided that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from digest.domain.delivery import suppression
from digest.domain.groups import group as groups
from digest.domain.mails.record import InboundMessage, leave_and_cancel, pause_and_cancel
from digest.domain.questions import question as questions, same_here
from digest.domain.questions.question import Answer, HelpOffer
from digest.domain.replies.admission import admit
from digest.domain.replies.retraction import take_name_off, take_out
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import Section
from digest.inbound.filing.case import FILED, Case, Outcome


def file_command(case: Case) -> Outcome:
    command = "stop" if case.reading.intent == "unsubscribe" else case.reading.command
    if case.member.state in ("invited", "left") and command not in ("yes", "resume", "stop", "pause"):
        case.say("closed_address", f"day:{case.now.date()}")
        return Outcome("held", "not-a-member")
    return COMMANDS[command or "yes"](case)


def _yes(case: Case) -> Outcome:
    if case.thread.kind == "sender_unknown":
        return _admit(case)
    if case.thread.kind == "offer_question":
        return _confirm_offer(case)
    return _join(case)


def _join(case: Case) -> Outcome:
    """Her own word: she takes part from now on, also after a pause or after she had left, and wants our mail."""
    suppression.hear(case.member.person, case.now, asks_for_mail=True)
    if case.member.state == "active":
        case.say("joined_already")
    elif case.member.state == "paused":
        groups.join(case.member, case.now)
        case.say("resumed")
    else:
        groups.join(case.member, case.now)
        case.say("welcome", f"join:{case.member.times_joined}")
    return FILED


def _admit(case: Case) -> Outcome:
    """The member says that a held message is hers: that one message is taken up again."""
    held = case.session.get(InboundMessage, case.thread.about.get("inbound_id"))
    if held is not None and held.member_id == case.member.id:
        admit(held)
    return FILED


def _confirm_offer(case: Case) -> Outcome:
    """A click that looked like a machine's was hers after all."""
    made = case.session.get(HelpOffer, case.thread.about.get("offer_id"))
    if made is not None and made.member_id == case.member.id:
        made = questions.offer(case.session, made.question, case.member, "reply", case.now)
        number = made.question.number
        case.say("offer", f"offer:{made.id}:{made.times_made}", offer_id=made.id, number=number)
    return FILED


def _undo(case: Case) -> Outcome:
    """Take back what the thread is about, or the member's latest; what others saw is withdrawn, and she is
    told so."""
    if case.thread.about.get("offer_id"):
        return _undo_offer(case)
    sections = _sections_meant(case)
    answers = _answers_meant(case)
    take_out(case.session, sections, answers, case.now)
    if not _same_taken_back(case):
        return FILED
    seen = [s.shown_at for s in sections if s.shown_at] + [a.seen_at for a in answers if a.seen_at]
    if seen:
        case.say("undo_too_late_withdrawn", shown_at=max(seen).isoformat())
    else:
        case.say("undone")
    return FILED


def _undo_offer(case: Case) -> Outcome:
    made = case.session.get(HelpOffer, case.thread.about["offer_id"])
    if made is not None and made.member_id == case.member.id:
        undone = questions.undo_offer(case.session, made, case.now)
        case.say("help_undone" if undone else "help_not_possible", number=made.question.number, reason="told")
    return FILED


def _withdraw(case: Case) -> Outcome:
    take_out(case.session, _sections_meant(case), _answers_meant(case), case.now)
    if _same_taken_back(case):
        case.say("withdrawn")
    return FILED


def _same_taken_back(case: Case) -> bool:
    """Whether "same here" in that message, if any, could be taken back; its writer is told where not."""
    said = same_here.said_in(case.session, case.thread.about.get("inbound_id") or 0, case.member.id)
    same_here.take_back(said, case.now)
    told = next((one for one in said if one.told_at), None)
    if told is not None:
        case.say("help_not_possible", number=told.question.number, reason="heard")
    return told is None


def _anonymous(case: Case) -> Outcome:
    """Without my name, afterwards: the whole entry; the receipt is shown anew."""
    sections, answers = _sections_meant(case), _answers_meant(case)
    take_name_off(case.session, sections)
    case.say_what_was_shown(sections, answers)
    for section in sections:
        section.entry.anonymous = True
    for answer in answers:
        answer.anonymous = True
    case.row.anonymous = True
    if not sections and not answers:
        case.say("nothing_readable")
        return Outcome("held", "nothing-to-change")
    source = (sections or answers)[0].source_message_id
    case.say("receipt", source_id=source, occasion_word="anonymous")
    return FILED


def _later(case: Case) -> Outcome:
    """Not in the next digest but in the one after it."""
    sections = [section for section in _sections_meant(case) if section.is_waiting]
    coming = rounds.next_digest_at(case.session, case.group_id, case.now)
    if coming is not None:
        for section in sections:
            section.not_before = coming + timedelta(seconds=1)
    case.say("later_noted")
    return FILED


def _pause(case: Case) -> Outcome:
    pause_and_cancel(case.session, case.member)
    case.say("paused")
    return FILED


def _stop(case: Case) -> Outcome:
    """The member is out at once; one last mail says so."""
    declined = case.member.state == "invited"
    if case.member.state != "left":
        leave_and_cancel(case.session, case.member, case.now)
        case.say("declined" if declined else "left")
    return FILED


def _sections_meant(case: Case) -> list[Section]:
    """The sections that the thread's message brought; elsewhere those of the member's latest entry."""
    source = case.thread.about.get("inbound_id")
    if source is None:
        found = entries.latest_sections(case.session, case.member.id)
    else:
        found = entries.sections_from(case.session, source)
    return entries.locked(case.session, [s for s in found if s.entry.member_id == case.member.id])


def _answers_meant(case: Case) -> list[Answer]:
    source = case.thread.about.get("inbound_id")
    if source is None:
        return []
    meant = select(Answer).where(Answer.source_message_id == source, Answer.member_id == case.member.id)
    return list(case.session.scalars(meant.order_by(Answer.id).with_for_update(of=Answer)))


COMMANDS: dict[str, Callable[[Case], Outcome]] = {
    "yes": _yes,
    "undo": _undo,
    "anonymous": _anonymous,
    "later": _later,
    "withdraw": _withdraw,
    "pause": _pause,
    "resume": _join,
    "stop": _stop,
}
