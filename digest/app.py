"""Owns the factory of the web application: settings and database plugged in at one place, doors and pages registered.
It must never hold a rule.
"""

from __future__ import annotations

from flask import Flask

from digest import database as databases
from digest import schema
from digest.database import Database
from digest.inbound.webhook import door
from digest.settings import Settings


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The WSGI application. Raises Misuse where a setting is missing or the schema is old."""
    settings = settings or Settings.from_env()
    settings.require("DIGEST_SECRET")
    app = Flask("digest", static_folder=None, template_folder=None)
    app.extensions["digest.settings"] = settings
    app.extensions["digest.database"] = database or schema.ready(databases.connect(settings.database_url))
    app.register_blueprint(door)
    return app
