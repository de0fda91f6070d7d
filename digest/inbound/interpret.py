"""Owns what a reply means: the stages in order, then one intent by the first rule that fits. It must never know who
wrote it, and never guess where doubt can be kept for the writer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from digest.inbound.amounting import amounts_to
from digest.inbound.answered_mail import answered_kind
from digest.inbound.answers import names_question, numbered_answers, offers
from digest.inbound.commands import whole_meanings
from digest.inbound.correction import correction_in
from digest.inbound.draft import Draft, Sections
from digest.inbound.evidence import evidence_in
from digest.inbound.language_guess import client_languages, guess_language, likely_languages
from digest.inbound.lexicon import Lexicon, lexicons
from digest.inbound.marks import label_marks
from digest.inbound.message import ParsedMessage
from digest.inbound.numbering import number_at
from digest.inbound.own_signature import without_own_signature
from digest.inbound.question_list import asks
from digest.inbound.reaction import is_reaction
from digest.inbound.reading import Command, Intent, Reading
from digest.inbound.reply_blocks import Block
from digest.inbound.reply_text import ReplyText, cut
from digest.inbound.safe_links import unwrapped
from digest.inbound.screening import screen
from digest.inbound.sections import file_part, says_nothing, sections_of
from digest.inbound.sent_text import SentText
from digest.inbound.skipping import is_leaving, is_plain_thanks, is_skip, is_thanks
from digest.inbound.typed import Typed, made_ready
from digest.inbound.visible_text import see
from digest.inbound.wording import folded

__all__ = ["Command", "Intent", "Reading", "read"]
_COMMANDS: tuple[Command, ...] = ("undo", "withdraw", "anonymous", "later", "pause", "resume", "stop", "yes")
_LANGUAGES = 3
_SHORT, _LANGUAGES_OF_SHORT = 24, 12  # characters: a word or three, which many languages share
_MOST_LINES = 24
_MOST_WORDS_OF_COMMAND = 4
_MOST_STRANGERS = 3
_NAME = re.compile(r"[^\W\d_]{2,40}")


def read(message: ParsedMessage, *, mail_from: str | None = None, sent: SentText | None = None) -> Reading:
    """How this message is read; `sent` is the mail of ours that it answers, if that is known."""
    written = without_own_signature(cut(see(message), sent), message.from_name)
    reply = unwrapped(written.reply)
    asked = _what_we_asked(written, sent)
    ours = guess_language("\n".join(asked[:_MOST_LINES]))
    language = guess_language(reply, (_clients(written), {ours} if ours else ()))
    reading = Reading(reply, "unknown", language=language, left_out=written.left_out)
    reason = screen(message, mail_from)
    if reason:
        return replace(reading, intent="automatic", automatic=reason)
    if is_reaction(reply, (file.content_type for file in message.attachments)):
        return replace(reading, intent="thanks")
    typed = made_ready(written.blocks, spoken(reply, language, ours), _own_names(message))
    return understood(reading, typed, answered_kind(asked, typed.lexicons))


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


def understood(reading: Reading, typed: Typed, answered: str | None) -> Reading:
    """The first rule that fits decides; whatever is left is an entry, or unknown where it holds nothing."""
    for rule in _RULES:
        found = rule(reading, typed, answered)
        if found is not None:
            return found
    return _entry(reading, typed, answered)


def _nothing_typed(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    if not folded(typed.whole):
        return reading
    if not folded(typed.text) and typed.anonymous:
        return replace(reading, intent="command", command="anonymous", anonymous=True)
    return None


def _whole(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    """A reply that is one known phrase. What may mean "no" or "nothing" is never taken for "stop"."""
    meant = whole_meanings(typed.whole, typed.lexicons) or whole_meanings(reading.reply[:500], typed.lexicons)
    if "unsubscribe" in meant:
        return replace(reading, intent="unsubscribe")
    if says_nothing(typed.whole, typed.lexicons) or (
        "skip" in meant and not meant & {"undo", "withdraw", "pause", "later"}
    ):
        return replace(reading, intent="skip")
    if "thanks" in meant:
        return replace(reading, intent="thanks")
    command = next((command for command in _COMMANDS if command in meant), None) or _nearly_command(typed)
    if command:
        return replace(reading, intent="command", command=command, anonymous=command == "anonymous")
    if "help" in meant:
        return replace(reading, intent="help")
    return _same(reading, typed, answered) if "same" in meant else None


def _same(reading: Reading, typed: Typed, answered: str | None) -> Reading:
    """ "Same here" says something to a question, and nothing by itself."""
    if answered == "questions":
        return replace(reading, intent="answer", anonymous=typed.anonymous)
    return replace(reading, undecided=(typed.text,))


def _nearly_command(typed: Typed) -> Command | None:
    """A command word with a small word beside it ("please go on again")."""
    words = folded(typed.whole)
    if len(words) > _MOST_WORDS_OF_COMMAND or any(
        word in one.small.no for one in typed.lexicons for word in words
    ):
        return None
    return next((one for one in _COMMANDS if amounts_to(words, one, typed.lexicons, strangers=0)), None)


def _leaving(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    return replace(reading, intent="unsubscribe") if is_leaving(typed.text, typed.lexicons) else None


def _help(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    helps = offers(typed.text, typed.lexicons, strangers=_MOST_STRANGERS if answered == "questions" else 0)
    return None if helps is None else replace(reading, intent="help", helps=helps)


def _answer(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    numbered = numbered_answers(typed.text, typed.lexicons)
    numbered = numbered or (_under_questions(typed) if answered == "questions" else ())
    if not numbered or not _means_questions([number for number, _ in numbered], typed, answered):
        return None
    helps = [number for number, words in numbered if offers(words, typed.lexicons) is not None]
    told = tuple((number, words) for number, words in numbered if number not in helps)
    intent: Intent = "answer" if told else "help"
    return replace(reading, intent=intent, numbered=told, helps=tuple(helps), anonymous=typed.anonymous)


def _under_questions(typed: Typed) -> tuple[tuple[int, str], ...]:
    """Answers written right below the questions that they are for, not further down, below all that was quoted."""
    found = [(number_at(_question_above(block)), block.text.strip()) for block in typed.blocks]
    return tuple((number.value, words) for number, words in found if number and number.marked)


def _question_above(block: Block) -> str:
    """The line with a question's number in the paragraph that the block stands under; "" where there is none."""
    if block.heading is not None:
        return block.heading if block.heading in block.under else ""
    return next((line for line in reversed(block.under) if (found := number_at(line)) and found.marked), "")


