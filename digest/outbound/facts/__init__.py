"""The values that mails are composed from, filled by whoever reads the database; a file a kind of mail.

They never hold a row, a session or a finished word. Every datetime is aware and `lang` is a BCP 47 tag. A name is None
where its owner wrote without it, a URL where the service has no web address.
"""

from digest.outbound.facts.address import Unreachable, UnreachableFacts
from digest.outbound.facts.alarm import AlarmFacts
from digest.outbound.facts.frame import Frame
from digest.outbound.facts.help import AnswerMailFacts, IntroductionFacts, OfferFacts
from digest.outbound.facts.notice import Choice, HelpObstacle, NoticeFacts, NoticeKind
from digest.outbound.facts.week import (
    LEARNING_LOG,
    AnswerAsRead,
    AnswerShown,
    DigestFacts,
    EntryShown,
    FirstTime,
    InvitationFacts,
    LeftOutKind,
    OpenQuestion,
    Passage,
    PromptFacts,
    QuestionMailFacts,
    ReceiptFacts,
    ReceiptOccasion,
    Rhythm,
    Section,
    SolvedQuestion,
    Weekday,
    WelcomeFacts,
)

__all__ = [
    "LEARNING_LOG",
    "AlarmFacts",
    "AnswerAsRead",
    "AnswerMailFacts",
    "AnswerShown",
    "Choice",
    "DigestFacts",
    "EntryShown",
    "FirstTime",
    "Frame",
    "HelpObstacle",
    "IntroductionFacts",
    "InvitationFacts",
    "LeftOutKind",
    "NoticeFacts",
    "NoticeKind",
    "OfferFacts",
    "OpenQuestion",
    "Passage",
    "PromptFacts",
    "QuestionMailFacts",
    "ReceiptFacts",
    "ReceiptOccasion",
    "Rhythm",
    "Section",
    "SolvedQuestion",
    "Unreachable",
    "UnreachableFacts",
    "Weekday",
    "WelcomeFacts",
]
