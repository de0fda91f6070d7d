"""The same thing many times at once: it happens once."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from digest import clock
from digest.domain.mails.record import InboundMessage
from digest.domain.rounds.entry import Section
from tests.acceptance.world import Mail, World, reply_bytes

pytestmark = pytest.mark.both_databases

TUESDAY = "2026-03-31T09:00+02:00"
RECEIVED = b"Received: from mx.example.com by mx.example.org; Tue, 31 Mar 2026 12:00:00 +0000\r\n"


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
    assert packaging.post(RECEIVED + asks, prompt.reply_to, prompt.to) == 200
    assert packaging.post(RECEIVED + says, question.reply_to, question.to) == 200
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


def post(world: World, raw: bytes, to: Mail) -> int:
    """How many mails its writer gets for it."""
    before = len(world.inbox(to.to))
    assert world.post(raw, to.reply_to, to.to) == 200
    world.tick()
    return len(world.inbox(to.to)) - before


def last_outcome(world: World) -> tuple[str, str | None]:
    with world.database.reading() as session:
        row = session.scalars(select(InboundMessage).order_by(InboundMessage.id.desc()).limit(1)).one()
        return row.state, row.reason


def test_an_entry_that_is_delivered_again_within_its_first_hour_brings_one_receipt(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    first, second = (reply_bytes(prompt, f"Tried: a {kind} foil.") for kind in ("thin", "thick"))
    assert [post(packaging, raw, prompt) for raw in (first, RECEIVED + first)] == [1, 0]
    assert last_outcome(packaging) == ("dropped", "repeated")
    assert [post(packaging, raw, prompt) for raw in (second, RECEIVED * 2 + first)] == [1, 0]
    with packaging.database.reading() as session:
        standing = session.scalars(select(Section.text).where(Section.replaced_at.is_(None))).all()
    assert standing == ["a thick foil."]


def test_an_export_names_nobody_for_a_copy_of_what_lost_its_name_later(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    raw = reply_bytes(prompt, "Tried: a thin foil.")
    assert [post(packaging, one, prompt) for one in (raw, RECEIVED + raw)] == [1, 0]
    receipt = packaging.last(prompt.to)
    post(packaging, reply_bytes(receipt, "without my name"), receipt)
    exported = json.loads(packaging.done("export", "Packaging group", "--json"))
    reasons = {reply["reason"] for reply in exported["replies"] if reply["member"] is None}
    assert "repeated" in reasons
    assert "emil@example.com" not in [
        reply["member"] for reply in exported["replies"] if reply["intent"] == "entry"
    ]


def test_what_was_taken_back_does_not_come_again_with_a_second_delivery(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    raw = reply_bytes(prompt, "Question: which glue holds below five degrees?")
    assert post(packaging, raw, prompt) == 1
    receipt = packaging.last(prompt.to)
    assert post(packaging, reply_bytes(receipt, "undo"), receipt) == 1
    assert post(packaging, RECEIVED + raw, prompt) == 0
    packaging.at("2026-03-31T11:10+02:00")
    assert "which glue" not in packaging.last("ben@example.com").text


def test_a_private_reply_that_is_delivered_again_reaches_the_other_once(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    post(packaging, reply_bytes(prompt, "Without my name\n\nQuestion: which glue holds?"), prompt)
    packaging.at("2026-03-31T10:10+02:00")
    question = packaging.last("ben@example.com")
    post(packaging, reply_bytes(question, "1: try the blue one"), question)
    packaging.at("2026-03-31T10:21+02:00")
    answer = packaging.last("emil@example.com")
    raw = reply_bytes(answer, "Where do you get it?")
    assert [post(packaging, one, answer) for one in (raw, RECEIVED + raw)] == [1, 0]
    packaging.at("2026-03-31T10:32+02:00")
    assert [mail.text.count("Where do you get it?") for mail in packaging.inbox("ben@example.com")[-2:]] == [
        0,
        1,
    ]


def test_who_left_is_not_brought_back_by_a_yes_that_is_delivered_again(packaging: World) -> None:
    welcome = packaging.inbox("emil@example.com")[0]
    yes = reply_bytes(welcome, "yes")
    post(packaging, yes, welcome)
    post(packaging, reply_bytes(welcome, "stop"), welcome)
    assert post(packaging, RECEIVED + yes, welcome) == 0
    assert last_outcome(packaging) == ("dropped", "repeated")


def test_a_member_is_asked_once_about_a_message_of_somebody_else(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    raw = reply_bytes(prompt, "Tried: a thin foil.", sender="emil@home.example")
    assert [post(packaging, one, prompt) for one in (raw, RECEIVED + raw)] == [1, 0]
    question = packaging.last(prompt.to)
    assert post(packaging, reply_bytes(question, "yes"), question) == 1
    assert "a thin foil" in packaging.last(prompt.to).text


def test_other_words_under_the_same_message_id_are_filed(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("emil")
    raw = reply_bytes(prompt, "Tried: a thin foil.")
    assert [post(packaging, one, prompt) for one in (raw, raw.replace(b"thin", b"thick"))] == [1, 1]
    assert last_outcome(packaging) == ("filed", None)
