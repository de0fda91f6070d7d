"""Owns the page on which a writer puts right how her reply was read: one field for each part, what was left in
doubt, her name, and what has gone out. It must never show a part to anybody but its writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import flask

from digest.domain.groups import group as groups
from digest.domain.groups.notice import notify
from digest.domain.questions.question import Answer
from digest.domain.replies.correction import Corrected, correct, correct_answers, may_lift_anonymity
from digest.domain.replies.retraction import brought_by, is_standing
from digest.domain.rounds import entry as entries, round as rounds
from digest.domain.rounds.entry import UNDECIDED, Entry, Section
from digest.web.pages.correction_form import wanted
from digest.web.visit.form_text import LONGEST
from digest.web.visit.section_order import in_order
from digest.web.visit.verified_link import Visit, nowhere


@dataclass(frozen=True)
class Field:
    """One box to write in."""

    name: str
    key: str
    text: str
    lang: str | None = None


@dataclass(frozen=True)
class Draft:
    """What a receipt was about: the entry that its message went into, and the answers that it brought."""

    source_id: int
    entry: Entry | None
    answers: tuple[Answer, ...]

    @property
    def keys(self) -> Sequence[str]:
        """The parts that the entry's practice asks for."""
        return self.entry.round.practice.sections if self.entry else ()

    @property
    def sections(self) -> list[Section]:
        """What stands of the entry."""
        return in_order(s for s in self.entry.sections if is_standing(s)) if self.entry else []

    @property
    def waits(self) -> bool:
        """Whether any of it is still to be shown to others."""
        meant = [s for s in self.sections if s.key != UNDECIDED]
        return any(part.shown_at is None for part in (*meant, *self.answers))

    @property
    def anonymous(self) -> bool:
        return any([self.entry and self.entry.anonymous, *(answer.anonymous for answer in self.answers)])


def show(visit: Visit) -> flask.Response:
    return _form(visit, _draft(visit), {})


def create(visit: Visit) -> flask.Response:
    draft, now = _draft(visit), visit.now
    wishes = wanted(flask.request.form, draft.keys)
    done = correct_answers(visit.session, draft.answers, wishes, now)
    if draft.entry:
        also = correct(visit.session, draft.entry, wishes, draft.source_id, now)
        done = Corrected(done.changed or also.changed, done.withdrawn + also.withdrawn, also.too_late)
    if done.changed:
        _send_receipt(visit, draft)
    if done.too_late:
        return _form(visit, _draft(visit), done.too_late)
    return _done(visit, _draft(visit), done)


def _draft(visit: Visit) -> Draft:
    source_id: int = visit.message.about.get("inbound_id") or nowhere()
    sections = entries.sections_from(visit.session, source_id)
    entry = next((s.entry for s in sections if s.entry.member_id == visit.member.id), None)
    return Draft(source_id, entry, brought_by(visit.session, source_id, visit.member.id).answers)


def _send_receipt(visit: Visit, draft: Draft) -> None:
    occasion = f"fix:{draft.source_id}:{visit.now.isoformat()}"
    notify(
        visit.session,
        visit.member.id,
        "receipt",
        occasion,
        visit.now,
        inbound_id=draft.source_id,
        occasion_word="correction",
    )


def _form(visit: Visit, draft: Draft, too_late: dict[int, str]) -> flask.Response:
    """The form; words that came too late stand in a new field, so that they are not lost."""
    sections = draft.sections
    unsent = {
        s.key: too_late[s.id] for s in (draft.entry.sections if draft.entry else ()) if s.id in too_late
    }
    return visit.page(
        "fix.html",
        200 if not too_late else 409,
        fields=_fields(draft, sections, unsent),
        answers=[answer for answer in draft.answers if answer.seen_at is None],
        undecided=[s for s in sections if s.key == UNDECIDED and s.is_waiting],
        shown=[s for s in sections if s.shown_at],
        shown_answers=[answer for answer in draft.answers if answer.seen_at],
        keys=draft.keys,
        anonymous=draft.anonymous,
        may_lift=draft.entry is None or may_lift_anonymity(draft.entry),
        too_late=bool(too_late),
        waiting=draft.waits,
        longest=LONGEST,
        names=_readers(visit),
        shown_at=_shown_at(visit),
    )


def _fields(draft: Draft, sections: Sequence[Section], unsent: dict[str, str]) -> list[Field]:
    """A field for each part that waits, and an empty one for each kind of part of which none does."""
    fields: list[Field] = []
    for key in draft.keys:
        waiting = [s for s in sections if s.key == key and s.is_waiting]
        fields += [Field(f"text-{s.id}", key, s.text, s.lang) for s in waiting]
        if not waiting or key in unsent:
            fields.append(Field(f"new-{key}", key, unsent.get(key, "")))
    return fields


def _done(visit: Visit, draft: Draft, done: Corrected) -> flask.Response:
    return visit.page(
        "fixed.html",
        done=done,
        sections=[s for s in draft.sections if s.is_waiting and s.key != UNDECIDED],
        answers=[answer for answer in draft.answers if answer.seen_at is None],
        anonymous=draft.anonymous,
        path=visit.path("fix"),
        names=_readers(visit),
        shown_at=_shown_at(visit),
    )


def _readers(visit: Visit) -> list[str]:
    active = groups.members_in(visit.session, visit.member.group_id, "active")
    return [member.name for member in active if member.id != visit.member.id]


def _shown_at(visit: Visit) -> datetime | None:
    return rounds.next_digest_at(visit.session, visit.member.group_id, visit.now)
