"""Owns every mail that the service sends: values in, the finished message out. It must never read, file or send."""

from __future__ import annotations

from digest.outbound.compose.alarm import alarm as alarm
from digest.outbound.compose.helping import answer as answer, introduction as introduction, offer as offer
from digest.outbound.compose.joining import (
    beforehand as beforehand,
    invitation as invitation,
    welcome as welcome,
)
from digest.outbound.compose.monday import digest as digest
from digest.outbound.compose.notices import notice as notice
from digest.outbound.compose.same_day import question_mail as question_mail
from digest.outbound.compose.unreachable import unreachable as unreachable
from digest.outbound.compose.week import prompt as prompt, receipt as receipt
from digest.outbound.composed_message import ComposedMessage
from digest.outbound.facts import (
    AlarmFacts,
    AnswerMailFacts,
    DigestFacts,
    Frame,
    IntroductionFacts,
    InvitationFacts,
    NoticeFacts,
    OfferFacts,
    PromptFacts,
    QuestionMailFacts,
    ReceiptFacts,
    UnreachableFacts,
    WelcomeFacts,
)

Facts = (
    InvitationFacts
    | WelcomeFacts
    | PromptFacts
    | ReceiptFacts
    | DigestFacts
    | QuestionMailFacts
    | AnswerMailFacts
    | IntroductionFacts
    | OfferFacts
    | NoticeFacts
    | UnreachableFacts
    | AlarmFacts
)


def compose(frame: Frame, facts: Facts) -> ComposedMessage:
    """The mail that those facts are for. Raises Permanent where an address or identifier cannot be written."""
    match facts:
        case InvitationFacts():
            return invitation(frame, facts)
        case WelcomeFacts():
            return welcome(frame, facts)
        case PromptFacts():
            return prompt(frame, facts)
        case ReceiptFacts():
            return receipt(frame, facts)
        case DigestFacts():
            return digest(frame, facts)
        case QuestionMailFacts():
            return question_mail(frame, facts)
        case IntroductionFacts():
            return introduction(frame, facts)
        case AnswerMailFacts():
            return answer(frame, facts)
        case OfferFacts():
            return offer(frame, facts)
        case UnreachableFacts():
            return unreachable(frame, facts)
        case NoticeFacts():
            return notice(frame, facts)
        case AlarmFacts():
            return alarm(frame, facts)
