"""Owns people and their addresses: who somebody is, whatever group she is in. It must never take a display
name as proof.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from digest.domain.base import Base, insert_once
from digest.errors import Misuse

ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}")
MAX_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3
MAX_NAME = 120


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    locale: Mapped[str | None]
    created_at: Mapped[datetime]
    addresses: Mapped[list[Address]] = relationship(back_populates="person", order_by="Address.id")

    @property
    def address(self) -> str:
        """The address to which her mail goes."""
        return self.addresses[0].addr_spec


class Address(Base):
    __tablename__ = "addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    addr_spec: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    suppressed_at: Mapped[datetime | None]
    suppressed_reason: Mapped[str | None]  # why no mail goes there; see domain/delivery/suppression.py
    failing_since: Mapped[datetime | None]  # when the first mail was sent that did not get through, for now
    reached_at: Mapped[datetime | None]  # her word that it works; reports about earlier mails change nothing
    person: Mapped[Person] = relationship(back_populates="addresses")


def canonical_address(text: str) -> str:
    """An addr-spec (RFC 5322, section 3.4.1) in lower case, its domain as A-labels. Raises Misuse."""
    local_part, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        domain = ""
    addr_spec = f"{local_part}@{domain}".lower()
    if len(addr_spec) > MAX_ADDRESS or not ADDRESS.fullmatch(addr_spec) or ".." in addr_spec:
        plain = "" if local_part.isascii() else ", with the letters a to z alone before the @"
        raise Misuse(f"{text.strip()!r} is not an address. Write it like mira@example.com{plain}.")
    return addr_spec


def canonical_name(text: str, what: str = "name") -> str:
    """A name as people see it: one line, no control or direction marks, at most 120 characters. Raises
    Misuse.
    """
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text.strip()):
        raise Misuse(f"The {what} holds a line break or a control character. Write it on one line.")
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    name = " ".join(shown.split())
    if not name:
        raise Misuse(f"The {what} is empty.")
    if len(name) > MAX_NAME:
        raise Misuse(f"The {what} is longer than {MAX_NAME} characters. Choose a shorter one.")
    return name


def find_by_address(session: Session, addr_spec: str) -> Person | None:
    return session.scalar(select(Person).join(Address).where(Address.addr_spec == addr_spec))


def add_address(session: Session, person: Person, addr_spec: str, now: datetime) -> bool:
    """Let the person write from there too; her mail goes where it went. False where somebody has that address."""
    added = insert_once(session, Address, person_id=person.id, addr_spec=addr_spec, created_at=now)
    return added is not None


def person_at(session: Session, addr_spec: str, name: str, locale: str | None, now: datetime) -> Person:
    """The person with that address; a new one where nobody has it."""
    person = find_by_address(session, addr_spec)
    if person is None:
        person = Person(name=name, locale=locale, created_at=now)
        person.addresses.append(Address(addr_spec=addr_spec, created_at=now))
        session.add(person)
        session.flush()
    return person
