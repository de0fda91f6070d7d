"""What members do with one word, by reply."""

from __future__ import annotations

from sqlalchemy import select

from digest.domain.mails.record import InboundMessage, OutboundMessage
from tests.acceptance.world import World, reply_bytes

TUESDAY, LATER, MONDAY = "2026-03-31T09:00+02:00", "2026-03-31T10:00+02:00", "2026-04-06T09:00+02:00"
NEXT_MONDAY = "2026-04-13T09:00+02:00"
STORY = "Tried: a thinner foil\nDid not work: it tore twice"


def write(world: World, name: str, text: str = STORY) -> None:
    """Answer the prompt, and let the receipt come."""
    prompt = next(mail for mail in reversed(world.inbox(f"{name}@example.com")) if "14" in mail.subject)
    assert world.reply(prompt, text) == 200
    world.tick()


def say(world: World, name: str, word: str) -> None:
    """Reply to the last mail with that."""
    assert world.reply(world.last(f"{name}@example.com"), word) == 200
    world.tick()


def digests(world: World, name: str) -> list[str]:
    return [mail.text for mail in world.inbox(f"{name}@example.com") if " 15" in mail.subject]


def outcome(world: World) -> tuple[str, str | None]:
    with world.database.reading() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
        return row.state, row.reason


