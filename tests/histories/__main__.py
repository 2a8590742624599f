"""`python -m tests.histories`: thousands of random histories, each with a marketplace of its own.

Prints how many histories ran and what they contained. Exit code 0 if every claim of
`tests.histories.machine` held, else 1 with the shortest failing history that Hypothesis found.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.histories.machine import PIECE, run_piece

COUNT = 2_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="number of histories")
    parser.add_argument("--first", type=int, default=1, help="seed of the first piece")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    args = parser.parse_args(argv)
    begin = time.monotonic()
    seeds = range(args.first, args.first + -(-args.count // PIECE))
    events: Counter[str] = Counter()
    failures = []
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(args.jobs, spawn) as pool:
        for counted, failure in pool.map(run_piece, seeds):
            events.update(counted)
            if failure:
                failures.append(failure)
    for name, number in sorted(events.items()):
        sys.stdout.write(f"{number:7} {name}\n")
    for failure in failures:
        sys.stdout.write(failure + "\n")
    seconds = time.monotonic() - begin
    histories = events["histories"]
    sys.stdout.write(f"{histories} histories in {seconds:.0f} s, {len(failures)} failures\n")
    return 1 if failures or histories < args.count else 0


if __name__ == "__main__":
    sys.exit(main())
