"""Reading changes nothing: every link of every mail, opened again and again."""

from __future__ import annotations

from sqlalchemy import func, select

from digest.domain.base import Base
from digest.domain.mails.link_opening import LinkOpening
from tests.acceptance.world import World

TUESDAY, MONDAY = "2026-03-31T09:00+02:00", "2026-04-06T09:00+02:00"
PEOPLE = ("jonas", "mira", "ben", "carla", "emil")


def live_until_the_digest(world: World) -> None:
    world.at(TUESDAY)
    for name in ("ben", "carla"):
        prompt = world.last(f"{name}@example.com")
        text = f"Tried: the way of {name}\nDid not work: the lid\nQuestion: who knows better than {name}?"
        assert world.reply(prompt, text) == 200
    world.tick()
    world.at(MONDAY)


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but that links were opened."""
    with world.database.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != LinkOpening.__tablename__
        }


def test_get_and_head_change_nothing_but_the_note_that_a_link_was_opened(packaging: World) -> None:
    live_until_the_digest(packaging)
    links = [
        link for name in PEOPLE for mail in packaging.inbox(f"{name}@example.com") for link in mail.links
    ]
    assert len(links) > 30
    before, mails = everything(packaging), len(packaging.smtp_server.received)
    for link in links:
        for turn in range(10):
            assert packaging.http("HEAD" if turn % 2 else "GET", link).status == 200, link
    packaging.tick()
    assert everything(packaging) == before
    assert len(packaging.smtp_server.received) == mails
    with packaging.database.reading() as session:
        assert session.scalar(select(func.count(LinkOpening.id)))


def test_one_click_unsubscribing_acts_at_once_and_answers_without_a_redirect(packaging: World) -> None:
    live_until_the_digest(packaging)
    digest = packaging.last("emil@example.com")
    assert digest.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = packaging.press(digest.link("unsubscribe"), **{"List-Unsubscribe": "One-Click"})
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    count = len(packaging.inbox("emil@example.com"))
    packaging.at("2026-04-07T09:00+02:00")
    assert all("15" not in mail.subject for mail in packaging.inbox("emil@example.com")[count:])
