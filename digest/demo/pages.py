"""Owns the mailbox page: the members' mails as clients show them, a reply box, and the clock.
It must never be served but on this machine.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import flask
from babel.dates import format_datetime
from flask import Blueprint, Flask, abort, current_app, redirect, request
from werkzeug.wrappers import Response

from digest import clock, words
from digest.demo.cast import CAST, IDEAS, TIMEZONE, Player, player
from digest.demo.mail_client import CLIENTS
from digest.demo.mailbox import Mail
from digest.demo.rehearsal import Event, Rehearsal
from digest.outbound.form.reply_words import reply_words

TEMPLATES = Path(__file__).parents[2] / "templates" / "demo"
VIEWS = ("html", "text", "header")

#: The words that a member may want to answer with, by the kind of mail.
COMMANDS = {"receipt": ("undo", "anonymous", "later"), "offer": ("undo",)}

pages = Blueprint("mailbox", __name__)


def create_mailbox_app(rehearsal: Rehearsal) -> Flask:
    """A small application of its own, so that its rules never weaken those of the real pages."""
    app = Flask("digest.demo", template_folder=str(TEMPLATES), static_folder=None)
    app.extensions["rehearsal"] = rehearsal
    app.register_blueprint(pages)
    app.add_template_global(moment)
    app.after_request(_keep_to_ourselves)
    return app


def moment(instant: datetime) -> str:
    """Tue 31 Mar, 09:00"""
    return format_datetime(instant, "EEE d MMM, HH:mm", tzinfo=ZoneInfo(TIMEZONE), locale="en_GB")


@pages.get("/")
def show() -> str:
    """One mailbox with its mails, one of them open."""
    whole = _rehearsal()
    whose = _player(request.args.get("of", "mira@example.com"))
    mails = whole.mailboxes.of(whose.address)
    opened = next(
        (mail for mail in mails if mail.id == request.args.get("mail")), mails[0] if mails else None
    )
    return flask.render_template(
        "mailbox.html",
        cast=CAST,
        whose=whose,
        states=whole.joined(),
        counts={one.address: len(whole.mailboxes.of(one.address)) for one in CAST},
        mails=mails,
        opened=opened,
        view=request.args.get("view", "html"),
        views=VIEWS,
        clients=CLIENTS,
        suggestions=_suggestions(opened, whose),
        now=clock.now(),
        events=_next_events(whole),
    )


@pages.get("/mail/<mail_id>")
def show_html(mail_id: str) -> flask.Response:
    """The HTML of a mail for the frame: no script, nothing from elsewhere, links open beside it."""
    mail = _rehearsal().mailboxes.find(mail_id) or abort(404)
    body = mail.html.replace("<head>", '<head><base target="_blank">', 1)
    framed = flask.Response(body, mimetype="text/html")
    framed.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return framed


@pages.get("/style.css")
def style() -> flask.Response:
    return flask.Response((TEMPLATES / "mailbox.css").read_text(encoding="utf-8"), mimetype="text/css")


@pages.post("/reply")
def reply() -> Response:
    whole = _rehearsal()
    mail = whole.mailboxes.find(request.form["mail"]) or abort(404)
    text = request.form["text"].replace("\r\n", "\n").strip()
    client = request.form["client"]
    if text and client in CLIENTS:
        whole.reply(mail, text, client)
    return _back_to(mail.to)


@pages.post("/others")
def others() -> Response:
    """Everybody but the one whose mailbox is open answers what she was asked."""
    whose = _player(request.form["of"])
    _rehearsal().let_others_answer(but=whose)
    return _back_to(whose.address)


@pages.post("/move")
def move() -> Response:
    instant = clock.read_instant(request.form["to"])
    if instant > clock.now():
        _rehearsal().move_to(instant)
    return _back_to(_player(request.form["of"]).address)


def _rehearsal() -> Rehearsal:
    whole: Rehearsal = current_app.extensions["rehearsal"]
    return whole


def _player(address: str) -> Player:
    return player(address) if any(one.address == address for one in CAST) else abort(404)


def _back_to(address: str) -> Response:
    return redirect(f"{request.script_root}/?of={quote(address)}", 303)


def _next_events(whole: Rehearsal) -> list[Event]:
    """The next one of each kind."""
    first: dict[str, Event] = {}
    for event in whole.events():
        first.setdefault(event.what, event)
    return list(first.values())


def _suggestions(mail: Mail | None, whose: Player) -> tuple[str, ...]:
    if mail is None:
        return ()
    kind = mail.message_id.partition(".")[0].strip("<")
    own = {
        "invitation": (whose.yes,),
        "prompt": (whose.entry,),
        "questions": IDEAS[whose.locale],
        "digest": IDEAS[whose.locale],
    }
    known = reply_words(words.translator(whose.locale))
    return own.get(kind) or tuple(known[command] for command in COMMANDS.get(kind, ()))


def _keep_to_ourselves(response: flask.Response) -> flask.Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'",
    )
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
