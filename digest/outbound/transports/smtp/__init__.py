"""Owns SMTP submission: several kept connections at once, the sender that the server takes, and when to let it rest.
It must never change a message.

One thread talks on all connections: each is written to in turn and then read from in turn, so their waiting overlaps.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from digest import clock
from digest.access_token import NoToken
from digest.outbound.transport import DeliveryResult, Message
from digest.outbound.transports.smtp.line import LOST, Line, Server as Server, what_failed
from digest.outbound.transports.smtp.transaction import Told, transaction

log = logging.getLogger(__name__)

#: How long the way rests after it failed once, twice ... in a row; a refused login must not lock the account.
REST = tuple(timedelta(seconds=s) for s in (15, 30, 60, 120, 300, 600))
JITTER = 0.2
NO_ROOM = DeliveryResult("untried", "4.4.5", "no connection was free")


class SmtpTransport:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.trouble: str | None = None
        self._lines: list[Line] = []
        self._allowed = server.connections
        # True: the null reverse-path; False: one that is not the fixed.
        self._refused_senders: set[bool] = set()
        self._failures = 0
        self._rests_from = self._rests_until = datetime.min.replace(tzinfo=clock.real_now().tzinfo)

    @property
    def at_once(self) -> int:
        return self._allowed

    @property
    def per_domain(self) -> int | None:
        return self.server.per_domain

    @property
    def is_resting(self) -> bool:
        return self._rests_from <= clock.now() < self._rests_until

    def send(self, mails: Sequence[Message]) -> list[DeliveryResult]:
        lines, senders = self._open_lines(len(mails)), [self._sender(mail.mail_from) for mail in mails]
        told = _in_turn(lines, mails, senders)
        for mail_from, one in zip(senders, told, strict=False):
            self._learn(mail_from, one)
        return [one.result for one in told] + [NO_ROOM] * (len(mails) - len(told))

    def close(self) -> None:
        lines, self._lines = self._lines, []
        for line in lines:
            line.quit()

    def _open_lines(self, wanted: int) -> list[Line]:
        """As many lines as are wanted, or as the server allows."""
        for line in [line for line in self._lines if not line.is_usable]:
            self._lines.remove(line)
            line.quit()
            self._allowed = min(self._allowed + 1, self.server.connections)
        try:
            while len(self._lines) < min(wanted, self._allowed):
                self._lines.append(Line(self.server))
        except (*LOST, NoToken) as error:
            if not self._lines:
                self._rest(what_failed(error))
            self._allowed = max(1, len(self._lines))
        return self._lines[:wanted]

    def _sender(self, mail_from: str) -> str:
        fixed = self.server.fixed_from
        return fixed if fixed and (not mail_from) in self._refused_senders else mail_from

    def _learn(self, mail_from: str, told: Told) -> None:
        """Remember a sender that the server refuses: many take no empty one, or no foreign one, and are asked once."""
        fixed = self.server.fixed_from
        if told.fault == "sender" and fixed and mail_from != fixed:
            self._refused_senders.add(not mail_from)
        elif told.fault and told.result.result == "untried":
            self._rest(f"The mail server takes no mail from us: {told.result.remark}")
        elif told.result.result != "untried":
            if self.trouble:
                log.info("the way out: it works again")
            self._failures, self.trouble = 0, None

    def _rest(self, trouble: str) -> None:
        if trouble != self.trouble:  # when it begins, not each time
            log.warning("the way out: %s", trouble)
        self.trouble = trouble
        wait = REST[min(self._failures, len(REST) - 1)] * random.uniform(1 - JITTER, 1 + JITTER)
        self._failures += 1
        self._rests_from = clock.now()
        self._rests_until = self._rests_from + wait


def _in_turn(lines: Sequence[Line], mails: Sequence[Message], senders: Sequence[str]) -> list[Told]:
    """One mail on each line, all at the same time."""
    talks = [
        transaction(line, mail_from, mail)
        for line, mail, mail_from in zip(lines, mails, senders, strict=False)
    ]
    told: dict[int, Told] = {}
    while len(told) < len(talks):
        for number, talk in enumerate(talks):
            if number not in told:
                try:
                    next(talk)
                except StopIteration as end:
                    told[number] = end.value
    return [told[number] for number in range(len(talks))]
