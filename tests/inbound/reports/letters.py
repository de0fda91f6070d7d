"""Owns bounces and complaints in the forms in which mail servers write them. It must never hold a real address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

RECIPIENT: Final = "mira@example.com"
MESSAGE_ID: Final = "<prompt.0123456789abcdef01234567@digest.example>"


@dataclass(frozen=True)
class Bounced:
    """The mail that came back, and what is said of it."""

    recipient: str = RECIPIENT
    message_id: str = MESSAGE_ID
    status: str = "5.1.1"
    action: str = "failed"
    said: str = "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown"
    return_path: str = "b-aaaaaaaaaaaaaaaaaaaaaaaaaa@in.digest.example"

    @property
    def diagnostic(self) -> str:
        return self.said.format(recipient=self.recipient)

    @property
    def returned(self) -> str:
        return (
            f"Return-Path: <{self.return_path}>\nFrom: Packaging group <digest@digest.example>\n"
            f"To: Mira <{self.recipient}>\nSubject: Packaging group, week 14\nMessage-ID: {self.message_id}\n"
            "Date: Tue, 31 Mar 2026 09:00:00 +0200\nContent-Type: text/plain\n"
        )


def postfix(mail: Bounced, *, headers_only: bool = True) -> bytes:
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return _mail(
        "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n",
        [
            (
                "text/plain; charset=us-ascii",
                "This is the mail system at host mx.example.com.\n\nI'm sorry to have to inform you that your message\n"
                f"could not be delivered.\n\n<{mail.recipient}>: host said: {mail.diagnostic}\n",
            ),
            (
                "message/delivery-status",
                "Reporting-MTA: dns; mx.example.com\nX-Postfix-Queue-ID: 4Xyz123\nArrival-Date: Tue, 31 Mar 2026 "
                f"09:00:01 +0200 (CEST)\n\nFinal-Recipient: rfc822; {mail.recipient}\nOriginal-Recipient: "
                f"rfc822;{mail.recipient}\nAction: {mail.action}\nStatus: {mail.status}\nRemote-MTA: dns; "
                f"mx.example.com\nDiagnostic-Code: smtp; {mail.diagnostic}\n",
            ),
            (kind, mail.returned + ("" if headers_only else "\nHello Mira,\n")),
        ],
    )


def exchange(mail: Bounced) -> bytes:
    """As Exchange Online writes it: the words in two forms, the status without a blank, the mail as a whole."""
    return _mail(
        "From: <postmaster@example.onmicrosoft.example>\nSubject: Undeliverable: Packaging group, week 14\n"
        f"In-Reply-To: {mail.message_id}\nX-MS-Exchange-Message-Is-Ndr:\n",
        [
            (
                'multipart/alternative; boundary="inner"',
                "--inner\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
                "--inner\nContent-Type: text/html\n\n<p>Your message could not be delivered.</p>\n--inner--\n",
            ),
            (
                "message/delivery-status",
                "Reporting-MTA: dns;AM0PR01.example.prod.outlook.example\nReceived-From-MTA: dns;mail.digest.example\n"
                "Arrival-Date: Tue, 31 Mar 2026 07:00:02 +0000\n\n"
                f"Final-Recipient: rfc822;{mail.recipient}\nAction: {mail.action}\nStatus: {mail.status}\n"
                f"Diagnostic-Code: smtp;{mail.diagnostic}\n",
            ),
            ("message/rfc822", mail.returned + "\nHello Mira,\n"),
        ],
    )


def exim(mail: Bounced) -> bytes:
    """Exim says 5.0.0 whatever the reason, and has the exact status in the far server's words alone."""
    return _mail(
        f"X-Failed-Recipients: {mail.recipient}\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\n"
        "Subject: Mail delivery failed: returning message to sender\n",
        [
            (
                "text/plain",
                "This message was created automatically by mail delivery software.\n\n"
                f"  {mail.recipient}\n    host mx.example.com\n    SMTP error from remote mail server after RCPT TO:\n"
                f"    {mail.diagnostic}\n",
            ),
            (
                "message/delivery-status",
                f"Reporting-MTA: dns; mx.example.com\n\nAction: failed\nFinal-Recipient: rfc822;{mail.recipient}\n"
                f"Status: 5.0.0\nRemote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; {mail.diagnostic}\n",
            ),
            ("text/rfc822-headers", mail.returned),
        ],
    )


