"""Amazon SES's door: notifications of Amazon SNS, their signatures and topics, subscriptions, messages and events."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Iterator

import pytest

from digest.inbound.delivery_report import DeliveryReport
from digest.inbound.requests import sns
from tests.inbound.letter import letter
from tests.inbound.payloads import Post, ses
from tests.inbound.payloads.ses import CERTIFICATE, TOPIC, changed, confirmation, notification, received
from tests.inbound.providers.conftest import Doors

CONFIRM = f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336"
FOREIGN_TOPIC = "arn:aws:sns:eu-west-1:999999999999:somebody-elses"


@pytest.fixture(autouse=True)
def _no_certificate_is_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sns, "_certificates", {})
    return


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", [{}, {"Subject": "Amazon SES Email Receipt Notification"}])
def test_both_versions_of_the_signature_count(doors: Doors, version: str, subject: dict[str, str]) -> None:
    post = notification(received(letter()), doors.amazon, version=version, **subject)
    assert doors.post(post) == 200
    assert doors.raw == [letter().raw]


def test_one_changed_byte_breaks_the_signature(doors: Doors) -> None:
    post = notification(received(letter("one")), doors.amazon)
    assert doors.post(changed(post, Message=received(letter("two")))) == 401
    assert doors.post(changed(post, Subject="added")) == 401
    assert doors.post(changed(post, SignatureVersion="1")) == 401
    assert doors.post(changed(post, SignatureVersion="3")) == 401
    assert doors.stored == []


def test_the_certificate_is_fetched_once(doors: Doors) -> None:
    for text in ("one", "two", "three"):
        assert doors.post(notification(received(letter(text)), doors.amazon)) == 200
    assert doors.amazon.asked == [CERTIFICATE]


def test_while_the_certificate_cannot_be_had_amazon_is_told_to_try_again(doors: Doors) -> None:
    pages, doors.amazon.pages = doors.amazon.pages, {}
    post = notification(received(letter()), doors.amazon)
    assert doors.post(post) == 503
    doors.amazon.pages = pages
    assert doors.post(post) == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.test/x.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.test/x.pem",
        "https://evil.test/sns.eu-west-1.amazonaws.com/x.pem",
        "https://evil.test#sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
        "https://sns.eu-west-1.amazonaws.com/x.txt",
        "https://sns.evil.test.amazonaws.com/x.pem",
        "https://s3.eu-west-1.amazonaws.com/x.pem",
        "https://[sns.eu-west-1.amazonaws.com/x.pem",
        "https://127.0.0.1/x.pem",
        "file:///etc/x.pem",
        "",
    ],
)
def test_no_certificate_of_another_place_is_even_asked_for(doors: Doors, url: str) -> None:
    assert doors.post(notification(received(letter()), doors.amazon, SigningCertURL=url)) == 401
    assert doors.amazon.asked == []


@pytest.mark.parametrize("page", [lambda pem: pem * 2, lambda pem: pem[:200], lambda pem: b"<html>"])
def test_a_damaged_certificate_proves_nothing_and_is_not_kept(
    doors: Doors, page: Callable[[bytes], bytes]
) -> None:
    pem = doors.amazon.pages[CERTIFICATE]
    doors.amazon.pages[CERTIFICATE] = page(pem)
    post = notification(received(letter()), doors.amazon)
    assert doors.post(post) == 503
    doors.amazon.pages[CERTIFICATE] = pem
    assert doors.post(post) == 200


def test_a_well_signed_notification_of_a_foreign_topic_is_not_let_in(doors: Doors) -> None:
    assert doors.post(notification(received(letter()), doors.amazon, topic=FOREIGN_TOPIC)) == 503
    assert doors.post(confirmation(CONFIRM, doors.amazon, topic=FOREIGN_TOPIC)) == 503
    assert doors.amazon.asked == []


def test_header_and_body_have_to_fit_together(doors: Doors) -> None:
    post = notification(received(letter()), doors.amazon)
    assert doors.post(post.without("x-amz-sns-message-id")) == 401
    assert doors.post(post.with_headers(**{"x-amz-sns-message-type": "SubscriptionConfirmation"})) == 401


def test_a_subscription_of_our_topic_is_confirmed(doors: Doors) -> None:
    doors.amazon.pages[CONFIRM] = b"<ConfirmSubscriptionResponse/>"
    assert doors.post(confirmation(CONFIRM, doors.amazon)) == 200
    assert doors.amazon.asked == [CERTIFICATE, CONFIRM]
    assert doors.stored == []


def test_a_confirmation_that_does_not_reach_amazon_is_tried_again(doors: Doors) -> None:
    assert doors.post(confirmation(CONFIRM, doors.amazon)) == 503


@pytest.mark.parametrize(
    "url", ["https://evil.test/?Action=ConfirmSubscription", "http://169.254.169.254/latest"]
)
def test_no_page_of_another_host_is_read(doors: Doors, url: str) -> None:
    assert doors.post(confirmation(url, doors.amazon)) == 401
    assert doors.amazon.asked == [CERTIFICATE]


def test_that_somebody_unsubscribed_is_heard_and_changes_nothing(doors: Doors) -> None:
    assert doors.post(confirmation(CONFIRM, doors.amazon, kind="UnsubscribeConfirmation")) == 200
    assert doors.amazon.asked == [CERTIFICATE]


def test_the_sentence_after_a_confirmation_is_thanked_for(doors: Doors) -> None:
    assert doors.post(notification("Successfully validated SNS topic for Amazon SES.", doors.amazon)) == 200
    assert doors.stored == []


def test_content_comes_as_utf_8_or_as_base64(doors: Doors) -> None:
    for base64_content in (True, False):
        sent = letter(f"grün {base64_content}")
        assert doors.post(notification(received(sent, base64_content=base64_content), doors.amazon)) == 200
    assert doors.raw == [letter("grün True").raw, letter("grün False").raw]


def test_of_a_message_that_amazon_keeps_elsewhere_the_header_is_stored(doors: Doors) -> None:
    assert doors.post(notification(received(letter(), content=False), doors.amazon)) == 200
    (raw,) = doors.raw
    assert raw.startswith(b"From: Mira <mira@example.com>\r\n")
    assert raw.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("PASS", "pass"), ("FAIL", "fail"), ("GRAY", "none"), ("PROCESSING_FAILED", "temperror")],
)
def test_what_amazon_says_of_the_sender_is_handed_over(doors: Doors, said: str, kept: str) -> None:
    assert doors.post(notification(received(letter(), dmarc=said), doors.amazon)) == 200
    assert [row.verdicts for row in doors.stored] == [{"spf": "pass", "dkim": "none", "dmarc": kept}]


def test_what_the_senders_domain_asks_for_is_handed_over_too(doors: Doors) -> None:
    said = json.loads(received(letter(), dmarc="FAIL"))
    said["receipt"]["dmarcPolicy"] = "REJECT"
    assert doors.post(notification(json.dumps(said), doors.amazon)) == 200
    (verdicts,) = [row.verdicts or {} for row in doors.stored]
    assert (verdicts["dmarc"], verdicts["policy.dmarc"]) == ("fail", "reject")


MAIL = {
    "messageId": "0102018f-1",
    "source": "bounce+x@example.org",
    "timestamp": "2026-03-31T07:12:00.000Z",
    "destination": ["ben@example.com"],
    "commonHeaders": {"messageId": "<week14.ben@digest.example.org>"},
}
BOUNCED = {
    "emailAddress": "ben@example.com",
    "action": "failed",
    "status": "5.1.1",
    "diagnosticCode": "smtp; 550",
}


def bounce(kind: str, **recipient: str) -> dict[str, object]:
    return {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [BOUNCED | recipient],
        "feedbackId": "f-1",
        "timestamp": "2026-03-31T07:13:00.000Z",
    }


@pytest.mark.parametrize("name", ["notificationType", "eventType"])
@pytest.mark.parametrize(
    ("kind", "said", "known"),
    [
        ("Bounce", {"bounce": bounce("Permanent")}, ("failed", "5.1.1", True)),
        ("Bounce", {"bounce": bounce("Transient", status="4.2.2")}, ("failed", "4.2.2", False)),
        ("Bounce", {"bounce": bounce("Undetermined", status="")}, ("failed", None, None)),
        (
            "Complaint",
            {
                "complaint": {
                    "complainedRecipients": [{"emailAddress": "ben@example.com"}],
                    "feedbackId": "f-2",
                }
            },
            ("complained", None, None),
        ),
        (
            "Delivery",
            {
                "delivery": {
                    "recipients": ["ben@example.com"],
                    "timestamp": "t",
                    "smtpResponse": "250 2.6.0 ok",
                }
            },
            ("delivered", "2.6.0", None),
        ),
        (
            "DeliveryDelay",
            {
                "deliveryDelay": {
                    "delayedRecipients": [{"emailAddress": "ben@example.com", "status": "4.4.1"}]
                }
            },
            ("deferred", "4.4.1", None),
        ),
        ("Reject", {"reject": {"reason": "Bad content"}}, ("failed", "5.6.0", None)),
    ],
)
def test_what_became_of_a_mail_is_reported(
    doors: Doors,
    reports: list[DeliveryReport],
    name: str,
    kind: str,
    said: dict[str, object],
    known: tuple[str, str | None, bool | None],
) -> None:
    message = json.dumps({name: kind, "mail": MAIL, **said})
    assert [doors.post(notification(message, doors.amazon)) for _ in range(2)] == [200, 200]
    first, again = reports
    assert (first.event, first.enhanced_status, first.permanent) == known
    assert (first.recipient, first.message_id) == ("ben@example.com", "<week14.ben@digest.example.org>")
    assert first.return_path == "bounce+x@example.org"
    assert first.refused_by == ("Amazon SES" if kind == "Reject" else None)
    assert first == again, "the same report, so that it counts once"


@pytest.mark.parametrize("kind", ["Send", "Open", "Click", "Rendering Failure", "Subscription", ""])
def test_what_is_of_no_concern_is_thanked_for(doors: Doors, reports: list[DeliveryReport], kind: str) -> None:
    assert doors.post(notification(json.dumps({"eventType": kind, "mail": MAIL}), doors.amazon)) == 200
    assert reports == []


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus"])
def test_a_report_that_says_it_is_no_complaint_is_none(
    doors: Doors, reports: list[DeliveryReport], kind: str
) -> None:
    said = {"complainedRecipients": [{"emailAddress": "ben@example.com"}], "complaintFeedbackType": kind}
    message = json.dumps({"notificationType": "Complaint", "mail": MAIL, "complaint": said})
    assert doors.post(notification(message, doors.amazon)) == 200
    assert reports == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", json.dumps({"TopicArn": TOPIC}).encode()]
)
def test_whatever_comes_is_answered(doors: Doors, body: bytes) -> None:
    assert doors.post(Post("/inbound/ses", {"Content-Type": "text/plain"}, body)) in (401, 503)


def test_the_pages_of_every_region_are_amazons() -> None:
    for host in (
        "sns.eu-central-1.amazonaws.com",
        "sns.us-gov-west-1.amazonaws.com",
        "sns.cn-north-1.amazonaws.com.cn",
    ):
        assert sns.is_of_amazon(f"https://{host}/{urllib.parse.quote('x.pem')}")
    assert ses.CERTIFICATE.startswith("https://")
