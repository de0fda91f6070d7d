"""Owns the address /fix: behind a receipt the parts of a reply, to be put right; behind the question whether
a message was hers, the message. It must never know more than which of the two it is.
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.web.pages import admissions, corrections
from digest.web.visit.verified_link import Visit, acting, looking, nowhere

pages = Blueprint("fixes", __name__)


@pages.get("/fix/<token>")
def show(token: str) -> flask.Response:
    with looking("fix", token) as visit:
        return _show(visit)


@pages.post("/fix/<token>")
def create(token: str) -> flask.Response:
    with acting("fix", token) as visit:
        act = ACTS.get((visit.message.kind, flask.request.form.get("act", "")))
        return act(visit) if act else _show(visit)


def _show(visit: Visit) -> flask.Response:
    return SHOWN.get(visit.message.kind, _nowhere)(visit)


def _nowhere(visit: Visit) -> flask.Response:
    nowhere()


SHOWN = {"receipt": corrections.show, "sender_unknown": admissions.show}
ACTS = {
    ("receipt", "fix"): corrections.create,
    ("sender_unknown", "mine"): admissions.create,
    ("sender_unknown", "mine_and_address"): admissions.create_and_remember,
}
