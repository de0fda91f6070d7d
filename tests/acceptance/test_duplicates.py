"""The same thing many times at once: it happens once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from digest import clock
from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import Section
from tests.acceptance.world import World, reply_bytes

pytestmark = pytest.mark.both_databases

TUESDAY = "2026-03-31T09:00+02:00"


def test_the_same_webhook_fifty_times_at_once_is_one_entry_and_fifty_polite_answers(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.last("ben@example.com")
    raw = reply_bytes(prompt, "Tried: the cardboard sample from the south plant")
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: packaging.post(raw, prompt.reply_to, prompt.to), range(50)))
    assert answers == [200] * 50
    packaging.tick()
    with packaging.database.reading() as session:
        assert session.scalar(select(func.count(Section.id))) == 1
    receipts = [mail for mail in packaging.inbox("ben@example.com") if "cardboard sample" in mail.text]
    assert len(receipts) == 1


def test_several_workers_at_the_same_moment_send_one_prompt_each(packaging: World) -> None:
    clock.start_at(clock.read_instant(TUESDAY))
    packaging.tick_at_once(4)
    prompts = Counter(
        mail.to
        for name in ("jonas", "mira", "ben", "carla", "emil")
        for mail in packaging.inbox(f"{name}@example.com")
        if mail.subject.endswith(" 14")
    )
    assert set(prompts.values()) == {1}
    assert len(prompts) == 5


def test_replies_of_one_member_are_filed_in_the_order_in_which_they_came(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.last("ben@example.com")
    for turn in range(6):
        assert packaging.reply(prompt, f"Tried: attempt number {turn}") == 200
    packaging.tick_at_once(3)
    packaging.tick()
    with packaging.database.reading() as session:
        assert set(session.scalars(select(InboundMessage.state))) == {"filed"}
        standing = session.scalars(select(Section.text).where(Section.replaced_at.is_(None))).all()
    assert standing == ["attempt number 5"]


@pytest.mark.parametrize("name", ["", "Without my name\n\n"])
def test_a_message_that_a_mail_server_delivers_again_is_filed_once(packaging: World, name: str) -> None:
    again = b"Received: from mx.example.com by mx.example.org; Tue, 31 Mar 2026 12:00:00 +0000\r\n"
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    asks = reply_bytes(prompt, f"{name}Tried: a thin foil.\n\nQuestion: which glue holds below five degrees?")
    assert packaging.post(asks, prompt.reply_to, prompt.to) == 200
    packaging.tick()
    packaging.at("2026-03-31T11:10+02:00")
    question = packaging.last("ben@example.com")
    says = reply_bytes(question, f"{name}1: try the blue one")
    assert packaging.post(says, question.reply_to, question.to) == 200
    packaging.tick()
    packaging.at("2026-03-31T11:30+02:00")
    before = {name: len(packaging.inbox(f"{name}@example.com")) for name in ("emil", "ben", "carla")}
    assert packaging.post(again + asks, prompt.reply_to, prompt.to) == 200
    assert packaging.post(again + says, question.reply_to, question.to) == 200
    packaging.tick()
    packaging.at("2026-03-31T14:00+02:00")
    assert {name: len(packaging.inbox(f"{name}@example.com")) for name in before} == before
    with packaging.database.reading() as session:
        last = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(2)).all()
        assert [(row.state, row.reason) for row in last] == [("dropped", "repeated")] * 2
    packaging.at("2026-04-06T09:00+02:00")
    digest = packaging.last("carla@example.com").text
    assert (digest.count("which glue"), digest.count("try the blue one")) == (1, 1)


def test_who_writes_her_question_again_with_something_new_asks_it_once(packaging: World) -> None:
    packaging.at(TUESDAY)
    text = "Question: which glue holds below five degrees?"
    assert packaging.reply(packaging.prompt("emil"), text) == 200
    packaging.tick()
    packaging.at("2026-03-31T11:10+02:00")
    assert packaging.reply(packaging.prompt("emil"), f"Tried: a thin foil.\n\n{text}") == 200
    packaging.at("2026-03-31T14:00+02:00")
    packaging.at("2026-04-06T09:00+02:00")
    digest = packaging.last("carla@example.com").text
    assert digest.count("which glue") == 1
    assert "a thin foil" in digest
