"""Thunderbird above, below and between the quotation, and its Android sibling. Text goes out format=flowed (RFC 3676)."""

from __future__ import annotations

import html as markup

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack

QUOTE = '<blockquote type="cite" cite="mid:{id}">'


def top(letter: Letter) -> Body:
    """Answer and signature above."""
    return Body(stack(letter.above, _signed(letter), _quoted(letter), letter.below), None, flowed=True)


def bottom(letter: Letter) -> Body:
    """Attribution first; the answer below or between; the signature last."""
    return Body(stack(letter.above, _quoted(letter), letter.below, _signed(letter)), None, flowed=True)


def html(letter: Letter) -> Body:
    """HTML composition: moz-cite-prefix and cite containers; a text part beside it."""
    page = f'<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\n  </head>\n  <body dir="{_direction(letter)}">\n'
    page += letter.above_html or _paragraphs(letter.above)
    if letter.signature and not letter.below:
        page += _signature(letter)
    if letter.quoted:
        page += (
            f'<div class="moz-cite-prefix">{markup.escape(letter.say("tb"), quote=False)}<br>\n    </div>\n'
        )
        page += quote_html(
            letter, QUOTE.format(id=letter.sent.message_id.strip("<>")), "</blockquote>", _paragraphs
        )
    page += _paragraphs(letter.below) + (_signature(letter) if letter.signature and letter.below else "")
    return Body(
        bottom(letter).text if letter.below else top(letter).text, page + "\n  </body>\n</html>", flowed=True
    )


def k9(letter: Letter) -> Body:
    """K-9 and Thunderbird for Android: text only, its brevity line above the quotation."""
    footer = letter.say("k9_footer") if letter.footer is None else letter.footer
    quoted = f"{letter.say('k9')}\n{quote_text(letter, '>')}" if letter.quoted else ""
    marked = f"-- \n{footer}" if footer else ""
    return Body(stack(letter.above, letter.signature, marked, quoted, letter.below), None)


def _quoted(letter: Letter) -> str:
    return f"{letter.say('tb')}\n{quote_text(letter)}" if letter.quoted else ""


def _signed(letter: Letter) -> str:
    return f"-- \n{letter.signature}" if letter.signature else ""


def _signature(letter: Letter) -> str:
    rows = lines_html(letter.signature, lambda row: f"{row}<br>", "<br>")
    return f'<div class="moz-signature">-- <br>\n{rows}</div>\n'


def _paragraphs(text: str) -> str:
    if not text.strip():
        return ""
    blocks = text.strip("\n").split("\n\n")
    return (
        "\n".join("    <p>" + lines_html(block, str, "", gap="<br>\n      ") + "</p>" for block in blocks)
        + "\n"
    )


def _direction(letter: Letter) -> str:
    return "rtl" if letter.words["tag"] in ("he", "ar") else "ltr"