def test_undo_takes_it_back_before_anybody_saw_it(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben")
    say(packaging, "ben", "undo")
    packaging.at(MONDAY)
    assert not digests(packaging, "carla")


def test_undo_after_monday_is_a_withdrawal_and_says_so(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben", "Question: who has a foil under 20 microns?")
    receipt = packaging.last("ben@example.com")
    packaging.at(MONDAY)
    assert "under 20 microns" in digests(packaging, "carla")[0]
    assert packaging.reply(receipt, "undo") == 200
    packaging.tick()
    said = packaging.last("ben@example.com").text
    assert "the others got it at 09:00" in said
    count = len(packaging.inbox("carla@example.com"))
    packaging.at(NEXT_MONDAY)
    assert len(packaging.inbox("carla@example.com")) == count, "nothing is left to say"


def test_without_my_name_afterwards_leaves_every_name_out(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben")
    write(packaging, "carla", "Tried: a bigger crate")
    say(packaging, "ben", "without my name")
    assert "without your name" in packaging.last("ben@example.com").text
    packaging.at(MONDAY)
    (digest,) = digests(packaging, "emil")
    assert "a thinner foil" in digest
    assert "a bigger crate" in digest
    assert "Ben" not in digest
    assert "Carla" not in digest


def test_later_waits_for_the_digest_after_the_next(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben")
    say(packaging, "ben", "later")
    packaging.at(MONDAY)
    assert not digests(packaging, "carla")
    packaging.at(NEXT_MONDAY)
    assert "a thinner foil" in packaging.last("carla@example.com").text


def test_writing_again_replaces_what_it_names(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben")
    write(packaging, "ben", "Did not work: it tore three times")
    packaging.at(MONDAY)
    (digest,) = digests(packaging, "carla")
    assert "a thinner foil" in digest
    assert "three times" in digest
    assert "it tore twice" not in digest


def test_a_paused_member_gets_nothing_until_she_says_yes(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "carla")
    say(packaging, "ben", "pause")
    packaging.at(MONDAY)
    assert not digests(packaging, "ben")
    say(packaging, "ben", "yes")
    packaging.at("2026-04-07T09:00+02:00")
    assert packaging.last("ben@example.com").subject == "Packaging group, week 15"


def test_a_prompt_that_waits_to_be_sent_goes_with_the_pause(packaging: World) -> None:
    packaging.smtp_server.refuse("RCPT", "451 4.2.2 busy", address="ben@example.com")
    welcome = packaging.last("ben@example.com")
    packaging.at(TUESDAY)
    assert packaging.reply(welcome, "pause") == 200
    packaging.smtp_server.refuse_nothing()
    packaging.at(LATER)
    with packaging.database.reading() as session:
        state = select(OutboundMessage.state).where(
            OutboundMessage.kind == "prompt", OutboundMessage.rcpt_to == "ben@example.com"
        )
        assert session.scalars(state).one() == "cancelled"


def test_who_stops_is_out_at_once_and_comes_back_only_by_her_own_word(packaging: World) -> None:
    packaging.at(TUESDAY)
    say(packaging, "ben", "stop")
    goodbye = packaging.last("ben@example.com")
    count = len(packaging.inbox("ben@example.com"))
    write(packaging, "carla")
    packaging.at(MONDAY)
    assert len(packaging.inbox("ben@example.com")) == count
    exit_code, said = packaging.run(
        "member", "add", "Packaging group", "ben@example.com", "--name", "Ben", "--active"
    )
    assert exit_code == 2
    assert "own word" in said
    assert packaging.reply(goodbye, "yes") == 200
    packaging.tick()
    packaging.at("2026-04-07T09:00+02:00")
    assert packaging.last("ben@example.com").subject == "Packaging group, week 15"


def test_a_sentence_with_a_command_word_in_it_is_an_entry(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben", "Stop of line 3: we tried to restart it by hand.")
    packaging.at(MONDAY)
    assert "line 3" in digests(packaging, "carla")[0]


def test_from_an_unknown_address_nothing_is_filed_before_the_member_says_yes(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.last("ben@example.com")
    assert packaging.reply(prompt, "Tried: posting as somebody else", sender="ben@private.example") == 200
    packaging.tick()
    assert outcome(packaging) == ("held", "sender-unknown")
    asked = packaging.last("ben@example.com")
    assert "ben@private.example" in asked.text
    say(packaging, "ben", "yes")
    assert "posting as somebody else" in packaging.last("ben@example.com").text
    packaging.at(MONDAY)
    assert "posting as somebody else" in digests(packaging, "carla")[0]


def test_a_forwarded_prompt_posts_nothing_in_its_members_name(packaging: World) -> None:
    packaging.at(TUESDAY)
    assert packaging.reply(packaging.last("ben@example.com"), STORY, sender="eve@example.net") == 200
    packaging.tick()
    assert not packaging.inbox("eve@example.net")
    packaging.at(MONDAY)
    assert not digests(packaging, "carla")


def test_an_out_of_office_note_is_never_answered(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt, count = packaging.last("ben@example.com"), len(packaging.inbox("ben@example.com"))
    raw = reply_bytes(prompt, "I am out of office until Monday.", quote=False)
    note = raw.replace(b"Subject: Re: ", b"Auto-Submitted: auto-replied\r\nSubject: Automatic reply: ", 1)
    assert packaging.post(note, prompt.reply_to, "") == 200
    packaging.tick()
    assert outcome(packaging)[0] == "dropped"
    assert len(packaging.inbox("ben@example.com")) == count


def test_nothing_this_week_is_noted_and_shown_to_nobody(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "ben", "Nothing this week.")
    assert outcome(packaging) == ("filed", None)
    packaging.at(MONDAY)
    assert not digests(packaging, "carla")


def test_a_reply_to_an_earlier_prompt_counts_for_this_week_and_the_receipt_says_so(packaging: World) -> None:
    packaging.at(TUESDAY)
    old = packaging.last("ben@example.com")
    packaging.at("2026-04-07T09:00+02:00")
    assert packaging.reply(old, "Tried: an answer to last week") == 200
    packaging.tick()
    assert "week" in packaging.last("ben@example.com").text
    packaging.at(NEXT_MONDAY)
    assert "an answer to last week" in packaging.last("carla@example.com").text


def test_an_address_that_nobody_has_is_met_with_silence(packaging: World) -> None:
    before = len(packaging.smtp_server.received)
    raw = b"From: eve@example.net\r\nSubject: hello\r\nMessage-ID: <a@b>\r\n\r\nTried: to get in\r\n"
    assert packaging.post(raw, f"r-{'a' * 26}@in.example.org", "eve@example.net") == 200
    packaging.tick()
    assert outcome(packaging) == ("dropped", "unknown-recipient")
    assert len(packaging.smtp_server.received) == before


def test_help_by_reply_introduces_the_two(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "mira", "Frage: Welcher Kleber hält unter fünf Grad?")
    packaging.at(MONDAY)
    say(packaging, "ben", "I can help with 1")
    assert outcome(packaging) == ("filed", None)
    packaging.at("2026-04-06T09:11+02:00")
    assert packaging.last("mira@example.com").reply_to == "ben@example.com"


def test_what_helper_and_anonymous_asker_write_each_other_is_passed_on_without_addresses(
    packaging: World,
) -> None:
    packaging.at(TUESDAY)
    write(packaging, "mira", "Ohne meinen Namen bitte.\n\nFrage: Welcher Kleber hält unter fünf Grad?")
    packaging.at(MONDAY)
    say(packaging, "ben", "help 1")
    packaging.at("2026-04-06T09:11+02:00")
    introduction = packaging.last("mira@example.com")
    assert "Ben" in introduction.text
    assert introduction.reply_to.startswith("r-")
    assert packaging.reply(introduction, "Danke, wir nehmen bisher Heißkleber.") == 200
    packaging.tick()
    packaging.at("2026-04-06T09:30+02:00")
    passed_on = packaging.last("ben@example.com")
    assert "Heißkleber" in passed_on.text
    for mail in packaging.inbox("ben@example.com")[-3:]:
        assert b"mira" not in mail.message.as_bytes().lower()


def test_a_helper_whose_question_was_withdrawn_meanwhile_is_told(packaging: World) -> None:
    packaging.at(TUESDAY)
    write(packaging, "mira", "Frage: Welcher Kleber hält unter fünf Grad?")
    receipt = packaging.last("mira@example.com")
    packaging.at(MONDAY)
    say(packaging, "ben", "help 1")
    assert packaging.reply(receipt, "rückgängig") == 200
    packaging.tick()
    count = len(packaging.inbox("ben@example.com"))
    packaging.at("2026-04-06T09:11+02:00")
    assert len(packaging.inbox("ben@example.com")) == count + 1
    assert packaging.last("ben@example.com").reply_to.startswith("r-")
