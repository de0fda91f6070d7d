"""Two members, one of them the facilitator, put together all that they have to find out who asked without a name: every
mail in full, every page behind its links, every command. Whoever asked, they find the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import seed
from typing import cast
from urllib.parse import urlsplit

import pytest

from digest import signed_link
from digest.checking import everything
from digest.outbound.dkim_key import make_key
from digest.signed_link import Link, Purpose
from tests.acceptance.conftest import packaging_world
from tests.acceptance.exposure.attack import ASKED, ATTACKERS, TWO, Case, Found, Life, as_sent
from tests.acceptance.world import SECRET, Mail
from tests.checking.given import FakeNames
from tests.conftest import NOT_TESTED
from tests.parts.databases import Databases
from tests.parts.smtp_server import SmtpServer

RANDOM = re.compile(
    r"(?<=/)[\w.~-]{30,}"  # a link
    r"|[0-9a-f]{24,}|[a-z2-7]{26}|g-[0-9a-f]{16}"  # a Message-ID or what parts a mail, an address, the group's list
    r"|(?<=; bh=)[^;]+|(?<=; b=)[^;]+$",  # a signature
    re.MULTILINE,
)
OF_THE_TEST = re.compile(
    r"127\.0\.0\.1:\d+|(?<=<)reply-\d+@|(?<=:\d\d)(?::\d\d)?(?:\.\d+)?|(?<=; [tx]=)\d+|/\S+sqlite|\w+_test_\w+"
)


def masked(texts: list[str]) -> list[str]:
    """Each random token as its place among all of them: which are the same, and where, stays to be seen."""
    places: dict[str, str] = {}

    def place(token: re.Match[str]) -> str:
        return places.setdefault(token[0], f"RANDOM{len(places)}")

    return [RANDOM.sub(place, OF_THE_TEST.sub("", text)) for text in texts]


@pytest.fixture
def keys(tmp_path: Path) -> str:
    make_key(tmp_path / "rsa", "rsa")
    return (tmp_path / "rsa").read_text()


Live = Callable[[Databases, str, Case], Found]


@pytest.fixture
def live(smtp_server: SmtpServer, keys: str, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setattr(everything, "DnsNames", lambda: FakeNames(silent=True))

    def lived(databases: Databases, asker: str, case: Case) -> Found:
        seed(1)  # what is drawn by lot tells nothing; here it must not differ
        with packaging_world(databases, smtp_server) as world:
            if case.signed:
                world.settings = replace(world.settings, dkim_selector=("rsa",), dkim_key=keys)
            return Life(world, asker).live(case)

    return lived


CASES = (
    Case(),
    Case(signed=True),
    Case(other_asks=True),
    Case(("ben",)),
    Case(("ben", "other", "jonas")),
    Case(("mira", "other"), other_asks=True),
    Case((), signed=True),
)


def test_whoever_asked_all_that_two_others_can_put_together_is_the_same(
    live: Live, sqlite_databases: Databases
) -> None:
    assert_the_same(live, sqlite_databases, CASES[0])


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=str)
def test_whatever_is_written_besides_and_signed_or_not(live: Live, databases: Databases, case: Case) -> None:
    if case.signed:
        pytest.importorskip("dkim", reason=f"{NOT_TESTED}DKIM signing: dkimpy is not installed")
    assert_the_same(live, databases, case)


def assert_the_same(live: Live, databases: Databases, case: Case) -> None:
    first, swapped = (live(databases, asker, case) for asker in TWO)
    assert any(ASKED in text for text in first.everything())
    for one, other in zip(masked(first.everything()), masked(swapped.everything()), strict=True):
        assert one == other
    for (_, one), (_, other) in zip(links_in(first), links_in(swapped), strict=True):
        assert replace(one, link_key="") == replace(other, link_key="")
    assert_only_what_is_derived_comes_again(first, swapped)
    assert_no_token_is_shared(first)


def assert_only_what_is_derived_comes_again(first: Found, swapped: Found) -> None:
    """Two lives have no random token in common, but what both had before they part, and what is made from the secret:
    the addresses to ask and the threads, which are the same whoever asked.
    """
    common = tokens_of(first, *ATTACKERS) & tokens_of(swapped, *ATTACKERS)
    derived = re.compile(r"a-([a-z2-7]{26})@|<thread\.([0-9a-f]{24})@|(g-[0-9a-f]{16})")
    known = {token for text in first.everything() for found in derived.findall(text) for token in found}
    before = {
        token for name in ATTACKERS for mail in first.mails[name][:2] for token in tokens_in(as_sent(mail))
    }
    assert common <= known | before


def links_in(found: Found) -> list[tuple[Mail, Link]]:
    mails = [mail for name in ATTACKERS for mail in found.mails[name]]
    return [(mail, read_link(link)) for mail in mails for link in mail.links]


def read_link(link: str) -> Link:
    """What a link says to whoever takes its signature off."""
    _, purpose, token = urlsplit(link).path.split("/")
    read = signed_link.read(cast("Purpose", purpose), token, [SECRET])
    assert read
    return read


def tokens_in(text: str) -> set[str]:
    return {token[0] for token in RANDOM.finditer(OF_THE_TEST.sub("", text))}


def tokens_of(found: Found, *names: str) -> set[str]:
    return {token for name in names for mail in found.mails[name] for token in tokens_in(as_sent(mail))}


def assert_no_token_is_shared(found: Found) -> None:
    """Nothing random stands in the mails of two, but the group's own name in the fields for lists; a link has its
    mail's random key, and besides what its reader sees anyhow.
    """
    shared = tokens_of(found, ATTACKERS[0]) & tokens_of(found, ATTACKERS[1])
    assert all(token.startswith("g-") for token in shared), shared
    keys = dict[str, Mail]()
    for mail, read in links_in(found):
        assert keys.setdefault(read.link_key, mail) is mail
        assert read.epoch == 0
        assert not read.number or str(read.number) in mail.text
