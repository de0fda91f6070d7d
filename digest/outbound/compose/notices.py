"""Owns the short mails: one folder of templates each, laid out as letters. It must never guess a missing fact."""

from __future__ import annotations

from digest.outbound.compose.letterhead import Said, compose_mail, idea, said
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import Frame, NoticeFacts, NoticeKind
from digest.outbound.form.reply_words import help_words
from digest.outbound.form.shorten import shorten
from digest.words.clean_text import one_line
from digest.words.speech import Speech

NEEDS: dict[NoticeKind, tuple[str, ...]] = {
    "too_large": ("size_limit_mb",),
    "help_undone": ("number",),
    "offer_question": ("number", "question"),
    "help_not_possible": ("number",),
    "same_noted": ("number", "at"),
    "same_here": ("number", "question", "count"),
    "group_grows": ("count",),
    "did_it_help": ("number", "question"),
    "solved_noted": ("number",),
    "not_yet_noted": ("number",),
    "could_you_help": ("number", "question"),
    "sharpen": ("number", "question"),
    "stuck": ("number", "question"),
    "closed_kindly": ("number", "question"),
}
QUOTED = 600  # code points of a quotation; who wrote it has the rest


def notice(frame: Frame, facts: NoticeFacts) -> ComposedMessage:
    """One of the short mails. Raises ValueError where a fact that its kind needs is None."""
    missing = [name for name in NEEDS.get(facts.kind, ()) if getattr(facts, name) is None]
    if missing:
        raise ValueError(f"the notice {facts.kind} needs {', '.join(missing)}")
    talk = frame.speech
    return compose_mail(frame, facts.kind, talk, _words(facts, talk))


def _words(facts: NoticeFacts, talk: Speech) -> dict[str, object]:
    number = facts.number
    return {
        "at": facts.at and talk.moment(facts.at),
        "address": facts.address and one_line(facts.address),
        "unproved": facts.unproved,
        "said": _quoted(facts.question or facts.text, facts.lang),
        "take_away": _quoted(facts.text, facts.lang) if facts.text else None,
        "asker": facts.asker_name and one_line(facts.asker_name),
        "number": number,
        "reason": facts.reason,
        "count": facts.count,
        "size_limit_mb": facts.size_limit_mb,
        "choices": [
            {"number": choice.number, "said": _quoted(choice.text, choice.lang)} for choice in facts.choices
        ],
        "idea": idea(talk, number or (facts.choices[0].number if facts.choices else 1)),
        "help_words": help_words(talk.translations, number or 0),
        "action_label": _tell(facts, talk),
        "fix_url": facts.fix_url,
    }


def _quoted(text: str | None, lang: str | None) -> Said | None:
    return Said(shorten(said(text).text, QUOTED).text, lang) if text else None


def _tell(facts: NoticeFacts, talk: Speech) -> str:
    if facts.asker_name is None:
        return talk.gettext("Say that I can help")
    return talk.gettext("Tell %(name)s I can help", name=one_line(facts.asker_name))
