"""What a provider reports about a mail of ours reaches the mail's record, whichever provider it is, and counts once."""

from __future__ import annotations

import http.client
import json
import time
from collections import Counter

from sqlalchemy import select

from digest.domain.delivery.event import DeliveryEvent
from digest.domain.mails.record import OutboundMessage
from tests.acceptance.faults.unreliable import PAIR, Service, service
from tests.acceptance.world import Mail, World
from tests.inbound.http_doors import NEW
from tests.inbound.payloads import Post, mailgun, postmark, sendgrid, ses

TUESDAY = "2026-03-31T09:00+02:00"


def test_each_provider_tells_which_mail_did_not_arrive(packaging: World) -> None:
    packaging.at(TUESDAY)
    mails = {name: packaging.prompt(name) for name in ("jonas", "mira", "ben", "carla", "emil")}
    with service(packaging.settings) as made:
        told = [
            _mailgun(mails["mira"], event="failed", severity="permanent"),
            _postmark(mails["ben"]),
            _sendgrid(mails["carla"]),
            _ses(mails["emil"], made),
            _mailgun(mails["jonas"], event="delivered"),
            _mailgun(mails["jonas"], event="opened"),
        ]
        assert [_status(made, post) for post in [*told, *told]] == [200] * 12
    with packaging.database.reading() as session:
        ids = {str(mail.message["Message-ID"]).strip(): name for name, mail in mails.items()}
        prompts = select(OutboundMessage).where(OutboundMessage.message_id.in_(ids))
        state = {ids[mail.message_id]: mail.state for mail in session.scalars(prompts)}
        events = Counter(session.scalars(select(DeliveryEvent.source)))
    assert state == dict.fromkeys(("mira", "ben", "carla", "emil"), "bounced") | {"jonas": "delivered"}
    assert events == {"mailgun": 2, "postmark": 1, "sendgrid": 1, "ses": 1}


def _status(made: Service, post: Post) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=30)
    connection.request("POST", post.path, post.body, post.headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _id(mail: Mail) -> str:
    return str(mail.message["Message-ID"]).strip()


def _mailgun(mail: Mail, **said: str) -> Post:
    message = {"headers": {"message-id": _id(mail).strip("<>")}}
    status = {"message": "5.1.1 no such user here"} if said["event"] == "failed" else {}
    return mailgun.mailgun_event(
        NEW, int(time.time()), recipient=mail.to, message=message, **{"delivery-status": status}, **said
    )


def _postmark(mail: Mail) -> Post:
    said = {
        "Type": "HardBounce",
        "ID": 42,
        "Email": mail.to,
        "Metadata": {"message-id": _id(mail).strip("<>")},
    }
    return postmark.as_json(postmark.postmark_event("Bounce", **said), PAIR)


def _sendgrid(mail: Mail) -> Post:
    said = {"event": "bounce", "type": "bounce", "status": "5.1.1", "smtp-id": _id(mail), "email": mail.to}
    return sendgrid.signed(sendgrid.sendgrid_events(said), sendgrid.key(NEW), int(time.time()))


def _ses(mail: Mail, made: Service) -> Post:
    bounced = {"emailAddress": mail.to, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 unknown"}
    said = {
        "eventType": "Bounce",
        "mail": {
            "messageId": "0102018f-1",
            "source": mail.envelope_from,
            "commonHeaders": {"messageId": _id(mail)},
        },
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [bounced], "feedbackId": "f-1"},
    }
    return ses.notification(json.dumps(said), made.amazon)
