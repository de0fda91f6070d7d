"""Owns how replies are composed by the clients that people use: quotation, attribution, signature.
It must never make a reply easier to read than the real ones are.
"""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from babel.dates import format_date, format_time

from digest.demo.cast import Player
from digest.demo.mailbox import Mail

CLIENTS = {
    "webmail": "Webmail: above the quotation",
    "phone": "Phone: above, with its own footer",
    "thunderbird": "Desktop: below the quotation",
}


def reply(player: Player, mail: Mail, text: str, client: str, now: datetime) -> bytes:
    """The reply as that client sends it (RFC 5322)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{player.name} <{player.address}>"
    message["To"] = mail.reply_to
    message["Subject"] = mail.subject if mail.subject.startswith("Re: ") else f"Re: {mail.subject}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{secrets.token_hex(12)}@client.example>"
    message["In-Reply-To"] = mail.message_id
    message["References"] = mail.message_id
    COMPOSE[client](message, player, mail, text)
    return message.as_bytes()


def _webmail(message: EmailMessage, player: Player, mail: Mail, text: str) -> None:
    typed = f"{text}\n\n{_attribution(player, mail)}\n\n"
    message.set_content(typed + _quoted(mail.text))
    message.add_alternative(
        f'<div dir="ltr">{_lines(text)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{html.escape(_attribution(player, mail))}<br></div><blockquote class="gmail_quote" '
        f'style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">{mail.html}</blockquote></div>',
        subtype="html",
    )


def _phone(message: EmailMessage, player: Player, mail: Mail, text: str) -> None:
    footer = "Von meinem iPhone gesendet" if player.locale == "de" else "Sent from my iPhone"
    message.set_content(f"{text}\n\n{footer}\n\n> {_attribution(player, mail)}\n> \n{_quoted(mail.text)}")


def _thunderbird(message: EmailMessage, player: Player, mail: Mail, text: str) -> None:
    signature = f"-- \n{player.name}\nPackaging and returns, plant south\n+49 30 000000"
    message.set_content(f"{_attribution(player, mail)}\n{_quoted(mail.text)}\n\n{text}\n\n{signature}\n")


COMPOSE: dict[str, Callable[[EmailMessage, Player, Mail, str], None]] = {
    "webmail": _webmail,
    "phone": _phone,
    "thunderbird": _thunderbird,
}


def _attribution(player: Player, mail: Mail) -> str:
    day = format_date(mail.sent_at, "medium", locale=player.locale)
    hour = format_time(mail.sent_at, "short", locale=player.locale)
    who = f"{mail.sender} <digest@example.com>"
    if player.locale == "de":
        return f"Am {day} um {hour} schrieb {who}:"
    return f"On {day} at {hour}, {who} wrote:"


def _quoted(text: str) -> str:
    return "".join(f"> {line}\n" if line else ">\n" for line in text.splitlines())


def _lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.splitlines())
