"""Measures one tick for 1,000 groups of 8 whose prompts fall due together: due, composed, in the outbox.

python -m bench.tick [GROUPS]
"""

from __future__ import annotations

import resource
import sys
import time

from bench.scene import TUESDAY, add_groups, fresh_database, settings
from digest import clock
from digest.outbound.due import due_all

MEMBERS = 8


def main(count: int) -> None:
    with fresh_database() as (url, database):
        add_groups(database, count, MEMBERS)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        clock.start_at(clock.read_instant(TUESDAY))
        started = time.perf_counter()
        composed = due_all(database, settings(url))
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count} groups of {MEMBERS}: {composed} mails in {took:.2f} s, {composed / took:.0f} a second")
    print(f"peak memory {peak / 1024:.0f} MiB, {(peak - before) / 1024:.0f} MiB more than before the tick")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
