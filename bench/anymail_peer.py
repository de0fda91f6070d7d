"""Owns the peer of bench.filed: django-anymail storing what Mailgun posts, behind the same server on the same kind of
database. It must never do less than it has to: check the signature, parse the message, keep its text and HTML.

python bench/anymail_peer.py SQLITE_FILE PORT SIGNING_KEY     with django and django-anymail installed
"""

from __future__ import annotations

import sys
from typing import Any

import django
import waitress
from django.conf import settings


def configure(file: str, key: str) -> None:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 30},
    }
    settings.configure(
        SECRET_KEY=key,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="anymail.urls",
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["anymail"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        ANYMAIL={"MAILGUN_WEBHOOK_SIGNING_KEY": key},
        USE_TZ=True,
    )
    django.setup()


def main(file: str, port: int, key: str) -> None:
    configure(file, key)
    from anymail.signals import inbound
    from django.core.wsgi import get_wsgi_application
    from django.db import connection, models

    class Stored(models.Model):
        message_id = models.TextField()
        sender = models.TextField()
        recipient = models.TextField()
        subject = models.TextField()
        text = models.TextField()
        html = models.TextField()

        class Meta:
            app_label = "anymail"

    with connection.schema_editor() as editor:
        editor.create_model(Stored)

    def store(sender: Any, event: Any, **_: Any) -> None:
        message = event.message
        Stored.objects.create(
            message_id=message["Message-ID"] or "",
            sender=message.envelope_sender or "",
            recipient=message.envelope_recipient or "",
            subject=message.subject or "",
            text=message.text or "",
            html=message.html or "",
        )

    inbound.connect(store, weak=False)
    waitress.serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=8, _quiet=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
