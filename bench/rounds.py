"""Owns how two things are compared: in turn, several times, the ratio pair by pair. It must never judge."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

ROUNDS = 5


def compare(
    name: str, ours: Callable[[], float], peer_name: str, peer: Callable[[], float], rounds: int = ROUNDS
) -> None:
    """Print both rates (a second, median, least and most) and their ratio pair by pair; a warm-up goes first."""
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(rounds)]
    line(name, [pair[0] for pair in pairs])
    line(peer_name, [pair[1] for pair in pairs])
    ratios = [first / second for first, second in pairs]
    print(f"{'ratio':<46}{statistics.median(ratios):>10.2f}  [{min(ratios):.2f} .. {max(ratios):.2f}]\n")


def line(name: str, rates: Sequence[float], unit: str = "/s") -> None:
    print(f"{name:<46}{statistics.median(rates):>10.0f}{unit}  [{min(rates):.0f} .. {max(rates):.0f}]")
