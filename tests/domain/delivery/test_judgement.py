"""What a failure says of an address: one table, whoever reports it."""

from __future__ import annotations

import pytest

from digest.domain.delivery.judgement import exact_status, judge


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_an_address_that_is_no_good_is_hard(status: str) -> None:
    assert judge("failed", status, None) == "hard"


@pytest.mark.parametrize(
    "status", ["4.4.1", "4.2.2", "4.7.1", "5.2.2", "5.3.0", "5.3.2", "5.4.1", "5.4.4", "5.1.4"]
)
def test_what_may_pass_is_soft(status: str) -> None:
    assert judge("failed", status, None) == "soft"


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.7.515", "5.7.0", "5.1.8", "5.1.7", "5.2.252"])
@pytest.mark.parametrize("permanent", [True, None])
def test_a_refusal_by_policy_blames_nobody_whatever_else_is_said(status: str, permanent: bool | None) -> None:
    assert judge("failed", status, permanent, "user unknown") == "policy"


@pytest.mark.parametrize("status", ["5.3.4", "5.6.0", "5.6.1", "5.2.3"])
def test_a_message_that_is_refused_is_our_own_business(status: str) -> None:
    assert judge("failed", status, True) == "content"


def test_without_a_status_the_reporters_word_counts() -> None:
    assert judge("failed", None, True) == "hard"
    assert judge("failed", "5.0.0", True) == "hard"
    assert judge("failed", None, False) == "soft"
    assert judge("failed", None, None) == "soft"
    assert judge("failed", "5.2.2", True, "mailbox full") == "soft"


@pytest.mark.parametrize("event", ["deferred", "accepted"])
def test_what_is_no_end_says_nothing(event: str) -> None:
    assert judge(event, "5.1.1", True) == "nothing"


def test_a_delivery_and_a_complaint_speak_for_themselves() -> None:
    assert judge("delivered", "2.0.0", None) == "reached"
    assert judge("complained", None, None) == "complaint"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("550 5.1.1 <m@example.com>: User unknown", "5.1.1"),
        ("550-5.1.1 The email account that you tried to reach does not exist", "5.1.1"),
        ("550 No such user here", "5.1.1"),
        ("550 Unknown user", "5.1.1"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("552 mailbox is full: retry timeout exceeded", "5.2.2"),
        ("552 Quota exceeded", "5.2.2"),
        ("550 This account has been disabled", "5.2.1"),
        ("Unrouteable address: domain not found", "5.1.2"),
        ("554 Your IP is on a block list, see https://example.com", "5.7.1"),
        ("550 Rejected as spam: user unknown to you", "5.7.1"),
        ("554 relay access denied", "5.7.1"),
        ("554 Message rejected: Email address is not verified.", "5.7.1"),
        ("553 Sender address rejected: domain not found", "5.1.8"),
        ("550 sender unknown, could not verify return path", "5.1.8"),
        ("552 message size exceeds limit", "5.3.4"),
    ],
)
def test_words_stand_in_for_a_status_that_says_nothing(words: str, status: str) -> None:
    assert exact_status("5.0.0", words) == status
    assert exact_status(None, words) == status


@pytest.mark.parametrize("words", ["550 Recipient address rejected: Access denied", "554 transaction failed"])
def test_words_that_may_mean_anything_mean_nothing(words: str) -> None:
    assert exact_status(None, words) is None
    assert judge("failed", None, None, words) == "soft"


def test_a_number_that_only_looks_like_a_status_is_none() -> None:
    assert exact_status(None, "host mx.example.com[5.1.1.7] timed out") is None
    assert exact_status(None, "") is None
    assert exact_status("5.1.10", "") == "5.1.10"
    assert exact_status("5.01.001", "") == "5.1.1"
