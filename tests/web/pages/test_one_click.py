"""One click, in a real browser: when the page acts by itself, when it waits for its button, and how it reads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from digest.domain.rounds.entry import Part
from tests.web.conftest import Reader
from tests.web.scene import BEN, CARLA, MIRA

LONGER_THAN_THE_PAGE_WAITS, LONGER_THAN_IT_WAITS_HURRIED = 2.2, 0.6  # seconds


@pytest.fixture
def hurried(reader: Reader) -> Iterator[None]:
    """The page counts ten times as fast. For tests in which it is to do nothing: nobody has to be faster than it is."""
    faster = (
        "const wait = setTimeout; window.setTimeout = (act, milliseconds) => wait(act, milliseconds / 10)"
    )
    with from_the_start(reader, faster):
        yield


@contextmanager
def from_the_start(reader: Reader, script: str) -> Iterator[None]:
    """Each page that is opened runs the script before its own."""
    command = "Page.addScriptToEvaluateOnNewDocument"
    added = reader.browser.execute_cdp_cmd(command, {"source": script})
    try:
        yield
    finally:
        reader.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def wait_for(reader: Reader, heading: str) -> None:
    def stands(_: object) -> bool:
        return reader.heading().startswith(heading)

    WebDriverWait(reader.browser, 5, 0.1, ignored_exceptions=[Exception]).until(stands)


def test_twenty_minutes_after_the_mail_the_click_in_it_is_the_only_one(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.open(reader.scene.path(BEN, "help", 1))
    assert reader.browser.find_element(By.CSS_SELECTOR, "[data-pending]").text.startswith("Telling Mira")
    assert reader.focused() == "Cancel"
    assert reader.scene.offers() == []  # it shows first what it is about to do
    wait_for(reader, "Done. Mira hears at 09:30.")
    assert [offer.via for offer in reader.scene.offers()] == ["auto"]
    assert reader.focused() == "Done. Mira hears at 09:30."


def test_undo_is_one_press_away(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.open(reader.scene.path(BEN, "help", 1))
    wait_for(reader, "Done.")
    reader.press("button[value=undo]")
    wait_for(reader, "Done. You took your offer back.")
    assert reader.focused() == "Done. You took your offer back."
    assert [offer.state for offer in reader.scene.offers()] == ["undone"]


@pytest.mark.usefixtures("hurried")
def test_going_back_after_undo_does_not_offer_again(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.open(reader.scene.path(BEN, "help", 1))
    wait_for(reader, "Done. Mira")
    reader.press("button[value=undo]")
    wait_for(reader, "Done. You took")
    reader.open(reader.scene.path(BEN, "help", 1))
    time.sleep(LONGER_THAN_IT_WAITS_HURRIED)
    assert reader.sees("[data-press]")
    assert [offer.state for offer in reader.scene.offers()] == ["undone"]


@pytest.mark.usefixtures("hurried")
def test_a_fresh_mail_waits_for_the_button(reader: Reader) -> None:
    reader.scene.at(minutes=2)
    reader.open(reader.scene.path(BEN, "help", 1))
    time.sleep(LONGER_THAN_IT_WAITS_HURRIED)
    assert reader.scene.offers() == []
    reader.press("[data-press]")
    wait_for(reader, "Done. Mira hears at 09:12.")
    assert [offer.via for offer in reader.scene.offers()] == ["button"]


@pytest.mark.usefixtures("hurried")
def test_two_links_opened_at_once_wait_for_the_button(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.scene.client.get(reader.scene.path(BEN, "whole", 2))
    reader.open(reader.scene.path(BEN, "help", 1))
    time.sleep(LONGER_THAN_IT_WAITS_HURRIED)
    assert reader.scene.offers() == []
    assert reader.sees("[data-press]")


def test_a_second_link_opened_while_the_page_counts_stops_it(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.open(reader.scene.path(BEN, "help", 1))
    reader.scene.client.get(reader.scene.path(BEN, "leave"))
    time.sleep(LONGER_THAN_THE_PAGE_WAITS)
    assert reader.scene.offers() == []
    assert reader.sees("[data-press]")
    assert "press the button yourself" in reader.browser.page_source


@pytest.mark.parametrize("how", ["button", "escape"])
def test_cancel_keeps_the_page_and_offers_nothing(reader: Reader, how: str) -> None:
    reader.scene.at(minutes=20)
    reader.open(reader.scene.path(BEN, "help", 1))
    if how == "button":
        reader.press("[data-cancel]")
    else:
        reader.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)
    assert reader.focused() == "Stopped. Nothing has happened."
    time.sleep(LONGER_THAN_THE_PAGE_WAITS)
    assert reader.scene.offers() == []
    reader.press("[data-press]")
    wait_for(reader, "Done.")
    assert [offer.via for offer in reader.scene.offers()] == ["button"]


HIDDEN = """Object.defineProperty(document, "visibilityState", {get: () => (window.seen ? "visible" : "hidden")})"""


@pytest.mark.usefixtures("hurried")
def test_a_page_in_the_background_waits_until_it_is_seen(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.browser.get("about:blank")
    with from_the_start(reader, HIDDEN):
        reader.open(reader.scene.path(BEN, "help", 1))
        time.sleep(LONGER_THAN_IT_WAITS_HURRIED)
        assert reader.scene.offers() == []
        reader.browser.execute_script(
            "window.seen = true; document.dispatchEvent(new Event('visibilitychange'))"
        )
        wait_for(reader, "Done. Mira hears")


@pytest.mark.usefixtures("hurried")
def test_without_scripts_the_button_does_it(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.browser.set_scripts(allowed=False)
    reader.open(reader.scene.path(BEN, "help", 1))
    time.sleep(LONGER_THAN_IT_WAITS_HURRIED)
    assert reader.scene.offers() == []
    assert not reader.sees("[data-pending]")
    reader.press("[data-press]")
    wait_for(reader, "Done. Mira hears at 09:30.")
    assert [offer.via for offer in reader.scene.offers()] == ["button"]


def test_the_keyboard_is_enough(reader: Reader) -> None:
    reader.scene.at(minutes=2)
    reader.open(reader.scene.path(BEN, "help", 1))
    reader.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert reader.focused() == "Tell Mira I can help"
    reader.browser.switch_to.active_element.send_keys(Keys.ENTER)
    wait_for(reader, "Done.")


def test_the_browser_finds_nothing_against_the_policy_and_keeps_no_cookie(reader: Reader) -> None:
    reader.scene.at(minutes=20)
    reader.browser.get_log("browser")
    reader.open(reader.scene.path(BEN, "help", 1))
    wait_for(reader, "Done.")
    assert [entry["message"] for entry in reader.browser.get_log("browser")] == []
    assert reader.browser.get_cookies() == []


# How it looks


def pages_to_look_at(reader: Reader) -> list[str]:
    scene = reader.scene
    scene.at(days=1)
    long = "Weichmacherfreiheitsbescheinigungsnummernverzeichnis https://example.com/" + "a" * 90
    source = scene.write(MIRA, Part("tried", long), Part("failed", "Both tore."), Part("undecided", long))
    scene.mail(MIRA, "receipt", ["fix", "undo"], inbound_id=source)
    scene.mail(CARLA, "invitation", ["join"])
    scene.at(days=1, minutes=10)
    return [
        "/",
        "/help/x",
        scene.path(BEN, "help", 2),
        scene.path(BEN, "whole", 1),
        scene.path(BEN, "leave"),
        scene.path(MIRA, "fix", kind="receipt"),
        scene.path(MIRA, "undo", kind="receipt"),
    ]


def test_every_page_fits_a_narrow_phone(reader: Reader) -> None:
    reader.browser.set_width(320)
    for path in pages_to_look_at(reader):
        reader.open(path)
        assert reader.browser.execute_script("return document.documentElement.scrollWidth") <= 320, path


CONTRAST = """
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(colour)) return colour;
  }
  return "rgb(255, 255, 255)";
};
return [...document.querySelectorAll("body *")]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
  .map((e) => {
    const [a, b] = [getComputedStyle(e).color, behind(e)].map(luminance);
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.tagName, e.textContent.trim().slice(0, 40)];
  })
  .filter(([ratio]) => ratio < 4.5);
"""


@pytest.mark.parametrize("dark", [False, True])
def test_every_word_stands_out_from_its_ground(reader: Reader, dark: bool) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    reader.browser.set_dark(dark)
    for path in pages_to_look_at(reader):
        reader.open(path)
        assert reader.browser.execute_script(CONTRAST) == [], path


def test_every_field_has_a_label_and_every_target_room_for_a_thumb(reader: Reader) -> None:
    for path in pages_to_look_at(reader):
        reader.open(path)
        for element in reader.browser.find_elements(
            By.CSS_SELECTOR, "button, textarea, input:not([type=hidden])"
        ):
            if element.is_displayed():
                assert element.accessible_name, path
        for element in reader.browser.find_elements(By.CSS_SELECTOR, "button, .options label, textarea"):
            if element.is_displayed():
                assert element.size["height"] >= 44, element.accessible_name
