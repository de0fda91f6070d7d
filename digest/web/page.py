"""Owns how a template under templates/web becomes a page in one language. It must never decide what is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import flask
from flask import current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digest import clock, words
from digest.settings import Settings
from digest.web.speech import Speech, speech

TEMPLATES = Path(__file__).parents[2] / "templates" / "web"


def page(template: str, talk: Speech, status: int = 200, **values: object) -> flask.Response:
    """The page. Raises jinja2.UndefinedError for a value that its template needs and `values` lacks."""
    made = _environment(talk.language).get_template(template)
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


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(words.translator(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["lang"] = _lang
    return environment


def _lang(tag: str | None) -> Markup:
    """The attribute for somebody's words; nothing for a tag that is none."""
    if not tag or not tag.replace("-", "").isalnum() or not tag.isascii():
        return Markup("")
    return Markup(f' lang="{tag}"')
