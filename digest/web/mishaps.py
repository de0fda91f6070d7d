"""Owns the pages for requests that go wrong, each with what one can do. It must never show a traceback, nor write the
address of a page into the log: it is a key.
"""

from __future__ import annotations

from typing import Any

import flask
from flask import Flask
from werkzeug.exceptions import HTTPException

from digest.errors import Transient
from digest.web.page import page, speech_to_a_stranger

KNOWN = {400: "broken", 404: "nothing", 405: "not_so", 413: "too_long", 503: "away"}
RETRY_AFTER = "60"  # seconds


class QuietFlask(Flask):
    """Flask whose log names the rule of a request in place of its address."""

    def log_exception(self, exc_info: Any) -> None:
        rule = flask.request.url_rule
        self.logger.error("%s %s failed", flask.request.method, rule or "an unknown page", exc_info=exc_info)


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Transient, _show_away)


def _show(error: HTTPException) -> flask.Response:
    if isinstance(error.response, flask.Response):
        return error.response  # a page that is finished
    status = error.code or 500
    answer = _page(status, KNOWN.get(status, "fault" if status >= 500 else "broken"))
    if status == 405:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    return answer


def _show_away(error: Transient) -> flask.Response:
    flask.current_app.logger.error("%s: %s", flask.request.url_rule, error)
    answer = _page(503, "away")
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _page(status: int, what: str) -> flask.Response:
    return page("mishap.html", speech_to_a_stranger(), status, what=what, group=None)
