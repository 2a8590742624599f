"""Runs mutations: both verifiers on each, their agreement, the claims, and the results."""

from __future__ import annotations

import contextlib
import signal
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from types import FrameType
from typing import Any, Protocol

from diary.bundle.check import CheckOptions
from tests.mutations.attack import Attack, Files
from tests.mutations.catalogue import MUTATORS, mutation
from tests.mutations.claims import ClaimError, check_claims, report_of_the_week
from tests.mutations.engine import HangError, python_says
from tests.mutations.forge import Forge
from tests.mutations.omissions import OMISSIONS, more_pay, raised_by_deletions, without_deletions

Report = dict[str, Any]


class Verifier(Protocol):
    """The verifier to agree with: accepts bundles and returns results in the same order."""

    def submit(self, files: Files, asked: CheckOptions) -> None: ...
    def hear(self) -> Report: ...


@dataclass
class Tally:
    """The results of some mutations. `hits` counts mutations by code: those whose report has the
    code more often than the honest week's. `signed` were signed again.
    """

    hits: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    mutators: Counter[str] = field(default_factory=Counter)
    signed: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.hits += other.hits
        self.outcomes += other.outcomes
        self.mutators += other.mutators
        self.signed += other.signed
        self.failures += other.failures


def allowed_s(files: Files) -> float:
    """The time limit for a bundle: some hundred times an honest one's of its size."""
    return 20.0 + sum(map(len, files.values())) / 10_000


@contextlib.contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Stop the block if it does not finish."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HangError("Python did not come to an end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def try_one(number: int, other: Verifier, tally: Tally) -> None:
    """Create a mutation and check it in both languages."""
    name = names()[number % len(MUTATORS)]
    tally.mutators[name] += 1
    try:
        _, attack = mutation(number)
        files, forge = attack.build()
        tally.signed += attack.forged
        other.submit(files, attack.asked)
        try:
            with watched(allowed_s(files)):
                report = python_says(files, attack.asked)
        finally:
            heard = other.hear()
        judge(attack, forge, files, report, tally)
        try_omissions(number, files, report, attack.asked)
        if heard != report:
            raise ClaimError(f"the verifiers disagree: {difference(report, heard)}")
    except Exception as error:  # noqa: BLE001 - the trial looks for crashes
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{where.filename.rpartition('/')[2]}:{where.lineno}"
        tally.failures.append(f"{number} {name}: {type(error).__name__} at {place}: {error}")


def try_omissions(number: int, files: Files, report: Report, asked: CheckOptions) -> None:
    """Show less of the same in several ways. Raises ClaimError for more pay."""
    if report["result"] == "unusable":
        return
    turn, which = divmod(number, len(MUTATORS))
    rng = Random(f"omission/{names()[which]}/{turn}")
    omit = OMISSIONS[turn % len(OMISSIONS)]
    raised = more_pay(report, python_says(omit(files, rng), asked))
    if raised is not None:
        raise ClaimError(f"where {omit.__name__}: {raised}")
    if any(name.startswith("tombstones/") for name in files) and turn % 4 == 0:
        raised = raised_by_deletions(files, python_says(without_deletions(files), asked), report)
        if raised is not None:
            raise ClaimError(raised)


def judge(attack: Attack, forge: Forge | None, files: Files, report: Report, tally: Tally) -> None:
    """Check the claims and count."""
    before = Counter(each["code"] for each in report_of_the_week()["findings"])
    now = Counter(each["code"] for each in report.get("findings", ()))
    if report["result"] == "unusable":
        now[report["code"]] += 1
    tally.hits.update(code for code in now if now[code] > before[code])
    holder = ", ".join(sorted(attack.owned)) or "no key"
    tally.outcomes[holder, check_claims(attack, forge, files, report)] += 1


def try_all(numbers: Iterable[int], other: Verifier) -> Tally:
    """Run the mutations of these numbers."""
    tally = Tally()
    for number in numbers:
        try_one(number, other, tally)
    return tally


def difference(mine: Any, theirs: Any, where: str = "") -> str:
    """The first difference between two reports."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and mine.keys() == theirs.keys():
        pairs = [(str(key), mine[key], theirs[key]) for key in mine]
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        pairs = [(str(i), *pair) for i, pair in enumerate(zip(mine, theirs, strict=True))]
    else:
        return f"at {where or 'the top'}: {str(mine)[:600]} / {str(theirs)[:600]}"
    return next((difference(a, b, f"{where}/{key}") for key, a, b in pairs if a != b), "")


def names() -> list[str]:
    return [name for name, _ in MUTATORS]
