"""Makes the messages in replies/ anew: `python -m tests.real_clients.make [CLIENT or NAME]...`. It must never write a
message that no client sent."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.parts.smtp_server import SmtpServer
from tests.real_clients import claws, neomutt, thunderbird
from tests.real_clients.writing import HERE, Writing, writings

DRIVERS: dict[str, Callable[[Writing, int, Path], None]] = {
    "neomutt": neomutt.reply,
    "claws": claws.reply,
    "thunderbird": thunderbird.reply,
}
PATIENCE = 30.0  # seconds
ATTEMPTS = 3


def main(wanted: Sequence[str]) -> None:
    """Make the replies of these clients or names, all without any."""
    for writing in writings():
        if not wanted or writing.client in wanted or writing.name in wanted:
            (HERE / "replies" / f"{writing.name}.eml").write_bytes(made(writing))
            print(writing.name, flush=True)


def made(writing: Writing) -> bytes:
    """The bytes that the client handed to its SMTP server. Raises ValueError where lines that were typed are missing,
    again and again: on a busy machine a key may get lost."""
    lost: list[str] = []
    for _ in range(ATTEMPTS):
        raw = _sent_by_client(writing)
        if not (lost := _lost(writing, raw)):
            return raw
    raise ValueError(f"{writing.name}: typed and not sent: {lost}")


def _sent_by_client(writing: Writing) -> bytes:
    server = SmtpServer()
    server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="reply", ignore_cleanup_errors=True) as home:
            DRIVERS[writing.client](writing, server.port, Path(home))
            return _received(server)
    finally:
        server.stop()


def _received(server: SmtpServer) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while not server.received:
        if time.monotonic() > deadline:
            raise TimeoutError("the client sent nothing")
        time.sleep(0.2)
    return server.received[0].content


def _lost(writing: Writing, raw: bytes) -> list[str]:
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    body = parsed.get_body(("plain",))
    assert body is not None
    arrived = _packed(body.get_content())
    return [line for line in writing.typed if _packed(line) not in arrived]


def _packed(text: str) -> str:
    """Without what clients add between words: white space and marks of quotation."""
    return "".join(text.replace(">", "").split())


if __name__ == "__main__":
    main(sys.argv[1:])
