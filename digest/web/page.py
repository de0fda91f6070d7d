"""Owns how a template under templates/web becomes a page in one language. It must never decide what is said."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask
from flask import current_app

from digest import clock, words
from digest.settings import Settings
from digest.words.speech import Speech, speech
from digest.words.templates import environment


def page(template: str, talk: Speech, status: int = 200, **values: object) -> flask.Response:
    """The page. Raises jinja2.UndefinedError for a value that its template needs and `values` lacks."""
    made = environment("web", talk.language, html=True).get_template(template)
    html = made.render(values, language=talk.language, talk=talk, prefix=prefix())
    return flask.Response(html, status, mimetype="text/html")


def prefix() -> str:
    """What stands before our paths, where the service lives in a folder of its host: "" or "/digest"."""
    settings: Settings = current_app.extensions["digest.settings"]
    return urlsplit(settings.base_url).path if settings.base_url else flask.request.script_root


def speech_to_a_stranger() -> Speech:
    """For pages that are nobody's: the language that the browser asks for."""
    asked = flask.request.accept_languages.values()
    best = next((tag for tag in asked if words.has_catalogue(tag)), words.SOURCE)
    return speech(best, "UTC", clock.now())
