"""Owns what every mail has in common before and after its own words. It must never know one mail from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import Frame
from digest.outbound.form.headers import header, message_id
from digest.outbound.form.mime import alternative
from digest.outbound.form.render import Rendered, render
from digest.outbound.form.reply_words import reply_words as words_to_reply
from digest.words.clean_text import lines, one_line
from digest.words.speech import Speech


@dataclass(frozen=True)
class Said:
    """Somebody's own words, clean, with their language."""

    text: str
    lang: str | None


def said(text: str, lang: str | None = None) -> Said:
    return Said(lines(text), lang)


def letterhead(frame: Frame, speech: Speech, *, stop_words: bool = False) -> dict[str, object]:
    """The values that every template may use; `stop_words` puts "pause" and "stop" at the end."""
    group = one_line(frame.group_name)
    return {
        "who": one_line(frame.recipient_name),
        "group": group,
        "heading": heading(frame, speech),
        "reply": reply_words(speech),
        "stop_words": stop_words,
        "leave_url": frame.leave_url,
        "ask_address": frame.ask_address,
        "ask_url": frame.ask_url,
        "ask_mark": frame.ask_mark,
        "hushed": frame.hushed,
    }


def heading(frame: Frame, speech: Speech) -> str:
    """ "Packaging group, week 14"; the group alone outside a round."""
    group = one_line(frame.group_name)
    if frame.week is None:
        return group
    return speech.gettext("%(group)s, week %(week)d", group=group, week=frame.week)


def reply_words(speech: Speech) -> dict[str, str]:
    """The words to reply, in the language of the mail."""
    return words_to_reply(speech.translations)


def idea(speech: Speech, number: int) -> str:
    """How a question is answered in a reply: "14: your idea"."""
    return speech.gettext("%(number)d: your idea", number=number)


def render_mail(frame: Frame, kind: str, speech: Speech, words: Mapping[str, object]) -> Rendered:
    stop_words = bool(words.get("stop_words"))
    return render(kind, speech.language, {**letterhead(frame, speech, stop_words=stop_words), **words})


def finish(frame: Frame, kind: str, speech: Speech, rendered: Rendered) -> ComposedMessage:
    """The message as it is stored and sent. Raises Permanent for a header that cannot be written."""
    fields = header(frame, kind, rendered.subject, speech)
    return ComposedMessage(
        kind=kind,
        message_id=message_id(frame.message_id),
        mail_from=frame.envelope_from,
        rcpt_to=frame.recipient_address,
        subject=rendered.subject,
        raw=alternative(fields, rendered.text, rendered.html, speech.language),
        text_body=rendered.text,
        html_body=rendered.html,
    )


def compose_mail(frame: Frame, kind: str, speech: Speech, words: Mapping[str, object]) -> ComposedMessage:
    return finish(frame, kind, speech, render_mail(frame, kind, speech, words))
