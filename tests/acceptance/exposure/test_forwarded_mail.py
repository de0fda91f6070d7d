"""Ben forwards his mail to Carla. Whatever she does with it, it says whose it is, and nothing is done in his name of
which he does not hear in time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from digest.domain.mails.record import InboundMessage
from digest.domain.questions.question import Answer, HelpOffer
from tests.acceptance.world import World

TUESDAY, ASKED, ROUND = "2026-03-31T09:00+02:00", "2026-03-31T10:10+02:00", "2026-03-31T11:10+02:00"
FORWARDED, SEEN, TOLD = "2026-03-31T11:30+02:00", "2026-03-31T11:36+02:00", "2026-03-31T11:45+02:00"
MONDAY = "2026-04-06T09:00+02:00"
WORDS = "labyrinthine"
REPLIES = (f"1: a {WORDS} glue", "help 1", f"Tried: a {WORDS} glue", "stop", "undo")
BEN, CARLA, EMIL = "ben@example.com", "carla@example.com", "emil@example.com"


@pytest.fixture
def forwarded(packaging: World) -> World:
    """Emil's question is with the others; twenty minutes later Carla has Ben's copy too."""
    packaging.at(TUESDAY)
    packaging.at(ASKED)
    packaging.reply(packaging.prompt("emil"), "Question: which glue holds below five degrees?")
    packaging.tick()
    packaging.at(ROUND)
    packaging.at(FORWARDED)
    return packaging


def subjects(world: World, address: str) -> list[str]:
    return [mail.subject for mail in world.inbox(address)]


def offers(world: World) -> list[tuple[str, str]]:
    with world.database.reading() as session:
        return [(offer.member.name, offer.state) for offer in session.scalars(select(HelpOffer))]


def test_every_page_behind_its_links_says_whose_it_is(forwarded: World) -> None:
    before, mails = len(forwarded.inbox(BEN)), len(forwarded.inbox(CARLA))
    copy = forwarded.last(BEN)
    assert len(copy.links) >= 3
    for link in copy.links:
        page = forwarded.get(link).text
        assert "Ben" in page, link
        assert "Carla" not in page
    page = forwarded.get(copy.link("help")).text
    assert "Ben, help Emil with question 1?" in page
    assert "Not Ben? Close this page; nothing has happened." in page
    forwarded.at(TOLD)
    assert offers(forwarded) == []
    assert (len(forwarded.inbox(BEN)), len(forwarded.inbox(CARLA))) == (before, mails)


def test_if_she_presses_all_the_same_he_hears_at_once_and_takes_it_back_unheard(forwarded: World) -> None:
    """The service cannot know who pressed; so it is he who is told, and the asker only later."""
    heard = subjects(forwarded, EMIL)
    forwarded.press(forwarded.last(BEN).link("help"), via="button")
    forwarded.tick()
    told = forwarded.last(BEN)
    assert "/undo/" in told.link("undo")
    assert "Emil" in told.text
    assert offers(forwarded) == [("Ben", "quiet")]
    forwarded.at(SEEN)
    assert "Done. You took your offer back." in forwarded.press(told.link("undo"), act="undo").text
    forwarded.at(TOLD)
    assert offers(forwarded) == [("Ben", "undone")]
    assert subjects(forwarded, EMIL) == heard
    forwarded.at(MONDAY)
    assert "Ben may be able to help" not in forwarded.last("jonas@example.com").text


def test_her_replies_to_his_copy_are_held_and_he_is_asked(forwarded: World) -> None:
    copy, hers = forwarded.last(BEN), subjects(forwarded, CARLA)
    for text in REPLIES:
        assert forwarded.reply(copy, text, sender=CARLA) == 200
        forwarded.tick()
        assert forwarded.last(BEN).subject == "Packaging group: was this you?"
        assert CARLA in forwarded.last(BEN).text
        assert WORDS not in forwarded.last(BEN).text
    assert subjects(forwarded, BEN).count("Packaging group: was this you?") == len(REPLIES)
    assert subjects(forwarded, CARLA) == hers, "her address is not written to in his name"
    forwarded.at(TOLD)
    forwarded.at(MONDAY)
    assert offers(forwarded) == []
    with forwarded.database.reading() as session:
        held = session.scalars(select(InboundMessage).where(InboundMessage.from_address == CARLA)).all()
        assert {(one.state, one.reason) for one in held} == {("held", "sender-unknown")}
        assert len(held) == len(REPLIES)
        assert session.scalars(select(Answer)).all() == []
    others = [
        mail for name in ("jonas", "mira", "carla", "emil") for mail in forwarded.inbox(f"{name}@example.com")
    ]
    assert not any(WORDS in mail.text + mail.html or "Ben may be able" in mail.text for mail in others)
    assert forwarded.last(BEN).subject.startswith("Packaging group, week 15"), "he takes part as before"


def test_if_she_leaves_for_him_he_is_told_and_one_word_undoes_it(forwarded: World) -> None:
    leave = forwarded.last(BEN).link("leave")
    assert "You have left" in forwarded.press(leave, act="leave").text
    forwarded.tick()
    told = forwarded.last(BEN)
    assert "If that was not you" in told.text
    assert forwarded.reply(told, "yes") == 200
    forwarded.tick()
    assert "Welcome, Ben." in forwarded.last(BEN).text
