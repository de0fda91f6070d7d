"""Owns the measure of a typing mistake. It must never look at more letters than a label has."""

from __future__ import annotations


def slips_allowed(length: int) -> int:
    """How many slips a phrase of so many letters may hold and still be meant."""
    return 0 if length < 5 else 1 if length < 8 else 2


def nearly(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with the few slips that its length allows."""
    slips = slips_allowed(len(meant))
    return typed == meant or (
        slips > 0 and abs(len(typed) - len(meant)) <= slips and distance(typed, meant, slips) <= slips
    )


def distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two words (optimal string
    alignment); `limit + 1` as soon as there are more than `limit`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        above, row = row, [i] + [0] * len(other)
        for j, right in enumerate(other, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                row[j] = min(row[j], before[j - 2] + 1)
        before = above
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
