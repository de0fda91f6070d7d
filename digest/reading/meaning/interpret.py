"""Owns the way from a message to what it means, stage by stage. It must never know who wrote it, and never guess where
doubt can be kept for the writer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from digest.reading.meaning.commands.reaction import is_reaction
from digest.reading.meaning.intent import understood
from digest.reading.meaning.preparing.answered_mail import answered_kind, names_asked
from digest.reading.meaning.preparing.safe_links import unwrapped
from digest.reading.meaning.preparing.typed import made_ready
from digest.reading.meaning.reading import Command, Intent, Reading
from digest.reading.mime.message import ParsedMessage
from digest.reading.screening import Reason, screen
from digest.reading.visible.visible_text import see
from digest.reading.wording.language_guess import client_languages, guess_language, likely_languages
from digest.reading.wording.lexicon import Lexicon, lexicons
from digest.reading.wording.remembered import forget
from digest.reading.written.letter.own_signature import without_own_signature
from digest.reading.written.reply_text import ReplyText, cut
from digest.reading.written.sent_text import SentText

__all__ = ["Command", "Intent", "Reading", "read", "read_screened"]
_LANGUAGES = 3
_SHORT, _LANGUAGES_OF_SHORT = 24, 12  # characters: a word or three, which many languages share
_MOST_LINES = 24
_NAME = re.compile(r"[^\W\d_]{2,40}")


def read(message: ParsedMessage, *, mail_from: str | None = None, sent: SentText | None = None) -> Reading:
    """How this message is read; `sent` is the mail of ours that it answers, if that is known."""
    return read_screened(message, screen(message, mail_from), sent)


def read_screened(message: ParsedMessage, reason: Reason | None, sent: SentText | None = None) -> Reading:
    """The same where it is known whether a person wrote it: `reason` is what `screen` says."""
    try:
        return _read(message, reason, sent)
    finally:
        forget()


def _read(message: ParsedMessage, reason: Reason | None, sent: SentText | None) -> Reading:
    written = without_own_signature(cut(see(message), sent), message.from_name)
    reply = unwrapped(written.reply)
    asked = _what_we_asked(written, sent)
    ours = _our_language("\n".join(asked[:_MOST_LINES]))
    language = guess_language(reply, (_clients(written), {ours} if ours else ()))
    reading = Reading(reply, "unknown", language=language, left_out=written.left_out)
    if reason:
        return replace(reading, intent="automatic", automatic=reason)
    if is_reaction(reply, (file.content_type for file in message.attachments)):
        return replace(reading, intent="thanks")
    words = spoken(reply, language, ours)
    kind, askers = answered_kind(asked, words), names_asked(asked)
    typed = made_ready(written.blocks, words, _own_names(message), kind, askers)
    return understood(reading, typed)


@lru_cache(maxsize=64)  # many replies quote the same lines
def _our_language(asked: str) -> str | None:
    return guess_language(asked)


def _clients(written: ReplyText) -> frozenset[str]:
    """The language of the client: of its footer, and of what it wrote above the quotation."""
    return client_languages(part.text for part in written.left_out[:3] if part.kind != "disclaimer")


def _what_we_asked(written: ReplyText, sent: SentText | None) -> list[str]:
    """The lines of ours that are answered: as we sent them, else as quoted."""
    if sent is not None:
        return list(sent.headings.values())
    return [line for part in written.left_out if part.kind == "quote" for line in part.text.split("\n")]


def spoken(reply: str, language: str | None, ours: str | None = None) -> tuple[Lexicon, ...]:
    """The languages that this reply may be in: the guess first, then the likeliest others, then that in which we
    asked, English at last."""
    likely = likely_languages(reply, _LANGUAGES_OF_SHORT if len(reply) <= _SHORT else _LANGUAGES)
    tags = ([language] if language else []) + likely + ([ours] if ours else [])
    return lexicons([*tags, "en"])


def _own_names(message: ParsedMessage) -> list[str]:
    local_parts = " ".join(address.partition("@")[0] for address in message.from_addresses)
    return _NAME.findall(f"{message.from_name} {local_parts}")
