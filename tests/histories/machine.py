"""Random histories of one freelancer's computers: work, losses, copies, backups, deletions.

Each history begins with work, uploads and backups on two computers and ends with a working network
over which every remaining computer uploads its work. Then these claims must hold:

- no second is paid twice, and no contract pays more than its limit;
- no sealed second is missing without a message;
- no erased picture remains anywhere; an uploaded picture that no segment names is removed after a
  week. If two copies of a folder uploaded forms of the same work that the deleting one never had,
  those pictures stay;
- no deletion raises the pay;
- the stored totals equal those of a check of everything stored.
"""

from __future__ import annotations

import contextlib
import shutil
import traceback
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from diary.core.slots import SLOT, WEEK, slot_of
from diary.core.vocabulary import Scope
from diary.objects.segment import SealedSegment, parse
from diary.verification.check import Report
from tests.histories.exchange import Loss
from tests.histories.world import LIMIT_S, Computer, drawn, scene, scratch
from uploader.errors import ChangeError, StoreError
from uploader.store.chain.rebase import EVIDENCE
from uploader.store.edits import Edits
from uploader.store.index.rows import UploadState
from uploader.store.index_rebuild import SEGMENT

#: The number of histories in one process at a time.
PIECE = 20
_STEPS = 10
_MOST_COMPUTERS = 4
#: The maximum number of turns of a computer to upload its work.
_TURNS = 40
#: The maximum number of rounds until the computers are done.
_ROUNDS = 8
_GREETINGS = 4
#: Seconds after which failures are retried.
_REST_S = 600.0
#: A hundred histories contain at least so many of these, or they show too little.
LEAST = {
    "segments": 450,
    "segments on the limited contract": 80,
    "segments over the limit": 20,
    "pictures": 150,
    "deletions of pictures": 25,
    "deletions of time": 25,
    "deletions of memos and notes": 25,
    "changed memos": 20,
    "copied computers": 25,
    "restored computers": 20,
    "restored marketplaces": 15,
    "lost requests": 70,
    "lost replies": 70,
    "busy replies": 60,
    "finding E_FORK": 4,
    "finding W_EPOCH": 10,
    "finding W_OVERLAP": 60,
}

#: Two of three requests arrive and are answered.
losses = st.lists(
    st.sampled_from([Loss.NONE] * 6 + [Loss.REQUEST, Loss.REPLY, Loss.BUSY]),
    min_size=2,
    max_size=16,
)
indexes = st.integers(0, _MOST_COMPUTERS - 1)
lengths = st.integers(3, 400)
#: Whether each of the two computers works on the contract with a weekly limit.
Sides = tuple[bool, bool]
sides = st.tuples(st.booleans(), st.booleans())


@dataclass
class Member:
    """One computer of the history, and the backup of its folder."""

    at: Computer
    backup: Path


@dataclass(frozen=True)
class Erasure:
    """Digests of pictures and thumbnails that the freelancer deleted from `work` on a computer."""

    pictures: frozenset[str]
    work: tuple[str, int, int]
    at: Computer

    def spares(self, sealed: SealedSegment) -> set[str]:
        """The pictures that stay in a form of the same work that the computer never had."""
        seen = self.at.outbox.segment(sealed.hash) is not None
        seen |= self.at.folder.exists(f"{EVIDENCE}/{sealed.hash}{SEGMENT}")
        return set() if seen or work_of(sealed) != self.work else blobs(sealed) & self.pictures


@dataclass
class Truth:
    """Facts of the history, independent of the programs' state."""

    #: Seconds that some computer sealed.
    sealed: set[int] = field(default_factory=set)
    #: Seconds whose only copy was lost with a replaced folder.
    lost: set[int] = field(default_factory=set)
    #: Seconds that the freelancer deleted.
    deleted: set[int] = field(default_factory=set)
    #: The deletions of pictures, by the tombstones' digests.
    erased: dict[frozenset[str], Erasure] = field(default_factory=dict)


def seconds(sealed: SealedSegment) -> range:
    return range(sealed.segment.t0, sealed.segment.t1)


def work_of(sealed: SealedSegment) -> tuple[str, int, int]:
    """The common part of two segments that a device and its copy sealed for the same work."""
    return (sealed.kid, sealed.segment.t0, sealed.segment.t1)


def blobs(sealed: SealedSegment) -> set[str]:
    return {part.sha256 for shot in sealed.pictures.values() for part in (shot.blob, shot.thumb)}


def too_poor(events: Mapping[str, int]) -> list[str]:
    """The events that were too rare for the number of histories, one line for each."""
    histories = events["histories"]
    return [
        f"{events.get(name, 0)} {name}, at least {least * histories // 100} are wanted"
        for name, least in LEAST.items()
        if events.get(name, 0) < least * histories // 100
    ]


