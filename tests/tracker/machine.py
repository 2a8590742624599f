"""A simulated machine on which the real engine runs: clocks, input, screen, disk.

Time passes only when a test advances it. The record belongs to an honest `World`, so that the
verifier can check every sealed segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from diary.core.day_bounds import day_bounds
from diary.core.slots import SLOT, WEEK, week_of
from diary.formats.encoding import b64url_encode, digest, sha256
from diary.interfaces import BeaconFile, ContractInfo, Head
from diary.objects.segment import SealedSegment, parse
from diary.objects.terms import Terms
from diary.verification.check import Report, check
from tests.diary.world import AUD, START, World
from tracker.capture.interface import CaptureError, Frame
from tracker.masking.masker import Masker, UnavailableLocator
from tracker.model.activity import Counts
from tracker.model.status import Notice, PictureStatus, Status
from tracker.recording.engine import Engine
from tracker.recording.journal import Journal
from tracker.recording.sealer import Identity
from tracker.recording.state.session_clock import SessionClock

#: Uptime at START: far from zero and odd, so that mixed-up clocks are detected.
UP_AT_START = 7_654_321
AWAKE_AT_START = 5_432_123
IDENTITY = Identity(AUD, "", "0.1.0", "linux")


class Clocks:
    """`diary.interfaces.Clock` that advances only on request. The wall clock may be wrong."""

    def __init__(self, boot: bytes = b"boot" * 4) -> None:
        self.boot = b64url_encode(boot)
        self.wall = START * 1000
        self.up = UP_AT_START
        self.awake = AWAKE_AT_START

    def wall_ms(self) -> int:
        return self.wall

    def uptime_ms(self) -> int:
        return self.up

    def awake_ms(self) -> int:
        return self.awake

    def work(self, ms: int) -> None:
        """The machine is awake for `ms`."""
        self.wall, self.up, self.awake = self.wall + ms, self.up + ms, self.awake + ms

    def sleep(self, ms: int) -> None:
        """The machine is suspended for `ms`."""
        self.wall, self.up = self.wall + ms, self.up + ms


class InputSource:
    """`tracker.recording.input_counts.InputCountSource`: the test's input since the last call."""

    def __init__(self) -> None:
        self.quality: Any = "ok"
        self.keys = 0

    def take(self) -> Counts:
        keys, self.keys = self.keys, 0
        if self.quality == "active-only":
            return Counts("active-only", moves=min(keys, 1))
        if self.quality != "ok":
            return Counts(self.quality)
        return Counts("ok", keys, 0, 0, 0, None)


class Screen:
    """A capture backend: every picture is different, unless the screen refuses."""

    name = "fake"

    def __init__(self) -> None:
        self.refusal: CaptureError | None = None
        self.shift_ms = 0
        self.taken: list[int] = []
        self.same = False

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        if self.refusal is not None:
            raise self.refusal
        self.taken.append(now_ms() + self.shift_ms)
        # Wider than a thumbnail, so that the two files differ; another picture each time.
        number = 0 if self.same else len(self.taken)
        pixels = bytes([255] * 4 * 404) + sha256(number.to_bytes(4, "big"))[:4] * 404
        return Frame(404, 2, pixels, "all", self.taken[-1])


class WakeTimer:
    """A `tracker.recording.wakeable_timer.WakeableTimer` that only records wake-ups."""

    def __init__(self) -> None:
        self.rung = False

    def wait(self, seconds: float | None) -> None:  # noqa: ARG002 - never called
        raise AssertionError("no thread runs here")

    def wake(self) -> None:
        self.rung = True


class DeferredWorker:
    """`Worker` whose jobs run on request, or at once."""

    def __init__(self) -> None:
        self.at_once = True
        self.jobs: list[Callable[[], None]] = []

    def do(self, job: Callable[[], None]) -> None:
        if self.at_once:
            job()
        else:
            self.jobs.append(job)

    def stop(self) -> None:
        pass

    def finish(self) -> None:
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            job()


