"""Outlook: Word HTML on the desktop, in the browser, on phones and on the Mac. Never marks quoted lines: it does not."""

from __future__ import annotations

import html

from tests.messages.letter import Body, Letter, lines_html, quote_html, quote_text, stack

RULE = "_" * 32
STYLE = 'style="font-family:Aptos,Calibri,sans-serif;font-size:12pt;color:rgb(0,0,0)"'
BLUE = '<p class="MsoNormal"><span style="color:#0070C0">{row}<o:p></o:p></span></p>'


def desktop(letter: Letter) -> Body:
    """Word HTML; the header block stands under a thin blue line."""
    text = stack(letter.above, letter.signature, _block_text(letter), letter.below)
    above = (
        (letter.above_html or _word(letter.above))
        + "\n"
        + (_word("\n" + letter.signature) if letter.signature else "")
    )
    border = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    rows = "<br>\n".join(f"<b>{_e(label)}</b> {_e(value)}" for label, value in letter.block())
    head = f'<div>\n<div style="{border}">\n<p class="MsoNormal">{rows}<o:p></o:p></p>\n</div>\n</div>\n'
    quoted = (
        quote_html(letter, "<div>", "</div>", lambda typed: lines_html(typed, _blue, ""))
        if letter.quoted
        else ""
    )
    page = f'{WORD_HEAD}\n<body lang="{letter.words["tag"]}" link="#0563C1" style="word-wrap:break-word">\n<div class="WordSection1">\n'
    page += above + '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n' + (head + quoted if letter.quoted else "")
    return Body(text, page + _word(letter.below) + "</div>\n</body>\n</html>")


def web(letter: Letter) -> Body:
    """Outlook in the browser and the new Outlook for Windows."""
    return _modern(letter, "")


def mobile(letter: Letter) -> Body:
    """Outlook for iOS and Android with its own footer."""
    footer = letter.say("outlook_mobile") if letter.footer is None else letter.footer
    return _modern(letter, footer)


def mac(letter: Letter) -> Body:
    """Outlook for Mac: 'Date' where Windows says 'Sent'."""
    block = "\n".join(f"{label} {value}" for label, value in letter.block("_mac"))
    text = stack(letter.above, letter.signature, f"{block}\n\n{quote_text(letter, '')}", letter.below)
    above = letter.above_html or _word(letter.above)
    rows = "<br>\n".join(
        f"<b><span style='font-size:12.0pt;color:black'>{_e(label)} </span></b><span style='font-size:12.0pt;color:black'>{_e(value)}</span>"
        for label, value in letter.block("_mac")
    )
    head = f'<div id="mail-editor-reference-message-container"><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal" style="mso-margin-bottom-alt:auto;mso-margin-top-alt:auto">{rows}<o:p></o:p></p></div>'
    page = f'{WORD_HEAD}<body lang="EN-US"><div class="WordSection1">{above}{_word(letter.signature)}{head}'
    return Body(
        text,
        page
        + quote_html(letter, "<div>", "</div>", lambda typed: lines_html(typed, _blue, ""))
        + "</div></div></body></html>",
    )


def _modern(letter: Letter, footer: str) -> Body:
    text = stack(
        letter.above,
        letter.signature,
        _footer_text(footer),
        f"{RULE}\n{_block_text(letter)}" if letter.quoted else "",
        letter.below,
    )
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\n<body dir="{_direction(letter)}">\n'
    page += letter.above_html or _divs(letter.above)
    if letter.signature:
        page += f'<div class="elementToProof" {STYLE}><br></div>\n<div id="Signature" class="elementToProof">\n{_divs(letter.signature)}</div>\n'
    if footer:
        page += f'<div><br></div>\n<div id="ms-outlook-mobile-signature">{footer}</div>\n'
    if letter.quoted:
        rows = "<br>\n".join(f"<b>{_e(label)}</b>&nbsp;{_e(value)}" for label, value in letter.block())
        page += f'<div id="appendonsend"></div>\n<hr style="display:inline-block;width:98%" tabindex="-1">\n<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{rows}</font>\n<div>&nbsp;</div>\n</div>\n'
        page += quote_html(letter, "<div>", "</div>", _divs)
    return Body(text, page + (_divs(letter.below) if letter.below else "") + "</body>\n</html>")


def _footer_text(footer: str) -> str:
    if "href=" not in footer:
        return footer
    before, _, rest = footer.partition('<a href="')
    link, _, shown = rest.partition('">')
    return f"{before}{shown.replace('</a>', '')}<{link}>"


def _block_text(letter: Letter) -> str:
    if not letter.quoted:
        return ""
    rows = "\n".join(f"{label} {value}" for label, value in letter.block())
    return f"{rows}\n\n{quote_text(letter, '')}"


def _word(text: str) -> str:
    if not text.strip():
        return ""
    empty = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
    return lines_html(text, lambda row: f'<p class="MsoNormal">{row}<o:p></o:p></p>', empty) + "\n"


def _blue(row: str) -> str:
    return BLUE.format(row=row)


def _divs(text: str) -> str:
    return (
        lines_html(
            text, lambda row: f'<div class="elementToProof" {STYLE}>{row}</div>', f"<div {STYLE}><br></div>"
        )
        + "\n"
    )


def _direction(letter: Letter) -> str:
    return "rtl" if letter.words["tag"] in ("he", "ar") else "ltr"


def _e(text: str) -> str:
    return html.escape(text, quote=False)


WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta name="Generator" content="Microsoft Word 15 (filtered medium)">
<style><!--
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
--></style></head>"""
