"""Owns our mails that the clients answer, composed as they are for a member: `python -m tests.real_clients.sent_mails`
makes them anew. It must never run without all replies being made anew after it."""

from __future__ import annotations

from dataclasses import replace

from digest import reply_address, tokens
from digest.outbound.compose import compose
from digest.outbound.examples import EXAMPLES
from tests.real_clients.writing import sent_file

NAMES = tuple(f"{kind}.{locale}" for kind in ("prompt", "digest") for locale in ("en", "de"))


def send_anew() -> None:
    """Compose each mail again, with a new token; all replies have to be made anew after it."""
    for name in NAMES:
        kind, _, locale = name.partition(".")
        sent_file(name).parent.mkdir(exist_ok=True)
        sent_file(name).write_bytes(_raw(kind, locale))


def _raw(kind: str, locale: str) -> bytes:
    example, token = EXAMPLES[kind](locale), tokens.random_token()
    address = reply_address.mint(token, domain="in.digest.example", address=None)
    letter = replace(
        example.frame,
        reply_to_address=address,
        unsubscribe_mailto=address,
        message_id=f"<{tokens.random_token()[:12]}.{example.frame.date:%Y%m%d}@digest.example>",
    )
    return compose(letter, example.facts).raw


if __name__ == "__main__":
    send_anew()
