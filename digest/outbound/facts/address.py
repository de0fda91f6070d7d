"""Owns the values of the mail that tells a facilitator whose addresses get no mail. It must never hold a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Unreachable:
    """One person of the group; `gone`: there is no such mailbox, else mail kept coming back for three weeks."""

    name: str
    address: str
    gone: bool

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True)
class UnreachableFacts:
    people: tuple[Unreachable, ...]
    kind: Literal["unreachable"] = "unreachable"
