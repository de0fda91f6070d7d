"""Owns the invented people of the rehearsal and what they would write. It must never hold a real person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Player:
    """Somebody in the invented group; `yes` joins, `entry` answers a prompt; `client` is her mail client."""

    name: str
    address: str
    locale: str
    client: str
    yes: str
    entry: str


GROUP = "Packaging group"
TASK = "the new packaging rules"
TIMEZONE = "Europe/Berlin"
EXAMPLE = "I asked for a cardboard sample. It came in the wrong size, twice. Who decides on sizes here?"

#: What one might answer to a question, by language.
IDEAS = {
    "en": ("I can help with 1", "1: ours is rated to minus ten, I am asking for the name."),
    "de": ("Ich kann bei 1 helfen", "1: Unserer hält bis minus zehn Grad, ich frage nach dem Namen."),
}

CAST = (
    Player(
        "Jonas",
        "jonas@example.com",
        "en",
        "thunderbird",
        "yes",
        "Tried: a shorter form for new cartons.\nDid not work: three of five still came back half empty.",
    ),
    Player(
        "Mira",
        "mira@example.com",
        "de",
        "phone",
        "Ja, gern.",
        "Ich habe den Etikettendrucker neu kalibriert.\n\n"
        "Hat nicht geklappt: im Kühlhaus lösen sich die Etiketten noch immer.\n\n"
        "Welcher Kleber hält unter fünf Grad?",
    ),
    Player(
        "Ben",
        "ben@example.com",
        "en",
        "webmail",
        "yes",
        "1. Two thinner foils from the new supplier.\n2. Both tore on the second pallet.\n"
        "3. Has anyone found a foil under 20 microns that survives the stretch hood?",
    ),
    Player(
        "Carla",
        "carla@example.com",
        "en",
        "webmail",
        "Yes please",
        "I moved the returns table next to the packing line. What did not work: now the forklifts wait.",
    ),
    Player(
        "Emil",
        "emil@example.com",
        "en",
        "phone",
        "yes",
        "I tried to change our packaging supplier. It costs 20 % more than my budget "
        "allows. Has anyone found a way?",
    ),
)


def player(address: str) -> Player:
    return next(player for player in CAST if player.address == address)
