"""Owns /metrics, the only user of prometheus-client. It must never count by person or group, nor answer a stranger.

200  the figures, as Prometheus reads them
401  without the token, or with another: Authorization: Bearer DIGEST_METRICS_TOKEN
404  DIGEST_METRICS_TOKEN is not set. Whoever asks from this machine may be a reverse proxy, so that is not enough
503  the database is away
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime

import flask
from flask import Blueprint, current_app
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from digest import clock
from digest.domain.vital_signs import VitalSigns
from digest.settings import Settings

pages = Blueprint("metrics", __name__)


@pages.get("/metrics")
def show() -> flask.Response:
    settings: Settings = current_app.extensions["digest.settings"]
    if not settings.metrics_token:
        flask.abort(404)
    given = flask.request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not any(hmac.compare_digest(given, token.encode()) for token in settings.metrics_token):
        answer = flask.Response("Send DIGEST_METRICS_TOKEN as a bearer token.\n", 401, mimetype="text/plain")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    seen = current_app.extensions["digest.look"]()
    registry = CollectorRegistry()
    registry.register(Figures(seen.signs, frozenset(seen.found)))
    return flask.Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Figures(Collector):
    """One look as Prometheus takes it; a figure that is not known is left out."""

    def __init__(self, signs: VitalSigns, troubles: frozenset[str]) -> None:
        self._signs, self._troubles = signs, troubles

    def collect(self) -> Iterator[Metric]:
        signs = self._signs
        yield _one(
            "workers", "Workers that gave a sign of life in the last five minutes", signs.beats.workers
        )
        yield _one("tick_age_seconds", "Since the last tick of any worker", _age(signs.beats.last_at))
        yield _one("inbox_waiting", "Messages that came in and are not settled", signs.inbox.count)
        yield _one(
            "inbox_oldest_seconds", "For how long the first of them waits", _age(signs.inbox.since, signs.at)
        )
        yield _one("outbox_waiting", "Mails that are due and not sent", signs.outbox.count)
        yield _one(
            "outbox_oldest_seconds",
            "For how long the first of them waits",
            _age(signs.outbox.since, signs.at),
        )
        yield _one("mails_deferred", "Mails that were refused for now and are tried again", signs.deferred)
        yield _by_state("mails_last_day", "Mails composed in the last 24 hours", signs.mails)
        yield _by_state("messages_last_day", "Messages settled in the last 24 hours", signs.messages)
        yield _one("replies_last_day", "Of these, what people wrote", signs.replies)
        yield _one("questions_open", "Questions that are open", signs.questions_open)
        yield _one(
            "questions_helped", "Of these, those with an answer or an offer of help", signs.questions_helped
        )
        yield _by_kind("trouble", "What asks for a look, as /healthz says it", self._troubles)


def _one(name: str, meaning: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"digest_{name}", meaning)
    if value is not None:
        family.add_metric([], value)
    return family


def _by_state(name: str, meaning: str, counts: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"digest_{name}", meaning, labels=["state"])
    for state, count in sorted(counts.items()):
        family.add_metric([state], count)
    return family


def _by_kind(name: str, meaning: str, kinds: frozenset[str]) -> Metric:
    family = GaugeMetricFamily(f"digest_{name}", meaning, labels=["kind"])
    for kind in sorted(kinds):
        family.add_metric([kind], 1)
    return family


def _age(since: datetime | None, now: datetime | None = None) -> float | None:
    return None if since is None else max(0.0, ((now or clock.real_now()) - since).total_seconds())
