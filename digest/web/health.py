"""Owns /healthz and the page at the root. It must never tell more of the service than that it runs."""

from __future__ import annotations

import flask
from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from digest import schema
from digest.errors import DigestError
from digest.web.page import page, speech_to_a_stranger

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def show() -> flask.Response:
    """200 "ok", or 503 with one sentence: the database is away, or its schema is another version's."""
    try:
        schema.require_current(current_app.extensions["digest.database"])
    except DigestError as error:
        return flask.Response(f"{error}\n", 503, mimetype="text/plain")
    except SQLAlchemyError:
        current_app.logger.exception("healthz: the database cannot be reached")
        return flask.Response("The database cannot be reached.\n", 503, mimetype="text/plain")
    return flask.Response("ok\n", mimetype="text/plain")


@pages.get("/")
def root() -> flask.Response:
    return page("root.html", speech_to_a_stranger(), group=None)
