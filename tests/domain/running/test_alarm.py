"""Behaviour of alarms, of signs of life, and of the addresses of tests of the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digest import reply_address, tokens
from digest.database import Database
from digest.domain.running import heartbeat, round_trip
from digest.domain.running.alarm import raise_alarm, settle_alarms, standing_alarms, untold_alarms
from digest.inbound.recipient import is_round_trip

NOON = datetime(2026, 4, 8, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=30)


def test_an_alarm_stands_once_a_day_and_kind(database: Database) -> None:
    with database.transaction() as session:
        assert raise_alarm(session, "policy", NOON, domain="example.com")
        assert not raise_alarm(session, "policy", NOON + timedelta(hours=3), domain="example.org")
        assert raise_alarm(session, "outbox", NOON)
        assert raise_alarm(session, "policy", NOON + timedelta(days=1), domain="example.com")
        assert [alarm.kind for alarm in standing_alarms(session)] == ["policy", "outbox", "policy"]
        assert standing_alarms(session)[0].facts == {
            "domain": "example.com",
            "others": [{"domain": "example.org", "enhanced_status": None}],
        }


def test_every_further_domain_of_the_day_stands_in_its_alarm_once(database: Database) -> None:
    for status, domain in enumerate(
        ["example.com", "example.org", "example.com", "example.net", "example.org"]
    ):
        with database.transaction() as session:
            raise_alarm(session, "policy", NOON, domain=domain, enhanced_status=f"5.7.{status}", said="no")
    with database.transaction() as session:
        (alarm,) = standing_alarms(session)
        assert (alarm.facts["domain"], alarm.facts["enhanced_status"]) == ("example.com", "5.7.0")
        assert alarm.facts["others"] == [
            {"domain": "example.org", "enhanced_status": "5.7.1"},
            {"domain": "example.net", "enhanced_status": "5.7.3"},
        ]
        for number in range(100):
            raise_alarm(session, "policy", NOON, domain=f"{number}.example")
        assert len(alarm.facts["others"]) == 20


def test_an_alarm_that_is_over_stands_again_when_it_comes_back(database: Database) -> None:
    with database.transaction() as session:
        raise_alarm(session, "outbox", NOON)
        settle_alarms(session, ["outbox"], NOON + timedelta(hours=1))
        assert standing_alarms(session) == []
        raise_alarm(session, "outbox", NOON + timedelta(hours=2))
        assert [alarm.kind for alarm in standing_alarms(session)] == ["outbox"]


def test_what_was_told_is_not_told_again_but_that_it_is_over(database: Database) -> None:
    with database.transaction() as session:
        raise_alarm(session, "outbox", NOON)
        (alarm,) = untold_alarms(session, LONG_AGO)
        alarm.told_at = NOON
        assert untold_alarms(session, LONG_AGO) == []
        settle_alarms(session, ["outbox"], NOON)
        session.expire_all()
        (over,) = untold_alarms(session, LONG_AGO)
        over.over_told_at = NOON
        assert untold_alarms(session, LONG_AGO) == []


def test_a_worker_is_one_row_and_the_last_tick_is_known(database: Database) -> None:
    with database.transaction() as session:
        assert heartbeat.beats(session, LONG_AGO) == heartbeat.Beats(0, None)
        heartbeat.beat(session, "one", NOON)
        heartbeat.beat(session, "two", NOON + timedelta(minutes=1))
        heartbeat.beat(session, "one", NOON + timedelta(minutes=2))
        assert heartbeat.beats(session, NOON) == heartbeat.Beats(2, NOON + timedelta(minutes=2))
        heartbeat.forget_beats(session, NOON + timedelta(days=1))
        assert heartbeat.beats(session, LONG_AGO) == heartbeat.Beats(1, NOON + timedelta(minutes=2))


def test_an_address_of_a_test_is_known_and_is_no_reply_address(database: Database) -> None:
    token, other = tokens.random_token(), tokens.random_token()
    mine = reply_address.mint(token, domain=None, address="box@example.com", prefix=reply_address.TRIP)
    with database.transaction() as session:
        round_trip.begin(session, tokens.token_hash(token), NOON)
        session.flush()
        assert is_round_trip(session, mine.upper())
        assert not is_round_trip(session, f"t-{other}@in.example.com")
        assert not is_round_trip(session, f"r-{token}@in.example.com")
        assert reply_address.read(mine) is None
        round_trip.forget_round_trips(session, NOON + timedelta(days=1))
        assert not is_round_trip(session, mine)