def run(seed: int, count: int, events: Counter[str], *, shrink: bool = False) -> None:
    """Run `count` histories, which the seed determines. Raises AssertionError for a failing one,
    with its steps; with `shrink`, for the shortest one that Hypothesis finds.

    `events` counts the contents of the histories.
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
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Seeded, settings=patient)


def run_piece(seed: int, count: int = PIECE, shrink: bool = False) -> tuple[Counter[str], str]:
    """Run some histories; returns their contents, and the failure's traceback if any."""
    counted: Counter[str] = Counter()
    try:
        run(seed, count, counted, shrink=shrink)
    except Exception:  # noqa: BLE001 - whatever it is, the report shows it
        return counted, f"piece {seed}:\n{traceback.format_exc()}"
    return counted, ""


class Histories(RuleBasedStateMachine):
    """Hypothesis draws the rules; each example has its own marketplace."""

    events: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self._open = contextlib.ExitStack()
        self.members: list[Member] = []
        self.truth = Truth()
        self._folders = 0

    @initialize(
        chance=st.integers(0, 2**32 - 1),
        first=lengths,
        second=lengths,
        faults=st.tuples(losses, losses),
        kept=st.booleans(),
        limited=sides,
        gone=st.sampled_from(["shot", "time", "memo"]),
    )
    def two_computers_work(
        self,
        chance: int,
        first: int,
        second: int,
        faults: tuple[list[Loss], list[Loss]],
        kept: bool,
        limited: Sides,
        gone: Scope,
    ) -> None:
        """Both computers work, upload and are backed up, in a random order; then one of them
        deletes something and continues to work.
        """
        self.events["histories"] += 1
        prepared = scene()
        self._open.enter_context(drawn(chance))
        self.folder = self._open.enter_context(scratch())
        self.host, computers = prepared.play(self.folder)
        self._open.callback(lambda: self.host.stop())
        self.contracts = prepared.contracts
        self.clock = self.host.clock
        self.members = [Member(at, Path()) for at in computers]
        everyone = list(self.members)
        self._work(everyone, first, limited=limited)
        if kept:
            self._back_up_everything()
        for member, lossy in zip(everyone, faults, strict=True):
            self._turns(member, deque(lossy), 4)
        if not kept:
            self._back_up_everything()
        self._delete(everyone[0], 0, gone)
        self._work(everyone[:1], second)

    # Work

    @rule(
        who=st.sets(indexes, min_size=1, max_size=2),
        length=lengths,
        fetch=st.booleans(),
        limited=sides,
    )
    def work(self, who: set[int], length: int, fetch: bool, limited: Sides) -> None:
        """One or two computers record the same interval, each on either contract."""
        at_work = list({id(member): member for member in map(self._one, sorted(who))}.values())
        if fetch:
            for member in at_work:
                self._fetch(member)
        self._work(at_work, length, limited=limited)

    def _work(
        self, at_work: Sequence[Member], length: int, *, limited: Sides = (False, False)
    ) -> None:
        begin = self.clock.ms // 1000
        self.host.pass_time(length)
        for member, on_limited in zip(at_work, limited, strict=False):
            member.at.contract = self.contracts[on_limited]
            for t0, t1 in _parts(begin, begin + length):
                # A contract whose chain is being compared cannot record; Start reports that.
                with contextlib.suppress(StoreError):
                    sealed = parse(member.at.work(t0, t1, memo=f"Work at {t0}"))
                    self.truth.sealed |= set(seconds(sealed))
                    self.events["segments"] += 1
                    self.events["segments on the limited contract"] += on_limited
                    self.events["pictures"] += len(sealed.pictures)

    # Delivery

    @rule(who=indexes, faults=losses, turns=st.integers(1, 6))
    def deliver(self, who: int, faults: list[Loss], turns: int) -> None:
        """One computer uploads to the marketplace over a lossy network."""
        self._turns(self._one(who), deque(faults), turns)

    @rule(who=indexes)
    def restart(self, who: int) -> None:
        self._one(who).at.restart()

    # Later changes

    @rule(who=indexes, which=st.integers(0, 30))
    def delete_picture(self, who: int, which: int) -> None:
        self._delete(self._one(who), which, "shot")

    @rule(who=indexes, which=st.integers(0, 30))
    def delete_time(self, who: int, which: int) -> None:
        self._delete(self._one(who), which, "time")

    @rule(who=indexes, which=st.integers(0, 30))
    def delete_memo(self, who: int, which: int) -> None:
        """Delete memo and note of a segment, delivered or not."""
        self._delete(self._one(who), which, "memo")

    @rule(who=indexes, which=st.integers(0, 30))
    def change_memo(self, who: int, which: int) -> None:
        at = self._one(who).at
        found = self._segments(at)
        with contextlib.suppress(ChangeError):
            if found:
                self._changes(at).change_memo(found[which % len(found)].hash, "Corrected")
                self.events["changed memos"] += 1

    def _delete(self, member: Member, which: int, what: Scope) -> None:
        found = [s for s in self._segments(member.at) if what != "shot" or s.pictures]
        if not found:
            return
        sealed = found[which % len(found)]
        statements = member.at.outbox.statements
        before = {statement.digest for statement in statements.tombstones()}
        with contextlib.suppress(ChangeError):
            self._changes(member.at).delete(sealed.hash, [what])
            self.events[f"deletions of {_NAMES[what]}"] += 1
            if what != "memo":
                self.truth.deleted |= set(seconds(sealed))
            if what == "shot":
                made = {statement.digest for statement in statements.tombstones()} - before
                self.truth.erased[frozenset(made)] = Erasure(
                    frozenset(blobs(sealed)), work_of(sealed), member.at
                )

    def _segments(self, at: Computer) -> list[SealedSegment]:
        """The segments in a folder, without their deleted parts."""
        found = (at.outbox.segment(row.hash) for row in at.outbox._index.rows())
        return [each[1] for each in found if each is not None]

    # Copies and backups

    @precondition(lambda self: len(self.members) < _MOST_COMPUTERS)
    @rule(who=indexes, length=st.one_of(st.none(), lengths), race=st.booleans())
    def copy(self, who: int, length: int | None, race: bool) -> None:
        """Start a copy of a state folder and its keyring beside the original. Both may work; in a
        race neither can detect the other before both have uploaded.
        """
        member = self._one(who)
        twin = Member(member.at.copied(self._new_folder()), member.backup)
        self.members.append(twin)
        self.events["copied computers"] += 1
        if length is None:
            return
        both = [member, twin]
        for each in both if race else []:
            self._turns(each, deque(), 1)
        self._work(both, length)
        for each in both if race else []:
            self._turns(each, deque(), 2)

    @rule(who=indexes)
    def back_up(self, who: int) -> None:
        member = self._one(who)
        member.backup = self._put_away(member.at)

    @rule(who=indexes)
    def restore(self, who: int) -> None:
        """Replace the state folder by its backup: data that only the folder had is lost."""
        member = self._one(who)
        member.at.close()
        shutil.rmtree(member.at.base)
        shutil.copytree(member.backup, member.at.base)
        member.at.restart()
        self.events["restored computers"] += 1
        self._note_lost()

    @rule()
    def back_up_marketplace(self) -> None:
        self.host.back_up()

    @rule()
    def restore_marketplace(self) -> None:
        self.host.restore()
        self.events["restored marketplaces"] += 1
        self._note_lost()

    # The end

    def teardown(self) -> None:
        with contextlib.closing(self._open):
            try:
                if self.members:
                    self._deliver_everything()
                    self._check()
            finally:
                for member in self.members:
                    member.at.close()

    def _deliver_everything(self) -> None:
        network = self.host.network
        for loss, name in _LOSSES.items():
            self.events[name] += network.met[loss]
        self.host.pass_time(400)
        #: The state that each computer has seen: with the newest one, it has nothing to request.
        seen: dict[int, int] = {}
        for _ in range(_ROUNDS):
            before = network.changes
            for member in self.members:
                if seen.get(id(member)) != network.changes:
                    self._settle(member)
                    seen[id(member)] = network.changes
            if network.changes == before:
                return
        raise AssertionError(f"the computers do not come to rest in {_ROUNDS} rounds")

    def _settle(self, member: Member) -> None:
        """Let a computer connect and upload, and connect again if the log's tiles raised a doubt:
        then it looks for lost records.
        """
        for _ in range(_GREETINGS):
            worker = member.at.worker or member.at.start_worker()
            worker.refresh()
            self._turns(member, deque(), _TURNS)
            history = worker._recovery._verifier.history
            if not history.doubted and not history.pending:
                return
            member.at.watch.wait(_REST_S)

    def _check(self) -> None:
        report = self.host.report(self.contracts[0].freelancer)
        self.events.update(f"finding {finding.code}" for finding in report.findings)
        assert not self.host.network.rises, self.host.network.rises[0]
        covered = self._check_pay(report)
        excused = self.truth.lost | self.truth.deleted | self._reported()
        missing = self.truth.sealed - covered - excused
        assert not missing, f"{len(missing)} sealed seconds are missing without a message"
        self._check_erased(report)

    def _check_pay(self, report: Report) -> set[int]:
        """Check the pay; returns the seconds that the marketplace pays or counts over the limit."""
        shares = report.credits
        part = [
            checked.sealed
            for name, checked in report.segments.items()
            if not shares[name].unpaid and not shares[name].given_back
        ]
        covered = {second for sealed in part for second in seconds(sealed)}
        paid = sum(credit.payable for credit in shares.values())
        over = sum(credit.over_limit for credit in shares.values())
        self.events["segments over the limit"] += sum(bool(c.over_limit) for c in shares.values())
        assert paid + over <= len(covered), "some seconds are paid twice"
        limited = sum(
            shares[sealed.hash].payable
            for sealed in part
            if sealed.segment.ctr == self.contracts[1].ctr
        )
        assert limited <= LIMIT_S, "a contract pays more than its limit"
        assert paid == self.host.payable(), "the stored sums are not those of the check"
        return covered

    def _check_erased(self, report: Report) -> None:
        logged = [checked.sealed for checked in report.segments.values()]
        left = self.host.pictures() & self._erased_but_in(logged)
        assert not left & self.host.held_pictures(), "a contract holds erased pictures"
        if left:
            self.events["erased pictures that no segment named"] += len(left)
            self.host.sweep()
            assert not self.host.pictures() & left, "the marketplace holds erased pictures"
        for index, member in enumerate(self.members):
            erased = self._erased_but_in(self._segments(member.at))
            kept = [sha for sha in erased if member.at.folder.exists(f"blobs/{sha}")]
            assert not kept, f"computer {index} holds erased pictures"

    def _erased_but_in(self, segments: Sequence[SealedSegment]) -> set[str]:
        """The erased pictures, except those that these segments may still show."""
        erasures = self.truth.erased.values()
        spared = {sha for each in erasures for sealed in segments for sha in each.spares(sealed)}
        self.events["erased pictures in a form of another copy"] += len(spared)
        return {sha for each in erasures for sha in each.pictures} - spared

    def _reported(self) -> set[int]:
        """Seconds of segments that some computer lists as unpaid, refused, held or damaged."""
        found: set[int] = set()
        for member in self.members:
            for row in member.at.outbox._index.rows():
                if row.unpaying or row.state not in {UploadState.WAITING, UploadState.DONE}:
                    found |= set(range(row.t0, row.t1))
        return found

    # Helpers

    def _new_folder(self) -> Path:
        self._folders += 1
        return self.folder / f"folder-{self._folders}"

    def _put_away(self, at: Computer) -> Path:
        """A copy of a computer's folder, made between two writes of its program."""
        backup = self._new_folder()
        shutil.copytree(at.base, backup)
        return backup

    def _back_up_everything(self) -> None:
        self.host.back_up()
        for member in self.members:
            member.backup = self._put_away(member.at)

    def _one(self, who: int) -> Member:
        return self.members[who % len(self.members)]

    def _changes(self, at: Computer) -> Edits:
        return Edits(
            at.outbox, at.keys.signing, "workdiary.localhost", now_ms=at.now_ms, random=bytes
        )

    def _fetch(self, member: Member) -> None:
        (member.at.worker or member.at.start_worker()).beacon_step()

    def _turns(self, member: Member, faults: deque[Loss], turns: int) -> None:
        """Let a computer take turns until its queue is empty, at most so many."""
        self.host.network.losses = faults
        try:
            worker = member.at.worker or member.at.start_worker()
            for _ in range(turns):
                pause = worker.step()
                if not self._waits(member):
                    return
                member.at.watch.wait(pause)
        finally:
            self.host.network.losses = deque()

    def _waits(self, member: Member) -> bool:
        outbox = member.at.outbox
        counts = outbox.queue.counts()
        if counts.waiting or counts.held or counts.blobs or outbox.waiting_statements():
            return True
        now_s = self.host.clock.ms // 1000
        return bool(outbox.queue.unchecked(now_s - WEEK, now_s + WEEK))

    def _note_lost(self) -> None:
        """Record the losses with a replaced folder: seconds that neither the marketplace pays nor
        any computer has, and deletions that none of them has.
        """
        held = self.host.paying_seconds()
        known = self.host.deletions()
        for member in self.members:
            outbox = member.at.outbox
            for row in outbox._index.rows():
                held |= set(range(row.t0, row.t1))
            known |= {statement.digest for statement in outbox.statements.tombstones()}
        self.truth.lost |= self.truth.sealed - held
        self.truth.erased = {k: each for k, each in self.truth.erased.items() if k <= known}


_NAMES: dict[Scope, str] = {"shot": "pictures", "time": "time", "memo": "memos and notes"}
_LOSSES = {
    Loss.REQUEST: "lost requests",
    Loss.REPLY: "lost replies",
    Loss.BUSY: "busy replies",
}


def _parts(t0: int, t1: int) -> Iterator[tuple[int, int]]:
    """[t0, t1) split at the slots' boundaries."""
    while t0 < t1:
        end = min(t1, slot_of(t0) + SLOT)
        yield t0, end
        t0 = end
