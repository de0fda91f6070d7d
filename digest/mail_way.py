"""Owns the trial of the way out for mail: whether anybody answers there. It must never hand over a message."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from digest.errors import Transient
from digest.outbound.transports.maildir import MaildirTransport
from digest.outbound.transports.smtp import Server, SmtpTransport
from digest.outbound.ways_out import transport_for

PATIENCE = 10.0  # seconds


def try_way_out(mail_url: str) -> str:
    """What was found there, in a few words. Raises Misuse for a URL that names no way, Transient where it is closed."""
    transport = transport_for(mail_url)
    if isinstance(transport, MaildirTransport):
        return _try_folder(transport.folder)
    if isinstance(transport, SmtpTransport):
        return _try_server(transport.server)
    return "printed here"


def _try_folder(folder: Path) -> str:
    """Folders are made when the first mail comes; the nearest one that is there has to allow it."""
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Transient(f"{there} cannot be written to. Change its owner, or name another folder.")
    return "mails stay in this folder"


def _try_server(server: Server) -> str:
    try:
        with socket.create_connection((server.host, server.port), PATIENCE) as connection:
            greeting = b"" if server.security == "tls" else connection.recv(1024)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Transient(
            f"nobody answers at {server.host}, port {server.port}: {reason}. Check the name, the port and the firewall."
        ) from None
    if greeting and not greeting.startswith(b"2"):
        words = greeting.decode("utf-8", "replace").strip()
        raise Transient(f"the server sends us away: {words!r}. Ask who runs it to let this machine in.")
    return "somebody answers there"
