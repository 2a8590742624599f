"""The growth of the marketplace's work with the number of stored segments: a segment that arrives,
with its check, and the client's pages, each beside the smallest number of segments.

`WORKDIARY_BENCH_SEGMENTS` lists the numbers. The generated folders are those of
`marketplace_pages`; segments are sent to a copy. `growth_plot` draws the curves.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks import ingest_requests as requests
from benchmarks.marketplace import Served, seeded_process, wait_until_checked
from benchmarks.marketplace_pages import LAST_S, read_page, seeded_folder, seeded_pages
from benchmarks.measure import ROUNDS, Figure
from benchmarks.replay import replay
from marketplace.core.clock import system_ms
from tests.load.crowd import now_s

_COMPUTERS, _EACH = 16, 4
#: Processor time of an idle marketplace in a second at most.
_IDLE_S = 0.05
_INGEST = "accept and check a segment"


def figures() -> list[Figure]:
    """Each work with each number of segments, beside the same work with the smallest number."""
    listed = os.environ.get("WORKDIARY_BENCH_SEGMENTS", "10000,100000,1000000")
    numbers = sorted(int(number) for number in listed.split(","))
    found = []
    first: dict[str, float] = {}
    for number in numbers:
        for name, taken in _measured(number).items():
            beside = f"with {numbers[0]:,}"
            reference = first.setdefault(name, taken)
            found.append(Figure(name, f"{number:,} segments", taken, reference, beside, 2.0))
    return found


def _measured(segments: int) -> dict[str, float]:
    """Seconds of processor time of each work."""
    found = {_INGEST: _ingest(segments)}
    with seeded_pages(segments) as seeded:
        for name, path in seeded.paths.items():
            work = partial(read_page, seeded, path)
            work()
            found[f"{name} page"] = statistics.median(_cpu_of(work) for _ in range(ROUNDS))
    return found


def _cpu_of(work: partial[None]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _ingest(segments: int) -> float:
    """Processor time of the marketplace for a segment and its check, in seconds."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
        shutil.copytree(seeded_folder(segments), folder)
        back = now_s() - LAST_S
        computers = requests.computers(folder, _COMPUTERS, lambda: system_ms() - back * 1000)
        served = stack.enter_context(seeded_process(folder, back))
        url = f"http://127.0.0.1:{served.port}"
        devices = requests.sign_in(url, computers, lambda: now_s() - back)
        terms = [
            device.contract(computer.ctr)[1]
            for device, computer in zip(devices, computers, strict=True)
        ]
        database = stack.enter_context(
            contextlib.closing(sqlite3.connect(folder / "marketplace.sqlite"))
        )
        _wait_until_idle(served)
        taken = []
        for _ in range(ROUNDS):
            lanes = []
            for device, computer, of_contract in zip(devices, computers, terms, strict=True):
                device.sign_in()
                made = requests.segments(device, computer.ctr, of_contract, _EACH)[-_EACH:]
                lanes.append(requests.put_segments(device, made))
            begin = served.cpu_s()
            sent = replay(served.port, lanes)
            assert set(sent.statuses) == {201}, sent.statuses
            wait_until_checked(database)
            taken.append((served.cpu_s() - begin) / (_COMPUTERS * _EACH))
    return statistics.median(taken[1:])


def _wait_until_idle(served: Served) -> None:
    """Wait for the work of a start, which looks through all segments."""
    used = -1.0
    while served.cpu_s() - used > _IDLE_S:
        used = served.cpu_s()
        time.sleep(1)
