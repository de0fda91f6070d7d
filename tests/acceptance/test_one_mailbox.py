"""One mailbox is enough: the thread is found where the tag of our address got lost on the way."""

from __future__ import annotations

from sqlalchemy import select

from digest.domain.mail_record import InboundMessage
from tests.acceptance.world import World, reply_bytes

TUESDAY = "2026-03-31T09:00+02:00"
MAILBOX = "digest@example.org"


def outcomes(world: World) -> list[tuple[str, str | None]]:
    with world.database.reading() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        return [(row.state, row.reason) for row in rows[5:]]  # five joined


def without_tag(raw: bytes) -> bytes:
    lines = raw.split(b"\r\n")
    return b"\r\n".join(b"To: " + MAILBOX.encode() if line.startswith(b"To: ") else line for line in lines)


def test_a_reply_whose_address_lost_its_tag_is_filed_by_the_mail_that_it_answers(packaging: World) -> None:
    packaging.at(TUESDAY)
    raw = without_tag(reply_bytes(packaging.prompt("mira"), "Versucht: einen dünneren Karton."))
    assert packaging.post(raw, MAILBOX, "mira@example.com") == 200
    packaging.tick()
    assert outcomes(packaging) == [("filed", None)]
    assert "einen dünneren Karton." in packaging.last("mira@example.com").text


def test_by_the_mail_that_is_answered_nobody_else_writes_in_a_members_name(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("mira")
    raw = without_tag(reply_bytes(prompt, "Versucht: einen dünneren Karton.", sender="ben@example.com"))
    assert packaging.post(raw, MAILBOX, "ben@example.com") == 200
    packaging.tick()
    assert outcomes(packaging) == [("held", "sender-unknown")]
    assert "einen dünneren Karton." not in "".join(mail.text for mail in packaging.inbox("ben@example.com"))


def test_a_mail_to_the_mailbox_that_answers_nothing_of_ours_is_set_aside(packaging: World) -> None:
    packaging.at(TUESDAY)
    raw = b"From: ben@example.com\r\nTo: digest@example.org\r\nIn-Reply-To: <a@b>\r\n\r\nTried: foil.\r\n"
    assert packaging.post(raw, MAILBOX, "ben@example.com") == 200
    packaging.tick()
    assert outcomes(packaging)[0][0] == "dropped"


def test_replies_of_one_member_stay_in_order_whichever_of_them_lost_its_tag(packaging: World) -> None:
    packaging.at(TUESDAY)
    prompt = packaging.prompt("ben")
    words = ["Tried: the thin foil.", "Tried: the thick foil.", "Tried: no foil at all.", "Tried: paper."]
    for place, text in enumerate(words):
        raw = reply_bytes(prompt, text)
        if place % 2:
            assert packaging.post(without_tag(raw), MAILBOX, "ben@example.com") == 200
        else:
            assert packaging.post(raw, prompt.reply_to, "ben@example.com") == 200
    packaging.tick_at_once(3)
    packaging.tick()
    with packaging.database.reading() as session:
        rows = session.scalars(select(InboundMessage).order_by(InboundMessage.settled_at)).all()
    assert [row.state for row in rows[-len(words) :]] == ["filed"] * len(words)
    assert [row.id for row in rows] == sorted(row.id for row in rows)
