"""Machines that open the links of mails, with and without a browser, at once or later: no offer reaches an asker,
nobody is unsubscribed, nothing is closed. And people, whose one click is enough."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from sqlalchemy import func, select

from digest import clock
from digest.database import connect
from digest.domain.groups.group import Member
from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import HelpOffer, Question
from tests.acceptance.world import Mail, World, world as running_world
from tests.parts.browser import Browser
from tests.parts.databases import Databases, database_as_on
from tests.parts.smtp_server import SmtpServer

TUESDAY, ROUND_AT = "2026-03-31T09:00+02:00", "2026-03-31T11:11+02:00"
LONGER_THAN_A_PAGE_WAITS = 2.2  # seconds
AT_ONCE = 16  # windows


class Delivered:
    """A world in which question mails have just gone out: one question a group, and others who may help with it."""

    def __init__(self, world: World) -> None:
        before = len(world.smtp_server.received)
        world.at(ROUND_AT)
        people = {received.rcpt_tos[0] for received in world.smtp_server.received[before:]}
        self.world = world
        mails = [world.last(address) for address in sorted(people)]
        self.mails = [mail for mail in mails if any("/help/" in link for link in mail.links)]

    def later(self, **span: float) -> None:
        clock.start_at(clock.now() + timedelta(**span))

    def links(self, *purposes: str) -> list[str]:
        return [
            link
            for mail in self.mails
            for link in mail.links
            if not purposes or link.split("/")[3] in purposes
        ]

    def settle(self) -> None:
        """All quiet minutes pass."""
        for _ in range(3):
            self.later(minutes=11)
            self.world.tick()

    def counted(self) -> dict[str, int]:
        """What there is by now of all that a machine must not bring about."""
        with self.world.database.reading() as session:

            def count(*where: object) -> int:
                return session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]

            return {
                "offers that reached an asker": count(HelpOffer.state == "told"),
                "members who do not take part": count(Member.state != "active"),
                "questions that are not open": count(Question.state != "open"),
                "introductions": count(OutboundMessage.kind == "introduction"),
            }

    def offers(self) -> dict[str, int]:
        with self.world.database.reading() as session:
            found = session.execute(select(HelpOffer.via, func.count()).group_by(HelpOffer.via))
            return {row[0]: row[1] for row in found}


NOTHING = {
    "offers that reached an asker": 0,
    "members who do not take part": 0,
    "questions that are not open": 0,
    "introductions": 0,
}


@pytest.fixture
def delivered(
    sqlite_databases: Databases, smtp_server: SmtpServer, at_size: Callable[[int, int], int]
) -> Iterator[Delivered]:
    groups, helpers = at_size(1, 25), at_size(3, 8)

    def set_up(url: str) -> None:
        with contextlib.closing(connect(url)) as database, running_world(database, url, smtp_server) as made:
            _ask(made, groups, helpers)

    with database_as_on(sqlite_databases, f"asked in {groups}", set_up) as url:
        smtp_server.received.clear()
        with contextlib.closing(connect(url)) as database, running_world(database, url, smtp_server) as made:
            yield Delivered(made)


def _ask(world: World, groups: int, helpers: int) -> None:
    world.at("2026-03-30T10:00+02:00")
    for group in range(groups):
        world.done("group", "add", f"Group {group}", "--timezone", "Europe/Berlin", "--locale", "en")
        for number in range(helpers + 1):
            keys = ["--facilitator"] if number == 1 else []
            address, name = f"m{number}.g{group}@example.com", f"Member {number}"
            world.done("member", "add", f"Group {group}", address, "--name", name, "--active", *keys)
    world.at(TUESDAY)
    world.at("2026-03-31T10:10+02:00")
    for group in range(groups):
        prompt = world.last(f"m0.g{group}@example.com")
        assert world.reply(prompt, f"Tried: a way.\nQuestion: who knows better than group {group}?") == 200
    world.tick()


# Machines


def test_there_is_a_mail_for_each_who_may_help(
    delivered: Delivered, at_size: Callable[[int, int], int]
) -> None:
    assert len(delivered.mails) == at_size(3, 200)
    assert len(delivered.links("help")) == len(delivered.mails)
    assert len(delivered.links("leave", "unsubscribe")) == 2 * len(delivered.mails)


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_all_links_fetched_at_once_do_nothing(delivered: Delivered, method: str) -> None:
    delivered.later(seconds=20)
    for link in delivered.links():
        assert delivered.world.http(method, link).status == 200
    delivered.settle()
    assert delivered.offers() == {}
    assert delivered.counted() == NOTHING


def test_a_post_without_the_form_does_nothing(delivered: Delivered) -> None:
    for seconds in (20, 3600):
        delivered.later(seconds=seconds)
        for link in delivered.links():
            assert delivered.world.press(link).status in (200, 400)
    delivered.settle()
    assert delivered.offers() == {}
    assert delivered.counted() == NOTHING


def test_buttons_pressed_within_seconds_do_nothing(delivered: Delivered) -> None:
    delivered.later(seconds=5)
    for mail in delivered.mails:
        press_every_button(delivered.world, mail.links)
    delivered.settle()
    assert delivered.counted() == NOTHING


def test_a_browser_that_opens_all_links_twenty_seconds_after_sending_does_nothing(
    delivered: Delivered, browser: Browser
) -> None:
    delivered.later(seconds=20)
    open_together(browser, delivered.links())
    delivered.settle()
    assert delivered.offers() == {}
    assert delivered.counted() == NOTHING


def test_a_browser_that_opens_one_link_within_five_minutes_does_nothing(
    delivered: Delivered, browser: Browser
) -> None:
    delivered.later(minutes=3)
    open_together(browser, delivered.links("help"))
    delivered.settle()
    assert delivered.offers() == {}
    assert delivered.counted() == NOTHING


def test_a_browser_that_opens_all_links_at_once_an_hour_later_does_nothing(
    delivered: Delivered, browser: Browser
) -> None:
    delivered.later(hours=1)
    for some in batches(delivered.mails, AT_ONCE // 4):
        open_together(browser, [link for mail in some for link in mail.links])
    delivered.settle()
    assert delivered.counted() == NOTHING


def test_a_browser_that_opens_all_links_one_after_another_an_hour_later_reaches_no_asker(
    delivered: Delivered, browser: Browser
) -> None:
    delivered.later(hours=1)
    for some in batches(delivered.mails, AT_ONCE):
        for turn in range(max(len(mail.links) for mail in some)):
            open_together(browser, [mail.links[turn] for mail in some if turn < len(mail.links)])
    delivered.settle()
    assert delivered.counted() == NOTHING


def test_buttons_of_the_mail_that_asks_whether_it_helped_are_not_for_machines(delivered: Delivered) -> None:
    world = delivered.world
    helping = [mail for mail in delivered.mails if mail.to.startswith("m1.")]
    for mail in helping:
        assert world.reply(mail, "help 1") == 200
    delivered.settle()
    before = delivered.counted()
    assert before["offers that reached an asker"] == len(helping)
    world.at("2026-04-03T11:45+02:00")
    asked = [world.last(mail.to.replace("m1", "m0")) for mail in helping]
    assert all("/solved/" in link for mail in asked for link in mail.links)
    delivered.later(seconds=5)
    for mail in asked:
        press_every_button(world, mail.links)
    delivered.settle()
    assert delivered.counted() == before


def test_what_cannot_be_told_from_a_person_is_told_and_can_be_undone(
    delivered: Delivered, browser: Browser
) -> None:
    """A machine that runs scripts and opens one link alone an hour later: the one that the page cannot know."""
    delivered.later(hours=1)
    open_together(browser, delivered.links("help"))
    assert delivered.offers() == {"auto": len(delivered.mails)}
    assert delivered.counted() == NOTHING  # nobody has heard of it yet
    delivered.world.tick()
    for mail in delivered.mails:
        undo = delivered.world.last(mail.to).link("undo")
        delivered.later(minutes=2)
        assert delivered.world.press(undo, act="undo").status == 200
        delivered.later(minutes=-2)
    delivered.settle()
    assert delivered.counted() == NOTHING


# People


def test_everybody_who_clicks_one_link_an_hour_later_has_offered_by_that_click(
    delivered: Delivered, browser: Browser
) -> None:
    delivered.later(hours=1)
    open_together(browser, delivered.links("help"))
    delivered.settle()
    assert delivered.offers() == {"auto": len(delivered.mails)}
    assert delivered.counted()["offers that reached an asker"] == len(delivered.mails)


def test_without_scripts_there_is_one_button_and_it_offers(delivered: Delivered, browser: Browser) -> None:
    delivered.later(hours=1)
    browser.set_scripts(allowed=False)
    for link in delivered.links("help"):
        browser.get(link)
        (button,) = (b for b in browser.find_elements(By.TAG_NAME, "button") if b.is_displayed())
        button.click()
        WebDriverWait(browser, 10).until(lambda _: "Done." in browser.title or "Done." in browser.page_source)
    delivered.settle()
    assert delivered.offers() == {"button": len(delivered.mails)}
    assert delivered.counted()["offers that reached an asker"] == len(delivered.mails)


# How machines read


def batches(all_of_them: Sequence[Mail], size: int) -> list[Sequence[Mail]]:
    return [all_of_them[at : at + size] for at in range(0, len(all_of_them), size)]


def open_together(browser: Browser, links: Sequence[str]) -> None:
    """Each in a window of its own, all visible, as long as a page could want to act by itself."""
    first = browser.window_handles[0]
    for at in range(0, len(links), AT_ONCE):
        browser.switch_to.window(first)
        browser.get("about:blank")
        opening = "for (const link of arguments) window.open(link, '_blank', 'popup=1,noopener=1')"
        some = links[at : at + AT_ONCE]
        browser.execute_script(opening, *some)
        deadline = time.monotonic() + 20
        while len(browser.window_handles) < len(some) + 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        opened = browser.window_handles[1:]
        assert len(opened) == len(some)
        for window in opened:  # loaded, each
            browser.switch_to.window(window)
            assert browser.execute_script("return document.visibilityState") == "visible"
        time.sleep(LONGER_THAN_A_PAGE_WAITS)
        for window in opened:
            browser.switch_to.window(window)
            browser.close()
        browser.switch_to.window(first)


def press_every_button(world: World, links: Sequence[str]) -> None:
    """Open every link, then send every form that was found, once by each of its buttons."""
    pages = [(link, world.get(link).text) for link in links]
    for link, page in pages:
        for action, fields in Forms(page).presses():
            world.press(f"http://127.0.0.1:{world.port}{action}" if action else link, **fields)


class Forms(HTMLParser):
    """The forms of a page, as far as somebody who presses their buttons has to know them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._forms: list[tuple[str, dict[str, str], list[dict[str, str]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._forms.append((given.get("action", ""), {}, []))
        elif tag == "input" and self._forms and "name" in given:
            self._forms[-1][1][given["name"]] = given.get("value", "")
        elif tag == "button" and self._forms and given.get("type") != "button":
            self._forms[-1][2].append({given["name"]: given.get("value", "")} if "name" in given else {})

    def presses(self) -> Iterator[tuple[str, dict[str, str]]]:
        for action, fields, buttons in self._forms:
            for button in buttons:
                yield action, fields | button
