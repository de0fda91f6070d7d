"""Owns the way from a link to its visitor: token, mail, member; or the page that says why it leads nowhere.
It must never act, nor keep anything of a visit but which link was opened and when.

A link acts by its POST alone. No token against forged requests (CSRF) is needed: who can post to the address
has the address, which is the whole authority; there is no cookie that a foreign page could ride on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import flask
from flask import current_app
from sqlalchemy.orm import Session

from digest import clock, signed_link
from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.mails import link_opening, record as mail_record
from digest.domain.mails.record import REPLY_ADDRESS_OPEN, OutboundMessage
from digest.domain.questions.suspicion import STOP_LINKS
from digest.settings import Settings
from digest.signed_link import Link, Purpose
from digest.web.page import page, prefix, speech_to_a_stranger
from digest.words.speech import Speech, speech

HELP_OPEN = timedelta(days=14)
LARGEST_FORM = 1024 * 1024
NOTED_AGAIN_AFTER = timedelta(seconds=5)  # reloading a page does not fill the table


@dataclass(frozen=True)
class Visit:
    """Somebody with a good link: the mail that it stood in, and the member whom that was sent to."""

    session: Session
    settings: Settings
    link: Link
    message: OutboundMessage
    member: Member
    now: datetime

    @property
    def link_name(self) -> str:
        return signed_link.name(self.link.purpose, self.link.number)

    @property
    def speech(self) -> Speech:
        return speech(self.member.locale, self.member.group.timezone, self.now)

    def opened_within(self, span: timedelta) -> set[str]:
        """The names of the links of this mail that were opened lately."""
        return link_opening.openings(self.session, self.message.id, self.now - span, self.now)

    def path(self, purpose: Purpose, number: int = 0) -> str:
        """Another page for the same member, by the same mail."""
        link = Link(purpose, self.link.link_key, self.member.link_epoch, number)
        return f"{prefix()}/{purpose}/{signed_link.mint(link, self.settings.secret)}"

    def page(self, template: str, status: int = 200, **values: object) -> flask.Response:
        return page(
            template, self.speech, status, who=self.member.name, group=self.member.group.name, **values
        )


@contextmanager
def looking(purpose: Purpose, token: str) -> Iterator[Visit]:
    """A visit that only looks: the database refuses every change but the note that the link was opened."""
    link = _read(purpose, token)
    _note_opening(link)
    with _database().reading() as session:
        yield _visit(session, link)


@contextmanager
def acting(purpose: Purpose, token: str) -> Iterator[Visit]:
    """A visit that may change something, in one transaction; the form is read before it begins."""
    flask.request.max_content_length = LARGEST_FORM
    flask.request.form  # noqa: B018 - parsed once and kept
    with _database().transaction() as session:
        yield _visit(session, _read(purpose, token))


def nowhere() -> NoReturn:
    """One answer for every link that is damaged, foreign or made up: it tells nothing of what there is."""
    flask.abort(page("dead_link.html", speech_to_a_stranger(), 404, why="unknown", group=None))


def _read(purpose: Purpose, token: str) -> Link:
    """The link; for a damaged one a link that no mail holds, so that both take the same way."""
    settings: Settings = current_app.extensions["digest.settings"]
    return signed_link.read(purpose, token, settings.secret) or Link(purpose, "", 0)


def _database() -> Database:
    return current_app.extensions["digest.database"]


def _note_opening(link: Link) -> None:
    name, now = signed_link.name(link.purpose, link.number), clock.now()
    with _database().reading() as session:
        message = mail_record.find_by_link_key(session, link.link_key)
        lately = link_opening.openings(session, message.id if message else 0, now - NOTED_AGAIN_AFTER, now)
    if message is not None and name not in lately:
        with _database().transaction() as session:
            link_opening.note_opening(session, message, name, now)


def _visit(session: Session, link: Link) -> Visit:
    message = mail_record.find_by_link_key(session, link.link_key)
    if message is None:
        nowhere()
    settings: Settings = current_app.extensions["digest.settings"]
    visit = Visit(session, settings, link, message, message.member, clock.now())
    _require_alive(visit)
    return visit


def _require_alive(visit: Visit) -> None:
    """Ends the request with a page that says why, where a link does nothing any more."""
    stops, member = visit.link.purpose in STOP_LINKS, visit.member
    if visit.link.epoch != member.link_epoch and not (stops and member.state == "left"):
        _dead(visit, "left" if member.state == "left" else "returned")
    if not stops and visit.now - _sent(visit.message) > _open_for(visit.link.purpose):
        _dead(visit, "old")


def _dead(visit: Visit, why: str) -> NoReturn:
    left_at, number, days = visit.member.left_at, visit.link.number, _open_for(visit.link.purpose).days
    purpose = visit.link.purpose
    flask.abort(
        visit.page("dead_link.html", 410, why=why, left_at=left_at, number=number, days=days, purpose=purpose)
    )


def _sent(message: OutboundMessage) -> datetime:
    return message.sent_at or message.created_at


def _open_for(purpose: Purpose) -> timedelta:
    return HELP_OPEN if purpose == "help" else REPLY_ADDRESS_OPEN
