"""Groupware that companies and town halls run: Zimbra, Notes, GroupWise. Never marks quoted lines in text."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack

ZIMBRA = '<blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;color:#000;font-weight:normal;font-style:normal;text-decoration:none;font-family:Helvetica,Arial,sans-serif;font-size:12pt;">'


def zimbra(letter: Letter) -> Body:
    """Zimbra: a rule with data markers, a header block in a blockquote of its own."""
    rows = letter.block("_zimbra")
    head = "\n".join([letter.say("zimbra_line"), *(f"{label} {value}" for label, value in rows)])
    text = stack(letter.above, letter.signature, f"{head}\n\n{quote_text(letter, '')}", letter.below)
    bold = "<br>".join(f"<b>{html.escape(label)} </b>{html.escape(value)}" for label, value in rows)
    page = f'<html><body><div style="font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000">{letter.above_html or _divs(letter.above)}<div><br></div>'
    page += f'<div data-marker="__SIG_PRE__">{_divs(letter.signature)}</div>' if letter.signature else ""
    page += f'<div><br></div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{ZIMBRA}{bold}<br></blockquote></div><div data-marker="__QUOTED_TEXT__">'
    return Body(
        text,
        page
        + quote_html(letter, ZIMBRA, "</blockquote>", _divs)
        + f"</div>{_divs(letter.below)}</div></body></html>",
    )


def notes(letter: Letter) -> Body:
    """HCL Notes: fonts and breaks, the header block as a table of labels."""
    rows = letter.block("_notes")
    head = "\n".join(f"{label}        {value}" for label, value in rows)
    text = stack(letter.above, letter.signature, f"{head}\n\n\n\n{quote_text(letter, '')}", letter.below)
    page = (
        (letter.above_html or _fonts(letter.above)) + "<br><br>" + _fonts(letter.signature) + "<br><br><br>"
    )
    cells = "<br>".join(
        f'<font size=1 color=#5f5f5f face="sans-serif">{html.escape(label)} &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face="sans-serif">{html.escape(value)}</font>'
        for label, value in rows
    )
    page += f"{cells}<br><hr noshade><br><br><br>" + quote_html(letter, "<tt>", "</tt>", _fonts)
    return Body(text, page + _fonts(letter.below))


def groupwise(letter: Letter) -> Body:
    """GroupWise: '>>>' before name, time and the quoted text."""
    quoted = quote_text(letter, "")
    return Body(
        stack(letter.above, letter.signature, f"{letter.say('groupwise')}\n\n{quoted}", letter.below), None
    )


def _divs(text: str) -> str:
    return lines_html(text, lambda row: f"<div>{row}</div>", "<div><br></div>") if text.strip() else ""


def _fonts(text: str) -> str:
    return (
        lines_html(text, lambda row: f'<font size=2 face="sans-serif">{row}</font>', "", gap="<br>\n")
        if text.strip()
        else ""
    )
