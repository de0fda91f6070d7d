"""Owns the intent of a reply: rules in order, of which the first that fits decides. It must never find a
command inside a longer text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digest.reading.meaning.answers.question_reply import (
    answered_questions,
    offered_help,
    said_same,
    same_here,
    told_to_asker,
)
from digest.reading.meaning.commands.amounting import amounts_to
from digest.reading.meaning.commands.known_phrase import whole_meanings
from digest.reading.meaning.commands.skipping import is_leaving, is_plain_thanks, is_skip, is_thanks
from digest.reading.meaning.entry.entry_reply import as_entry, corrected
from digest.reading.meaning.entry.sections import says_nothing
from digest.reading.meaning.preparing.typed import Typed
from digest.reading.meaning.reading import Command, Reading
from digest.reading.wording.wording import folded

_COMMANDS: tuple[Command, ...] = ("undo", "withdraw", "anonymous", "later", "pause", "resume", "stop", "yes")
_PLAINER_THAN_SKIP = frozenset({"undo", "withdraw", "pause", "later"})
_MOST_WORDS_OF_COMMAND = 4
_LONGEST_WHOLE = 500  # characters


def understood(reading: Reading, typed: Typed) -> Reading:
    """The first rule that fits decides; whatever is left is an entry, or unknown where it holds nothing."""
    for rule in _RULES:
        found = rule(reading, typed)
        if found is not None:
            return found
    return as_entry(reading, typed)


def _nothing_typed(reading: Reading, typed: Typed) -> Reading | None:
    if not folded(typed.whole):
        return reading
    if not folded(typed.text) and typed.anonymous:
        return replace(reading, intent="command", command="anonymous", anonymous=True)
    return None


def _whole(reading: Reading, typed: Typed) -> Reading | None:
    """A reply that is one known phrase. What may mean "no" or "nothing" is never taken for "stop"."""
    as_typed = reading.reply[:_LONGEST_WHOLE]
    meant = whole_meanings(typed.whole, typed.lexicons) or whole_meanings(as_typed, typed.lexicons)
    if "unsubscribe" in meant:
        return replace(reading, intent="unsubscribe")
    if says_nothing(typed.whole, typed.lexicons) or ("skip" in meant and not meant & _PLAINER_THAN_SKIP):
        return replace(reading, intent="skip")
    if "thanks" in meant:
        return replace(reading, intent="thanks")
    command = next((command for command in _COMMANDS if command in meant), None) or _nearly_command(typed)
    if command:
        return replace(reading, intent="command", command=command, anonymous=command == "anonymous")
    if "help" in meant:
        return replace(reading, intent="help")
    return same_here(reading, typed) if "same" in meant else None


def _nearly_command(typed: Typed) -> Command | None:
    """A command word with a small word beside it ("please go on again")."""
    words = folded(typed.whole)
    refuses = any(word in one.small.no for one in typed.lexicons for word in words)
    if refuses or len(words) > _MOST_WORDS_OF_COMMAND:
        return None
    return next((one for one in _COMMANDS if amounts_to(words, one, typed.lexicons, strangers=0)), None)


def _leaving(reading: Reading, typed: Typed) -> Reading | None:
    return replace(reading, intent="unsubscribe") if is_leaving(typed.text, typed.lexicons) else None


def _plain_thanks(reading: Reading, typed: Typed) -> Reading | None:
    return replace(reading, intent="thanks") if is_plain_thanks(typed.text, typed.lexicons) else None


def _skip(reading: Reading, typed: Typed) -> Reading | None:
    return replace(reading, intent="skip") if is_skip(typed.text, typed.lexicons) else None


def _thanks(reading: Reading, typed: Typed) -> Reading | None:
    return replace(reading, intent="thanks") if is_thanks(typed.text, typed.lexicons) else None


Rule = Callable[[Reading, Typed], Reading | None]
_RULES: tuple[Rule, ...] = (
    _nothing_typed,
    _whole,
    _leaving,
    said_same,
    offered_help,
    answered_questions,
    corrected,
    _plain_thanks,
    _skip,
    _thanks,
    told_to_asker,
)
