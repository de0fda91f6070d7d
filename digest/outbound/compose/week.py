"""Owns the mails of a round but for its digest: the prompt, and the receipt of a reply.

It must never put a member's words into a subject or first line.
"""

from __future__ import annotations

from datetime import datetime

from digest.outbound.compose.joining import honest, named_other, shared_with, task_line
from digest.outbound.compose.letterhead import Said, compose_mail, reply_words, said
from digest.outbound.compose.section_words import N_, Part, asked, read_back
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import AnswerAsRead, Frame, LeftOutKind, PromptFacts, ReceiptFacts
from digest.words.clean_text import one_line
from digest.words.speech import Speech

HOUR = 60  # minutes
STORY = ("tried", "failed")  # what a question takes along

LEFT_OUT: dict[LeftOutKind, str] = {
    "quote": N_("the quoted mail"),
    "signature": N_("your signature"),
    "footer": N_("a line of your mail program"),
    "disclaimer": N_("a legal notice"),
    "greeting": N_("the greeting"),
    "closing": N_("the closing words"),
    "forwarded": N_("the forwarded mail"),
}


def prompt(frame: Frame, facts: PromptFacts) -> ComposedMessage:
    """The message that opens a round: a few short questions, answered by a reply."""
    talk = frame.speech
    words: dict[str, object] = {
        "task": task_line(frame, talk),
        "asks": [asked(section, talk) for section in facts.sections],
        "seen_when": _when_others_see(facts, talk),
        "quiet_first_weeks": facts.quiet_first_weeks,
        "preheader": talk.gettext("A few short questions. Just reply; one line is plenty."),
        "stop_words": True,
        **_example(facts, talk),
        **_first_time(frame, facts, talk),
    }
    return compose_mail(frame, "prompt", talk, words)


def receipt(frame: Frame, facts: ReceiptFacts) -> ComposedMessage:
    """How a reply was read, word for word; under which name, who gets it, and when."""
    talk = frame.speech
    words: dict[str, object] = {
        "thanks": _thanks(frame, facts, talk),
        "for_other_week": facts.for_other_week,
        "seen_when": _seen_when(facts, talk),
        "parts": [read_back(passage, talk, facts.named) for passage in facts.passages],
        "answers": [_answer(answer, talk) for answer in facts.answers],
        "undecided": [said(passage.text, passage.lang) for passage in facts.undecided],
        "include_it": talk.gettext(
            "To include it, write it again and begin with “tried”, “did not work” or “question”."
        ),
        "left_out": _left_out(facts.left_out, talk),
        "change": _change(facts, talk),
        "fix_url": facts.fix_url,
        "undo_url": facts.undo_url,
        "anonymous_url": facts.anonymous_url,
        "preheader": talk.gettext("What the others will see, and when."),
    }
    return compose_mail(frame, "receipt", talk, words)


def _when_others_see(facts: PromptFacts, talk: Speech) -> str:
    moment = talk.moment(facts.others_see_at)
    if facts.questions_go_in is None:
        return talk.gettext("The others see it %(moment)s.", moment=moment)
    if abs(facts.questions_go_in - HOUR) < 10:
        return talk.gettext("Questions go round in about an hour, the rest %(moment)s.", moment=moment)
    return talk.ngettext(
        "Questions go round in about %(count)s minute, the rest %(moment)s.",
        "Questions go round in about %(count)s minutes, the rest %(moment)s.",
        facts.questions_go_in,
        moment=moment,
    )


def _example(facts: PromptFacts, talk: Speech) -> dict[str, object]:
    if not facts.example:
        return {"example": None}
    by = facts.example_by and talk.gettext("%(name)s begins:", name=one_line(facts.example_by))
    return {
        "example": said(facts.example, facts.example_lang),
        "example_by": by or talk.gettext("For example:"),
    }


def _first_time(frame: Frame, facts: PromptFacts, talk: Speech) -> dict[str, object]:
    first = facts.first_time
    if first is None:
        return {"first_time": False}
    return {
        "first_time": True,
        "facilitator": named_other(first.facilitator_name, frame),
        "shared_with": shared_with(first.other_names, talk),
        "honest": honest(talk),
    }


def _thanks(frame: Frame, facts: ReceiptFacts, talk: Speech) -> str:
    name = one_line(frame.recipient_name)
    if facts.occasion == "anonymous":
        return talk.gettext("Done, %(name)s. Your name stays off.", name=name)
    if facts.occasion == "correction":
        return talk.gettext("Thank you, %(name)s. This takes the place of what you wrote before.", name=name)
    return talk.gettext("Thank you, %(name)s.", name=name)


