"""Owns the mails by which somebody comes into a group: invitation, welcome. It must never ask for more than a reply."""

from __future__ import annotations

from datetime import date, time

from babel import Locale
from babel.dates import format_skeleton

from digest.outbound.compose.letterhead import compose_mail, letterhead
from digest.outbound.compose.section_words import asked
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import Frame, InvitationFacts, Rhythm, WelcomeFacts
from digest.outbound.form.render import render_text
from digest.words.clean_text import one_line
from digest.words.speech import Speech


def invitation(frame: Frame, facts: InvitationFacts) -> ComposedMessage:
    """What this is, who the others are, who will be sent what one writes, how to stop; a reply "yes" joins."""
    talk = frame.speech
    return compose_mail(frame, "invitation", talk, _invitation_words(frame, facts, talk))


def beforehand(frame: Frame, facts: InvitationFacts) -> str:
    """Four lines for the facilitator to send herself, so that the invitation is expected."""
    talk = frame.speech
    words = {
        **letterhead(frame, talk),
        **_invitation_words(frame, facts, talk),
        "from_address": frame.from_address,
    }
    return render_text("invitation/beforehand.txt", talk.language, words)


def welcome(frame: Frame, facts: WelcomeFacts) -> ComposedMessage:
    """The answer to "yes": when the next prompt comes."""
    talk = frame.speech
    words = {
        "next_prompt": talk.moment(facts.next_prompt_at) if facts.next_prompt_at else None,
        "stop_words": True,
    }
    return compose_mail(frame, "welcome", talk, words)


def task_line(frame: Frame, talk: Speech) -> str | None:
    """ "the new packaging rules, by 1 July"; the day only once, where the task names it already."""
    if not frame.group_task:
        return None
    task = one_line(frame.group_task).rstrip(".")
    if frame.until is None or _names_day(task, frame.until, talk.locale):
        return task
    return talk.gettext("%(task)s, by %(day)s", task=task, day=talk.day(frame.until))


def shared_with(names: tuple[str, ...], talk: Speech) -> str:
    """Who is sent what one writes."""
    if not names:
        return talk.gettext("What you write is sent to the members of this group, and to nobody else.")
    return talk.gettext("What you write is sent to %(names)s, and to nobody else.", names=talk.names(names))


def named_other(name: str | None, frame: Frame) -> str | None:
    """The name, unless it is the reader's: nobody is told that she invites herself."""
    other = name and one_line(name)
    return None if other == one_line(frame.recipient_name) else other


def honest(talk: Speech) -> str:
    """What nobody can promise of mail, and so neither do we."""
    return talk.gettext("As with any mail, whoever may open your mailbox or runs the server could see it.")


def _invitation_words(frame: Frame, facts: InvitationFacts, talk: Speech) -> dict[str, object]:
    group = one_line(frame.group_name)
    return {
        "facilitator": named_other(facts.facilitator_name, frame),
        "task": task_line(frame, talk),
        "asks": [asked(section, talk) for section in facts.sections],
        "prompt_day": talk.weekday(facts.prompt_at.weekday),
        "prompt_time": _clock(facts.prompt_at, talk),
        "digest_day": talk.weekday(facts.digest_at.weekday),
        "digest_time": _clock(facts.digest_at, talk),
        "shared_with": shared_with(facts.other_names, talk),
        "honest": honest(talk),
        "join_url": facts.join_url,
        "join_label": talk.gettext("Join “%(group)s”", group=group),
        "repeated": facts.repeated,
        "preheader": talk.gettext("A reply is enough. If it is not for you, do nothing."),
    }


def _clock(at: Rhythm, talk: Speech) -> str:
    return talk.clock(time(at.hour, at.minute))


def _names_day(task: str, day: date, locale: Locale) -> bool:
    ways = [format_skeleton("MMMMd", day, locale=way) for way in (locale, "en", "en_GB", "de")]
    return any(
        way.casefold() in task.casefold() for way in (*ways, f"{day.day}.{day.month}.", day.isoformat())
    )
