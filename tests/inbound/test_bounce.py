"""What a report about a mail changes, where it is true; and that a forged one changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from digest import clock, retention, tokens
from digest.checking.canary import reported
from digest.database import Database
from digest.domain.delivery import suppression
from digest.domain.delivery.domain_pause import DomainPause, is_paused
from digest.domain.delivery.event import DeliveryEvent
from digest.domain.groups.group import Member
from digest.domain.groups.notice import Notice
from digest.domain.groups.person import Address
from digest.domain.mails.record import OutboundMessage, leave_and_cancel
from digest.domain.running.alarm import standing_alarms
from digest.inbound.bounce import take
from digest.inbound.delivery_report import DeliveryReport
from digest.outbound import lease
from tests.domain.given import TUESDAY, a_group, a_member

TOKEN = "a" * 26
WEEK = timedelta(days=7)
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    clock.start_at(TUESDAY)
    yield
    clock.start_at(None)


@pytest.fixture
def mail_id(database: Database) -> int:
    """A prompt that was sent to Mira, in a group whose facilitator is Jonas."""
    with database.transaction() as session:
        group = a_group(session)
        a_member(session, group, "Jonas").is_facilitator = True
        a_member(session, group, "Mira")
    return sent(database, at=TUESDAY, token=TOKEN)


def sent(
    database: Database, *, at: datetime, token: str | None = None, state: str = "sent", **values: Any
) -> int:
    """One more mail to Mira, as it stands after it left."""
    number = next(_numbers)
    with database.transaction() as session:
        mira = session.scalars(select(Member).where(Member.person.has(name="Mira"))).one()
        row: dict[str, Any] = {
            "kind": "prompt",
            "occasion": f"round:{number}",
            "member_id": mira.id,
            "message_id": f"<m{number}@digest.example>" if token is None else "<first@digest.example>",
            "mail_from": "",
            "rcpt_to": "mira@example.com",
            "reply_hash": tokens.token_hash(token or f"{number:026}"),
            "link_key": f"key{number}",
            "state": state,
            "created_at": at,
            "due_at": at,
            "expires_at": at + WEEK,
        }
        made = OutboundMessage(**row | values)
        session.add(made)
        session.flush()
        return made.id


def report(**changes: Any) -> DeliveryReport:
    usual: dict[str, Any] = {
        "source": "dsn",
        "event_id": f"event-{next(_numbers)}",
        "event": "failed",
        "recipient": "mira@example.com",
        "message_id": "<first@digest.example>",
        "enhanced_status": "5.1.1",
    }
    return DeliveryReport(**usual | changes)


def about(mail_id: int, database: Database, **changes: Any) -> DeliveryReport:
    with database.reading() as session:
        mail = session.get(OutboundMessage, mail_id)
        assert mail is not None
        return report(message_id=mail.message_id, **changes)


def why(database: Database) -> str | None:
    """Why Mira's address gets no mail; None where it does."""
    with database.reading() as session:
        address = session.scalars(select(Address).filter_by(addr_spec="mira@example.com")).one()
        assert (address.suppressed_at is None) == (address.suppressed_reason is None)
        return address.suppressed_reason


def state(database: Database, mail_id: int) -> str:
    with database.reading() as session:
        return session.scalars(select(OutboundMessage.state).where(OutboundMessage.id == mail_id)).one()


def told(database: Database) -> list[str]:
    """The kinds of notices owed to the facilitator."""
    with database.reading() as session:
        return list(session.scalars(select(Notice.kind).where(Notice.member.has(is_facilitator=True))))


def alarms(database: Database) -> list[str]:
    with database.reading() as session:
        return [alarm.kind for alarm in standing_alarms(session)]


def test_a_mailbox_that_is_not_there_gets_no_more_mail_and_the_facilitator_hears_of_it(
    database: Database, mail_id: int
) -> None:
    assert take(database, report())
    assert (why(database), state(database, mail_id), told(database)) == ("gone", "bounced", ["unreachable"])
    assert alarms(database) == []


KEY = "0123456789abcdef"
OWN_TOKEN = tokens.keyed_token(KEY, b"eight by")


def with_its_own_sender(database: Database, mail_id: int, token: str = OWN_TOKEN) -> None:
    """As mails leave with DIGEST_ENVELOPE_FROM=verp."""
    with database.transaction() as session:
        mail = session.get_one(OutboundMessage, mail_id)
        mail.link_key, mail.mail_from = KEY, f"b-{token}@in.example.org"


