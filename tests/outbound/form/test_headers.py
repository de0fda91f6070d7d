"""The header of a mail: read back by a client, each field is what was meant, and nobody can add one."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given, strategies as st

from digest.errors import Permanent
from digest.outbound.compose import compose
from digest.outbound.examples import EXAMPLES
from digest.outbound.examples.example import frame
from digest.outbound.form.field_text import unstructured
from digest.outbound.form.headers import header
from digest.words.clean_text import one_line
from tests.outbound.given import EVERY_MAIL, example_mail, parsed

WITHOUT_WORDS = (
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
)
MINE = frame("en")


def written(subject: str = "Hello", kind: str = "prompt", **other: object) -> dict[str, str]:
    """The fields by name, each as it stands on the wire."""
    mine = replace(MINE, **other)
    fields = header(mine, kind, subject, mine.speech)
    return {name: value for name, _, value in (field.partition(": ") for field in fields)}


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_no_line_of_any_mail_is_longer_than_998_octets_or_beyond_ascii(name: str, locale: str) -> None:
    raw = example_mail(name, locale).raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_structural_fields_are_never_folded_nor_hold_an_encoded_word(name: str, locale: str) -> None:
    head = example_mail(name, locale).raw.partition(b"\r\n\r\n")[0].decode("ascii")
    for field in head.split("\r\n"):
        if field.partition(":")[0] in WITHOUT_WORDS:
            assert "=?" not in field
    folded = re.findall(r"([\w-]+):[^\r]*\r\n ", head)
    assert {*folded} <= {"Subject", "From", "Reply-To", "To"}


HOSTILE = {
    "long": "Verpackungsrunde für süße und salzige Überraschungen im Kühlraum " * 12,
    "one long word": "x" * 1200,
    "a line break": "Packaging\r\nBcc: everybody@firm.example\r\n\r\nand a body",
    "an encoded word": "=?utf-8?q?Bcc=3A_x=40y=2Eexample?=" * 20,
    "quotes and brackets": '"Otto" <otto@evil.example>, \\ (x); group:' * 8,
    "another script": "包装组🙂Ωμέγα" * 60,
    "direction marks": "\u202egnigakcaP\u2066 \x00\x1b[31m\u2028 group",
}


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_header_of_any_mail(kind: str, name: str) -> None:
    """RFC 5322, 2.1.1 and 2.2.3; RFC 2047, 2 and 5."""
    example, hostile = EXAMPLES[kind]("en"), HOSTILE[name]
    letter = replace(example.frame, group_name=hostile, recipient_name=hostile, reply_to_name=hostile)
    letter = replace(letter, group_task=hostile, in_reply_to="<" + "a" * 2000 + "@x>")
    mail = compose(letter, example.facts)
    head, _, body = mail.raw.partition(b"\r\n\r\n")
    assert mail.raw.isascii()
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    fields = re.split(r"\r\n(?![ \t])", head.decode("ascii"))
    plain = example_mail(kind, "en").raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = {field.partition(":")[0] for field in re.split(r"\r\n(?![ \t])", plain)}
    assert {field.partition(":")[0] for field in fields} <= names, "none is added"
    assert {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"} <= {
        f.partition(":")[0] for f in fields
    }
    for field in fields:
        words = re.findall(r"=\?\S+?\?=", field)
        assert all(len(word) <= 75 for word in words)
        assert not words or max(map(len, field.split("\r\n"))) <= 76
        if field.partition(":")[0] in (*WITHOUT_WORDS, "Date", "Auto-Submitted", "X-Auto-Response-Suppress"):
            assert not words
            assert "\r\n" not in field
    assert body


@pytest.mark.parametrize("kind", EXAMPLES)
def test_what_answers_a_message_says_so_and_takes_no_bounce(kind: str) -> None:
    """RFC 3834, 3.1.7 and 3.3; RFC 5321, 4.5.5."""
    example = EXAMPLES[kind]("en")
    mail = compose(replace(example.frame, answers_a_message=True, envelope_from=""), example.facts)
    assert mail.mail_from == ""
    assert parsed(mail.raw)["Auto-Submitted"] == "auto-replied"


@given(st.text(max_size=300))
def test_any_subject_is_read_back_as_it_was_on_lines_of_at_most_76(subject: str) -> None:
    field = unstructured("Subject", subject)
    assert all(len(line) <= 76 for line in field.split("\r\n"))
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", field))
    assert decoded(field.removeprefix("Subject: ")) == one_line(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "Packaging group, week 14",
        "Verpackungsrunde für Süßes, Woche 14: ist angekommen, und zwar mit einem sehr langen Namen der Gruppe",
        "Ομάδα συσκευασίας και ετικετών, εβδομάδα δεκατέσσερα, με πολλές ερωτήσεις ανοιχτές ακόμη",
        "包装组" * 30,
        "=?utf-8?q?not_mine?=",
        "a" * 200,
        "🙂" * 40,
    ],
)
def test_a_subject_keeps_every_word(subject: str) -> None:
    raw = (unstructured("Subject", subject) + "\r\n\r\n").encode("ascii")
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject


@given(st.text(min_size=1, max_size=60))
def test_no_name_can_add_a_field_or_an_address(name: str) -> None:
    fields = written(group_name=name, recipient_name=name, reply_to_name=name)
    for field in ("From", "To", "Reply-To"):
        unfolded = fields[field].replace("\r\n ", " ")
        assert "\n" not in unfolded
        assert "\r" not in unfolded
        assert unfolded.endswith(">")
        address = {"From": MINE.from_address, "To": MINE.recipient_address, "Reply-To": MINE.reply_to_address}
        assert parseaddr(unfolded)[1] == address[field]


@pytest.mark.parametrize(
    "name",
    [
        "Jonas & Söhne",
        'Otto "the label" Müller',
        "Mira, Ben <and> Carla",
        "x@y.example",
        "Ωμέγα",
        "O’Brien (QA)",
    ],
)
def test_a_display_name_is_read_back_as_it_was(name: str) -> None:
    raw = f"From: {written(group_name=name)['From']}\r\n\r\n".encode("ascii")
    sender = message_from_bytes(raw, policy=policy.default)["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in sender] == [(name, MINE.from_address)]


def test_a_line_break_in_a_name_is_a_space() -> None:
    fields = written(group_name="Packaging\r\nBcc: everybody@firm.example")
    assert fields["From"].startswith('"Packaging Bcc: everybody@firm.example" <')
    assert "Bcc" not in fields


def test_from_shows_the_group_and_reply_to_its_week() -> None:
    fields = written()
    assert fields["From"] == "Packaging group <groups@digest.example>"
    assert fields["Reply-To"].startswith('"Packaging group, week 14" <r-')


def test_a_name_beyond_ascii_stays_out_of_list_id() -> None:
    assert written()["List-Id"] == "Packaging group <g-7k2xq4mz.lists.digest.example>"
    assert written(group_name="Süßes")["List-Id"] == "<g-7k2xq4mz.lists.digest.example>"


def test_prompt_digest_and_invitation_can_be_stopped_with_one_click() -> None:
    for kind in ("prompt", "digest", "invitation"):
        fields = written(kind=kind)
        https, mailto = fields["List-Unsubscribe"].split(", ")
        assert https == f"<{MINE.unsubscribe_url}>"
        assert mailto == f"<mailto:{MINE.unsubscribe_mailto}?subject=unsubscribe&body=unsubscribe>"
        assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_web_address_stopping_is_by_mail_alone() -> None:
    fields = written(unsubscribe_url=None)
    assert (
        fields["List-Unsubscribe"]
        == f"<mailto:{MINE.unsubscribe_mailto}?subject=unsubscribe&body=unsubscribe>"
    )
    assert "List-Unsubscribe-Post" not in fields


def test_an_answer_to_one_person_is_no_list_mail() -> None:
    fields = written(kind="receipt")
    assert not [name for name in fields if name.startswith("List-") or name in ("Precedence", "Feedback-ID")]


def test_machines_are_told_not_to_answer_but_to_bounce() -> None:
    for kind in EXAMPLES:
        assert written(kind=kind)["X-Auto-Response-Suppress"] == "OOF, AutoReply, DR, RN, NRN"
    assert written()["Precedence"] == "bulk"
    assert written()["Auto-Submitted"] == "auto-generated"
    assert written(answers_a_message=True)["Auto-Submitted"] == "auto-replied"


def test_the_feedback_id_names_nobody() -> None:
    mine, hers = (
        written(),
        written(recipient_name="Ben", recipient_address="ben@firm.example", message_id="<2@x>"),
    )
    assert mine["Feedback-ID"] == hers["Feedback-ID"] == "prompt:g-7k2xq4mz:weekly:digest"


def test_an_answer_stands_in_the_thread_of_what_it_answers() -> None:
    fields = written(in_reply_to="<b@x>", references=("<a@x>",))
    assert (fields["In-Reply-To"], fields["References"]) == ("<b@x>", "<a@x> <b@x>")
    assert "References" not in written()


def test_a_very_long_thread_loses_its_middle() -> None:
    thread = tuple(f"<{number:060}@x.example>" for number in range(200))
    kept = written(in_reply_to="<last@x>", references=thread)["References"].split()
    assert kept[0] == thread[0]
    assert kept[-1] == "<last@x>"
    assert len(kept) > 10


@pytest.mark.parametrize("identifier", ["<a@x>\r\nBcc: b@x", "<ä@x>", "<a b@x>", "<" + "a" * 2000 + "@x>"])
def test_a_message_id_that_nobody_can_write_is_left_out_and_the_answer_still_goes(identifier: str) -> None:
    fields = written(in_reply_to=identifier, references=("<good@x>",))
    assert "In-Reply-To" not in fields
    assert (
        written(in_reply_to="<ok@x>", references=(identifier, "<good@x>"))["References"] == "<good@x> <ok@x>"
    )


def test_a_domain_beyond_ascii_is_written_in_ascii_and_such_a_local_part_refused() -> None:
    assert written(recipient_address="mira@büro.example")["To"].endswith("<mira@xn--bro-hoa.example>")
    with pytest.raises(Permanent, match="müller"):
        written(recipient_address="müller@firm.example")


@pytest.mark.parametrize("address", ["no-at-sign", "a@x\r\nBcc: b@x", "a b@x", "a@x, b@x", "<a@x>"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Permanent):
        written(recipient_address=address)


@pytest.mark.parametrize(("name", "locale"), EVERY_MAIL)
def test_both_bodies_are_read_back_as_they_were(name: str, locale: str) -> None:
    mail = example_mail(name, locale)
    message = parsed(mail.raw)
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == mail.text_body
    assert html.get_content().replace("\r\n", "\n").rstrip() == mail.html_body.rstrip()
    for part in (plain, html):
        assert part["Content-Transfer-Encoding"] in ("quoted-printable", "base64")
        assert part["Content-Language"] == locale
    assert message["Subject"] == mail.subject
    assert not message.defects


@pytest.mark.parametrize(
    "host", [None, "mail.example.com", "notpostmarkapp.com", "postmarkapp.com.example.com"]
)
def test_no_other_server_is_told_what_postmark_wants_to_know(host: str | None) -> None:
    assert not any(name.startswith("X-PM") for name in written(relay_host=host))


def test_postmark_is_told_to_keep_our_message_id_and_to_name_it_in_its_events() -> None:
    fields = written(relay_host="smtp.postmarkapp.com")
    assert fields["X-PM-KeepID"] == "true"
    assert f"<{fields['X-PM-Metadata-message-id']}>" == fields["Message-ID"]


def test_a_message_id_that_is_too_long_for_postmark_costs_no_mail() -> None:
    fields = written(relay_host="smtp.postmarkapp.com", message_id=f"<{'a' * 81}@example.com>")
    assert "X-PM-Metadata-message-id" not in fields
