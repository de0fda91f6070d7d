"""Owns the prompts of a round that is due: who gets one, and what stands in it. It must never send one
twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from digest.domain.groups import group as groups
from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.going_round import AFTER
from digest.domain.rounds.round import Round, claim
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
    occasion = _occasion(session, round)
    readers = [member for member in occasion.members if member.gets_mail_of_the_group]
    return outbox.put(session, [_posted(settings, occasion, member, now) for member in readers], now)


def post_prompt_to(session: Session, settings: Settings, round: Round, member: Member, now: datetime) -> int:
    """The prompt of an open round to somebody who joined just now."""
    return outbox.put(session, [_posted(settings, _occasion(session, round), member, now)], now)


#: The mails that tell what this is and how to stop; the first that somebody gets does.
TELLING = ("prompt", "invitation")


@dataclass(frozen=True)
class Occasion:
    """What the prompts of one round have in common."""

    round: Round
    members: list[Member]  # who will read what is written: active, invited and paused
    first: bool  # the first prompt of its practice
    new: frozenset[int]  # ids of members whom no mail has told yet what this is


def _occasion(session: Session, round: Round) -> Occasion:
    members = groups.members_in(session, round.group_id, "active", "invited", "paused")
    first = _first_of_its_practice(session, round)
    return Occasion(round, members, first, _never_written_to(session, members))


def _posted(settings: Settings, occasion: Occasion, member: Member, now: datetime) -> Posted:
    stamp = Stamp(settings, "prompt", member)
    round, practice, first = occasion.round, occasion.round.practice, occasion.first
    facts = PromptFacts(
        sections=tuple(Section(key=key) for key in practice.sections),
        others_see_at=round.digest_due_at,
        questions_go_in=AFTER // timedelta(minutes=1),
        example=practice.example if first else None,
        example_by=practice.example_by if first else None,
        example_lang=member.group.locale if first else None,
        first_time=_first_time(occasion, member),
        quiet_first_weeks=first,
    )
    composed = prompt(frame(stamp, now, week=round.number), facts)
    return Posted(stamp, composed, f"round:{round.id}", round.digest_due_at, round.id)


def _first_of_its_practice(session: Session, round: Round) -> bool:
    earlier = select(Round.id).where(
        Round.group_id == round.group_id,
        Round.practice_id == round.practice_id,
        Round.prompt_due_at < round.prompt_due_at,
        Round.prompt_missed.is_(False),
    )
    return session.scalar(earlier.limit(1)) is None


def _never_written_to(session: Session, members: list[Member]) -> frozenset[int]:
    """Of those whose consent was given elsewhere, the ids of those whom no mail has told yet what this is."""
    elsewhere = {member.id for member in members if member.consent_source is not None}
    if not elsewhere:
        return frozenset()
    told = select(OutboundMessage.member_id).where(
        OutboundMessage.member_id.in_(elsewhere), OutboundMessage.kind.in_(TELLING)
    )
    return frozenset(elsewhere - set(session.scalars(told.distinct())))


def _first_time(occasion: Occasion, member: Member) -> FirstTime | None:
    """The invitation's paragraph, for somebody who never got an invitation."""
    if member.id not in occasion.new:
        return None
    others = tuple(other.name for other in occasion.members if other.id != member.id)
    return FirstTime(facilitator_name=facilitator_name(occasion.members), other_names=others)


def facilitator_name(members: list[Member]) -> str | None:
    return next((member.name for member in members if member.is_facilitator), None)