def test_the_envelope_sender_names_the_mail_as_well(database: Database, mail_id: int) -> None:
    with_its_own_sender(database, mail_id)
    assert take(database, report(message_id=None, return_path=f"B-{OWN_TOKEN.upper()}@in.example.org"))
    assert (why(database), state(database, mail_id)) == ("gone", "bounced")


def test_a_mail_of_an_earlier_release_is_named_by_its_reply_token(database: Database, mail_id: int) -> None:
    with_its_own_sender(database, mail_id, TOKEN)
    assert take(database, report(message_id=None, return_path=f"B-{TOKEN.upper()}@in.example.org"))
    assert (why(database), state(database, mail_id)) == ("gone", "bounced")


@pytest.mark.parametrize("status", ["5.1.1", "5.2.2"])
@pytest.mark.parametrize("known", [None, f"b-{TOKEN}@in.example.org", f"b-{'a' * 13}{OWN_TOKEN[13:]}@x"])
def test_whoever_was_passed_a_mail_on_cannot_take_its_address_away(
    database: Database, mail_id: int, status: str, known: str | None
) -> None:
    with_its_own_sender(database, mail_id)
    assert take(database, report(return_path=known, enhanced_status=status))
    assert (why(database), told(database)) == (None, [])
    assert take(database, report(return_path=known, event="complained", source="arf"))
    assert why(database) is None


def test_what_is_reported_without_proof_three_weeks_running_counts(database: Database, mail_id: int) -> None:
    with_its_own_sender(database, mail_id)
    assert take(database, report())
    for week in (1, 2):
        at = TUESDAY + week * WEEK
        clock.start_at(at)
        later = sent(database, at=at, mail_from=f"b-{'bc'[week - 1] * 26}@in.example.org")
        assert take(database, about(later, database))
    assert why(database) == "failing"


def test_a_forged_policy_rests_no_domain_and_rouses_nobody(database: Database, mail_id: int) -> None:
    with_its_own_sender(database, mail_id)
    assert take(database, report(enhanced_status="5.7.1"))
    assert (alarms(database), state(database, mail_id)) == ([], "sent")
    with database.reading() as session:
        assert not session.scalars(select(DomainPause)).all()
    own = f"b-{OWN_TOKEN}@in.example.org"
    assert take(database, report(enhanced_status="5.7.1", return_path=own))
    assert alarms(database) == ["refused-by-policy"]


def test_a_provider_that_signs_its_events_is_believed_by_the_message_id(
    database: Database, mail_id: int
) -> None:
    with_its_own_sender(database, mail_id)
    assert take(database, report(source="mailgun"))
    assert why(database) == "gone"


FORGED: tuple[dict[str, Any], ...] = (
    {"message_id": "<first@elsewhere.example>"},
    {"message_id": None},
    {"message_id": None, "return_path": f"b-{'b' * 26}@in.example.org"},
    {"message_id": None, "return_path": f"r-{TOKEN}@in.example.org"},
    {"recipient": "jonas@example.com"},
    {"recipient": "mira@elsewhere.example"},
    {"recipient": None},
    {"event": "complained", "recipient": "jonas@example.com"},
    {"event": "complained", "recipient": "4f2a@elsewhere.example", "redacted": True},
    {"event": "delivered", "recipient": "jonas@example.com"},
)


@pytest.mark.usefixtures("mail_id")
def test_forged_reports_change_nothing(database: Database) -> None:
    assert [forged for forged in FORGED if take(database, report(**forged))] == []
    assert (why(database), told(database), alarms(database)) == (None, [], [])
    with database.reading() as session:
        assert set(session.scalars(select(OutboundMessage.state))) == {"sent"}


def test_a_report_that_names_two_mails_changes_neither(database: Database, mail_id: int) -> None:
    other = sent(database, at=TUESDAY)
    with_its_own_sender(database, mail_id)
    assert not take(database, about(other, database, return_path=f"b-{OWN_TOKEN}@in.example.org"))
    assert (state(database, mail_id), state(database, other), why(database)) == ("sent", "sent", None)


@pytest.mark.usefixtures("mail_id")
def test_a_report_about_a_mail_that_never_left_is_forged(database: Database) -> None:
    for never_left in ("cancelled", "expired", "rejected"):
        mail_id = sent(database, at=TUESDAY, state=never_left)
        assert not take(database, about(mail_id, database))
        assert state(database, mail_id) == never_left
    assert why(database) is None


