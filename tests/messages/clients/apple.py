"""Apple Mail on the Mac and on the iPhone. Never writes a plain quotation without its cite container in HTML."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack

QUOTE = '<blockquote type="cite"><div dir="ltr">'


def mail(letter: Letter) -> Body:
    """The Mac: attribution inside the cite container, then the quotation in another div."""
    text = stack(letter.above, letter.signature, _quote(letter, letter.say("apple")), letter.below)
    page = '<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
    page += letter.above_html or _lines(letter.above)
    if letter.signature:
        page += f'<div><br></div><div><meta charset="UTF-8"><div>{_lines(letter.signature)}</div></div>'
    return Body(
        text,
        page
        + _cited(letter, '<br class="Apple-interchange-newline">')
        + _lines(letter.below)
        + "</body></html>",
    )


def iphone(letter: Letter) -> Body:
    """The phone: its footer above the quotation, the quotation begins with a word joiner."""
    footer = letter.say("iphone") if letter.footer is None else letter.footer
    text = stack(
        letter.above, letter.signature, footer, _quote(letter, f"> {letter.say('apple')}\n>"), letter.below
    )
    page = '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
    page += (letter.above_html or _lines(letter.above)) + (
        f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{_lines(letter.signature)}{html.escape(footer)}</div>'
        if footer
        else ""
    )
    return Body(text, page + _cited(letter, "<br>") + _lines(letter.below) + "</body></html>")


def _quote(letter: Letter, attribution: str) -> str:
    if not letter.quoted:
        return ""
    return (
        f"{attribution}\n{quote_text(letter)}"
        if attribution.startswith(">")
        else f"{attribution}\n\n{quote_text(letter)}"
    )


def _cited(letter: Letter, after: str) -> str:
    if not letter.quoted:
        return ""
    said = html.escape(letter.say("apple"), quote=False)
    head = f'<div dir="ltr"><br><blockquote type="cite">{said}<br>{after}</blockquote></div>'
    return head + quote_html(letter, QUOTE, "</div></blockquote>", _lines)


def _lines(text: str) -> str:
    return (
        lines_html(text, lambda row: f"<div>{row}</div>", "<div><br></div>", gap="") if text.strip() else ""
    )
