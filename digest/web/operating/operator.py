"""Owns the operator's page: what `digest check` tells, behind a link that it prints. It must never show a secret, or
anything of a member; it changes nothing.
"""

from __future__ import annotations

import flask
from flask import Blueprint, current_app

from digest import clock
from digest.settings import Settings
from digest.web.page import page, speech_to_a_stranger

pages = Blueprint("operator", __name__)


@pages.get("/operator/<token>")
def show(token: str) -> flask.Response:
    settings: Settings = current_app.extensions["digest.settings"]
    talk = speech_to_a_stranger()
    if not current_app.extensions["digest.opens"](token, settings.secret, clock.real_now()):
        return page("dead_link.html", talk, 404, why="operator", group=None)
    told: dict[str, list[str]] = {"wrong": [], "note": [], "ok": []}
    for finding in current_app.extensions["digest.findings"]():
        told[finding.state].append(finding.said(talk.translations.gettext))
    return page("operator.html", talk, group=None, told=told)
