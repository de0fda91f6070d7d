"""What the tests of the pages stand on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.support.ui import WebDriverWait

from digest import clock, serve
from digest.database import Database, connect
from tests.parts.browser import Browser
from tests.parts.databases import SqliteDatabases, database_with_schema
from tests.web.scene import Scene, make_scene


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    """A small group one minute after its first digest; on SQLite and on PostgreSQL."""
    yield make_scene(database)
    clock.start_at(None)


@contextmanager
def serving(scene: Scene) -> Iterator[str]:
    """The address at which the scene is served, by the server that serves in earnest."""
    with serve.bound("127.0.0.1", 0) as listening:
        stop = threading.Event()
        server = threading.Thread(target=serve.answer, args=(scene.app, listening, stop))
        server.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            stop.set()
            server.join()


@pytest.fixture
def served(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(serve, "TURN", 0.05)
    with serving(scene) as address:
        yield address


@dataclass
class Reader:
    """Somebody with a browser in front of the scene."""

    browser: Browser
    scene: Scene
    base: str

    def open(self, path: str) -> None:
        self.browser.get(self.base + path)

    def heading(self) -> str:
        """Of the page that stands; while one page gives way to the next it is asked again."""
        passing = [StaleElementReferenceException, NoSuchElementException]
        patient = WebDriverWait(self.browser, 5, 0.1, ignored_exceptions=passing)
        return patient.until(lambda browser: browser.find_element("css selector", "h1").text)

    def press(self, selector: str) -> None:
        self.browser.find_element("css selector", selector).click()

    def sees(self, selector: str) -> bool:
        return any(element.is_displayed() for element in self.browser.find_elements("css selector", selector))

    def focused(self) -> str:
        return self.browser.execute_script("return document.activeElement.textContent.trim()")


@pytest.fixture
def sqlite_database(sqlite_databases: SqliteDatabases) -> Iterator[Database]:
    with database_with_schema(sqlite_databases) as url:
        database = connect(url)
        yield database
        database.close()


@pytest.fixture
def reader(sqlite_database: Database, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A real browser before the real server; what differs between databases is tested without one."""
    scene = make_scene(sqlite_database)
    monkeypatch.setattr(serve, "TURN", 0.05)
    with serving(scene) as address:
        yield Reader(browser, scene, address)
        browser.get("about:blank")
    clock.start_at(None)
