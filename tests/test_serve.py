"""Behaviour of the processes that stay: they answer, work, and end cleanly when they are told to."""

from __future__ import annotations

import http.client
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from digest import serve
from tests.parts.command import BERLIN, Operator


@contextmanager
def started(operator: Operator, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and its first line."""
    with operator.start(*arguments) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def status(url: str, path: str) -> int:
    host = url.rpartition("//")[2]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def has_sent(operator: Operator, count: int) -> bool:
    latest = time.monotonic() + 15
    while time.monotonic() < latest:
        if len(list((operator.folder / "out").glob("new/*"))) >= count:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_everything_in_one_process_answers_sends_and_ends_cleanly(operator: Operator, ending: int) -> None:
    operator.digest("group", "add", "Packaging group", *BERLIN)
    operator.digest("member", "add", "Packaging group", "mira@example.com", "--name", "Mira")
    with started(operator, "serve", "--port", "0") as (process, line):
        assert line.startswith("Digest listens on http://127.0.0.1:")
        assert status(line.split()[-1], "/healthz") == 200
        assert has_sent(operator, 1)
        process.send_signal(ending)
        _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_web_alone_answers_and_sends_nothing(operator: Operator) -> None:
    operator.digest("group", "add", "Packaging group", *BERLIN)
    operator.digest("member", "add", "Packaging group", "mira@example.com", "--name", "Mira")
    with started(operator, "web", "--port", "0") as (process, line):
        assert status(line.split()[-1], "/help/nonsense") == 404
        time.sleep(1)
        process.terminate()
        _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert not (operator.folder / "out").exists()


def test_the_worker_alone_sends_and_ends_cleanly(operator: Operator) -> None:
    operator.digest("group", "add", "Packaging group", *BERLIN)
    operator.digest("member", "add", "Packaging group", "mira@example.com", "--name", "Mira")
    with started(operator, "worker") as (process, line):
        assert line == "Digest works. Ctrl-C ends it."
        assert has_sent(operator, 1)
        process.terminate()
        _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def slow_page(begun: threading.Event) -> Any:
    def app(_: Any, start_response: Any) -> list[bytes]:
        begun.set()
        time.sleep(0.8)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * 200_000]

    return app


@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("web", "--port", "0"), ("worker",), ("tick",)]
)
def test_a_wrong_way_to_the_operator_is_told_at_start(operator: Operator, command: tuple[str, ...]) -> None:
    operator.settings["DIGEST_OPERATOR_MAIL_URL"] = "pigeon:"
    with operator.start(*command) as process:
        try:
            _, err = process.communicate(timeout=15)
        finally:
            process.kill()
    assert process.returncode == 2
    assert err.startswith("DIGEST_OPERATOR_MAIL_URL names no way out that is known. Write it like ")


@pytest.mark.parametrize(
    ("arguments", "listen", "wrong"),
    [
        (("--host", "nowhere.invalid"), "", "--host"),
        (("--host", "203.0.113.1"), "", "--host"),
        (("--host", "a..b"), "", "--host"),
        ((), "203.0.113.1:24", "DIGEST_LMTP_LISTEN"),
        ((), "/nowhere/lmtp", "DIGEST_LMTP_LISTEN"),
    ],
)
def test_where_nobody_can_listen_is_told_with_what_to_change(
    operator: Operator, arguments: tuple[str, ...], listen: str, wrong: str
) -> None:
    operator.settings["DIGEST_LMTP_LISTEN"] = listen
    with operator.start("serve", "--port", "0", *arguments) as process:
        try:
            _, err = process.communicate(timeout=15)
        finally:
            process.kill()
    assert process.returncode == 2
    assert err.strip().endswith(f". Choose another with {wrong}.")


def test_a_request_that_is_under_way_is_answered_before_the_end() -> None:
    begun, stop, answers = threading.Event(), threading.Event(), list[int]()
    with serve.bound("127.0.0.1", 0) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = threading.Thread(target=serve.answer, args=(slow_page(begun), listening, stop))
        server.start()
        asking = threading.Thread(target=lambda: answers.append(status(url, "/")))
        asking.start()
        assert begun.wait(5)
        stop.set()
        asking.join(10)
        server.join(10)
    assert answers == [200]
    assert not server.is_alive()


def test_the_first_signal_asks_to_stop_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with serve.stopping() as stop:
        assert not stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        assert signal.getsignal(signal.SIGTERM) is before
    assert signal.getsignal(signal.SIGTERM) is before
