"""Owns what follows from a judgement about one mail: its state, its address, an alarm. It must never act on a report
that was not matched, and it takes the next hop's refusals and the reports of others alike.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.delivery import suppression
from digest.domain.delivery.domain_pause import pause_domain
from digest.domain.delivery.event import record_event
from digest.domain.delivery.judgement import Judgement, exact_status, judge
from digest.domain.groups.person import Address
from digest.domain.mails.record import OutboundMessage
from digest.domain.running.alarm import raise_alarm

_ADDRESS = re.compile(r"\S+@\S+")
#: Of final deferrals by our own next hop; others may be its own trouble.
ABOUT_THE_RECIPIENT = ("4.1.", "4.2.")


def follow(
    session: Session,
    mail: OutboundMessage,
    judgement: Judgement,
    enhanced_status: str | None,
    remark: str,
    now: datetime,
) -> None:
    """What a report that is really about this mail changes; the same report must not come here twice."""
    if judgement in ("policy", "content"):
        _alarm(session, mail, judgement, enhanced_status, remark, now)
        return
    address = session.scalar(select(Address).where(Address.addr_spec == mail.rcpt_to).with_for_update())
    if address is None or suppression.is_about_earlier(address, mail):
        return  # she has another address by now, or has told us that this one works
    if judgement == "complaint":
        suppression.suppress(session, address, "complaint", now)
    elif judgement == "hard":
        suppression.suppress(session, address, "gone", now)
    elif judgement == "soft":
        suppression.count_failure(session, address, mail, now)
    elif judgement == "reached":
        suppression.forget_failures(session, address, mail)


def tell_of_provider(session: Session, provider: str, enhanced_status: str | None, now: datetime) -> None:
    """Our own provider refused a mail: the recipient's server never saw it, and has no part in the alarm."""
    raise_alarm(session, "refused-by-provider", now, domain=provider, enhanced_status=enhanced_status)


def follow_refusal(
    session: Session, mail_id: int, *, final: bool, enhanced_status: str | None, remark: str, now: datetime
) -> None:
    """What follows where the next hop refused a mail (`final`: by a 5xx), or deferred it until its time was over."""
    mail = session.get(OutboundMessage, mail_id)
    if mail is None or not (final or (enhanced_status or "").startswith(ABOUT_THE_RECIPIENT)):
        return
    status, judgement = exact_status(enhanced_status, remark), judge("failed", enhanced_status, None, remark)
    event = {"source": "smtp", "event_id": f"mail:{mail.id}", "event": "failed"}
    if record_event(session, mail, **event, enhanced_status=status, judgement=judgement, now=now):
        follow(session, mail, judgement, status, remark, now)


def _alarm(
    session: Session,
    mail: OutboundMessage,
    judgement: Judgement,
    enhanced_status: str | None,
    remark: str,
    now: datetime,
) -> None:
    """Our authentication, our address or our message is the cause, so nobody there is blamed."""
    domain = mail.rcpt_to.rpartition("@")[2]
    said = _ADDRESS.sub("…", remark)[:200]
    facts = {"domain": domain, "enhanced_status": enhanced_status, "said": said}
    if judgement == "policy":
        pause_domain(session, domain, enhanced_status, now)
        raise_alarm(session, "refused-by-policy", now, **facts)
    else:
        raise_alarm(session, "content-refused", now, mail=mail.kind, **facts)
