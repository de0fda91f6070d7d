"""What is drawn for one mail, and the envelope that it leaves in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from digest import reply_address, tokens, words
from digest.domain.groups.group import Group, Member
from digest.domain.groups.person import Address, Person
from digest.outbound.examples import EXAMPLES
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings
from digest.signed_link import Purpose
from tests.outbound.given import example_mail

NOW = datetime.fromisoformat("2026-03-31T09:00+02:00")
SETTINGS = Settings(
    mail_from="digest@example.org", reply_domain="in.example.org", secret=("a secret for tests",)
)


def stamp(settings: Settings, kind: str = "prompt") -> Stamp:
    person = Person(name="Mira", locale="de", addresses=[Address(addr_spec="mira@example.com")])
    group = Group(id=1, name="Crew", timezone="Europe/Berlin", locale="en", list_key="g-1")
    return Stamp(settings, kind, Member(id=7, person=person, group=group, link_epoch=0))


@pytest.mark.parametrize(
    ("chosen", "answering", "expected"),
    [
        (None, False, "digest@example.org"),
        (None, True, ""),
        ("fixed:bounces@example.org", False, "bounces@example.org"),
        ("fixed:bounces@example.org", True, "bounces@example.org"),
        ("verp", True, ""),
    ],
)
def test_the_envelope_sender_is_as_the_mail_server_wants_it(
    chosen: str | None, answering: bool, expected: str
) -> None:
    made = stamp(replace(SETTINGS, envelope_from=chosen))
    assert frame(made, NOW, answers_a_message=answering).envelope_from == expected


def test_with_verp_each_mail_has_an_envelope_sender_of_its_own_which_takes_no_replies() -> None:
    made = [stamp(replace(SETTINGS, envelope_from="verp")) for _ in range(2)]
    senders = [frame(one, NOW).envelope_from for one in made]
    assert senders[0] != senders[1]
    assert senders[0] == frame(made[0], NOW).envelope_from
    assert reply_address.read(senders[0]) is None
    assert made[0].reply_token not in senders[0]
    assert tokens.key_of(reply_address.read_bounce(senders[0]) or "") == made[0].link_key


def test_a_message_id_is_ours_and_short_and_says_nothing_of_its_member() -> None:
    made = stamp(SETTINGS)
    assert made.message_id.endswith("@example.org>")
    assert len(made.message_id) <= 70
    assert made.reply_token not in made.message_id


HELP = words.translator("de").pgettext("word to reply", "help %(number)s") % {"number": 14}
ONE_MAILBOX = replace(SETTINGS, reply_domain=None, reply_address="digest@example.org")


def begun(url: str | None) -> tuple[str, str, str]:
    """(address, subject, body) as a mail program reads them."""
    assert url is not None
    parts = urlsplit(url)
    fields = parse_qs(parts.query, strict_parsing=True)
    return unquote(parts.path), fields["subject"][0], fields.get("body", [""])[0]


@pytest.mark.parametrize(
    ("kind", "purpose", "body"),
    [
        ("digest", "help", HELP),
        ("invitation", "join", "ja"),
        ("prompt", "leave", "Stopp"),
        ("offer", "undo", "rückgängig"),
        ("did_it_help", "solved", "ja"),
        ("sender_unknown", "fix", "ja"),
        ("receipt", "fix", ""),
    ],
)
def test_without_a_web_address_a_link_begins_the_reply_that_does_the_same(
    kind: str, purpose: Purpose, body: str
) -> None:
    made = stamp(SETTINGS, kind)
    assert begun(made.url(purpose, 14)) == (made.reply_to, f"Crew: {body}" if body else "Crew", body)
    assert made.links_in(str(made.url(purpose, 14))) == []


def test_where_an_address_may_lose_its_tag_the_subject_has_a_mark_that_says_the_same() -> None:
    made = stamp(ONE_MAILBOX, "receipt")
    address, subject, _ = begun(made.url("undo"))
    assert address == f"digest+r-{made.reply_token}@example.org"
    assert reply_address.marks_in(subject) == [made.reply_token]
    bare = stamp(replace(ONE_MAILBOX, reply_tag=False), "receipt")
    assert bare.reply_to == "digest@example.org"
    assert reply_address.marks_in(begun(bare.url("undo"))[1]) == [bare.reply_token]


def test_stopping_by_mail_has_the_mark_too_and_no_page_to_post_to() -> None:
    made = stamp(ONE_MAILBOX)
    letter = frame(made, NOW)
    assert letter.unsubscribe_url is None
    assert begun(letter.unsubscribe_mailto) == (
        made.reply_to,
        f"unsubscribe [#r-{made.reply_token}]",
        "unsubscribe",
    )


def test_where_addresses_take_no_tag_a_question_needs_the_mark() -> None:
    made = stamp(replace(ONE_MAILBOX, reply_tag=False))
    made.member.state = "active"
    letter = frame(made, NOW)
    assert (letter.ask_address, letter.ask_mark) == ("digest@example.org", f"[#a-{made.ask_token}]")
    assert begun(letter.ask_url) == ("digest@example.org", f"Crew [#a-{made.ask_token}]", "")
    tagged = stamp(ONE_MAILBOX)
    tagged.member.state = "active"
    assert frame(tagged, NOW).ask_mark is None
    assert reply_address.marks_in(begun(frame(tagged, NOW).ask_url)[1]) == [tagged.ask_token]


def test_no_page_shows_the_whole_text_without_a_web_address_and_none_unsubscribes() -> None:
    assert stamp(SETTINGS).url("whole", 14) is None
    assert stamp(SETTINGS).url("unsubscribe") is None


STATES = {"invitation": "invited", "invitation_repeated": "invited", "paused": "paused"} | dict.fromkeys(
    ("left", "declined", "alarm", "alarm_over"), "left"
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_tells_where_to_ask_as_the_real_mail_does(name: str) -> None:
    made = stamp(SETTINGS)
    made.member.state = STATES.get(name, "active")
    example = EXAMPLES[name]("en")
    assert bool(example.frame.ask_address) is bool(frame(made, NOW).ask_address)
    assert ("Ask the group at any time" in example_mail(name, "en").text_body) is bool(made.ask_address)
