"""Owns the forms of mail that machines write by themselves: header fields and structure. Never the words in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from tests.messages import mime

Record = Mapping[str, Any]
Fields = tuple[tuple[str, str], ...]

OUT_OF_OFFICE: dict[str, Fields] = {
    "exchange": (
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-MS-Exchange-Inbox-Rules-Loop", "{address}"),
        ("X-MS-TNEF-Correlator", ""),
    ),
    "exchange-bare": (
        ("X-Auto-Response-Suppress", "All"),
        ("Thread-Index", "AQHcWdHCauZ9aO8FdkJNpt2a9LUMSw=="),
    ),
    "gmail": (("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes")),
    "zimbra": (("Auto-Submitted", "auto-replied (zimbra; vacation)"), ("Precedence", "bulk")),
    "notes": (("Auto-Submitted", "auto-generated"), ("X-Mailer", "HCL Domino Release 12.0.2")),
    "groupwise": (("Auto-Submitted", "auto-replied"), ("X-Mailer", "GroupWise Internet Agent 24.2.0")),
    "sieve": (
        ("Auto-Submitted", "auto-replied (vacation)"),
        ("X-Sieve", "Pigeonhole Sieve 0.5.21"),
        ("Precedence", "bulk"),
    ),
    "vacation": (("Auto-Submitted", "auto-replied"), ("Precedence", "junk")),
    "gmx": (("Auto-Submitted", "auto-replied"), ("X-UI-Out-Filterresults", "notjunk:1;")),
    "cpanel": (("X-Autorespond", "{subject}"), ("Precedence", "auto_reply"), ("X-Loop", "{address}")),
    "plesk": (("X-Autoreply-From", "{address}"), ("Auto-Submitted", "auto-replied")),
    "holidayreply": (("X-Mail-Autoreply", "holidayreply"),),
    "firstclass": (("X-FC-MachineGenerated", "true"),),
    "none": (),
}


def autoreply(case: Record) -> tuple[Fields, mime.Part]:
    """A note with the fields of the system that sent it; `fields` of the record come on top."""
    fields = tuple(
        (name, value.format(**case, address=_address(case)))
        for name, value in OUT_OF_OFFICE[case.get("system", "none")]
    )
    return fields, _text(case, case["text"])


def read_receipt(case: Record) -> tuple[Fields, mime.Part]:
    """A message disposition notification (RFC 8098)."""
    address = _address(case)
    note = (
        f"Reporting-UA: {case.get('agent', 'mail.example; Mozilla Thunderbird')}\nFinal-Recipient: rfc822;{address}\n"
        f"Original-Message-ID: <prompt.1763366400@digest.example>\n"
        f"Disposition: {case.get('disposition', 'manual-action/MDN-sent-manually; displayed')}\n"
    )
    machine = mime.leaf("message/disposition-notification", note, "us-ascii", "7bit")
    return (), _report(case, "disposition-notification", machine)


def delivery_report(case: Record) -> tuple[Fields, mime.Part]:
    """A delivery status notification (RFC 3464)."""
    note = f"Reporting-MTA: dns; {case['mta']}\n\n{case['status'].strip()}\n"
    machine = mime.leaf("message/delivery-status", note, "us-ascii", "7bit")
    return (), _report(case, "delivery-status", machine, _returned(case))


def complaint(case: Record) -> tuple[Fields, mime.Part]:
    """A feedback report (RFC 5965)."""
    machine = mime.leaf("message/feedback-report", case["report"].strip() + "\n", "us-ascii", "7bit")
    return (), _report(case, "feedback-report", machine, _returned(case))


def calendar(case: Record) -> tuple[Fields, mime.Part]:
    """An answer to an invitation (RFC 5546): text, and a calendar with its method."""
    method = case.get("method", "REPLY")
    entry = "\n".join(
        (
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"PRODID:{case.get('agent', '-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN')}",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            "UID:040000008200E00074C5B7101A82E008@digest.example",
            "DTSTAMP:20261118T090000Z",
            "DTSTART:20261120T090000Z",
            f"ATTENDEE;PARTSTAT={case['partstat']}:mailto:{_address(case)}",
            f"SUMMARY:{case['summary']}",
            "END:VEVENT",
            "END:VCALENDAR",
        )
    )
    machine = mime.leaf(f"text/calendar; method={method}", entry + "\n")
    return (), mime.multipart("alternative", _boundary(case), _text(case, case["text"]), machine)


def _report(case: Record, kind: str, *parts: mime.Part) -> mime.Part:
    parameters = f"report-type={kind}; "
    return mime.multipart("report", _boundary(case), _text(case, case["text"]), *parts, parameters=parameters)


def _returned(case: Record) -> mime.Part:
    """The headers of our message that came back."""
    headers = (
        "From: Packaging group <r-k5xw2m7qf3tzh4jn6pbdyravce@in.digest.example>\n"
        f"To: {case.get('recipient', 'mira@member.example')}\nSubject: Packaging group, week 47\n"
        "Message-ID: <prompt.en.1763366400@digest.example>\nDate: Tue, 17 Nov 2026 09:00:00 +0100\n"
    )
    return mime.leaf("text/rfc822-headers", headers, "us-ascii", "7bit")


def _text(case: Record, text: str) -> mime.Part:
    plain = mime.leaf("text/plain", text, case.get("charset", "utf-8"), case.get("cte", "quoted-printable"))
    if not case.get("html"):
        return plain
    rows = text.strip().replace("\n", "<br>\n")
    page = mime.leaf(
        "text/html", f'<html><body><div style="font-family:Aptos,sans-serif">{rows}</div></body></html>\n'
    )
    return (
        page if case["html"] == "only" else mime.multipart("alternative", _boundary(case) + "a", plain, page)
    )


def _address(case: Record) -> str:
    return str(case["from"]).rpartition("<")[2].rstrip(">")


def _boundary(case: Record) -> str:
    return f"=_{crc32(case['name'].encode()):08x}"


FORMS: dict[str, Callable[[Record], tuple[Fields, mime.Part]]] = {
    "autoreply": autoreply,
    "read-receipt": read_receipt,
    "delivery-report": delivery_report,
    "complaint": complaint,
    "calendar": calendar,
}


def message(case: Record) -> bytes:
    """The whole message; `reply_to` names the mail of ours that set it off, `fields` are written as they stand."""
    more, content = FORMS[case.get("form", "autoreply")](case)
    path = case.get("return_path")
    named = {name.lower() for name in case.get("fields", {})}
    fields = (
        *((("Return-Path", path),) if path is not None else ()),
        ("From", case["from"]),
        ("To", case.get("to", "Packaging group <r-k5xw2m7qf3tzh4jn6pbdyravce@in.digest.example>")),
        ("Subject", case["subject"]),
        ("Date", case.get("date", "Tue, 17 Nov 2026 09:00:41 +0100")),
        ("Message-ID", f"<{crc32(case['name'].encode()):08x}@{case['from'].rpartition('@')[2].rstrip('>')}>"),
        *((("In-Reply-To", "<prompt.en.1763366400@digest.example>"),) if case.get("answers", True) else ()),
        *((name, value) for name, value in more if name.lower() not in named),
        *case.get("fields", {}).items(),
        ("MIME-Version", "1.0"),
        *content.fields,
    )
    return mime.written(fields, content.payload).replace(b"\n", b"\r\n")
