"""What tells a machine's visit from a person's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.domain.mails.record import OutboundMessage
from digest.domain.questions.question import HelpOffer, Via
from digest.domain.questions.suspicion import is_suspect, is_swept, may_submit_itself

SENT = datetime(2026, 4, 13, 7, 0, tzinfo=UTC)
LINKS = ["help-1", "whole-1", "help-2", "leave", "unsubscribe"]
BODY_LINKS = {"help-1", "whole-1", "help-2", "leave"}


def mail(links: list[str] = LINKS, sent_at: datetime | None = SENT) -> OutboundMessage:
    return OutboundMessage(link_names=links, sent_at=sent_at)


def offer(via: Via, minutes: float) -> HelpOffer:
    return HelpOffer(via=via, made_at=SENT + timedelta(minutes=minutes))


def test_an_offer_by_one_link_alone_is_believed() -> None:
    for via, minutes in (("auto", 60), ("button", 1), ("button", 60), ("reply", 1)):
        assert not is_suspect(offer(via, minutes), mail(), {"help-1"})


@pytest.mark.parametrize("opened", [{"help-1", "leave"}, {"help-1", "unsubscribe"}, BODY_LINKS])
def test_an_offer_that_made_itself_is_doubted_beside_the_stop_link_or_every_link(opened: set[str]) -> None:
    assert is_suspect(offer("auto", 60), mail(), opened)
    assert is_suspect(offer("button", 4.9), mail(), opened)


def test_every_link_counts_without_a_stop_link_too() -> None:
    message = mail(["help-1", "whole-1"])
    assert is_suspect(offer("auto", 60), message, {"help-1", "whole-1"})
    assert not is_suspect(offer("auto", 60), message, {"help-1"})


def test_a_mail_of_one_link_says_nothing_by_its_opening() -> None:
    assert not is_suspect(offer("auto", 60), mail(["help-1"]), {"help-1"})


def test_a_later_press_and_a_reply_are_never_doubted() -> None:
    assert not is_suspect(offer("button", 5.1), mail(), BODY_LINKS)
    assert not is_suspect(offer("reply", 1), mail(), BODY_LINKS)
    assert not is_suspect(offer("reply", 1), None, set())


def test_a_page_may_act_by_itself_only_late_and_alone() -> None:
    def may(minutes: float, opened: set[str]) -> bool:
        return may_submit_itself(mail(), "help-1", opened, SENT + timedelta(minutes=minutes))

    assert may(5.1, {"help-1"})
    assert not may(4.9, {"help-1"})
    assert not may(60, {"help-1", "help-2"})
    assert not may_submit_itself(mail(sent_at=None), "help-1", {"help-1"}, SENT)


def test_a_press_on_arrival_beside_other_openings_looks_like_a_filter() -> None:
    def swept(link: str, minutes: float, opened: set[str]) -> bool:
        return is_swept(mail(), link, opened, SENT + timedelta(minutes=minutes))

    assert swept("help-1", 1, {"help-1", "leave"})
    assert swept("leave", 1, BODY_LINKS)
    assert not swept("leave", 1, {"leave", "unsubscribe"})
    assert not swept("leave", 1, {"leave", "help-1"})
    assert not swept("leave", 6, BODY_LINKS)
