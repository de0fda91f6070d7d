"""Which mails can still be called back when something in them is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.mails.recall import cancel_unsent, recall
from digest.domain.mails.record import OutboundMessage
from tests.domain.given import MONDAY, a_group, a_member

STATES: dict[str, tuple[dict[str, Any], bool]] = {
    "waits to be sent": ({"state": "queued"}, False),
    "waits for a retry": ({"state": "queued", "attempts": 2}, False),
    "is claimed and not begun": ({"state": "sending", "claimed_by": "one"}, False),
    "is being handed over": ({"state": "sending", "claimed_by": "one", "begun": True}, True),
    "lost its worker over it": ({"state": "queued", "lost_leases": 1}, True),
    "is out": ({"state": "sent", "sent_at": MONDAY}, True),
    "came back": ({"state": "bounced", "sent_at": MONDAY}, True),
}


def a_mail(session: Session, to: Member, at: datetime = MONDAY, **values: Any) -> OutboundMessage:
    name = f"{to.id}-{at:%d%H%M}-{values.get('kind', 'digest')}"
    mail = OutboundMessage(
        **{"kind": "digest", "occasion": "round:1", "member_id": to.id, "message_id": f"<{name}@us>"}
        | {"mail_from": "", "rcpt_to": "a@example.com", "link_key": name, "created_at": at, "due_at": at}
        | {"expires_at": at + timedelta(days=2)}
        | values
    )
    session.add(mail)
    session.flush()
    return mail


@pytest.mark.parametrize(("values", "out"), STATES.values(), ids=STATES)
def test_what_is_out_or_may_be_out_has_been_seen(
    database: Database, values: dict[str, Any], out: bool
) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben, carla = (a_member(session, group, name) for name in ("Mira", "Ben", "Carla"))
        a_mail(session, mira, state="sent")  # her own copy tells nobody
        waiting, one = a_mail(session, carla), a_mail(session, ben, **values)
        unseen_after = recall(session, mira, MONDAY)
        assert unseen_after is not None
        assert (unseen_after >= MONDAY) == out
        session.expire_all()
        assert waiting.stale
        assert one.stale == (one.sent_at is None)
        assert (one.state == "queued") == (values["state"] == "queued" or not out)


def test_a_mail_of_a_later_day_that_is_out_counts_too(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben, carla = (a_member(session, group, name) for name in ("Mira", "Ben", "Carla"))
        later = MONDAY + timedelta(days=1)
        a_mail(session, ben)
        a_mail(session, carla, later, kind="questions", state="sent")
        assert recall(session, mira, MONDAY) == later


def test_where_nothing_waits_all_may_have_been_seen(database: Database) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben = (a_member(session, group, name) for name in ("Mira", "Ben"))
        assert recall(session, mira, MONDAY) is None
        a_mail(session, ben, state="sent")
        assert recall(session, mira, MONDAY) is None


@pytest.mark.parametrize(("values", "out"), STATES.values(), ids=STATES)
def test_mails_between_two_are_cancelled_together_or_not_at_all(
    database: Database, values: dict[str, Any], out: bool
) -> None:
    with database.transaction() as session:
        group = a_group(session)
        mira, ben = a_member(session, group, "Mira"), a_member(session, group, "Ben")
        told, helper = (
            a_mail(session, to, kind="introduction", occasion="offer:1:1", **extra)
            for to, extra in ((mira, values), (ben, dict[str, Any]()))
        )
        assert cancel_unsent(session, "introduction", "offer:1:1") == (None if out else 2)
        session.expire_all()
        assert {told.state, helper.state} == ({values["state"], "queued"} if out else {"cancelled"})
