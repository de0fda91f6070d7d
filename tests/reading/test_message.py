"""What becomes of raw bytes, well-formed and hostile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from digest.errors import Unreadable
from digest.reading.mime.message import ParsedMessage, parse


def mail(body: str = "Hello.\n", **fields: str) -> bytes:
    head = {"From": "Mira Weiß <Mira@Example.org>", "To": "circle@example.net", "Subject": "Re: week 14"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    return ("".join(f"{name}: {value}\r\n" for name, value in head.items() if value) + "\r\n" + body).encode()


def multipart(kind: str, *parts: str, boundary: str = "b1") -> str:
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def part(kind: str, text: str, extra: str = "") -> str:
    return f"Content-Type: {kind}\r\n{extra}\r\n{text}"


def test_a_plain_message_gives_its_fields_and_its_text() -> None:
    message = parse(
        mail(
            "One.\r\nTwo.\r\n",
            Message_ID="<1@example.org>",
            In_Reply_To="<0@example.net>",
            References="<a@example.net>\r\n <0@example.net>",
            Date="Tue, 07 Apr 2026 09:00:00 +0200",
        )
    )
    assert message.from_addresses == ("mira@example.org",)
    assert message.from_name == "Mira Weiß"
    assert message.to == ("circle@example.net",)
    assert message.subject == "Re: week 14"
    assert (message.message_id, message.in_reply_to) == ("<1@example.org>", "<0@example.net>")
    assert message.references == ("<a@example.net>", "<0@example.net>")
    assert message.date == datetime(2026, 4, 7, 7, 0, tzinfo=UTC)
    assert message.text == "One.\nTwo.\n"
    assert message.html is None


def test_encoded_words_are_decoded_in_names_and_subjects() -> None:
    message = parse(
        mail(
            From="=?utf-8?B?xLBwZWs=?= <i@example.org>",
            Subject="=?iso-8859-1?Q?Gr=FC=DFe?=\r\n =?utf-8?Q?_da?=",
        )
    )
    assert message.from_name == "İpek"
    assert message.subject == "Grüße da"
    assert message.header("subject") == "Grüße da"


def test_missing_fields_are_none_or_empty_and_not_an_error() -> None:
    message = parse(b"Subject: x\n\n")
    assert message.from_addresses == ()
    assert message.message_id is None
    assert message.date is None
    assert message.text == ""


def test_two_from_fields_give_both_addresses() -> None:
    raw = b"From: a@example.org\nFrom: b@example.org\nSubject: x\n\nhi\n"
    assert parse(raw).from_addresses == ("a@example.org", "b@example.org")


def test_alternatives_give_one_text_and_one_page() -> None:
    raw = mail(
        multipart("alternative", part("text/plain", "plain"), part("text/html", "<p>rich</p>")),
        MIME_Version="1.0",
    )
    message = parse(raw.replace(b"\r\n\r\nContent-Type: multipart", b"\r\nContent-Type: multipart", 1))
    assert (message.text, message.html) == ("plain", "<p>rich</p>")


def with_body(body: str) -> ParsedMessage:
    return parse(b"From: a@example.org\r\nMIME-Version: 1.0\r\n" + body.encode())


def test_text_around_an_inline_picture_is_whole() -> None:
    message = with_body(
        multipart("mixed", part("text/plain", "before"), part("image/png", "x"), part("text/plain", "after"))
    )
    assert message.text == "before\nafter"
    assert [file.content_type for file in message.attachments] == ["image/png"]


def test_where_one_part_is_html_only_the_page_holds_both() -> None:
    message = with_body(multipart("mixed", part("text/html", "<p>answer</p>"), part("text/plain", "a < b")))
    assert message.text is None
    assert message.html == "<p>answer</p>\n<pre>a &lt; b</pre>"


def test_the_words_of_an_attached_message_are_not_the_senders() -> None:
    inner = "From: c@example.org\r\nSubject: old\r\n\r\nforeign words"
    message = with_body(multipart("mixed", part("text/plain", "see below"), part("message/rfc822", inner)))
    assert message.text == "see below"
    assert [file.content_type for file in message.attachments] == ["message/rfc822"]


def test_an_attached_text_file_is_not_the_body() -> None:
    disposition = 'Content-Disposition: attachment; filename="log.txt"\r\n'
    message = with_body(
        multipart("mixed", part("text/plain", "see file"), part("text/plain", "log", disposition))
    )
    assert message.text == "see file"
    assert [file.filename for file in message.attachments] == ["log.txt"]


def test_reports_and_calendar_answers_are_named() -> None:
    report = with_body(multipart("report; report-type=delivery-status", part("text/plain", "failed")))
    assert (report.content_type, report.report_type) == ("multipart/report", "delivery-status")
    answer = with_body(
        multipart("alternative", part("text/plain", "Yes"), part("text/calendar; method=REPLY", "BEGIN"))
    )
    assert answer.calendar_method == "reply"


def test_flowed_paragraphs_are_joined_and_quotes_kept_apart() -> None:
    message = with_body(
        part("text/plain; format=flowed", "one \r\ntwo\r\n> quoted \r\n> on\r\n >typed\r\n-- \r\nMira")
    )
    assert message.text == "one two\n> quoted on\n >typed\n-- \nMira"


def test_flowed_text_with_delsp_loses_the_soft_space() -> None:
    message = with_body(part("text/plain; format=flowed; delsp=yes", "日本 \r\n語"))
    assert message.text == "日本語"


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("utf-8", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", b"\x84so\x93", "„so“"),
        ("x-nobody-knows", "Grüße".encode(), "Grüße"),
        ("utf-8", "Grüße".encode("cp1252"), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("gb2312", "汉字".encode("gb18030"), "汉字"),
        ("base64", "Grüße".encode(), "Grüße"),
        ("punycode", b"plain", "plain"),
    ],
)
def test_text_is_read_whatever_the_charset_claims(charset: str, octets: bytes, text: str) -> None:
    raw = f"From: a@example.org\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + octets
    assert parse(raw).text == text


def test_nuls_are_taken_out() -> None:
    message = parse(b"From: a@example.org\r\nSubject: a\0b\r\n\r\nx\0y")
    assert message.text == "xy"
    assert message.subject == "ab"


def test_a_mailbox_line_and_blank_lines_before_the_header_do_no_harm() -> None:
    assert parse(b"\r\nFrom a@example.org Tue Apr  7 09:00:00 2026\nFrom: a@example.org\n\nhi").text == "hi"


def test_a_message_whose_boundary_never_comes_keeps_its_text() -> None:
    message = parse(
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\nlost and found\r\n"
    )
    assert message.text is not None
    assert "lost and found" in message.text


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"no message", b"hello: world\n\nx", b"\xff\xfe\x00" * 50])
def test_what_has_no_mail_header_is_no_message(raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(raw)
    assert caught.value.reason == "no-header"


def nested(levels: int) -> bytes:
    opening = "".join(
        f'Content-Type: multipart/mixed; boundary="n{n}"\r\n\r\n--n{n}\r\n' for n in range(levels)
    )
    return b"From: a@example.org\r\n" + opening.encode() + b"Content-Type: text/plain\r\n\r\nbottom\r\n"


HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "100,000 parts": (
        lambda: (
            b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n\r\n" * 100_000
        ),
        "too-many-parts",
    ),
    "3,000 levels": (lambda: nested(3_000), "too-many-parts"),
    "150 levels": (lambda: nested(150), "too-deep"),
    "10,000 attached messages": (
        lambda: b"From: a@b.c\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + b"x",
        "too-deep",
    ),
    "5 MB header field": (lambda: mail(X_Long="y" * 5_000_000), None),
    "5 MB folded header": (lambda: mail(X_Long="y\r\n " * 1_000_000), None),
    "500,000 header fields": (lambda: b"From: a@b.c\r\n" + b"X-Y: z\r\n" * 500_000 + b"\r\nx", None),
    "1 MB encoded words": (lambda: mail(Subject="=?utf-8?q?=C3=BC?= " * 60_000), None),
    "1 MB address list": (lambda: mail(To="a@example.org, " * 60_000), None),
    "parentheses": (lambda: mail(From="(" * 100_000), None),
    "1 MB content type": (lambda: mail(Content_Type="text/plain" + "; a=b" * 200_000), None),
    "1 MB semicolons in quotes": (lambda: mail(Content_Type='text/plain; a="' + ";" * 1_000_000), None),
    "1 MB part header": (
        lambda: (
            b"From: a@b.c\r\n" + multipart("mixed", part('text/plain; a="' + ";" * 1_000_000, "x")).encode()
        ),
        None,
    ),
    "received lines": (lambda: b"From: a@b.c\r\n" + b"Received: from x by y (" * 40_000 + b"\r\n\r\nx", None),
    "no line break": (lambda: b"From: a@b.c" + b" " * 5_000_000, None),
    "empty body": (lambda: mail(""), None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_end_soon(name: str) -> None:
    make, reason = HOSTILE[name]
    raw = make()
    start = time.process_time()
    if reason is None:
        assert len(parse(raw).from_addresses) <= 1
    else:
        with pytest.raises(Unreadable) as caught:
            parse(raw)
        assert caught.value.reason == reason
    assert time.process_time() - start < 4.0, "a second on a machine that does nothing else"


def test_more_than_thirty_megabytes_are_refused_with_a_sentence() -> None:
    with pytest.raises(Unreadable, match="larger than 30 MB") as caught:
        parse(b"From: a@example.org\r\n\r\n" + b"x" * (30 * 1024 * 1024))
    assert caught.value.reason == "too-large"


def test_at_most_fifty_addresses_are_kept() -> None:
    assert len(parse(mail(To=", ".join(f"m{n}@example.org" for n in range(80)))).to) == 50


def test_lines_of_hyphens_in_a_text_are_not_taken_for_parts() -> None:
    assert parse(mail("--x\n" * 1_000)).text == "--x\n" * 1_000


PIECES = st.sampled_from(
    [
        b"From: a@b.c\n",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: text/html; charset=utf-7\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Disposition: attachment; filename*=x''%ff\n",
        b"=?utf-8?b?\xff?=",
        b"Date: 99 Xyz 0\n",
        b"To: (((<>,;:\n",
        b" \tfolded\n",
        b"\n",
        b"--b\n",
        b"--b--\n",
    ]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=25).map(b"".join))
def test_any_bytes_are_a_message_or_unreadable(raw: bytes) -> None:
    try:
        message = parse(raw)
    except Unreadable:
        return
    shown = (message.text or "") + (message.html or "") + message.subject
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert "\0" not in shown
