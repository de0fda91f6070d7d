"""The same thing many times at once: it happens once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from digest import clock
from digest.domain.entry import Section
from digest.domain.mail_record import InboundMessage
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
