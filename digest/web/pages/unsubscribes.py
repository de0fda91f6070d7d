"""Owns the address in List-Unsubscribe. It must never redirect, set a cookie or ask back when a mail program
posts to it (RFC 8058, section 3.1).

200  left, or had left before
400  a POST without List-Unsubscribe=One-Click: the page with the buttons, nothing is done
404  a link that is damaged or foreign
410  a link from before the member left and came back
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.domain.mails.record import leave_and_cancel
from digest.web.visit.leaving_page import leaving
from digest.web.visit.verified_link import acting, looking

pages = Blueprint("unsubscribes", __name__)


@pages.get("/unsubscribe/<token>")
def show(token: str) -> flask.Response:
    with looking("unsubscribe", token) as visit:
        return leaving(visit)


@pages.post("/unsubscribe/<token>")
def create(token: str) -> flask.Response:
    """Acts at once, without a page in between; the mail program reads nothing but the status."""
    with acting("unsubscribe", token) as visit:
        if flask.request.form.get("List-Unsubscribe") != "One-Click":
            page = leaving(visit)
            page.status_code = 400
            return page
        if visit.member.state != "left":
            leave_and_cancel(visit.session, visit.member, visit.now)
        return leaving(visit)
