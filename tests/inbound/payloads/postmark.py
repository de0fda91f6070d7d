"""Owns posts as Postmark makes them: the inbound webhook with the raw message, and message webhooks."""

from __future__ import annotations

import base64
import json

from tests.inbound.letter import Letter
from tests.inbound.payloads import Post


def authorization(pair: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def postmark_body(letter: Letter, *, raw: bool = True) -> dict[str, object]:
    local_part, _, domain = letter.rcpt_to.partition("@")
    body: dict[str, object] = {
        "FromName": "Mira",
        "MessageStream": "inbound",
        "From": "mira@example.com",
        "FromFull": {"Email": "mira@example.com", "Name": "Mira", "MailboxHash": ""},
        "To": "somebody@example.net",
        "ToFull": [{"Email": "somebody@example.net", "Name": "", "MailboxHash": ""}],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": f"{local_part}@{domain}",
        "Subject": "Re: Packaging group, week 14",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "ReplyTo": "",
        "MailboxHash": "",
        "Date": "Tue, 31 Mar 2026 09:12:00 +0200",
        "TextBody": "Tried: a thing",
        "HtmlBody": "",
        "StrippedTextReply": "",
        "Tag": "",
        "Headers": [
            {"Name": "Return-Path", "Value": f"<{letter.mail_from}>"},
            {"Name": "Received", "Value": "by p-pm-inboundg02a-aws-euwest1a.inbound.postmarkapp.com"},
            {"Name": "X-Spam-Status", "Value": "No"},
            {"Name": "Received-SPF", "Value": "Pass (sender SPF authorized)"},
            {"Name": "Message-ID", "Value": "<a@client.example>"},
        ],
        "Attachments": [],
    }
    return body | ({"RawEmail": letter.raw.decode("utf-8", "surrogateescape")} if raw else {})


def as_json(body: object, pair: str) -> Post:
    """Bytes that are no UTF-8 stand in the body as they are."""
    written = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape")
    return Post("/inbound/postmark", {"Content-Type": "application/json", **authorization(pair)}, written)


def postmark_post(letter: Letter, pair: str) -> Post:
    return as_json(postmark_body(letter), pair)


def postmark_event(record_type: str, **fields: object) -> dict[str, object]:
    return {
        "RecordType": record_type,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "MessageStream": "outbound",
        "ServerID": 23,
        "Tag": "",
        "Metadata": {"message-id": "<week14.ben@digest.example.org>"},
        **fields,
    }
