"""Behaviour of `digest preview`."""

from __future__ import annotations

from tests.parts.command import Operator


def test_a_mail_is_previewed_in_the_language_of_its_reader(operator: Operator) -> None:
    assert "Subject: " in operator.digest("preview", "prompt").out
    assert (
        operator.digest("preview", "prompt").out != operator.digest("preview", "prompt", "--locale", "de").out
    )
    assert "<html" in operator.digest("preview", "prompt", "--html").out
    assert "List-Unsubscribe:" in operator.digest("preview", "prompt", "--raw").out


def test_the_previewed_invitation_comes_with_four_lines_to_send_beforehand(operator: Operator) -> None:
    before, _, beforehand = operator.digest("preview", "invitation").out.partition("---- ")
    assert "To: " in before
    assert len([line for line in beforehand.splitlines()[1:] if line]) == 4
    assert "---- " not in operator.digest("preview", "prompt").out
