"""Owns the prompts of a round that is due: who gets one, and what stands in it. It must never send one
twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain import group as groups
from digest.domain.group import Member
from digest.domain.mail_record import OutboundMessage
from digest.domain.round import Round, claim
from digest.outbound import outbox
from digest.outbound.compose import prompt
from digest.outbound.facts import FirstTime, PromptFacts, Section
from digest.outbound.outbox import Posted
from digest.outbound.stamp import Stamp, frame
from digest.settings import Settings


def post_prompts(session: Session, settings: Settings, round_id: int, now: datetime) -> int:
    """The prompt of one round to each active member; more than twelve hours late it is let go."""
    round = claim(session, round_id)
    if round is None or round.prompted_at is not None:
        return 0
    round.prompted_at = now
    round.prompt_missed = round.prompt_is_too_late(now)
    if round.prompt_missed:
        return 0
    members = groups.members_in(session, round.group_id, "active", "invited", "paused")
    first = _first_of_its_practice(session, round)
    mails = [
        _posted(session, settings, round, member, members, first, now)
        for member in members
        if member.gets_mail_of_the_group
    ]
    return outbox.put(session, mails, now)


def post_prompt_to(session: Session, settings: Settings, round: Round, member: Member, now: datetime) -> int:
    """The prompt of an open round to somebody who joined just now."""
    members = groups.members_in(session, round.group_id, "active", "invited", "paused")
    first = _first_of_its_practice(session, round)
    return outbox.put(session, [_posted(session, settings, round, member, members, first, now)], now)


def _posted(
    session: Session,
    settings: Settings,
    round: Round,
    member: Member,
    members: list[Member],
    first: bool,
    now: datetime,
) -> Posted:
    stamp = Stamp(settings, "prompt", member)
    practice = round.practice
    facts = PromptFacts(
        sections=tuple(Section(key=key) for key in practice.sections),
        others_see_at=round.digest_due_at,
        example=practice.example if first else None,
        example_by=practice.example_by if first else None,
        example_lang=member.group.locale if first else None,
        first_time=_first_time(session, member, members),
        quiet_first_weeks=first,
    )
    composed = prompt(frame(stamp, now, week=round.number), facts)
    return Posted(stamp, composed, f"round:{round.id}", round.digest_due_at, round.id)


def _first_of_its_practice(session: Session, round: Round) -> bool:
    earlier = select(Round.id).where(
        Round.practice_id == round.practice_id,
        Round.prompt_due_at < round.prompt_due_at,
        Round.prompt_missed.is_(False),
    )
    return session.scalar(earlier.limit(1)) is None


def _first_time(session: Session, member: Member, members: list[Member]) -> FirstTime | None:
    """The invitation's paragraph for somebody who never got an invitation: her consent was given elsewhere."""
    if member.consent_source is None:
        return None
    written_to = select(OutboundMessage.id).where(OutboundMessage.member_id == member.id).limit(1)
    if session.scalar(written_to) is not None:
        return None
    others = tuple(other.name for other in members if other.id != member.id)
    return FirstTime(facilitator_name=facilitator_name(members), other_names=others)


def facilitator_name(members: list[Member]) -> str | None:
    return next((member.name for member in members if member.is_facilitator), None)
