"""Replies as mail clients compose them: each form takes what was typed and what is quoted, and gives a
message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

QUOTED = (
    "Hello Mira,",
    "what was this week like? One line is plenty.",
    "",
    "1. What did you try?",
    "2. What did not work?",
    "",
    "Just reply, in your language, in any order.",
)
SENDER = "Packaging group"
ADDRESS = "r-k3v7qmxr2c@in.example.net"


@dataclass(frozen=True)
class Form:
    """One client's form: its name, and the body that it makes of typed lines (`html` says of which kind)."""

    name: str
    html: bool
    body: Callable[[Sequence[str]], str]

    def message(self, typed: str) -> bytes:
        """A whole message in this form."""
        mail = EmailMessage()
        mail["From"] = "Mira Weber <mira@example.org>"
        mail["To"] = f"{SENDER} <{ADDRESS}>"
        mail["Subject"] = "Re: Packaging group, week 14"
        mail.set_content(self.body(typed.split("\n")), subtype="html" if self.html else "plain", cte="base64")
        return mail.as_bytes()


def _marked(lines: Sequence[str]) -> str:
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _above(introduction: str, footer: str = "") -> Callable[[Sequence[str]], str]:
    def body(typed: Sequence[str]) -> str:
        parts = ["\n".join(typed), footer, introduction + "\n" + _marked(QUOTED)]
        return "\n\n".join(part for part in parts if part) + "\n"

    return body


def _below(introduction: str) -> Callable[[Sequence[str]], str]:
    return lambda typed: introduction + "\n" + _marked(QUOTED) + "\n\n" + "\n".join(typed) + "\n"


def _unmarked(introduction: str, footer: str = "") -> Callable[[Sequence[str]], str]:
    def body(typed: Sequence[str]) -> str:
        parts = ["\n".join(typed), footer, introduction, "\n".join(QUOTED)]
        return "\n\n".join(part for part in parts if part) + "\n"

    return body


def _lines(lines: Sequence[str], tag: str = "div", attributes: str = "") -> str:
    start = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
    return "".join(f"{start}{escape(line).replace('  ', ' &nbsp;') or '<br>'}</{tag}>" for line in lines)


def _page(
    start: str, introduction: str, quotation: str, end: str = "", **style: str
) -> Callable[[Sequence[str]], str]:
    def body(typed: Sequence[str]) -> str:
        quoted = quotation.format(_lines(QUOTED))
        return f"<html><body>{start}{_lines(typed, **style)}{introduction}{quoted}{end}</body></html>"

    return body


def _head(labels: Sequence[str], when: str, *, bold: str = "{}:") -> str:
    values = (f"{SENDER} <{ADDRESS}>", when, "Mira Weber <mira@example.org>", "Packaging group, week 14")
    return "\n".join(f"{bold.format(label)} {value}" for label, value in zip(labels, values, strict=True))


_GMAIL = '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{0}<br></div>'
_GMAIL_END = '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">{}</blockquote></div>'
_OUTLOOK_HEAD = (
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>{0}:</b> Packaging group '
    "&lt;r-k3v7qmxr2c@in.example.net&gt;<br><b>{1}:</b> {2}<br><b>{3}:</b> Mira Weber<br><b>{4}:</b> Week 14</p></div>"
)
_MSO = {"tag": "p", "attributes": 'class="MsoNormal"'}
_RULE = "_" * 32

