"""How an answer to "did it help?" is read."""

from __future__ import annotations

import pytest

from digest.reading.meaning.answers.helped import Helped, helped


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yes", Helped(True)),
        ("Ja.", Helped(True)),
        ("Yes, ask the warehouse first.", Helped(True, "ask the warehouse first.")),
        ("Es hat geholfen: zuerst im Lager fragen", Helped(True, "zuerst im Lager fragen")),
        ("Ask the warehouse first.", Helped(True, "Ask the warehouse first.")),
        ("not yet", Helped(False)),
        ("Not yet, the glue froze", Helped(False)),
        ("Noch nicht.", Helped(False)),
        ("Nein, leider nicht", Helped(False)),
        ("It didn’t, the labels still peel off", Helped(False)),
        ("pas encore", Helped(False)),
        ("Still not", Helped(False)),
        ("   ", None),
        ("👍", None),
    ],
)
def test_yes_not_yet_and_what_she_takes_away(text: str, meant: Helped | None) -> None:
    assert helped(text) == meant


def test_a_hostile_length_is_read_at_once() -> None:
    assert helped("no " * 500_000) == Helped(False)