def _seen_when(facts: ReceiptFacts, talk: Speech) -> str:
    if not (facts.passages or facts.answers):
        return talk.gettext("What you wrote is with us, and nobody else has seen it.")
    said = (_who_gets_it(facts, talk), _style_tells(facts, talk), _under_which_name(facts, talk))
    return " ".join(sentence for sentence in said if sentence)


def _who_gets_it(facts: ReceiptFacts, talk: Speech) -> str:
    if facts.answers and not facts.passages and facts.answers_told_at:
        return _answers_go(facts, talk, facts.answers_told_at)
    names = talk.names(facts.recipient_names) or talk.gettext("The others")
    if facts.questions_shown_at and any(passage.key == "question" for passage in facts.passages):
        return _goes_round(facts, talk, names, facts.questions_shown_at)
    return talk.ngettext(
        "%(names)s gets it %(moment)s.",
        "%(names)s get it %(moment)s.",
        len(facts.recipient_names) or 2,
        names=names,
        moment=talk.moment(facts.shown_at),
    )


def _answers_go(facts: ReceiptFacts, talk: Speech, at: datetime) -> str:
    """To those who asked first, then to the group; "you" who wrote can take it back until the first hour."""
    named = dict.fromkeys(answer.asker_name for answer in facts.answers)
    names = talk.names([name for name in named if name])
    names = _nameless(facts.answers, talk) if None in named else names
    early, moment, count = talk.moment(at), talk.moment(facts.shown_at), len(named)
    if facts.just_you:
        return talk.ngettext(
            "%(names)s gets it %(early)s, and nobody else.",
            "%(names)s get it %(early)s, and nobody else.",
            count,
            names=names,
            early=early,
        )
    return talk.ngettext(
        "%(names)s gets it %(early)s, the others with the next mail of the group, %(moment)s at the latest.",
        "%(names)s get it %(early)s, the others with the next mail of the group, %(moment)s at the latest.",
        count,
        names=names,
        early=early,
        moment=moment,
    )


def _nameless(answers: tuple[AnswerAsRead, ...], talk: Speech) -> str:
    """Who gets it, where somebody has no name."""
    if all(answer.to_entry for answer in answers):
        return talk.gettext("Whoever tried it")
    return talk.gettext("Whoever asked")


def _goes_round(facts: ReceiptFacts, talk: Speech, names: str, at: datetime) -> str:
    """The question goes early and takes its story along; what is no part of that waits."""
    early, moment, keys = talk.moment(at), talk.moment(facts.shown_at), {p.key for p in facts.passages}
    if keys - {"question", *STORY}:
        return talk.gettext(
            "%(names)s get your question %(early)s, and the rest %(moment)s.",
            names=names,
            early=early,
            moment=moment,
        )
    if keys & set(STORY):
        return talk.gettext(
            "%(names)s get your question, with what you tried, %(early)s.", names=names, early=early
        )
    return talk.gettext("%(names)s get your question %(early)s.", names=names, early=early)


def _style_tells(facts: ReceiptFacts, talk: Speech) -> str:
    """In a small group a name is not all that tells who wrote."""
    if facts.named or not facts.few:
        return ""
    return talk.gettext("Your group is small: how you write, and when, may still tell the others who it was.")


def _under_which_name(facts: ReceiptFacts, talk: Speech) -> str:
    if facts.named:
        return talk.gettext(
            "Until then nobody has seen it. This is what they will see, with your name, word for word:"
        )
    return talk.gettext(
        "Until then nobody has seen it. This is what they will see, without your name, word for word:"
    )


def _answer(answer: AnswerAsRead, talk: Speech) -> Part:
    heard, number = Said(said(answer.text).text, answer.lang), answer.number
    if answer.asker_name is None and answer.to_entry:
        return Part(talk.gettext("To number %(number)d:", number=number), heard)
    if answer.asker_name is None:
        return Part(talk.gettext("To question %(number)d:", number=number), heard)
    name = one_line(answer.asker_name)
    if answer.to_entry:
        return Part(talk.gettext("To number %(number)d, from %(name)s:", number=number, name=name), heard)
    return Part(talk.gettext("To question %(number)d, from %(name)s:", number=number, name=name), heard)


def _left_out(kinds: tuple[LeftOutKind, ...], talk: Speech) -> str:
    known = [talk.gettext(LEFT_OUT[kind]) for kind in dict.fromkeys(kinds) if kind in LEFT_OUT]
    return talk.gettext("We left out %(what)s.", what=talk.names(known)) if known else ""


def _change(facts: ReceiptFacts, talk: Speech) -> str:
    words = reply_words(talk)
    if facts.named:
        return talk.gettext(
            "To change it, reply “%(undo)s”, “%(anonymous)s”, “%(later)s”, or simply write it again.", **words
        )
    return talk.gettext("To change it, reply “%(undo)s”, “%(later)s”, or simply write it again.", **words)
