"""Owns the factory of the web application: settings and database plugged in at one place, doors and pages registered.
It must never hold a rule.
"""

from __future__ import annotations

import flask
from flask import Flask

from digest import start
from digest.checking import operator_link
from digest.checking.everything import look_at
from digest.checking.finding import Finding
from digest.checking.scope import Scope
from digest.checking.watch import look
from digest.database import Database
from digest.inbound.webhook import door
from digest.reading.meaning.interpret import read
from digest.reading.mime.message import parse
from digest.settings import Settings
from digest.web import assets, mishaps
from digest.web.operating import health, metrics, operator
from digest.web.operating.remembered import Remembered
from digest.web.pages import (
    fixes,
    help_offers,
    memberships,
    retractions,
    solutions,
    unsubscribes,
    whole_texts,
)
from digest.web.strict_headers import keep_strict

PAGES = (
    help_offers,
    solutions,
    retractions,
    fixes,
    whole_texts,
    memberships,
    unsubscribes,
    assets,
    health,
    metrics,
    operator,
)

CHECK_AGAIN = 60.0
LOOK_AGAIN = 15.0  # seconds; whoever asks more often gets the same answer


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The WSGI application. Raises Misuse where a setting is missing, Permanent where the schema is old."""
    settings = settings or start.settings("DIGEST_SECRET")
    settings.require("DIGEST_SECRET")
    app = mishaps.QuietFlask("digest", static_folder=None, template_folder=None)
    app.extensions["digest.settings"] = settings
    app.extensions["digest.database"] = database or start.database(settings)
    app.extensions["digest.words_of"] = _words_of
    app.extensions["digest.look"] = Remembered(lambda: look(app.extensions["digest.database"]), LOOK_AGAIN)
    app.extensions["digest.opens"] = operator_link.is_open
    app.extensions["digest.findings"] = Remembered(lambda: _findings(app), CHECK_AGAIN)
    app.register_blueprint(door)
    for resource in PAGES:
        app.register_blueprint(resource.pages)
    app.after_request(_keep_strict)
    mishaps.register(app)
    return app


def _keep_strict(answer: flask.Response) -> flask.Response:
    """What people read has strict headers; a machine at the door has no use for them."""
    return answer if flask.request.blueprint == door.name else keep_strict(answer)


def _findings(app: Flask) -> list[Finding]:
    extensions = app.extensions
    return list(look_at(Scope(extensions["digest.settings"], database=extensions["digest.database"])))


def _words_of(raw: bytes) -> str:
    """What a message says, for the page that asks its member whether it is hers."""
    return read(parse(raw)).reply
