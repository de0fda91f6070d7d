"""The recipe for Cloudflare, as it stands in the documentation, run by Node against the real door."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.app import create_app
from digest.settings import Settings
from tests.conftest import NOT_TESTED
from tests.inbound.letter import EIGHT_BIT, TO, letter
from tests.inbound.providers.conftest import Doors
from tests.parts.web_server import WebServer

PAGE = Path(__file__).parents[3] / "docs" / "providers" / "anything-else.md"
SECRET = "the secret of the raw door"
RUN = """
import worker from "./worker.mjs";
import fs from "node:fs";
const [url, secret, from, to] = process.argv.slice(2);
const raw = new Blob([fs.readFileSync("message")]).stream();
const setReject = (reason) => console.log("rejected:", reason);
const env = { DIGEST_URL: url, DIGEST_INBOUND_SECRET: secret };
const message = { from, to, raw, rawSize: 1, setReject };
await worker.email(message, env).then(() => console.log("done"), (error) => console.log(error.message));
"""


@pytest.fixture
def url(doors: Doors) -> Iterator[str]:
    settings = Settings(secret=("the secret that signs links",), inbound_secret=(SECRET,))
    server = WebServer(create_app(settings, doors.database))
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def run_worker(
    folder: Path, url: str, raw: bytes, *, secret: str = SECRET, mail_from: str = "mira@example.com"
) -> str:
    """What the worker of the page says when it is given a message."""
    node = shutil.which("node")
    if node is None:
        pytest.skip(f"{NOT_TESTED}the recipe for Cloudflare: there is no node here")
    found = re.search(r"```js\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    (folder / "worker.mjs").write_text(found[1], "utf-8")
    (folder / "run.mjs").write_text(RUN, "utf-8")
    (folder / "message").write_bytes(raw)
    command = [node, "run.mjs", url, secret, mail_from, TO]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_worker_hands_a_message_over_byte_for_byte(doors: Doors, url: str, tmp_path: Path) -> None:
    assert run_worker(tmp_path, url, letter(EIGHT_BIT).raw) == "done\n"
    assert run_worker(tmp_path, url, letter("a bounce").raw, mail_from="") == "done\n"
    first, second = doors.stored
    assert zlib.decompress(first.raw or b"") == letter(EIGHT_BIT).raw
    assert (first.rcpt_to, first.mail_from, second.mail_from) == (TO, "mira@example.com", "")


def test_the_worker_refuses_what_is_no_message_and_fails_for_a_while_otherwise(
    doors: Doors, url: str, tmp_path: Path
) -> None:
    assert run_worker(tmp_path, url, b"no message").startswith("rejected:")
    assert run_worker(tmp_path, url, letter().raw, secret="another secret") == "Digest answered 401\n"
    assert doors.stored == []
