"""`python -m tests.histories`: thousands of random histories, each with its own marketplace.

Prints the number of histories and their contents. Exit code 0 if every claim of
`tests.histories.machine` holds and the histories contained enough to show it; else 1, with the
steps of each failed history and the command that replays it.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import functools
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.histories.machine import PIECE, run_piece, too_poor
from tests.histories.world import prepare

COUNT = 2_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="number of histories")
    parser.add_argument("--first", type=int, default=1, help="number of the first piece")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--shrink", action="store_true", help="shorten a history that fails")
    args = parser.parse_args(argv)
    begin = time.monotonic()
    seeds = range(args.first, args.first + -(-args.count // PIECE))
    events: Counter[str] = Counter()
    failures = 0
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(args.jobs, spawn, prepare) as pool:
        pieces = pool.map(functools.partial(run_piece, shrink=args.shrink), seeds)
        for seed, (counted, failure) in zip(seeds, pieces, strict=True):
            events.update(counted)
            if failure:
                failures += 1
                sys.stdout.write(f"{failure}\nAgain: {_again(seed)}\n")
                sys.stdout.flush()
    for name, number in sorted(events.items()):
        sys.stdout.write(f"{number:7} {name}\n")
    poor = too_poor(events)
    for line in poor:
        sys.stdout.write(f"too poor: {line}\n")
    seconds = time.monotonic() - begin
    histories = events["histories"]
    sys.stdout.write(f"{histories} histories in {seconds:.0f} s, {failures} failures\n")
    return 1 if failures or poor or histories < args.count else 0


def _again(seed: int) -> str:
    return f"python -m tests.histories --first {seed} --count {PIECE} --jobs 1 --shrink"


if __name__ == "__main__":
    sys.exit(main())
