"""`python -m tests.load`: a thousand honest computers beside attackers.

Starts a marketplace process and three attackers: connections that never read, an enrolled computer
that sends without a pause, and guesses of codes and tokens. Exit code 0 if every honest request
succeeded and the marketplace's memory and descriptors stayed flat; else 1.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from diary.cli.output import print_report
from tests.load.attackers import CONNECTIONS
from tests.load.crowd import Computer, populate, work

#: Characters of an error that are printed.
_LONGEST = 2_000
_NAME = "workdiary.localhost"
#: The attackers' address. Some honest computers share it, as in an office.
_SHARED = "127.0.0.2"
_SHARING = 20
#: The maximum growth of memory between the third and the last quarter of the time, in MB.
_FLAT_MB = 30.0
#: Descriptors other than connections.
_OTHERS = 300


class Gauge:
    """Samples memory (MB) and descriptors of a process, twice a second, until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._proc = Path(f"/proc/{pid}")
        self._over = threading.Event()
        self._sampled = threading.Condition()  # guards the samples
        self.samples: list[tuple[float, int]] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def now(self) -> tuple[float, int]:
        """The resident memory (MB) and the number of open descriptors."""
        status = (self._proc / "status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+)", status)
        return int(resident[1]) / 1024 if resident else 0.0, len(
            list((self._proc / "fd").iterdir())
        )

    def stop(self) -> None:
        """Stop sampling."""
        self._over.set()
        self._thread.join()

    def wait_for_descriptors(self, most: int, seconds: float) -> int:
        """Wait until a sample has at most so many descriptors, or for so many seconds; returns the
        number in the last sample.
        """
        with self._sampled:
            self._sampled.wait_for(
                lambda: self.samples[-1:] and self.samples[-1][1] <= most, seconds
            )
            return self.samples[-1][1]

    def _run(self) -> None:
        while not self._over.wait(0.5):
            sample = self.now()
            with self._sampled:
                self.samples.append(sample)
                self._sampled.notify_all()


@contextlib.contextmanager
def _served(folder: Path, log: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    argv = [sys.executable, "-m", "marketplace", "serve", "--data-dir", str(folder)]
    with log.open("w") as errors:
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("marketplace: "), log.read_text()
        yield line.removeprefix("marketplace: ").strip(), process
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@contextlib.contextmanager
def _attack(url: str, keys: Path) -> Iterator[list[str]]:
    """Attack during the block; the list then has the attackers' reports."""
    base = [sys.executable, "-m", "tests.load.attackers"]
    kinds = (
        ["silence", url, _SHARED],
        ["device", url, _SHARED, str(keys)],
        ["guesses", url, _SHARED],
    )
    attackers = [
        subprocess.Popen([*base, *kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for kind in kinds
    ]
    output: list[str] = []
    try:
        yield output
    finally:
        for kind, attacker in zip(kinds, attackers, strict=True):
            out, _ = attacker.communicate(timeout=120)
            output.append(f"{kind[0]}: {out.strip()}")


def _sources(count: int) -> list[str]:
    """One address per computer; every twentieth has the attackers'."""
    return [
        _SHARED if number % _SHARING == 0 else f"127.1.{number // 250}.{number % 250 + 1}"
        for number in range(count)
    ]


def _problems(gauge: Gauge, idle: tuple[float, int], computers: Sequence[Computer]) -> list[str]:
    """The figures that did not stay flat."""
    samples, problems = list(gauge.samples), []
    quarter = max(1, len(samples) // 4)
    early = statistics.median(memory for memory, _ in samples[2 * quarter : 3 * quarter])
    late = statistics.median(memory for memory, _ in samples[-quarter:])
    most = max(descriptors for _, descriptors in samples)
    print_report(f"memory {idle[0]:.0f} MB idle, {early:.0f} MB early, {late:.0f} MB late; "
          f"descriptors {idle[1]} idle, {most} at most")  # fmt: skip
    if late > early + _FLAT_MB:
        problems.append(f"memory grew from {early:.0f} to {late:.0f} MB")
    if most > CONNECTIONS + len(computers) + _OTHERS:
        problems.append(f"{most} descriptors")
    left = gauge.wait_for_descriptors(idle[1] + 60, 60)
    if left > idle[1] + 60:
        problems.append(f"{left} descriptors are left")
    return problems


def _defects(log: Path) -> list[str]:
    """The ends of the errors without a code in the marketplace's log, with their tracebacks."""
    with log.open(errors="replace") as lines:
        return [line[-_LONGEST:].rstrip() for line in lines if '"event": "defect"' in line]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--devices", type=int, default=1000, help="how many honest computers")
    parser.add_argument("--rounds", type=int, default=2, help="how often each of them works")
    options = parser.parse_args(argv)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        folder, keys, log = base / "data", base / "keys", base / "log"
        folder.mkdir(0o700)
        *computers, hostile = populate(folder, _NAME, [*_sources(options.devices), _SHARED])
        hostile.write_keys(keys)
        print_report(
            f"{len(computers)} computers enrolled after {time.monotonic() - begin:.0f} s",
        )
        with _served(folder, log) as (url, process):
            gauge = Gauge(process.pid)
            idle = gauge.now()
            try:
                with _attack(url, keys) as output:
                    score = work(url, computers, options.rounds)
                print_report(score.line())
                print_report("\n".join(output))
                problems = [*score.failures, *_problems(gauge, idle, computers)]
            finally:
                gauge.stop()
        size = log.stat().st_size
        print_report(f"{size / 1e6:.1f} MB of log, {time.monotonic() - begin:.0f} s in all")
        if size > 30_000_000:
            problems.append(f"{size} bytes of log")
        problems += _defects(log)
    print_report("\n".join(problems[:20]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