def test_a_report_counts_once_however_often_and_at_once_it_comes(database: Database, mail_id: int) -> None:
    again = report(enhanced_status="5.2.2")
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: take(database, again), range(4)))
    assert sorted(taken) == [False, False, False, True]
    with database.reading() as session:
        assert session.scalar(select(func.count(DeliveryEvent.id))) == 1
    assert state(database, mail_id) == "bounced"


@pytest.mark.usefixtures("mail_id")
def test_reports_may_come_in_any_order(database: Database) -> None:
    for events, ends in (
        (["delivered"], "delivered"),
        (["delivered", "failed"], "bounced"),
        (["failed", "delivered"], "bounced"),
        (["delivered", "complained"], "complained"),
        (["complained", "delivered", "failed"], "complained"),
        (["deferred", "delivered"], "delivered"),
        (["deferred"], "sent"),
    ):
        mail_id = sent(database, at=TUESDAY)
        assert all(
            take(database, about(mail_id, database, event=event, enhanced_status=None)) for event in events
        )
        assert (events, state(database, mail_id)) == (events, ends)


def test_a_mail_that_evidently_left_is_not_sent_again(database: Database, mail_id: int) -> None:
    """Its worker died between handing it over and noting that."""
    with database.transaction() as session:
        session.execute(update(OutboundMessage).values(state="queued", due_at=TUESDAY))
    assert take(database, report(event="delivered", enhanced_status=None))
    with database.transaction() as session:
        assert lease.claim(session, "w", 10, TUESDAY) == []
    assert state(database, mail_id) == "delivered"


def fail(database: Database, week: int, **changes: Any) -> int:
    at = TUESDAY + week * WEEK
    clock.start_at(at)
    mail_id = sent(database, at=at)
    assert take(database, about(mail_id, database, enhanced_status="5.2.2", **changes))
    return mail_id


@pytest.mark.usefixtures("mail_id")
def test_a_full_mailbox_counts_by_weeks_not_by_mails(database: Database) -> None:
    for week in (1, 1, 1, 2, 2):
        fail(database, week)
        assert why(database) is None
    fail(database, 3)
    assert (why(database), told(database)) == ("failing", ["unreachable"])


@pytest.mark.usefixtures("mail_id")
def test_a_mail_that_got_through_begins_the_count_anew(database: Database) -> None:
    fail(database, 1)
    fail(database, 2)
    through = sent(database, at=TUESDAY + 2 * WEEK + timedelta(days=2))
    assert take(database, about(through, database, event="delivered", enhanced_status=None))
    fail(database, 3)
    fail(database, 4)
    assert why(database) is None
    fail(database, 5)
    assert why(database) == "failing"


@pytest.mark.usefixtures("mail_id")
def test_a_week_in_which_nothing_came_back_parts_the_count(database: Database) -> None:
    fail(database, 1)
    fail(database, 2)
    sent(database, at=TUESDAY + 3 * WEEK)
    fail(database, 4)
    assert why(database) is None


@pytest.mark.usefixtures("mail_id")
def test_a_late_word_of_an_earlier_delivery_takes_nothing_back(database: Database) -> None:
    earlier = sent(database, at=TUESDAY)
    for week in (1, 2, 3):
        fail(database, week)
    assert take(database, about(earlier, database, event="delivered", enhanced_status=None))
    assert why(database) == "failing"


@pytest.mark.usefixtures("mail_id")
def test_any_reply_of_hers_begins_the_count_anew(database: Database) -> None:
    fail(database, 1)
    fail(database, 2)
    with database.transaction() as session:
        address = session.scalars(select(Address).filter_by(addr_spec="mira@example.com")).one()
        suppression.hear(address.person, clock.now())
    fail(database, 3)
    assert why(database) is None


@pytest.mark.usefixtures("mail_id")
def test_what_our_provider_hands_on_to_nobody_is_told_of_the_provider_alone(database: Database) -> None:
    assert take(database, report(enhanced_status="5.7.1", remark="Sandbox", refused_by="Mailgun"))
    assert (why(database), told(database), alarms(database)) == (None, [], ["refused-by-provider"])
    with database.reading() as session:
        (alarm,) = standing_alarms(session)
        assert "example.com" not in str(alarm.facts)
        assert reported(alarm).sentence.startswith(
            "Mailgun takes mails of ours and does not hand them on (5.7.1)."
        )
        assert session.scalars(select(DomainPause.domain)).all() == []


