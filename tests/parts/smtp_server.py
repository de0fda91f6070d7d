"""Owns a real SMTP server on loopback that keeps what it is given and refuses what it is told to. It must never pass a
message on."""

from __future__ import annotations

import socket
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Phase = Literal["MAIL", "RCPT", "DATA"]


@dataclass(frozen=True)
class Received:
    """One message as it came in: the RFC 5321 envelope, and the bytes after DATA with CRLF and without dot-stuffing."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    content: bytes


@dataclass
class Refusal:
    """What is answered in one phase, to one address where one is named, so many times where they are counted."""

    phase: Phase
    reply: str
    address: str | None
    times: int | None

    def meets(self, phase: Phase, addresses: list[str]) -> bool:
        return phase == self.phase and self.times != 0 and (self.address is None or self.address in addresses)


class SmtpServer(Controller):
    """A server on a free port: `received` in order, `connections` counted, `refuse` for other answers than 250.

    `options` are those of aiosmtpd's Controller, for instance `authenticator` and `tls_context`.
    """

    def __init__(self, **options: Any) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self._refusals: list[Refusal] = []
        self._sessions: list[SMTP] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        super().__init__(self, "127.0.0.1", self._listening.getsockname()[1], **options)

    @property
    def url(self) -> str:
        return f"smtp://{self.hostname}:{self.port}"

    def refuse(
        self, phase: Phase, reply: str, *, address: str | None = None, times: int | None = None
    ) -> None:
        """Answer `reply`, say "451 4.3.0 later", in `phase`; `address` is the mail_from in MAIL, else a rcpt_to."""
        self._refusals.append(Refusal(phase, reply, address, times))

    def refuse_nothing(self) -> None:
        self._refusals.clear()

    def hang_up(self) -> None:
        """Break every connection, as a server does that restarts."""
        self.loop.call_soon_threadsafe(self._abort)

    def start(self) -> None:
        super().start()
        self.connections = 0  # the controller has tried the door itself

    def stop(self, no_assert: bool = False) -> None:
        if self.loop.is_running():
            self.hang_up()  # newer Pythons wait for the clients, which may keep their connection
            super().stop(no_assert)

    async def handle_MAIL(
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self._refusal("MAIL", [_mailbox(address)])
        if not refusal:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refusal or "250 2.1.0 Sender ok"

    async def handle_RCPT(
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        refusal = self._refusal("RCPT", [address])
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 Recipient ok"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        refusal = self._refusal("DATA", envelope.rcpt_tos)
        if not refusal:
            content = envelope.original_content or b""
            self.received.append(Received(_mailbox(envelope.mail_from), tuple(envelope.rcpt_tos), content))
        return refusal or "250 2.0.0 Kept"

    def factory(self) -> SMTP:
        self.connections += 1
        self._sessions.append(super().factory())
        return self._sessions[-1]

    def _create_server(self) -> Awaitable[Any]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)

    def _refusal(self, phase: Phase, addresses: list[str]) -> str | None:
        for refusal in self._refusals:
            if refusal.meets(phase, addresses):
                refusal.times = refusal.times and refusal.times - 1
                return refusal.reply
        return None

    def _abort(self) -> None:
        for session in self._sessions:
            if session.transport:
                session.transport.abort()
        self._sessions.clear()


def _mailbox(reverse_path: str | None) -> str:
    """An address; empty for the null reverse-path, which aiosmtpd leaves in its brackets."""
    return "" if reverse_path is None or reverse_path == "<>" else reverse_path
