"""The rehearsal, started as a person starts it and lived through by its pages."""

from __future__ import annotations

import html
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

OPEN_AT = re.compile(r"Open (http://127\.0\.0\.1:\d+/mailbox/)")


@dataclass
class Visitor:
    """Somebody with a browser at the mailbox page."""

    url: str

    def look(self, whose: str, **query: str) -> str:
        asked = urllib.parse.urlencode({"of": f"{whose}@example.com", **query})
        with urllib.request.urlopen(f"{self.url}?{asked}") as page:
            return page.read().decode()

    def press(self, button: str, **fields: str) -> str:
        form = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(self.url + button, form) as page:
            return page.read().decode()

    def reply(self, whose: str, text: str, client: str) -> str:
        found = re.search(r'name="mail" value="([^"]+)"', self.look(whose))
        assert found
        return self.press("reply", mail=html.unescape(found[1]), text=text, client=client)

    def move_to(self, what: str) -> str:
        page = self.look("mira")
        found = re.search(rf'name="to" value="([^"]+)">[^<]*: {what}<', page)
        assert found, page
        return self.press("move", of="mira@example.com", to=found[1])


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("demo")
    demo = subprocess.Popen(
        [sys.executable, "-m", "digest", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(folder)},
    )
    assert demo.stdout
    found = OPEN_AT.search(demo.stdout.readline())
    assert found
    yield Visitor(found[1])
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(20) == 0
    demo.stdout.close()
    assert not list(folder.iterdir()), "nothing is kept"


def test_in_a_few_clicks_one_has_seen_the_whole_loop(visitor: Visitor) -> None:
    visitor.reply("mira", "Ja, gern.", "phone")
    visitor.press("others", of="mira@example.com")
    assert "active" in visitor.look("mira")

    visitor.move_to("prompts")
    assert "Packaging group, Woche" in visitor.look("mira")
    visitor.press("others", of="mira@example.com")
    receipt = visitor.reply(
        "mira",
        "Hat nicht geklappt: im Kühlhaus lösen sich die Etiketten.\n\nFrage: Welcher Kleber hält?",
        "webmail",
    )
    assert "Ist angekommen" in receipt
    assert "Welcher Kleber hält?" in visitor.look("mira", view="text")

    visitor.move_to("questions go round")
    assert "Welcher Kleber hält?" in html.unescape(visitor.look("ben", view="text"))
    visitor.move_to("digest")
    digest = html.unescape(visitor.look("ben", view="text"))
    assert "Welcher Kleber hält?" in digest
    found = re.search(r"http://127\.0\.0\.1:\d+/help/[\w.~-]+", digest)
    assert found
    with urllib.request.urlopen(urllib.request.Request(found[0], b"via=button")) as page:
        assert page.status == 200
    visitor.move_to("help is told")
    introduction = html.unescape(visitor.look("ben", view="header"))
    assert "Reply-To:" in introduction


def test_a_mail_is_framed_without_scripts_or_anything_from_elsewhere(visitor: Visitor) -> None:
    page = visitor.look("jonas")
    frame = re.search(r'<iframe [^>]*sandbox="([^"]*)" src="([^"]+)"', page)
    assert frame
    assert "allow-scripts" not in frame[1]
    with urllib.request.urlopen(urllib.parse.urljoin(visitor.url, frame[2])) as shown:
        assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
