"""Random histories of one freelancer's computers: work, losses, copies, backups, deletions.

A history ends with a working network and every computer that still exists delivering what it has.
Then three claims must hold: no second is paid twice; no sealed second is missing without a
message; no erased picture exists anywhere.
"""

from __future__ import annotations

import contextlib
import shutil
import traceback
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from diary.segment import SealedSegment, parse
from diary.times import SLOT, slot_of
from tests.histories.exchange import Loss
from tests.histories.world import Computer, MarketplaceHost, computer, scratch
from tests.marketplace.stand import MovedClock
from uploader.changes import Changes
from uploader.errors import ChangeError, StoreError
from uploader.index import State

#: One process takes this many histories at a time.
PIECE = 50
_STEPS = 14
_MOST_COMPUTERS = 4
_TURNS = 40
#: Turns of a worker that has nothing to send: it greets, compares, and learns statements.
_AT_LEAST = 2
_ROUNDS = 4

losses = st.lists(
    st.sampled_from([Loss.NONE, Loss.NONE, Loss.NONE, Loss.REQUEST, Loss.REPLY, Loss.BUSY]),
    max_size=12,
)
places = st.integers(0, _MOST_COMPUTERS - 1)


@dataclass
class Member:
    """One computer of the history, and the copy of its folder that was put away."""

    at: Computer
    backup: Path | None = None


@dataclass
class Truth:
    """The facts that the history knows, apart from any program's view of them."""

    #: Seconds that some computer sealed and still holds or delivered, by the segment's hash.
    sealed: dict[str, SealedSegment] = field(default_factory=dict)
    #: Seconds of segments whose only copy went down with a replaced folder.
    lost: set[int] = field(default_factory=set)
    #: Seconds that the freelancer deleted.
    deleted: set[int] = field(default_factory=set)
    #: Digests of pictures and thumbnails that the freelancer deleted.
    erased: set[str] = field(default_factory=set)


def seconds(sealed: SealedSegment) -> range:
    return range(sealed.segment.t0, sealed.segment.t1)


def blobs(sealed: SealedSegment) -> set[str]:
    return {part.sha256 for shot in sealed.shots.values() for part in (shot.blob, shot.thumb)}


def run(seed: int, count: int, events: Counter[str]) -> None:
    """Run `count` histories; raises AssertionError with the shortest failing one that was found.

    `events` counts what the histories contained.
    """

    @hypothesis.seed(seed)
    class Seeded(Histories):
        pass

    Seeded.events = events
    patient = settings(
        max_examples=count,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Seeded, settings=patient)


def run_piece(seed: int) -> tuple[Counter[str], str | None]:
    """Run `PIECE` histories; returns what they contained, and the failure's traceback or None."""
    counted: Counter[str] = Counter()
    try:
        run(seed, PIECE, counted)
    except Exception:  # noqa: BLE001 - whatever it is, the report shows it
        return counted, f"seed {seed}:\n{traceback.format_exc()}"
    return counted, None


