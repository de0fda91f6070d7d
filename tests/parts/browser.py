"""Owns the one real browser of the tests: Chromium without a screen, driven by Selenium. It must never
leave loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    """No browser can be started here; says why, and what would help."""


class Browser(webdriver.Chrome):
    """Selenium's Chrome, and the few things by which readers differ: width, darkness, scripts."""

    def set_width(self, pixels: int, height: int = 800) -> None:
        size = {"width": pixels, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def set_dark(self, dark: bool = True) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def set_scripts(self, allowed: bool) -> None:
        """Whether pages may run scripts, from the next page on."""
        self.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def as_new(self) -> None:
        """Forget what a test has set and seen; leaves one empty page."""
        for handle in self.window_handles[1:]:
            self.switch_to.window(handle)
            self.close()
        self.switch_to.window(self.window_handles[0])
        self.get("about:blank")
        self.execute_cdp_cmd("Storage.clearCookies", {})
        self.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        self.set_scripts(allowed=True)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """One browser, ended at the end. Raises NoBrowser where Chromium or its driver is missing."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if not (program and driver):
        raise NoBrowser("no chromium and chromedriver here; on Debian: apt install chromium chromium-driver")
    browser = Browser(_options(program), webdriver.ChromeService(driver))
    try:
        yield browser
    finally:
        browser.quit()


def _options(program: str) -> webdriver.ChromeOptions:
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in (
        "--headless=new",
        "--window-size=1000,800",
        "--disable-dev-shm-usage",  # too small in containers
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--no-proxy-server",
        *(["--no-sandbox"] if os.name != "nt" and os.geteuid() == 0 else []),  # it refuses to start as root
    ):
        options.add_argument(argument)
    return options
