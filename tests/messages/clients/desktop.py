"""Text clients of technicians: neomutt, Claws Mail, Evolution. Lines are wrapped at 72, signatures follow '-- '."""

from __future__ import annotations

from tests.messages.letter import Body, Letter, hard_wrapped, quote_text, stack


def neomutt(letter: Letter) -> Body:
    """neomutt: attribution, quotation, answers below or between."""
    return _plain(letter, "neomutt")


def claws(letter: Letter) -> Body:
    """Claws: the attribution in two lines."""
    return _plain(letter, "claws")


def evolution(letter: Letter) -> Body:
    """Evolution: attribution with weekday and zone."""
    return _plain(letter, "evolution")


def _plain(letter: Letter, attribution: str) -> Body:
    gap = "\n\n" if attribution == "claws" else "\n"
    quoted = (
        f"{letter.say(attribution)}{gap}{quote_text(letter, answers=hard_wrapped)}" if letter.quoted else ""
    )
    signed = f"-- \n{letter.signature}" if letter.signature else ""
    return Body(stack(hard_wrapped(letter.above), quoted, hard_wrapped(letter.below), signed), None)