class Histories(RuleBasedStateMachine):
    """Hypothesis draws the rules; each example has a marketplace of its own."""

    events: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.events["histories"] += 1
        self._open = contextlib.ExitStack()
        self.folder = self._open.enter_context(scratch())
        self.clock = MovedClock()
        self.host = MarketplaceHost(self.folder, self.clock)
        self._open.callback(lambda: self.host.stop())
        self.contract = self.host.stand.contract()
        self.members: list[Member] = []
        self.truth = Truth()
        self._folders = 0
        self._market_backup = False

    @initialize()
    def two_computers_join(self) -> None:
        for _ in range(2):
            made = computer(self.host, self._new_folder(), self.contract)
            self.members.append(Member(made))

    # Work

    @rule(who=st.sets(places, min_size=1), length=st.integers(3, 900), fetch=st.booleans())
    def work(self, who: set[int], length: int, fetch: bool) -> None:
        """Some computers record the same interval."""
        at_work = self._some(who)
        if fetch:
            for member in at_work:
                self._fetch(member)
        begin = self.clock.ms // 1000
        self.host.pass_time(length)
        for member in at_work:
            for t0, t1 in _parts(begin, begin + length):
                # A contract whose chain is being compared takes no work; Start reports that.
                with contextlib.suppress(StoreError):
                    sealed = parse(member.at.work(t0, t1))
                    self.truth.sealed[sealed.hash] = sealed
                    self.events["segments"] += 1

    # Delivery

    @rule(who=places, faults=losses, turns=st.integers(1, 6))
    def deliver(self, who: int, faults: Sequence[Loss], turns: int) -> None:
        """One computer talks to the marketplace over a lossy network."""
        self.events["losses"] += sum(fault is not Loss.NONE for fault in faults)
        for member in self._some({who}):
            self._turns(member, deque(faults), turns)

    @rule(who=places)
    def restart(self, who: int) -> None:
        for member in self._some({who}):
            member.at.restart()

    # Deletions

    @rule(who=places, which=st.integers(0, 30), what=st.sampled_from(["shot", "memo", "time"]))
    def delete(self, who: int, which: int, what: str) -> None:
        """The freelancer deletes a part of a segment on one computer."""
        for member in self._some({who}):
            outbox = member.at.outbox
            rows = [row for row in outbox._index.rows() if outbox.segment(row.hash)]
            if not rows:
                continue
            row = rows[which % len(rows)]
            found = outbox.segment(row.hash)
            assert found is not None
            with contextlib.suppress(ChangeError):
                self._changes(member.at).delete(row.hash, [what])  # type: ignore[list-item]
                self.events[f"deletions of {what}"] += 1
                if what == "shot":
                    self.truth.erased |= blobs(found[1])
                if what != "memo":
                    self.truth.deleted |= set(seconds(found[1]))

    # Copies and backups

    @precondition(lambda self: len(self.members) < _MOST_COMPUTERS)
    @rule(who=places)
    def copy(self, who: int) -> None:
        """A copy of a state folder and its keyring starts beside the original."""
        for member in self._some({who}):
            self.events["copied computers"] += 1
            self.members.append(Member(member.at.copied(self._new_folder())))

    @rule(who=places)
    def back_up(self, who: int) -> None:
        for member in self._some({who}):
            member.at.close()
            member.backup = self._new_folder()
            shutil.copytree(member.at.base, member.backup)
            member.at.restart()

    @rule(who=places)
    def restore(self, who: int) -> None:
        """The state folder goes back to its backup: segments that only it held are gone."""
        for member in self._some({who}):
            if member.backup is None:
                continue
            member.at.close()
            shutil.rmtree(member.at.base)
            shutil.copytree(member.backup, member.at.base)
            member.at.restart()
            self.events["restored computers"] += 1
            self._note_lost()

    @rule()
    def back_up_marketplace(self) -> None:
        self.host.back_up()
        self._market_backup = True

    @precondition(lambda self: self._market_backup)
    @rule()
    def restore_marketplace(self) -> None:
        self.host.restore()
        self.events["restored marketplaces"] += 1
        self._note_lost()

    # The end

    def teardown(self) -> None:
        try:
            if self.members:
                self._deliver_everything()
                self._check()
        finally:
            for member in self.members:
                member.at.close()
            self._open.close()

    def _deliver_everything(self) -> None:
        for _ in range(_ROUNDS):
            for member in self.members:
                self._turns(member, deque(), _TURNS)
            self.host.pass_time(400)

    def _check(self) -> None:
        report = self.host.report(self.contract.freelancer)
        paying = [c.sealed for h, c in report.segments.items() if report.credits[h].payable]
        covered = {s for sealed in paying for s in seconds(sealed)}
        paid = sum(credit.payable for credit in report.credits.values())
        assert paid <= len(covered), "some seconds are paid twice"
        excused = self.truth.lost | self.truth.deleted | self._reported()
        wanted = {s for sealed in self.truth.sealed.values() for s in seconds(sealed)}
        missing = wanted - covered - excused
        assert not missing, f"{len(missing)} sealed seconds are missing without a message"
        self._check_erased()

    def _check_erased(self) -> None:
        store = self.host.stand.deps.blobs
        left = [sha for sha in self.truth.erased if store.path(sha).exists()]
        assert not left, "the marketplace holds erased pictures"
        for place, member in enumerate(self.members):
            kept = [s for s in self.truth.erased if member.at.folder.exists(f"blobs/{s}")]
            assert not kept, f"computer {place} holds erased pictures"

    def _reported(self) -> set[int]:
        """Seconds of segments that some computer lists as unpaid, refused, held or damaged."""
        found: set[int] = set()
        for member in self.members:
            for row in member.at.outbox._index.rows():
                if row.unpaying or row.state not in {State.WAITING, State.DONE}:
                    found |= set(range(row.t0, row.t1))
        return found

    # Inside

    def _new_folder(self) -> Path:
        self._folders += 1
        return self.folder / f"computer-{self._folders}"

    def _some(self, who: set[int]) -> list[Member]:
        return [self.members[place] for place in sorted(who) if place < len(self.members)]

    def _changes(self, at: Computer) -> Changes:
        return Changes(
            at.outbox, at.keys.signing, "workdiary.localhost", now_ms=at.now_ms, random=_salts
        )

    def _fetch(self, member: Member) -> None:
        (member.at.worker or member.at.start_worker()).beacon_step()

    def _turns(self, member: Member, faults: deque[Loss], turns: int) -> None:
        self.host.network.losses = faults
        try:
            worker = member.at.worker or member.at.start_worker()
            for turn in range(turns):
                pause = worker.step()
                if turn >= _AT_LEAST and not self._waits(member):
                    return
                member.at.watch.wait(pause)
        finally:
            self.host.network.losses = deque()

    def _waits(self, member: Member) -> bool:
        outbox = member.at.outbox
        counts = outbox.sending.counts()
        return bool(counts.waiting or counts.held or counts.blobs or outbox.waiting_deeds())

    def _note_lost(self) -> None:
        """Segments that neither the marketplace nor any computer holds were lost with a disk."""
        held = set(self.host.report(self.contract.freelancer).segments)
        for member in self.members:
            held |= {row.hash for row in member.at.outbox._index.rows()}
        for name, sealed in self.truth.sealed.items():
            if name not in held:
                self.truth.lost |= set(seconds(sealed))


def _parts(t0: int, t1: int) -> Iterator[tuple[int, int]]:
    """[t0, t1) cut at the slots' bounds."""
    while t0 < t1:
        end = min(t1, slot_of(t0) + SLOT)
        yield t0, end
        t0 = end


def _salts(length: int) -> bytes:
    return bytes(length)
