"""Owns the page for a press that looks like a mail filter's: it asks for another one in a few minutes, and
names the reply that does the same at once. It must never refuse a person for good.
"""

from __future__ import annotations

from datetime import timedelta

import flask

from digest.domain.questions.suspicion import AROUND, FRESH, is_swept
from digest.web.visit.verified_link import Visit


def hold_on(visit: Visit) -> flask.Response:
    """The page that says when to press again."""
    again_at = (visit.message.sent_at or visit.now) + FRESH
    purpose, path = visit.link.purpose, visit.path(visit.link.purpose, visit.link.number)
    return visit.page("hold_on.html", 409, again_at=again_at, purpose=purpose, path=path)


def unless_swept(visit: Visit, within: timedelta = AROUND) -> flask.Response | None:
    """`hold_on` where the mail is minutes old and its links were opened, `within` that time, as filters do."""
    opened = visit.opened_within(within)
    return hold_on(visit) if is_swept(visit.message, visit.link_name, opened, visit.now) else None