FORMS = [
    Form(
        "gmail text en", False, _above(f"On Tue, Apr 7, 2026 at 9:00\u202fAM {SENDER} <{ADDRESS}> wrote:\n")
    ),
    Form(
        "gmail text de, wrapped",
        False,
        _above(f"Am Di., 7. Apr. 2026 um 09:00 Uhr schrieb {SENDER} <\n{ADDRESS}>:\n"),
    ),
    Form(
        "gmail text fr, wrapped",
        False,
        _above(f"Le mar. 7 avr. 2026 à 09:00, {SENDER} <{ADDRESS}> a\nécrit :\n"),
    ),
    Form("gmail text ja", False, _above(f"2026年4月7日(火) 9:00 {SENDER} <{ADDRESS}>:\n")),
    Form("gmail html", True, _page("", _GMAIL.format(f"On Tue, {SENDER} wrote:"), _GMAIL_END)),
    Form("gmail html, unknown language", True, _page("", _GMAIL.format("Xyz qwertz"), _GMAIL_END)),
    Form("apple mail text", False, _above(f"On 7. Apr 2026, at 09:00, {SENDER} <{ADDRESS}> wrote:\n")),
    Form("apple mail de", False, _above(f"> Am 07.04.2026 um 09:00 schrieb {SENDER} <{ADDRESS}>:\n> ")),
    Form(
        "apple mail html",
        True,
        _page(
            "",
            "<br><div><blockquote type='cite'><div>On 7. Apr 2026, Ben wrote:</div>",
            "<div>{}</div></blockquote></div>",
        ),
    ),
    Form(
        "iphone",
        False,
        _above(f"On Apr 7, 2026, at 9:00 AM, {SENDER} <{ADDRESS}> wrote:\n", "Sent from my iPhone"),
    ),
    Form(
        "iphone de",
        False,
        _above(f"> Am 07.04.2026 um 09:00 schrieb {SENDER} <{ADDRESS}>:\n> ", "Von meinem iPhone gesendet"),
    ),
    Form("thunderbird", False, _above(f"On 4/7/26 09:00, {SENDER} wrote:")),
    Form("thunderbird de, below", False, _below(f"Am 07.04.26 um 09:00 schrieb {SENDER}:")),
    Form(
        "thunderbird html",
        True,
        _page(
            "",
            '<div class="moz-cite-prefix">Am 07.04.26 um 09:00 schrieb X:<br></div>',
            '<blockquote type="cite">{}</blockquote>',
            tag="p",
        ),
    ),
    Form(
        "outlook text",
        False,
        _unmarked(_head(("From", "Sent", "To", "Subject"), "Tuesday, April 7, 2026 9:00 AM")),
    ),
    Form(
        "outlook text de",
        False,
        _unmarked(_head(("Von", "Gesendet", "An", "Betreff"), "Dienstag, 7. April 2026 09:00")),
    ),
    Form(
        "outlook text, marker",
        False,
        _unmarked(
            "-----Original Message-----\n"
            + _head(("From", "Sent", "To", "Subject"), "Tuesday, April 7, 2026 9:00 AM")
        ),
    ),
    Form(
        "outlook phone",
        False,
        _unmarked(
            f"{_RULE}\n" + _head(("From", "Sent", "To", "Subject"), "Tuesday, April 7, 2026 9:00:12 AM"),
            "Get Outlook for iOS<https://aka.ms/o0ukef>",
        ),
    ),
    Form(
        "outlook html",
        True,
        _page(
            "",
            _OUTLOOK_HEAD.format("From", "Sent", "Tuesday, April 7, 2026 9:00 AM", "To", "Subject"),
            "{}",
            **_MSO,
        ),
    ),
    Form(
        "outlook html de",
        True,
        _page(
            "",
            _OUTLOOK_HEAD.format("Von", "Gesendet", "Dienstag, 7. April 2026 09:00", "An", "Betreff"),
            "{}",
            **_MSO,
        ),
    ),
    Form(
        "outlook web",
        True,
        _page(
            "",
            '<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>Xyz:</b> Abc</div>',
            "<div>{}</div>",
        ),
    ),
    Form("new outlook", True, _page("", '<div id="mail-editor-reference-message-container">', "{}</div>")),
    Form(
        "gmx",
        True,
        _page(
            "", '<div name="quote" style="border-left: 2px solid #C3D9E5;"><div>Gesendet: x</div>', "{}</div>"
        ),
    ),
    Form(
        "yahoo",
        True,
        _page(
            "", '<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Am Dienstag schrieb X:</div>', "{}</div>"
        ),
    ),
    Form(
        "proton",
        True,
        _page(
            "",
            '<div class="protonmail_quote">X schrieb:<br>',
            '<blockquote type="cite">{}</blockquote></div>',
        ),
    ),
    Form(
        "proton text",
        False,
        _above(
            f"On Tuesday, April 7th, 2026 at 9:00 AM, {SENDER} <{ADDRESS}> wrote:\n",
            "Sent with Proton Mail secure email.",
        ),
    ),
    Form("k9", False, _above(f"Am 7. April 2026 09:00:12 MESZ schrieb {SENDER} <{ADDRESS}>:")),
    Form("roundcube", False, _below(f"Am 2026-04-07 09:00, schrieb {SENDER}:")),
    Form("mutt", False, _above(f"On Tue, Apr 07, 2026 at 09:00:12AM +0200, {SENDER} wrote:")),
    Form("claws", False, _above(f"On Tue, 7 Apr 2026 09:00:12 +0200\n{SENDER} <{ADDRESS}> wrote:\n")),
    Form("evolution de", False, _below(f"Am Dienstag, dem 07.04.2026 um 09:00 +0200 schrieb {SENDER}:")),
    Form(
        "kmail de",
        False,
        _below(f"Am Dienstag, 7. April 2026, 09:00:12 Mitteleuropäische Sommerzeit schrieb {SENDER}:"),
    ),
    Form(
        "yandex",
        True,
        _page(
            "",
            '<div>07.04.2026, 09:00, "Packaging group" &lt;r-k3v7qmxr2c@in.example.net&gt;:</div>',
            "<blockquote>{}</blockquote>",
        ),
    ),
    Form(
        "zimbra",
        True,
        _page(
            "",
            '<hr id="zwchr" data-marker="__DIVIDER__"><div><b>Von: </b>X</div>',
            "<blockquote>{}</blockquote>",
        ),
    ),
    Form("zoho", False, _above(f"---- On Tue, 07 Apr 2026 09:00:12 +0200 {SENDER} <{ADDRESS}> wrote ----\n")),
    Form(
        "fairemail",
        True,
        _page(
            "",
            '<p fairemail="reply">Am 7. April 2026 09:00 schrieb X:</p>',
            '<blockquote fairemail="quote">{}</blockquote>',
        ),
    ),
    Form("no quotation", False, lambda typed: "\n".join(typed) + "\n"),
    Form("no quotation, html", True, lambda typed: f"<html><body>{_lines(typed)}</body></html>"),
]
