"""Gmail in the browser and as an app. Never splits what was typed from what it quotes by anything but its own marks."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack

QUOTE = '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'


def web(letter: Letter) -> Body:
    """Text and HTML; lines are divs in a dir=ltr container."""
    return _body(letter, '<div dir="{dir}">{lines}</div><br>', '<div dir="{dir}" class="gmail_attr">')


def app(letter: Letter) -> Body:
    """The Android and iOS app: lines are dir=auto divs."""
    return _body(letter, '<div dir="auto">{lines}</div><br>', '<div dir="{dir}" class="gmail_attr">')


def _body(letter: Letter, typed: str, attribution: str) -> Body:
    direction = "rtl" if letter.words["tag"] in ("he", "ar") else "ltr"
    signed = f"-- \n{letter.signature}" if letter.signature else ""
    text = stack(letter.above, signed, _attribution_text(letter), letter.below)
    above = letter.above_html or _lines(letter.above)
    if letter.signature:
        above += f'<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{_lines(letter.signature)}</div>'
    page = typed.format(dir=direction, lines=above) if above else ""
    if letter.quoted:
        said = html.escape(letter.say("gmail"), quote=False)
        page += f'<div class="gmail_quote gmail_quote_container">{attribution.format(dir=direction)}{said}<br></div>'
        page += (
            quote_html(letter, QUOTE, "</blockquote>", lambda answer: f"<div>{_lines(answer)}</div>")
            + "</div>"
        )
    return Body(text, page + _lines(letter.below))


def _lines(text: str) -> str:
    return (
        lines_html(text, lambda row: f"<div>{row}</div>", "<div><br></div>", gap="") if text.strip() else ""
    )


def _attribution_text(letter: Letter) -> str:
    if not letter.quoted:
        return ""
    said = letter.say("gmail")
    if len(said) > 78:
        said = said.replace(f"<{letter.sent.address}", f"<\n{letter.sent.address}")
    return f"{said}\n\n{quote_text(letter)}"