@pytest.mark.usefixtures("mail_id")
def test_a_refusal_by_policy_alarms_and_lets_sending_there_rest(database: Database) -> None:
    said = "550 5.7.26 mail for <mira@example.com> is not authenticated"
    assert take(database, report(enhanced_status="5.7.26", remark=said))
    assert (why(database), told(database), alarms(database)) == (None, [], ["refused-by-policy"])
    with database.reading() as session:
        (alarm,) = standing_alarms(session)
        assert alarm.facts["domain"] == "example.com"
        assert "mira" not in str(alarm.facts)
        assert session.scalars(select(DomainPause.domain)).all() == ["example.com"]
        assert session.scalar(select(OutboundMessage.id).where(is_paused(clock.now()))) is not None
        later = clock.now() + timedelta(hours=4)
        assert session.scalar(select(OutboundMessage.id).where(is_paused(later))) is None


@pytest.mark.usefixtures("mail_id")
def test_repeating_a_refusal_does_not_stretch_the_rest(database: Database) -> None:
    assert take(database, report(enhanced_status="5.7.1"))
    clock.start_at(TUESDAY + timedelta(hours=3))
    assert take(database, report(enhanced_status="5.7.1"))
    with database.reading() as session:
        later = TUESDAY + timedelta(hours=4, minutes=1)
        assert session.scalar(select(OutboundMessage.id).where(is_paused(later))) is None


@pytest.mark.usefixtures("mail_id")
def test_a_complaint_stops_mail_and_is_told_to_nobody(database: Database) -> None:
    assert take(database, report(source="arf", event="complained", recipient=None, enhanced_status=None))
    assert (why(database), told(database), alarms(database)) == ("complaint", [], [])


@pytest.mark.usefixtures("mail_id")
def test_a_complaint_outlasts_a_bounce_and_a_reply_but_not_her_own_word(database: Database) -> None:
    assert take(database, report())
    assert take(database, report(event="complained"))
    assert why(database) == "complaint"
    assert take(database, report())
    for asks, left in ((False, "complaint"), (True, None)):
        with database.transaction() as session:
            address = session.scalars(select(Address).filter_by(addr_spec="mira@example.com")).one()
            suppression.hear(address.person, clock.now(), asks_for_mail=asks)
        assert why(database) == left


@pytest.mark.usefixtures("mail_id")
def test_a_report_about_a_mail_from_before_her_word_changes_nothing_more(database: Database) -> None:
    assert take(database, report(event="complained"))
    with database.transaction() as session:
        address = session.scalars(select(Address).filter_by(addr_spec="mira@example.com")).one()
        suppression.hear(address.person, TUESDAY + timedelta(hours=1), asks_for_mail=True)
    assert take(database, report(event="complained"))
    assert take(database, report())
    assert why(database) is None


@pytest.mark.usefixtures("mail_id")
def test_a_complaint_of_somebody_who_left_still_counts_and_a_bounce_is_told_to_nobody(
    database: Database,
) -> None:
    with database.transaction() as session:
        mira = session.scalars(select(Member).where(Member.person.has(name="Mira"))).one()
        leave_and_cancel(session, mira, TUESDAY)
    assert take(database, report())
    assert (why(database), told(database)) == ("gone", [])
    assert take(database, report(event="complained"))
    assert why(database) == "complaint"


@pytest.mark.usefixtures("mail_id")
def test_where_no_facilitator_can_be_told_the_person_who_runs_the_service_is(database: Database) -> None:
    with database.transaction() as session:
        session.scalars(select(Member).where(Member.is_facilitator)).one().is_facilitator = False
    assert take(database, report())
    assert alarms(database) == ["no-facilitator-reachable"]


@pytest.mark.usefixtures("mail_id")
def test_reports_are_forgotten_when_they_can_change_nothing_any_more(database: Database) -> None:
    assert take(database, report())
    clock.start_at(TUESDAY + timedelta(days=91))
    retention.forget_traces(database)
    with database.reading() as session:
        assert session.scalar(select(func.count(DeliveryEvent.id))) == 0
    with database.transaction() as session:
        address = session.scalars(select(Address).filter_by(addr_spec="mira@example.com")).one()
        address.suppressed_at = address.suppressed_reason = None
    assert not take(database, report())
    assert why(database) is None
