"""Webmail of Europe's providers. Never alike: each has its own line or block between the typed words and the quoted."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, hard_wrapped, lines_html, quote_html, quote_text, stack

FRAME = "margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word; -webkit-nbsp-mode: space; -webkit-line-break: after-white-space;"


def gmx(letter: Letter) -> Body:
    """GMX and WEB.DE: a framed quotation with a bold header block."""
    rows = letter.block("_gmx") if letter.quoted else []
    head = "\n".join(f"{label} {value}" for label, value in rows)
    text = stack(letter.above, letter.signature, head, quote_text(letter, "") if rows else "", letter.below)
    page = (
        '<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;">'
        + (letter.above_html or _divs(letter.above))
        + _divs(letter.signature)
    )
    if rows:
        bold = "<br/>\n".join(
            f"<b>{html.escape(label)}</b>&nbsp;{html.escape(value)}" for label, value in rows
        )
        page += f'<div>&nbsp;\n<div name="quote" style="{FRAME}">\n<div style="margin:0 0 10px 0;">{bold}</div>\n<div name="quoted-content">'
        page += quote_html(letter, "<div>", "</div>", _divs) + "</div></div></div>"
    return Body(text, page + _divs(letter.below) + "</div></body></html>")


def yahoo(letter: Letter) -> Body:
    """Yahoo: the attribution is indented, the quotation unmarked in text and in its own div in HTML."""
    said = letter.say("yahoo") if letter.quoted else ""
    text = stack(
        letter.above,
        letter.signature,
        f"    {said}  \n \n {quote_text(letter, ' ').strip()}" if said else "",
        letter.below,
    )
    page = '<html><head></head><body><div class="ydp5f2c1a9byahoo-style-wrap" style="font-family:Helvetica Neue, Helvetica, Arial, sans-serif;font-size:16px;"><div></div>\n'
    page += (letter.above_html or _divs(letter.above)) + _divs(letter.signature) + "<div><br></div></div>"
    if said:
        page += f'<div id="ydp1c0f6a3ayahoo_quoted_4411223344" class="ydp1c0f6a3ayahoo_quoted"><div style="font-family:\'Helvetica Neue\', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;"><div>{html.escape(said)}</div><div><br></div><div><br></div>'
        page += quote_html(letter, "<div>", "</div>", _divs) + "</div></div>"
    return Body(text, page + _divs(letter.below) + "</body></html>")


def proton(letter: Letter) -> Body:
    """Proton: its footer, then the attribution above a quotation."""
    footer = letter.say("proton_footer") if letter.footer is None else letter.footer
    quoted = f"{letter.say('proton')}\n\n{quote_text(letter)}" if letter.quoted else ""
    text = stack(letter.above, letter.signature, footer, quoted, letter.below)
    page = f'<div style="font-family: Arial, sans-serif; font-size: 14px;">{letter.above_html or _divs(letter.above)}</div>'
    page += f'<div class="protonmail_signature_block"><div class="protonmail_signature_block-user">{_divs(letter.signature)}</div><div class="protonmail_signature_block-proton">{_footer(footer)}</div></div>'
    if letter.quoted:
        page += f'<div class="protonmail_quote">{html.escape(letter.say("proton"))}<br>\n<blockquote class="protonmail_quote" type="cite">'
        page += quote_html(letter, "<div>", "</div>", _divs) + "</blockquote><br></div>"
    return Body(text, page + _divs(letter.below))


def orange(letter: Letter) -> Body:
    """A French provider: the block of the old message is quoted with it."""
    head = letter.say("orange")
    return Body(stack(letter.above, letter.signature, f"{head}\n> \n{quote_text(letter)}"), None)


def seznam(letter: Letter) -> Body:
    """A Czech provider: a dashed 'Původní e-mail' line in text, a quotation container in HTML."""
    head = letter.say("seznam")
    text = stack(letter.above, letter.signature, f"{head}\n\n{quote_text(letter, '')}", letter.below)
    page = f"<html><body>{letter.above_html or _divs(letter.above)}{_divs(letter.signature)}<br><aside>\n{html.escape(head).replace(chr(10), '<br>')}</aside><br>"
    page += quote_html(letter, '<blockquote data-email="quoted">', "</blockquote>", _divs)
    return Body(text, page + _divs(letter.below) + "</body></html>")


def wp(letter: Letter) -> Body:
    """A Polish provider: one attribution line in text mail."""
    return Body(
        stack(
            hard_wrapped(letter.above),
            letter.signature,
            f"{letter.say('wp')}\n{quote_text(letter)}",
            letter.below,
        ),
        None,
    )


def yandex(letter: Letter) -> Body:
    """Yandex: HTML alone, date, name and address above the quotation."""
    said = html.escape(letter.say("yandex"), quote=False)
    page = (letter.above_html or _divs(letter.above)) + _divs(letter.signature) + "<div> </div>"
    page += f"<div>{said}</div>" + quote_html(letter, "<blockquote>", "</blockquote>", _divs)
    return Body(None, page + _divs(letter.below))


def roundcube(letter: Letter) -> Body:
    """Roundcube: text wrapped at 72; answers above, below or between."""
    signed = f"-- \n{letter.signature}" if letter.signature else ""
    above = [] if letter.below else [signed]
    quoted = f"{letter.say('roundcube')}\n{quote_text(letter, answers=hard_wrapped)}" if letter.quoted else ""
    return Body(
        stack(
            hard_wrapped(letter.above),
            *above,
            quoted,
            hard_wrapped(letter.below),
            signed if letter.below else "",
        ),
        None,
    )


def _footer(footer: str) -> str:
    if "(https" not in footer:
        return html.escape(footer)
    return 'Sent with <a target="_blank" href="https://proton.me/mail/home">Proton Mail</a> secure email.'


def _divs(text: str) -> str:
    return lines_html(text, lambda row: f"<div>{row}</div>", "<div><br></div>") + "\n" if text.strip() else ""
