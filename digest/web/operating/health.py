"""Owns /healthz and the page at the root. It must never tell more of the service than how it is, nor let what is
slow or stuck elsewhere take this machine out of service.

/healthz answers
200  "ok"; below it a line for each thing that asks for a look, which another web machine would not mend either
503  one sentence: the database is away, or its schema is another version's
"""

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
    try:
        schema.require_current(current_app.extensions["digest.database"])
        found = current_app.extensions["digest.look"]().found
    except DigestError as error:
        return _plain(str(error), 503)
    except SQLAlchemyError:
        current_app.logger.exception("healthz: the database cannot be reached")
        return _plain("The database cannot be reached.", 503)
    return _plain("\n".join(["ok", *(finding.sentence for finding in found.values())]), 200)


def _plain(text: str, status: int) -> flask.Response:
    return flask.Response(f"{text}\n", status, mimetype="text/plain")


@pages.get("/")
def root() -> flask.Response:
    return page("root.html", speech_to_a_stranger(), group=None)
