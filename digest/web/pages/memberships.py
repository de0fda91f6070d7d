"""Owns joining, a break and leaving, by page: GET shows the buttons, POST acts on the one that was pressed.
It must never make leaving harder than one button.
"""

from __future__ import annotations

import flask
from flask import Blueprint

from digest.domain.delivery import suppression
from digest.domain.groups import group as groups
from digest.domain.groups.notice import notify
from digest.domain.mails.record import leave_and_cancel, pause_and_cancel
from digest.domain.rounds import round as rounds
from digest.web.visit.hold_on import unless_swept
from digest.web.visit.leaving_page import leaving
from digest.web.visit.verified_link import Visit, acting, looking

pages = Blueprint("memberships", __name__)


@pages.get("/join/<token>")
def show_joining(token: str) -> flask.Response:
    with looking("join", token) as visit:
        return _joining(visit)


@pages.post("/join/<token>")
def join(token: str) -> flask.Response:
    with acting("join", token) as visit:
        if flask.request.form.get("act") != "join" or not _changes_something(visit):
            return _joining(visit)
        return unless_swept(visit) or _join(visit)


@pages.get("/leave/<token>")
def show_leaving(token: str) -> flask.Response:
    with looking("leave", token) as visit:
        return leaving(visit)


@pages.post("/leave/<token>")
def leave(token: str) -> flask.Response:
    with acting("leave", token) as visit:
        act = ACTS.get(flask.request.form.get("act", ""))
        if act is None or visit.member.state == "left":
            return leaving(visit)
        return unless_swept(visit) or act(visit)


def _changes_something(visit: Visit) -> bool:
    return visit.member.state != "active" or suppression.is_in_doubt(visit.member.person.addresses)


def _joining(visit: Visit) -> flask.Response:
    if not _changes_something(visit):
        return _joined(visit, just_now=False)
    group = visit.member.group
    others = groups.members_in(visit.session, group.id, "invited", "active", "paused")
    names = [other.name for other in others if other.id != visit.member.id]
    state = "paused" if visit.member.state == "active" else visit.member.state
    return visit.page("join.html", state=state, names=names, task=group.task, leave_path=visit.path("leave"))


def _joined(visit: Visit, *, just_now: bool, back: bool = False) -> flask.Response:
    group_id = visit.member.group_id
    open_now = just_now and not back and rounds.open_round(visit.session, group_id, visit.now) is not None
    return visit.page(
        "joined.html",
        just_now=just_now,
        back=back,
        mail_is_coming=open_now,
        next_at=rounds.next_prompt_at(visit.session, group_id),
    )


def _join(visit: Visit) -> flask.Response:
    """Her own word. A new member is welcomed by mail; who comes back, or wants our mail again, sees it here."""
    member, back = visit.member, visit.member.state in ("active", "paused")
    suppression.hear(member.person, visit.now, asks_for_mail=True)
    groups.join(member, visit.now)
    if not back:
        notify(visit.session, member.id, "welcome", f"join:{member.times_joined}", visit.now)
    return _joined(visit, just_now=True, back=back)


def _pause(visit: Visit) -> flask.Response:
    pause_and_cancel(visit.session, visit.member)
    return visit.page("paused.html", path=visit.path("leave"))


def _leave(visit: Visit) -> flask.Response:
    """Confirmed by one last mail too: whoever pressed may have had a copy that was forwarded."""
    declined = visit.member.state == "invited"
    leave_and_cancel(visit.session, visit.member, visit.now)
    said = "declined" if declined else "left"
    notify(visit.session, visit.member.id, said, f"leave:{visit.member.link_epoch}", visit.now)
    return visit.page("left.html", just_now=True, declined=declined, left_at=visit.now)


ACTS = {"pause": _pause, "leave": _leave, "resume": _join}
