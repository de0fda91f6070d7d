"""Behaviour of replies that are written into a round together."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from digest.database import Database
from digest.domain.groups.group import Member
from digest.domain.mails.record import InboundMessage
from digest.domain.questions.going_round import QuestionMail
from digest.domain.questions.question import Question
from digest.domain.replies.intake import Reply, entry_with, take_in
from digest.domain.rounds.entry import QUESTION, UNDECIDED, Entry, Part, Section, waiting_sections
from digest.domain.rounds.round import Round
from tests.domain.given import MONDAY, WEDNESDAY, a_group, a_member, a_prompted_round


def a_round(session: Session) -> Round:
    return a_prompted_round(session, a_group(session))


def a_reply(session: Session, member: Member, anonymous: bool = False, **parts: str | list[str]) -> Reply:
    """One such as `tried="a sample", question=["who?", "why?"]`, and the message that brought it."""
    digest = f"{session.scalar(select(func.count(InboundMessage.id))):064}"
    message = InboundMessage(
        raw_digest=digest, rcpt_to="r-x@in.example", size=1, via="raw", received_at=WEDNESDAY, state="filed"
    )
    session.add(message)
    session.flush()
    read = [
        Part(key, text, "en")
        for key, texts in parts.items()
        for text in ([texts] if isinstance(texts, str) else texts)
    ]
    return Reply(member.id, read, anonymous, message.id, WEDNESDAY)


def took_in(session: Session, into: Round, *replies: Reply) -> dict[int, int]:
    return take_in(session, into, into.practice.group, replies, WEDNESDAY)


def waiting(session: Session, of: Round) -> list[tuple[str, str]]:
    session.expire_all()
    return [(s.key, s.text) for s in waiting_sections(session, of.group_id, MONDAY)]


def test_several_members_write_at_once_each_into_her_own_entry(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira, ben = (a_member(session, of.practice.group, name) for name in ("Mira", "Ben"))
        hers = a_reply(session, mira, tried="a sample", failed="its size", question=["who?", "why?"])
        his = a_reply(session, ben, question="which glue?")
        entries = took_in(session, of, his, hers)
        assert waiting(session, of) == [
            ("question", "which glue?"),
            ("tried", "a sample"),
            ("failed", "its size"),
            ("question", "who?"),
            ("question", "why?"),
        ]
        for member, reply in ((mira, hers), (ben, his)):
            entry = entry_with(session, entries[member.id])
            assert (entry.member_id, entry.round_id) == (member.id, of.id)
            assert {s.source_message_id for s in entry.sections} == {reply.source_message_id}
            asked = select(Question.section_id).where(Question.member_id == member.id)
            assert set(session.scalars(asked)) == {s.id for s in entry.sections if s.key == QUESTION}


def test_what_is_asked_goes_round_with_one_question_mail(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira, ben = (a_member(session, of.practice.group, name) for name in ("Mira", "Ben"))
        took_in(session, of, a_reply(session, mira, question="who?"), a_reply(session, ben, question="why?"))
        assert session.scalar(select(func.count(QuestionMail.id))) == 1
        assert list(session.scalars(select(Section.not_before))) == [None, None]


def test_a_question_without_a_question_mail_waits_for_the_digest(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        sunday = MONDAY - timedelta(hours=14)
        take_in(session, of, of.practice.group, [a_reply(session, mira, tried="a", question="b")], sunday)
        instants = session.execute(select(Section.key, Section.not_before).order_by(Section.id)).all()
        assert [tuple(row) for row in instants] == [
            ("tried", None),
            ("question", of.digest_due_at - timedelta(seconds=1)),
        ]


def test_a_member_has_one_entry_in_a_round(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        first = took_in(session, of, a_reply(session, mira, tried="a sample"))
        assert took_in(session, of, a_reply(session, mira, failed="its size")) == first
        assert session.scalar(select(func.count(Entry.id))) == 1


def test_a_later_reply_replaces_what_it_names_and_nothing_else(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira, ben = (a_member(session, of.practice.group, name) for name in ("Mira", "Ben"))
        first = a_reply(
            session, mira, tried="a sample", failed="its size", question="who?", undecided="Hall 3"
        )
        took_in(session, of, first, a_reply(session, ben, tried="a lid"))
        took_in(session, of, a_reply(session, mira, tried="two samples", question="why?", undecided="Hall 4"))
        assert waiting(session, of) == [
            ("failed", "its size"),
            ("tried", "a lid"),
            ("tried", "two samples"),
            ("question", "why?"),
        ]
        states = session.execute(select(Question.state).order_by(Question.id)).scalars()
        assert list(states) == ["withdrawn", "open"]
        undecided = select(Section.text).where(Section.key == UNDECIDED, Section.replaced_at.is_(None))
        assert list(session.scalars(undecided)) == ["Hall 3", "Hall 4"]


def test_what_others_have_seen_is_not_replaced(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        took_in(session, of, a_reply(session, mira, tried="a sample"))
        session.execute(update(Section).values(shown_at=MONDAY))
        took_in(session, of, a_reply(session, mira, tried="two samples"))
        assert list(session.scalars(select(Section.replaced_at))) == [None, None]


def test_without_my_name_stays_with_the_whole_entry(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        entries = took_in(session, of, a_reply(session, mira, anonymous=True, tried="a sample"))
        took_in(session, of, a_reply(session, mira, failed="its size"))
        assert entry_with(session, entries[mira.id]).anonymous


def test_writing_something_ends_a_skip(database: Database) -> None:
    with database.transaction() as session:
        of = a_round(session)
        mira = a_member(session, of.practice.group, "Mira")
        session.add(Entry(round=of, member=mira, skipped=True, created_at=WEDNESDAY))
        session.flush()
        entries = took_in(session, of, a_reply(session, mira, tried="a sample"))
        assert not entry_with(session, entries[mira.id]).skipped
