"""Owns the mail to the person who runs the service. It must never be sent to a member."""

from __future__ import annotations

from digest.outbound.compose.letterhead import compose_mail
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import AlarmFacts, Frame


def alarm(frame: Frame, facts: AlarmFacts) -> ComposedMessage:
    """At least one sentence has to be given, or there is nothing to say."""
    return compose_mail(frame, "alarm", frame.speech, {"standing": facts.standing, "over": facts.over})
