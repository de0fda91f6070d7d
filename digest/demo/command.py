"""Owns the start of the rehearsal: everything in one process, on a database that is thrown away at the end.
It must never read the environment's database or mail server.
"""

from __future__ import annotations

import secrets
import tempfile
from contextlib import closing
from pathlib import Path

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from digest import clock, schema, serve
from digest.app import create_app
from digest.database import Database, connect
from digest.demo.mailbox import Mailboxes
from digest.demo.pages import create_mailbox_app
from digest.demo.rehearsal import Rehearsal
from digest.outbound.ways_out import transport_for
from digest.settings import Settings

HOST = "127.0.0.1"


def run(port: int) -> None:
    """Until it is stopped. Raises Misuse where the port is taken."""
    with (
        tempfile.TemporaryDirectory(prefix="digest-demo-") as folder,
        serve.bound(HOST, port) as listening,
        serve.stopping() as stop,
    ):
        settings = rehearsal_settings(Path(folder), listening.getsockname()[1])
        with closing(connect(settings.database_url)) as database:
            schema.upgrade(database)
            rehearsal = _rehearsal(settings, database, Path(folder))
            rehearsal.set_the_stage()
            app = DispatcherMiddleware(
                create_app(settings, database), {"/mailbox": create_mailbox_app(rehearsal)}
            )
            print(
                f"Open {settings.base_url}/mailbox/ in your browser. Ctrl-C ends it; nothing is kept.",
                flush=True,
            )
            with serve.working(settings, database):
                serve.answer(app, listening, stop)
    clock.start_at(None)


def rehearsal_settings(folder: Path, port: int) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder / 'digest.sqlite'}",
        mail_url=f"maildir:{folder / 'mail'}",
        mail_from="digest@example.com",
        reply_domain="in.example.com",
        base_url=f"http://{HOST}:{port}",
        secret=(secrets.token_hex(32),),
        inbound_secret=(secrets.token_hex(32),),
    )


def _rehearsal(settings: Settings, database: Database, folder: Path) -> Rehearsal:
    return Rehearsal(settings, database, transport_for(settings.mail_url or ""), Mailboxes(folder / "mail"))
