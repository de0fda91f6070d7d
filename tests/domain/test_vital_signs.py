"""Behaviour of the figures and of what they mean: each kind of trouble is seen, and nothing where all is well."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from digest import clock
from digest.checking import disk
from digest.checking.canary import troubles
from digest.checking.watch import look, watch
from digest.database import Database
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, InboundMessage, OutboundMessage
from digest.domain.running import heartbeat
from digest.domain.running.alarm import Alarm, raise_alarm
from digest.domain.vital_signs import vital_signs
from digest.errors import Misuse
from digest.settings import Settings
from tests.parts.one_login import USER, OneLogin
from tests.parts.smtp_server import SmtpServer
from tests.web.scene import Scene, make_scene

RAW = zlib.compress(b"Subject: hello\r\n\r\nhello\r\n")


@pytest.fixture
def scene(database: Database):  # type: ignore[no-untyped-def]
    """A small group one minute after its first digest, with a worker."""
    made = make_scene(database)
    with database.transaction() as session:
        heartbeat.beat(session, "a worker", clock.real_now())
    yield made
    clock.start_at(None)


def mail(scene: Scene, count: int = 1, **values: object) -> None:
    """Mails of a member as they stand in the outbox; `ago` is how long ago they were made."""
    ago = values.pop("ago", timedelta(minutes=1))
    assert isinstance(ago, timedelta)
    with scene.database.transaction() as session:
        made = clock.now() - ago
        for number in range(count):
            key = f"{len(values)}-{values}-{number}-{ago}"
            usual = {
                "kind": "digest",
                "occasion": key,
                "member_id": scene.member("Mira").id,
                "message_id": f"<{key}@example.com>",
                "mail_from": "",
                "rcpt_to": "mira@example.com",
                "raw": RAW,
                "reply_until": made + REPLY_ADDRESS_OPEN,
                "link_key": key,
                "state": "sent",
                "created_at": made,
                "due_at": made,
                "expires_at": made + timedelta(days=2),
            }
            session.add(OutboundMessage(**(usual | values)))


def message(scene: Scene, count: int = 1, **values: object) -> None:
    """Messages that came in; `ago` is how long ago."""
    ago = values.pop("ago", timedelta(minutes=1))
    assert isinstance(ago, timedelta)
    with scene.database.transaction() as session:
        came = clock.now() - ago
        for number in range(count):
            usual = {
                "raw_digest": f"{values}-{number}-{ago}",
                "rcpt_to": "r-x@in.example.com",
                "raw": RAW,
                "size": 1,
                "via": "raw",
                "received_at": came,
                "settled_at": came,
                "state": "filed",
            }
            session.add(InboundMessage(**(usual | values)))


def kinds(scene: Scene) -> list[str]:
    return sorted(look(scene.database).found)


def test_a_service_that_works_has_no_trouble(scene: Scene) -> None:
    mail(scene, 30)
    mail(scene, state="queued")
    mail(scene, 2, state="bounced")
    message(scene, state="accepted", settled_at=None)
    assert kinds(scene) == []


def test_the_figures_are_those_of_the_last_day_and_of_what_waits(scene: Scene) -> None:
    before = look(scene.database).signs
    mail(scene, 3)
    mail(scene, 2, state="bounced")
    mail(scene, 2, ago=timedelta(days=2))
    mail(scene, state="queued", attempts=1)
    mail(scene, 2, state="queued", attempts=4, ago=timedelta(hours=2))
    message(scene, 2)
    message(scene, state="dropped")
    message(scene, 4, ago=timedelta(days=7, hours=1))
    message(scene, state="processing", settled_at=None, ago=timedelta(minutes=3))
    signs = look(scene.database).signs
    assert signs.mails == {"sent": 3, "bounced": 2, "queued": 3}
    assert signs.messages["dropped"] - before.messages.get("dropped", 0) == 1
    assert (signs.replies - before.replies, signs.replies_a_week_ago - before.replies_a_week_ago) == (2, 4)
    assert (signs.deferred, signs.stubborn) == (3, 2)
    assert (signs.inbox.count, signs.inbox.since) == (1, signs.inbox.since)
    assert signs.outbox.count == 3
    assert signs.beats.workers == 1
    assert signs.questions_open == 3


def test_a_tick_that_does_not_come_is_trouble(scene: Scene) -> None:
    with scene.database.reading() as session:
        signs = vital_signs(session, clock.now(), clock.real_now())
    assert list(troubles(signs, clock.real_now())) == []
    (late,) = troubles(signs, clock.real_now() + timedelta(minutes=12))
    assert late.finding.sentence.startswith("The last tick was 12 minutes ago")


@pytest.mark.parametrize("late", [False, True])
def test_what_waits_too_long_is_trouble(scene: Scene, late: bool) -> None:
    ago = timedelta(minutes=16 if late else 8)
    mail(scene, state="queued", ago=ago)
    message(scene, state="accepted", settled_at=None, ago=ago)
    assert kinds(scene) == (["inbox", "outbox"] if late else [])


def test_mails_that_are_refused_again_and_again_are_trouble(scene: Scene) -> None:
    mail(scene, state="queued", attempts=3, due_at=clock.now() + timedelta(hours=1), ago=timedelta(hours=1))
    assert kinds(scene) == ["outbox"]


def test_what_was_set_aside_is_trouble_for_a_day(scene: Scene) -> None:
    message(scene, state="failed", ago=timedelta(days=1, minutes=1))
    assert kinds(scene) == []
    message(scene, state="failed")
    assert kinds(scene) == ["failed"]


def test_many_mails_that_come_back_are_trouble(scene: Scene) -> None:
    mail(scene, 100)
    mail(scene, 4, state="bounced")
    assert kinds(scene) == []
    mail(scene, 2, state="rejected")
    assert kinds(scene) == ["bounces"]


def test_silence_after_prompts_is_trouble_where_people_used_to_write(scene: Scene) -> None:
    clock.start_at(clock.now() + timedelta(days=30))  # away from what the scene holds
    mail(scene, 5, kind="prompt", ago=timedelta(hours=7))
    assert kinds(scene) == [], "nobody wrote a week ago either"
    message(scene, 3, ago=timedelta(days=7, hours=2))
    assert kinds(scene) == ["silence"]
    message(scene)
    assert kinds(scene) == []


def test_a_disk_that_is_nearly_full_is_trouble_where_the_database_is_a_file(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def filled_to(free: int) -> None:
        monkeypatch.setattr(disk.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))

    filled_to(200_000_000)
    assert kinds(scene) == []
    filled_to(199_999_999)
    assert kinds(scene) == (["disk"] if scene.database.is_sqlite else [])


def test_what_another_part_reports_stands_for_a_day(scene: Scene) -> None:
    with scene.database.transaction() as session:
        raise_alarm(session, "refused-by-policy", clock.now(), domain="example.org", enhanced_status="5.7.26")
        raise_alarm(session, "something-new", clock.now())
    found = look(scene.database).found
    assert found["refused-by-policy"].sentence.startswith(
        "example.org refuses our mail by its policy (5.7.26)."
    )
    assert found["something-new"].sentence == "Something asks for a look: something-new. The log says more."
    clock.start_at(clock.now() + timedelta(days=1, minutes=1))
    assert kinds(scene) == []


@pytest.mark.parametrize("kind", ["refused-by-policy", "content-refused"])
def test_a_second_domain_of_the_day_is_seen_beside_the_first(scene: Scene, kind: str) -> None:
    for domain, status in (("example.org", "5.7.26"), ("example.net", "5.7.1"), ("example.eu", None)):
        with scene.database.transaction() as session:
            raise_alarm(session, kind, clock.now(), domain=domain, enhanced_status=status)
    said = look(scene.database).found[kind].sentence
    assert said.startswith("example.org refuses ")
    assert "(5.7.26), and so do example.net (5.7.1), example.eu (?). " in said


@pytest.fixture
def settings(smtp_server: SmtpServer) -> Settings:
    return Settings(
        mail_url=smtp_server.url,
        mail_from="digest@example.com",
        operator=("aylin@example.com",),
        secret=("a secret of sixteen characters and more",),
    )


def subjects(server: SmtpServer) -> list[str]:
    texts = [received.content.decode() for received in server.received]
    return [line for text in texts for line in text.splitlines() if line.startswith("Subject:")]


HAVE_A_LOOK, OVER = "Subject: Digest: please have a look", "Subject: Digest: it is over"


def test_the_operator_is_told_once_a_day_and_once_that_it_is_over(
    scene: Scene, settings: Settings, smtp_server: SmtpServer
) -> None:
    mail(scene, state="queued", attempts=3, due_at=clock.now() + timedelta(days=3))
    for _ in range(3):
        watch(scene.database, settings)
    assert subjects(smtp_server) == [HAVE_A_LOOK]
    assert b"refused mails for now" in smtp_server.received[0].content
    assert b"Auto-Submitted: auto-generated" in smtp_server.received[0].content
    clock.start_at(clock.now() + timedelta(days=1))
    watch(scene.database, settings)
    assert subjects(smtp_server) == [HAVE_A_LOOK] * 2
    with scene.database.transaction() as session:
        for queued in session.query(OutboundMessage).filter_by(state="queued"):
            queued.state = "sent"
    for _ in range(3):
        watch(scene.database, settings)
    assert subjects(smtp_server) == [HAVE_A_LOOK, HAVE_A_LOOK, OVER]
    assert b"Mails go out again." in smtp_server.received[-1].content


def test_an_operator_who_could_not_be_told_is_told_when_the_mail_server_is_back(
    scene: Scene, settings: Settings, smtp_server: SmtpServer
) -> None:
    smtp_server.refuse("MAIL", "451 4.3.0 later")
    message(scene, state="failed")
    watch(scene.database, settings)
    assert smtp_server.received == []
    smtp_server.refuse_nothing()
    watch(scene.database, settings)
    assert subjects(smtp_server) == [HAVE_A_LOOK]


def test_an_operator_is_told_when_a_wrong_way_out_was_corrected(
    scene: Scene, settings: Settings, smtp_server: SmtpServer
) -> None:
    message(scene, state="failed")
    with pytest.raises(Misuse):
        watch(scene.database, replace(settings, operator_mail_url="pigeon:"))
    watch(scene.database, settings)
    assert subjects(smtp_server) == [HAVE_A_LOOK]


def test_another_way_out_may_be_kept_for_the_operator(
    scene: Scene, settings: Settings, smtp_server: SmtpServer
) -> None:
    stuck = Settings(
        mail_url="smtp://127.0.0.1:1",
        operator_mail_url=smtp_server.url,
        mail_from="digest@example.com",
        operator=settings.operator,
        operator_locale="de",
    )
    message(scene, state="failed")
    watch(scene.database, stuck)
    assert subjects(smtp_server) == ["Subject: Digest: Bitte einmal hinsehen"]


def test_the_operators_way_out_may_be_logged_in_to_by_the_usual_ones_token(
    scene: Scene, settings: Settings, one_login: OneLogin
) -> None:
    by_token = Settings(
        mail_url=one_login.mail_url,
        operator_mail_url=one_login.mail_url,
        mail_tokens=one_login.tokens.settings(),
        mail_from=USER,
        operator=("aylin@by-token.example",),
    )
    message(scene, state="failed")
    watch(scene.database, by_token)
    one_login.postfix.wait_until(lambda: one_login.received_by("aylin@by-token.example"))


def test_a_process_that_has_just_begun_does_not_judge_the_workers(scene: Scene, settings: Settings) -> None:
    with scene.database.transaction() as session:
        session.query(heartbeat.Heartbeat).update({"beaten_at": clock.real_now() - timedelta(hours=1)})
    watch(scene.database, settings, clock.real_now())
    with scene.database.reading() as session:
        assert session.query(Alarm).all() == []
    watch(scene.database, settings, clock.real_now() - timedelta(minutes=6))
    with scene.database.reading() as session:
        assert [alarm.kind for alarm in session.query(Alarm)] == ["tick"]


def test_while_all_is_well_nothing_is_written(scene: Scene, settings: Settings) -> None:
    before = scene.everything()
    assert watch(scene.database, settings) == []
    assert scene.everything() == before
