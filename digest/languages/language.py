"""One language's words as they stand in its file: areas of keys, each key a tuple of phrases.

Holds values only; it must never read a file or compare a phrase with a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Phrases = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What mail clients write around quoted messages; ``{}`` in ``sent_from`` is any device or app name."""

    wrote: Phrases = ()
    on: Phrases = ()
    from_: Phrases = ()
    sent: Phrases = ()
    to: Phrases = ()
    cc: Phrases = ()
    bcc: Phrases = ()
    subject: Phrases = ()
    date: Phrases = ()
    reply_to: Phrases = ()
    attachments: Phrases = ()
    original_message: Phrases = ()
    forwarded_message: Phrases = ()
    sent_from: Phrases = ()
    months: Phrases = ()
    weekdays: Phrases = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """How letters open and close. ``disclaimers`` are beginnings of legal footers, the others whole lines."""

    greetings: Phrases = ()
    closings: Phrases = ()
    disclaimers: Phrases = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """How people name the parts of an entry, and the replies that are no entry.

    ``tried``, ``failed`` and ``question`` are labels: they open a line. ``*_hints`` stand anywhere in a
    sentence, ``question_words`` open one. All others are the whole text of a reply or of one clause of it; ``{}``
    in ``just_you`` is the name of whom an answer is for.
    """

    tried: Phrases = ()
    failed: Phrases = ()
    question: Phrases = ()
    tried_hints: Phrases = ()
    failed_hints: Phrases = ()
    question_words: Phrases = ()
    ask_hints: Phrases = ()
    anonymous: Phrases = ()
    skip: Phrases = ()
    thanks: Phrases = ()
    correction: Phrases = ()
    yes: Phrases = ()
    undo: Phrases = ()
    later: Phrases = ()
    withdraw: Phrases = ()
    pause: Phrases = ()
    resume: Phrases = ()
    stop: Phrases = ()
    unsubscribe: Phrases = ()
    help: Phrases = ()
    same: Phrases = ()
    just_you: Phrases = ()


@dataclass(frozen=True, slots=True)
class Automatic:
    """Out-of-office notes: ``subjects`` begin a subject, ``phrases`` stand anywhere in the body."""

    subjects: Phrases = ()
    phrases: Phrases = ()


@dataclass(frozen=True, slots=True)
class Language:
    """One language. ``tag`` is its BCP 47 tag; ``common`` its most frequent small words, which betray it."""

    tag: str
    name: str
    common: Phrases = ()
    history: History = field(default_factory=History)
    letter: Letter = field(default_factory=Letter)
    reply: Reply = field(default_factory=Reply)
    automatic: Automatic = field(default_factory=Automatic)

    def phrases(self, area: str, key: str) -> Phrases:
        """The phrases of one key as written; AttributeError for an area or key that no file has."""
        found: Phrases = getattr(getattr(self, area), key)
        return found
