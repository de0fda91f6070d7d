"""Owns the other side of the LMTP door as the tests play it: smtplib, which is taught to hear one answer for each
recipient. It must never import the door."""

from __future__ import annotations

import smtplib
import socket
from pathlib import Path

Answer = tuple[int, str]


class LmtpClient(smtplib.LMTP):
    """`place` is HOST:PORT or the file of a socket."""

    def __init__(self, place: str) -> None:
        host, _, port = place.rpartition(":")
        super().__init__(host or place, int(port) if host else 0, local_hostname="client.example", timeout=30)
        self.ehlo_or_helo_if_needed()

    def deliver(self, mail_from: str, rcpt_tos: list[str], raw: bytes) -> list[Answer]:
        """The answer for each recipient in turn: that to RCPT where it was refused there, else that to the message."""
        code, said = self.docmd("MAIL", f"FROM:<{mail_from}>")
        assert code == 250, said
        at_rcpt = [_text(self.docmd("RCPT", f"TO:<{rcpt_to}>")) for rcpt_to in rcpt_tos]
        taken = sum(code == 250 for code, _ in at_rcpt)
        if not taken:
            self.rset()
            return at_rcpt
        after = iter(self.say_data(raw, taken))
        return [next(after) if answer[0] == 250 else answer for answer in at_rcpt]

    def say_data(self, raw: bytes, recipients: int) -> list[Answer]:
        """The message, dot-stuffed, and as many answers."""
        code, said = self.docmd("DATA")
        assert code == 354, said
        self.send(_stuffed(raw))
        return [_text(self.getreply()) for _ in range(recipients)]


def _stuffed(raw: bytes) -> bytes:
    """What RFC 5321, section 4.5.2 makes of a message with CRLF, and the end after it."""
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _text(answer: tuple[int, bytes]) -> Answer:
    return answer[0], answer[1].decode()


def raw_connection(place: str) -> socket.socket:
    """A bare socket, for what no proper client says."""
    host, _, port = place.rpartition(":")
    if host:
        return socket.create_connection((host, int(port)), timeout=30)
    plain = socket.socket(socket.AF_UNIX)
    plain.settimeout(30)
    plain.connect(str(Path(place)))
    return plain
