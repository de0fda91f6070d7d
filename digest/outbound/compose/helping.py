"""Owns the mails around "I can help": the offer's own, and the introduction.

It must never name who asked without a name.
"""

from __future__ import annotations

from dataclasses import replace

from digest.outbound.compose.letterhead import compose_mail, idea, said
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import AnswerMailFacts, Frame, IntroductionFacts, OfferFacts
from digest.words.clean_text import one_line


def offer(frame: Frame, facts: OfferFacts) -> ComposedMessage:
    """To the helper, at once: what was offered, when it is heard of, how to take it back."""
    talk = frame.speech
    words: dict[str, object] = {
        "number": facts.number,
        "asker": facts.asker_name and one_line(facts.asker_name),
        "told_at": talk.moment(facts.told_at),
        "undo_url": facts.undo_url,
        "question": said(facts.question, facts.lang),
    }
    return compose_mail(frame, "offer", talk, words)


def introduction(frame: Frame, facts: IntroductionFacts) -> ComposedMessage:
    """To helper or asker: who the other is, and that a reply goes straight there."""
    talk = frame.speech
    asker, helper = facts.asker_name and one_line(facts.asker_name), one_line(facts.helper_name)
    other = asker if facts.to_helper else helper
    words: dict[str, object] = {
        "number": facts.number,
        "to_helper": facts.to_helper,
        "asker": asker,
        "helper": helper,
        "other": other,
        "address": facts.other_address if asker else None,
        "since": talk.since(facts.asked_on),
        "question": said(facts.question, facts.lang),
        "idea": idea(talk, facts.number),
    }
    straight = other if asker and facts.other_address else None
    return compose_mail(_answered_by(frame, straight, facts.other_address), "introduction", talk, words)


def answer(frame: Frame, facts: AnswerMailFacts) -> ComposedMessage:
    """What somebody wrote, word for word; a reply goes straight there, or is passed on where one has no name."""
    talk = frame.speech
    writer = facts.writer_name and one_line(facts.writer_name)
    words: dict[str, object] = {
        "number": facts.number,
        "own": facts.own,
        "to_entry": facts.to_entry,
        "by_owner": facts.by_owner,
        "writer": writer,
        "said": said(facts.text, facts.lang),
        "address": facts.other_address if writer else None,
        "nameless": facts.nameless,
        "just_you": facts.just_you,
        "question": said(facts.question, facts.question_lang),
    }
    straight = writer if facts.other_address else None
    return compose_mail(replace(frame, reply_to_name=straight), "answer", talk, words)


def _answered_by(frame: Frame, other: str | None, address: str | None) -> Frame:
    """Reply-To carries the other's name; who has none is not given away by an address either."""
    if other:
        return replace(frame, reply_to_name=frame.reply_to_name or other)
    return replace(frame, reply_to_address=None) if frame.reply_to_address == address else frame
