"""Owns how an open question stands in the digest: with its story, its answers and its way to help.

It must never show more of a text than the room it is given, nor its asker's name where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.outbound.compose.letterhead import Said, idea
from digest.outbound.compose.section_words import SHOWN, Part
from digest.outbound.facts import AnswerShown, OpenQuestion
from digest.outbound.form.reply_words import help_words
from digest.outbound.form.shorten import gist, shorten
from digest.words.clean_text import lines, one_line
from digest.words.speech import Speech

LINE = 100  # code points of a question that stands on one line


@dataclass(frozen=True)
class Room:
    """How much a digest shows: code points of each text, questions with their story, answers of each."""

    text: int
    stories: int
    answers: int


@dataclass(frozen=True)
class Card:
    """One open question as the template lays it out."""

    number: int
    heading: str
    question: Said
    own: bool
    story: list[Part]
    answers: list[Part]
    help_note: str
    help_url: str | None
    help_label: str
    help_words: str
    help_reply: str
    reply_hint: str
    whole_url: str | None
    whole_label: str


def card(question: OpenQuestion, talk: Speech, room: Room, first: bool) -> Card:
    """The question with its story; `first` adds the sentence that takes away the fear of a first thought."""
    texts = [question.text, question.tried, question.failed, *(answer.text for answer in question.answers)]
    cut = any(text and len(text) > room.text for text in texts) or len(question.answers) > room.answers
    number = question.number
    return Card(
        number=number,
        heading=_heading(question, talk),
        question=cut_said(question.text, question.lang, room.text),
        own=question.own,
        story=_story(question, talk, room),
        answers=[
            heard(answer, talk, room, talk.gettext("Whoever asked adds:"))
            for answer in question.answers[-room.answers :]
            if room.answers
        ],
        help_note=_help_note(question, talk),
        help_url=question.help_url,
        help_label=talk.gettext(
            "I can help with %(number)s: %(gist)s", number=number, gist=gist(lines(question.text))
        ),
        help_words=talk.gettext("I can help with %(number)s", number=number),
        help_reply=help_words(talk.translations, number),
        reply_hint=_reply_hint(question, talk, first),
        whole_url=question.whole_url if cut else None,
        whole_label=talk.gettext("Read all of %(number)s", number=number),
    )


def brief(question: OpenQuestion, talk: Speech) -> Card:
    """The same on one line, without its story."""
    short = card(question, talk, Room(LINE, 0, 0), first=False)
    return replace(short, question=Said(gist(lines(question.text), LINE), question.lang))


def cut_said(text: str, lang: str | None, limit: int) -> Said:
    return Said(shorten(lines(text), limit).text, lang)


def _heading(question: OpenQuestion, talk: Speech) -> str:
    if question.asked_on >= talk.today():
        return _heading_today(question, talk)
    since = talk.since(question.asked_on)
    if question.own and question.asker_name is None:
        return talk.gettext("You ask, without your name, %(since)s:", since=since)
    if question.own:
        return talk.gettext("You ask, %(since)s:", since=since)
    if question.asker_name is None:
        return talk.gettext("Somebody asks, %(since)s:", since=since)
    return talk.gettext("%(name)s asks, %(since)s:", name=one_line(question.asker_name), since=since)


def _heading_today(question: OpenQuestion, talk: Speech) -> str:
    """It has not waited yet."""
    if question.own and question.asker_name is None:
        return talk.gettext("You ask, without your name:")
    if question.own:
        return talk.gettext("You ask:")
    if question.asker_name is None:
        return talk.gettext("Somebody asks:")
    return talk.gettext("%(name)s asks:", name=one_line(question.asker_name))


def _reply_hint(question: OpenQuestion, talk: Speech, first: bool) -> str:
    example = idea(talk, question.number)
    hint = talk.gettext("Or reply “%(idea)s”.", idea=example)
    if question.help_url is None:
        hint = talk.gettext("Can you help? Reply “%(idea)s”.", idea=example)
    enough = talk.gettext("A first thought is enough.")
    return f"{hint} {enough}" if first else hint


def _story(question: OpenQuestion, talk: Speech, room: Room) -> list[Part]:
    told = (("tried", question.tried), ("failed", question.failed))
    return [
        Part(talk.gettext(SHOWN[key]), cut_said(text, question.lang, room.text)) for key, text in told if text
    ]


def heard(answer: AnswerShown, talk: Speech, room: Room, unnamed_adds: str) -> Part:
    """What somebody answered, under a name or "somebody"; `unnamed_adds` where it is the owner's and she has none."""
    words = cut_said(answer.text, answer.lang, room.text)
    if answer.name is None and answer.by_asker:
        return Part(unnamed_adds, words)
    if answer.name is None:
        return Part(talk.gettext("Somebody says:"), words)
    return Part(talk.gettext("%(name)s says:", name=one_line(answer.name)), words)


def _help_note(question: OpenQuestion, talk: Speech) -> str:
    """Who may be able to help and has not answered yet; "Anything to add?" where there is something."""
    answered = {answer.name for answer in question.answers}
    quiet = [name for name in question.helper_names if name not in answered]
    said: list[str] = []
    if quiet:
        said.append(
            talk.ngettext(
                "%(names)s may be able to help.",
                "%(names)s may be able to help.",
                len(quiet),
                names=talk.names(quiet),
            )
        )
    if not question.own and (quiet or question.answers):
        said.append(talk.gettext("Anything to add?"))
    return " ".join(said)
