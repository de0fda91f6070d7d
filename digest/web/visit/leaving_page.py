"""Owns the page with which somebody stops. It must never stop anything itself."""

from __future__ import annotations

import flask

from digest.web.visit.verified_link import Visit


def leaving(visit: Visit) -> flask.Response:
    """The page with the buttons; for somebody who has left, the page that says so."""
    if visit.member.state == "left":
        return visit.page("left.html", just_now=False, declined=False, left_at=visit.member.left_at)
    return visit.page("leave.html", state=visit.member.state, path=visit.path("leave"))
