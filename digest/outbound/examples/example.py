"""Owns what all examples share: the invented group, its week, and the frame of a mail to one of its members.

It must never hold a real person, address or group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from digest import words
from digest.outbound.compose import Facts
from digest.outbound.examples.story import ENGLISH, GERMAN, Story
from digest.outbound.facts import Frame

TUESDAY = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)  # 09:00 in Berlin, ISO week 14
MONDAY = TUESDAY + timedelta(days=6)
DOMAIN = "digest.example"
BASE = f"https://{DOMAIN}"


@dataclass(frozen=True)
class Example:
    """What one mail is made of."""

    frame: Frame
    facts: Facts


def frame(
    locale: str, to: str = "Mira", week: int | None = 14, at: datetime = TUESDAY, takes_part: bool = True
) -> Frame:
    """Whoever does not take part just now is told of no address to ask at."""
    story = story_in(locale)
    return Frame(
        locale=locale,
        timezone="Europe/Berlin",
        group_name=story.group,
        group_task=story.task,
        until=date(2027, 7, 1),
        week=week,
        list_id_local="g-7k2xq4mz",
        recipient_name=to,
        recipient_address=f"{to.lower()}@firm.example",
        from_address=f"groups@{DOMAIN}",
        reply_to_address=f"r-abcdefghijklmnopqrstuvwxyz@in.{DOMAIN}",
        envelope_from=f"groups@{DOMAIN}",
        message_id=f"<example.{at:%Y%m%d}@{DOMAIN}>",
        date=at,
        base_url=BASE,
        unsubscribe_url=f"{BASE}/unsubscribe/example",
        unsubscribe_mailto=f"r-abcdefghijklmnopqrstuvwxyz@in.{DOMAIN}",
        leave_url=f"{BASE}/leave/example",
        ask_address=f"a-abcdefghijklmnopqrstuvwxyz@in.{DOMAIN}" if takes_part else None,
    )


def answer(letter: Frame) -> Frame:
    """The same frame for a mail that answers one of the recipient's."""
    return replace(letter, answers_a_message=True, in_reply_to="<reply@firm.example>", envelope_from="")


def story_in(locale: str) -> Story:
    return GERMAN if words.spoken(locale) == "de" else ENGLISH
