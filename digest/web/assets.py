"""Owns the style sheet and the script of our pages. It must never serve another file."""

from __future__ import annotations

from pathlib import Path

import flask
from flask import Blueprint

FOLDER = Path(__file__).parent / "static"
FILES = {
    "page.css": ("text/css", (FOLDER / "page.css").read_bytes()),
    "page.js": ("text/javascript", (FOLDER / "page.js").read_bytes()),
}

pages = Blueprint("assets", __name__)


@pages.get("/static/<name>")
def show(name: str) -> flask.Response:
    if name not in FILES:
        flask.abort(404)
    mimetype, content = FILES[name]
    answer = flask.Response(content, mimetype=mimetype)
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