def exim_in_words(mail: Bounced) -> bytes:
    return (
        f"X-Failed-Recipients: {mail.recipient}\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\n"
        "Subject: Mail delivery failed: returning message to sender\nMessage-ID: <E1@mx.example.com>\n\n"
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        f"delivered.\n\n  {mail.recipient}\n    {mail.diagnostic}\n\n"
        f"------ This is a copy of the message's headers. ------\n\n{mail.returned}"
    ).encode()


def qmail(mail: Bounced) -> bytes:
    """QSBMF: no MIME at all."""
    return (
        "From: MAILER-DAEMON@mx.example.com\nTo: someone@digest.example\nSubject: failure notice\n"
        "Message-ID: <q1@mx.example.com>\n\n"
        "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your "
        "message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{mail.recipient}>:\n{mail.diagnostic}\n\n--- Below this line is a copy of the message.\n\n{mail.returned}"
    ).encode()


def internationalized(mail: Bounced) -> bytes:
    """RFC 6533: the status part in UTF-8, here in base64, with an escaped address."""
    import base64

    status = (
        "Reporting-MTA: dns; mx.example.com\n\n"
        f"Final-Recipient: utf-8; {mail.recipient}\nAction: failed\nStatus: {mail.status}\n"
    )
    return _mail(
        "From: postmaster@mx.example.com\nSubject: Returned mail\n",
        [
            ("text/plain; charset=utf-8", "Nicht zugestellt.\n"),
            (
                "message/global-delivery-status\nContent-Transfer-Encoding: base64",
                base64.encodebytes(status.encode()).decode(),
            ),
            ("message/global-headers", mail.returned),
        ],
    )


def complaint(
    mail: Bounced, fields: str = "", *, kind: str = "abuse", sender: str = "fbl@provider.example"
) -> bytes:
    """ARF (RFC 5965); without `fields` it is redacted (RFC 6590): our Message-ID is all that is left."""
    redacted = replace(mail, recipient="redacted@redacted.invalid", return_path="<>")
    return _mail(
        f"From: {sender}\nSubject: FW: Packaging group, week 14\n",
        [
            ("text/plain", "This is an email abuse report.\n"),
            (
                "message/feedback-report",
                f"Feedback-Type: {kind}\nUser-Agent: Feedback/1.0\nVersion: 1\n{fields}",
            ),
            ("message/rfc822", (mail if fields else redacted).returned + "\nHello Mira,\n"),
        ],
        report_type="feedback-report",
    )


def yahoo(mail: Bounced) -> bytes:
    return complaint(
        mail,
        f"Original-Mail-From: <{mail.return_path}>\nOriginal-Rcpt-To: {mail.recipient}\n",
        sender="Yahoo! Mail AntiSpam Feedback <feedback@arf.mail.yahoo.com>",
    )


def hotmail(mail: Bounced) -> bytes:
    """No report at all: our mail is attached, and the recipient stands in a field of its own."""
    return _mail(
        "From: <staff@hotmail.com>\nSubject: complaint about message from 192.0.2.1\n",
        [("message/rfc822", f"X-HmXmrOriginalRecipient: {mail.recipient}\n{mail.returned}\nHello Mira,\n")],
        content_type="multipart/mixed",
    )


def _mail(
    head: str, parts: list[tuple[str, str]], *, report_type: str = "delivery-status", content_type: str = ""
) -> bytes:
    kind = content_type or f"multipart/report; report-type={report_type}"
    body = "".join(f"--=_x\nContent-Type: {part}\n\n{text}\n" for part, text in parts)
    return (
        f"{head}To: someone@digest.example\nMessage-ID: <report-1@mx.example.com>\n"
        f"Date: Tue, 31 Mar 2026 09:00:05 +0200\nMIME-Version: 1.0\n"
        f'Content-Type: {kind}; boundary="=_x"\n\n{body}--=_x--\n'
    ).encode()
