"""Owns the header of each mail: which fields it has, each written so that no client or relay mangles it.

It must never fold a structural field or put an encoded word into one: readers of RFC 8058 and signers break.
"""

from __future__ import annotations

from email.utils import format_datetime
from zoneinfo import ZoneInfo

from digest.errors import Permanent
from digest.outbound.facts import Frame
from digest.outbound.form.field_text import display_name, unstructured
from digest.words.speech import Speech

LONGEST_LINE = 998  # RFC 5322, 2.1.1
BULK = frozenset({"prompt", "digest", "questions"})
STOPPABLE = BULK | {"invitation"}
SUPPRESS = "OOF, AutoReply, DR, RN, NRN"  # [MS-OXCMAIL] 2.1.3.2.20; "All" would suppress bounces as well
POSTMARK, METADATA = ".postmarkapp.com", 80  # characters that it takes
SENDER_ID = "digest"  # the last field of a Feedback-ID, 5 to 15 characters


def header(frame: Frame, kind: str, subject: str, speech: Speech) -> list[str]:
    """The fields in order, each without its final CRLF. Raises Permanent for what cannot be written."""
    return [
        *_people(frame, speech),
        unstructured("Subject", subject),
        structural("Date", format_datetime(frame.date.astimezone(ZoneInfo(frame.timezone)))),
        structural("Message-ID", message_id(frame.message_id)),
        *_thread(frame),
        structural("Auto-Submitted", "auto-replied" if frame.answers_a_message else "auto-generated"),
        structural("X-Auto-Response-Suppress", SUPPRESS),
        *(_list(frame, kind) if kind in STOPPABLE else ()),
        structural("Content-Language", speech.language),
        *_for_the_relay(frame),
    ]


def structural(name: str, value: str) -> str:
    """A field on one line of at most 998 octets, printable ASCII only."""
    line = f"{name}: {value}"
    if not line.isascii() or not line.isprintable() or len(line) > LONGEST_LINE:
        raise Permanent(f"The field {name} cannot be written: {value[:60]!r}. Correct what it is made of.")
    return line


def mailbox_field(name: str, person: str, address: str) -> str:
    """From, Reply-To and To: encoded words in the display name only, folded only between them."""
    phrase = display_name(person, len(name) + 2)
    separator = "\r\n " if "=?" in phrase else " "
    return f"{name}: {phrase}{separator if phrase else ''}<{addr_spec(address)}>"


def addr_spec(address: str) -> str:
    """The address in ASCII (RFC 5890 for its domain). Raises Permanent where SMTPUTF8 is needed."""
    local_part, _, domain = address.rpartition("@")
    try:
        written = f"{local_part}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        written = ""
    if not local_part or not written.isascii() or not written.isprintable() or set(written) & set("<>, "):
        raise Permanent(f"Mail cannot be addressed to {address!r}. Give an address with plain letters.")
    return written


def message_id(identifier: str) -> str:
    """With its angle brackets, whether they were given or not."""
    return f"<{identifier.strip().removeprefix('<').removesuffix('>')}>"


def _people(frame: Frame, speech: Speech) -> list[str]:
    fields = [mailbox_field("From", frame.from_name or frame.group_name, frame.from_address)]
    if frame.reply_to_address:
        fields.append(mailbox_field("Reply-To", reply_to_name(frame, speech), frame.reply_to_address))
    return [*fields, mailbox_field("To", frame.recipient_name, frame.recipient_address)]


def _writable(identifier: str) -> bool:
    """Whether a Message-ID made by others can stand in our header; if not, the answer goes out without it."""
    return (
        identifier.isascii() and identifier.isprintable() and " " not in identifier and len(identifier) < 900
    )


def reply_to_name(frame: Frame, speech: Speech) -> str:
    if frame.reply_to_name or frame.week is None:
        return frame.reply_to_name or frame.group_name
    return speech.gettext("%(group)s, week %(week)d", group=frame.group_name, week=frame.week)


def _thread(frame: Frame) -> list[str]:
    """RFC 5322, 3.6.4: the parent's References, and the parent; not the middle of a very long thread."""
    if not frame.in_reply_to or not _writable(frame.in_reply_to):
        return []
    thread = [message_id(earlier) for earlier in frame.references if _writable(earlier)]
    parent = message_id(frame.in_reply_to)
    while thread and len(" ".join([*thread, parent])) > LONGEST_LINE - len("References: "):
        del thread[len(thread) // 2]
    return [structural("In-Reply-To", parent), structural("References", " ".join([*thread, parent]))]


def _list(frame: Frame, kind: str) -> list[str]:
    """RFC 2919, RFC 2369, RFC 8058; a Feedback-ID without anything of one person."""
    fields = [structural("Precedence", "bulk")] if kind in BULK else []
    fields.append(structural("List-Id", _list_id(frame)))
    ways = [f"<{way}>" for way in (frame.unsubscribe_url, _mailto(frame.unsubscribe_mailto)) if way]
    if ways:
        fields.append(structural("List-Unsubscribe", ", ".join(ways)))
    if frame.unsubscribe_url:
        fields.append(structural("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return [*fields, structural("Feedback-ID", f"{kind}:{frame.list_id_local}:weekly:{SENDER_ID}")]


def _for_the_relay(frame: Frame) -> list[str]:
    """Postmark puts a Message-ID of its own in place of ours, and its events name ours, only where it is told so."""
    if not f".{frame.relay_host or ''}".endswith(POSTMARK):
        return []
    identifier = message_id(frame.message_id)[1:-1]
    named = [structural("X-PM-Metadata-message-id", identifier)] if len(identifier) <= METADATA else []
    return [structural("X-PM-KeepID", "true"), *named]


def _list_id(frame: Frame) -> str:
    """The group's name only where it needs no encoded word."""
    identifier = f"<{frame.list_id_local}.lists.{addr_spec(frame.from_address).rpartition('@')[2]}>"
    name = display_name(frame.group_name, 0)
    return identifier if "=?" in name else f"{name} {identifier}"


def _mailto(address: str | None) -> str | None:
    """With words of its own, so that it cannot be taken for an answer (RFC 6068)."""
    if not address:
        return None
    url = f"mailto:{address.removeprefix('mailto:')}"
    return url if "?" in url else f"{url}?subject=unsubscribe&body=unsubscribe"