def _means_questions(numbers: list[int], typed: Typed, answered: str | None) -> bool:
    """Whether these numbers are questions' numbers, and not those of the three parts."""
    if max(numbers) > 5 or answered == "questions":
        return True
    if answered == "prompt" or (numbers == sorted(set(numbers)) and len(numbers) > 1):
        return False
    return len(numbers) == 1 and names_question(typed.text, typed.lexicons)


def _correction(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    found = correction_in(typed.text, typed.lexicons)
    if found is None:
        return None
    if found.section is None:
        parts = _parts_of_unnamed(_with_text(typed, found.text))
    else:
        draft = Draft()
        file_part(found.section, found.text, typed.lexicons, draft)
        parts = draft.finished()
    return _with_parts(replace(reading, intent="correction", anonymous=typed.anonymous), parts)


def _parts_of_unnamed(typed: Typed) -> Sections:
    """A correction that names no part: by its own labels; a statement without any is for its writer to place."""
    parts = sections_of(typed.blocks, typed.lexicons)
    if parts.failed is None and not parts.questions and not label_marks(typed.text, typed.lexicons):
        return Sections(undecided=(typed.text,))
    return parts


def _with_text(typed: Typed, text: str) -> Typed:
    return replace(typed, blocks=(replace(typed.blocks[0], text=text),))


def _plain_thanks(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    return replace(reading, intent="thanks") if is_plain_thanks(typed.text, typed.lexicons) else None


def _skip(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    return replace(reading, intent="skip") if is_skip(typed.text, typed.lexicons) else None


def _thanks(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    return replace(reading, intent="thanks") if is_thanks(typed.text, typed.lexicons) else None


def _told_to_asker(reading: Reading, typed: Typed, answered: str | None) -> Reading | None:
    """Words under our questions that are no entry by any sign: an answer, though it names no number."""
    if answered != "questions" or label_marks(typed.text, typed.lexicons) or asks(typed.text, typed.lexicons):
        return None
    shown = evidence_in(typed.text, typed.lexicons)
    if shown.failed or (shown.tried and shown.myself) or not folded(typed.text):
        return None
    return replace(reading, intent="answer", anonymous=typed.anonymous)


Rule = Callable[[Reading, Typed, str | None], Reading | None]
_RULES: tuple[Rule, ...] = (
    _nothing_typed,
    _whole,
    _leaving,
    _help,
    _answer,
    _correction,
    _plain_thanks,
    _skip,
    _thanks,
    _told_to_asker,
)


def _entry(reading: Reading, typed: Typed, answered: str | None) -> Reading:
    parts = sections_of(typed.blocks, typed.lexicons, numbers=answered != "questions")
    parts = replace(parts, undecided=parts.undecided + typed.beyond)
    said = not parts.is_empty or bool(parts.undecided)
    return _with_parts(replace(reading, intent="entry" if said else "skip", anonymous=typed.anonymous), parts)


def _with_parts(reading: Reading, parts: Sections) -> Reading:
    return replace(
        reading,
        tried=parts.tried,
        failed=parts.failed,
        questions=parts.questions,
        undecided=parts.undecided,
    )
