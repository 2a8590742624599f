"""`python -m tests.mutations`: many mutations of a valid week, checked by both verifiers.

Prints how often each code was hit. Exit code 0 if every claim holds, the verifiers agree, and every
code was hit often enough; else 1.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence

from diary.core.findings import Code
from tests.mutations.catalogue import SEED
from tests.mutations.trial import Tally
from tests.mutations.worker import work

COUNT = 20_000
#: The minimum number of hits of each code, in as many mutations.
ENOUGH = 50
#: The number of mutations in one batch.
PIECE = 250


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    args = parser.parse_args(argv)
    begin = time.monotonic()
    end = args.first + args.count
    pieces = [range(at, min(at + PIECE, end)) for at in range(args.first, end, PIECE)]
    tally = Tally()
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(args.jobs, spawn) as pool:
        for done, part in enumerate(pool.map(work, pieces), 1):
            tally.add(part)
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done * PIECE} of {args.count}")
    sys.stdout.write(text_of(tally, time.monotonic() - begin))
    wanted = ENOUGH * min(args.count, COUNT) // COUNT
    rare = [code.value for code in Code if tally.hits[code.value] < wanted]
    for code in rare:
        sys.stdout.write(f"{code} was hit fewer than {wanted} times\n")
    return 1 if tally.failures or rare or 2 * tally.signed < args.count else 0


def text_of(tally: Tally, seconds: float) -> str:
    """The report as lines of text."""
    count = sum(tally.mutators.values())
    lines = [
        f"{count} mutations (seed {SEED}) by {len(tally.mutators)} mutators,",
        f"{tally.signed} of them signed again with the attacker's own key. {seconds:.0f} s.",
        "",
        "Hits per code:",
        *(f"  {code.value:18} {tally.hits[code.value]:6}" for code in Code),
        "",
        "Keys in the attacker's hands, and what came of it:",
    ]
    for (holder, outcome), number in sorted(tally.outcomes.items()):
        lines.append(f"  {holder:20} {outcome:18} {number:6}")
    lines += ["", f"Claims broken, disagreements, crashes: {len(tally.failures)}"]
    lines += [f"  {failure}" for failure in tally.failures[:40]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