class Disk:
    """`diary.interfaces.Store` in memory. It survives a crash of the program, as a disk does.

    `fail` is raised by every writing method; `power` counts the writes until a power cut. `held`
    are the slots whose beacons the device has (None: all); with `published` the marketplace creates
    one for every requested slot.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.contract_infos = {world.ctr: _info(world.terms)}
        #: Seconds of other devices on a contract, today.
        self.elsewhere: dict[str, int] = {}
        self.sealed: list[SealedSegment] = []
        self.raw: list[bytes] = []
        self.blobs: dict[str, bytes] = {}
        self.journal: dict[str, bytes] = {}
        self.full = False
        self.held: set[int] | None = None
        self.published = False
        self.fail: Exception | None = None
        self.power: int | None = None
        self.writes: list[str] = []
        #: The latest end (Unix s) that is not in the future.
        self.latest_s: Callable[[], int] = lambda: 2**53

    def _write(self, what: str) -> None:
        if self.fail is not None:
            raise self.fail
        if self.power is not None:
            if self.power == 0:
                raise PowerCut
            self.power -= 1
        self.writes.append(what)

    def head(self, ctr: str) -> Head:
        mine = [s for s in self.sealed if s.segment.ctr == ctr]
        latest_s = self.latest_s()
        ends = [s.segment.t1 for s in mine]
        past, future = ([e for e in ends if (e > latest_s) is late] for late in (False, True))
        prev = mine[-1].hash if mine else self.world.enrolment.digest
        epoch = mine[-1].segment.epoch if mine else 0
        wrong = any(s.segment.t1 > latest_s for s in mine if s.segment.epoch == epoch)
        last, ahead = max(past, default=0), max(future, default=0)
        return Head(epoch + wrong, len(mine), prev, last, ahead)

    def commit(self, ctr: str, head: Head, sdjwt: bytes) -> None:
        self._write("commit")
        if head != self.head(ctr):
            raise ValueError("taken")
        self.sealed.append(parse(sdjwt))
        self.raw.append(sdjwt)

    def put_blob(self, data: bytes) -> str:
        self._write("blob")
        self.blobs[digest(data)] = data
        return digest(data)

    def has_room(self) -> bool:
        return not self.full

    def drop_blob(self, sha: str) -> None:
        self._write("drop")
        named = {
            f
            for s in self.sealed
            for p in s.pictures.values()
            for f in (p.blob.sha256, p.thumb.sha256)
        }
        if sha not in named:
            self.blobs.pop(sha, None)

    def blob(self, sha: str) -> bytes | None:
        return self.blobs.get(sha)

    def beacon(self, slot: int) -> BeaconFile | None:
        if self.published and slot not in self.world.beacons:
            self.world.add_beacon(slot)
        known = [s for s in self.world.beacons if self.held is None or s in self.held]
        slots = [s for s in known if s <= slot]
        if not slots:
            return None
        data = self.world.beacons[max(slots)]
        return BeaconFile(max(slots), self.world.beacon_value(max(slots)), digest(data), data)

    def contract(self, ctr: str) -> ContractInfo:
        return self.contract_infos[ctr]

    def contracts(self) -> tuple[ContractInfo, ...]:
        return tuple(self.contract_infos.values())

    def recent_memos(self, ctr: str) -> tuple[str, ...]:
        return tuple(s.memo or "" for s in self.sealed if s.segment.ctr == ctr)

    def write_journal(self, key: str, data: bytes | None) -> None:
        if data is None and key not in self.journal:
            return
        self._write("journal" if data is not None else "unjournal")
        if data is None:
            del self.journal[key]
        else:
            self.journal[key] = data

    def read_journal(self) -> dict[str, bytes]:
        return dict(self.journal)

    def totals(self, at_s: int, ctr: str) -> tuple[int, int]:
        def seconds(start: int, end: int) -> int:
            return sum(
                s.segment.seconds
                for s in self.sealed
                if s.segment.ctr == ctr and start <= s.segment.slot < end
            )

        week, other = week_of(at_s), self.elsewhere.get(ctr, 0)
        return seconds(*day_bounds(at_s)) + other, seconds(week, week + WEEK) + other


class PowerCut(BaseException):
    """A power cut: no handler of the program runs."""


@dataclass
class Machine:
    """The engine on this machine; `terms` changes the contract's terms. `boot` starts the program
    again, after a crash unless it was closed.
    """

    terms: dict[str, Any] = field(default_factory=dict)
    speed: int = 1
    slots: int = 12
    signed_ms: int = 0

    def __post_init__(self) -> None:
        self.zone = "+01:00"
        self.world = World()
        for i in range(self.slots):
            self.world.add_beacon(START + i * SLOT)
        if self.terms:
            self.agree(**self.terms)
        self.ctr = self.world.ctr
        self.disk = Disk(self.world)
        self.clocks = Clocks()
        self.input = InputSource()
        self.screen = Screen()
        self.guard = Masker(UnavailableLocator("there are no windows on this machine"))
        self.screen_locked = False
        self.worker = DeferredWorker()
        self.bell = WakeTimer()
        self.shown: list[Status] = []
        self.boot()

    def boot(self) -> Engine:
        estimate = Journal(self.disk).read_clock()
        self.session = session = SessionClock(
            self.clocks, estimate, self.speed, self.disk_signed_ms()
        )
        if isinstance(self.disk, Disk):
            self.disk.latest_s = lambda: (session.now_ms() + session.limit_ms) // 1000
        self.engine = Engine(
            clock=self.clocks,
            session=self.session,
            store=self.disk,
            signer=self.world.key,
            moments=self.world.moments,
            identity=replace(IDENTITY, sub=self.world.sub),
            capture=self.screen,
            counters=self.input,
            on_status=self.shown.append,
            speed=self.speed,
            zone=lambda: self.zone,
            waiter=self.bell,
            worker=self.worker,
            guard=self.guard,
            locked=lambda: self.screen_locked,
        )
        return self.engine

    def disk_signed_ms(self) -> int:
        """The newest time signed by the log that this machine has stored; 0 for none."""
        return self.signed_ms

    def agree(self, **changes: Any) -> Terms:
        """New terms from the beginning, logged."""
        self.world.terms = replace(self.world.terms, **changes)
        self.world.terms_at = [self.world.log_terms(self.world.terms, START - 400)]
        return self.world.terms

    def other_contract(self, **changes: Any) -> str:
        """A second contract of the same freelancer."""
        terms = replace(self.world.terms, ctr=b64url_encode(self.world.random(16)), **changes)
        self.world.terms_at.append(self.world.log_terms(terms, START - 400))
        self.disk.contract_infos[terms.ctr] = _info(terms)
        return terms.ctr

    @property
    def status(self) -> Status:
        return self.shown[-1] if self.shown else Status()

    def state(self) -> str:
        return self.status.state

    def has_picture(self) -> bool:
        return self.status.picture is not None

    def picture(self) -> PictureStatus:
        """The shown picture."""
        assert self.status.picture is not None
        return self.status.picture

    def notice(self) -> Notice:
        """The last notice."""
        assert self.status.notice is not None
        return self.status.notice

    @property
    def notices(self) -> list[str]:
        """The codes of all notices, in order."""
        codes: dict[int, str] = {}
        for status in self.shown:
            if status.notice is not None:
                codes[status.notice_seq] = status.notice.code
        return [codes[seq] for seq in sorted(codes)]

    @property
    def now_s(self) -> float:
        """Seconds after START, by the suspend-counting clock."""
        return (self.clocks.up - UP_AT_START) / 1000

    def step(self) -> float | None:
        """Let the engine do all that is due; returns real seconds until the next step."""
        while True:
            self.bell.rung = False
            delay = self.engine.step()
            if not self.bell.rung:
                return delay

    def run(self, seconds: float, *, typing: bool = True, late_ms: int = 0) -> None:
        """Run the engine for that long, waking it when it asks (or `late_ms` later)."""
        end = self.clocks.up + round(seconds * 1000)
        while True:
            delay = self.step()
            left = end - self.clocks.up
            wait = left if delay is None else round(delay * 1000 * self.speed) + late_ms
            if wait >= left:
                break
            self.pass_time(max(1, wait), typing)
        self.pass_time(left, typing)
        self.step()

    def pass_time(self, ms: int, typing: bool = True) -> None:
        self.clocks.work(ms)
        if typing and ms:
            self.input.keys += 1

    def start(self, memo: str = "Write tests", ctr: str | None = None) -> None:
        self.engine.start(ctr or self.ctr, memo)
        self.step()

    def stop(self) -> None:
        self.engine.stop()
        self.step()

    def finish(self) -> list[SealedSegment]:
        """Stop, wait for all reviews; returns the sealed segments."""
        self.stop()
        self.run(700, typing=False)
        return self.disk.sealed

    def spans(self) -> list[tuple[int, int]]:
        """(t0, t1) of the sealed segments, in seconds after START."""
        return [(s.segment.t0 - START, s.segment.t1 - START) for s in self.disk.sealed]

    def ends(self) -> list[str]:
        return [s.segment.end for s in self.disk.sealed]

    def verify(self) -> Report:
        """Log all sealed segments and verify them."""
        self.world.segments = list(self.disk.raw)
        self.world.blobs = self.disk.blobs
        for data, sealed in zip(self.disk.raw, self.disk.sealed, strict=True):
            if sealed.hash not in self.world.logged:
                self.world.log_segment(data)
        report = check(self.world.evidence())
        # Not about the log: all beacons are logged beforehand, so its times decrease.
        return replace(report, findings=tuple(f for f in report.findings if f.kind != "log"))

    def errors(self) -> list[str]:
        """The codes of all errors."""
        return [f.code for f in self.verify().findings if f.is_error]


def _info(terms: Terms) -> ContractInfo:
    return ContractInfo(terms.ctr, "Write", "Acme", terms, terms.digest)
