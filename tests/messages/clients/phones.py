"""Phone makers' own mail apps. Never wraps lines and never marks quoted ones."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack


def samsung(letter: Letter) -> Body:
    """Samsung Mail: footer, a dashed 'Original message' line, a header block with a zone."""
    footer = letter.say("samsung") if letter.footer is None else letter.footer
    head = letter.say("samsung_block") if letter.quoted else ""
    text = stack(
        letter.above,
        letter.signature,
        footer,
        f"{head}\n\n{quote_text(letter, '')}" if head else "",
        letter.below,
    )
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body dir="auto">'
    page += letter.above_html or _lines(letter.above)
    page += f'<div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">{html.escape(footer)}</div></div><div dir="auto"><br></div>'
    if head:
        rows = html.escape(head, quote=False).replace("\n", "</div><div>")
        page += f'<div align="left" dir="auto" style="font-size:100%;color:#000000"><div>{rows}</div><div dir="auto"><br></div></div>'
        page += quote_html(letter, "<div>", "</div>", _lines)
    return Body(text, page + _lines(letter.below) + "</body></html>")


def android(letter: Letter) -> Body:
    """An older Android mail app: text in one part, the quotation under a dashed line, no address in it."""
    head = letter.say("dashed") if letter.quoted else ""
    return Body(
        stack(
            letter.above,
            letter.signature,
            f"{head}\n\n{quote_text(letter, '')}" if head else "",
            letter.below,
        ),
        None,
    )


def _lines(text: str) -> str:
    return (
        lines_html(text, lambda row: f'<div dir="auto">{row}</div>', '<div dir="auto"><br></div>', gap="")
        if text.strip()
        else ""
    )
