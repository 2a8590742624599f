"""Puts the client together: state folder, clocks, keys, outbox, recorder, upload worker. No Qt.

`open_client` runs on a thread of its own, since the keyring may wait for its person and the network
for its marketplace. A device that has joined starts without a network. Whatever fails is an error
with a stable `code`, and leaves the folder unlocked, so that the same call can be made again.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import random
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar

from ui.client import Post, Reports
from ui.presenters.consent import Agreement
from ui.presenters.day import Wish
from ui.presenters.scene import Phase

if TYPE_CHECKING:
    from diary.ports import Clock
    from diary.timelapse import TimeLapse
    from diary.words import InputQuality, Scope
    from tracker.capture.choose import Chosen
    from tracker.clock import SessionClock
    from tracker.desk import Desk
    from tracker.input.base import InputBackend
    from tracker.input.choose import Choice as InputChoice
    from tracker.power.guard import Guard as PowerGuard
    from tracker.privacy.guard import Finder, Guard
    from tracker.status import Status
    from ui.options import Options
    from ui.recording import Recording
    from ui.settings import Settings
    from uploader.client import MarketplaceClient
    from uploader.credentials import DeviceKeys, KeyBox
    from uploader.files import StateFolder
    from uploader.keyring_helper import HelperKeyring
    from uploader.membership import Membership
    from uploader.outbox import Outbox
    from uploader.transport import Transport
    from uploader.worker import UploadWorker

_log = logging.getLogger(__name__)
T = TypeVar("T")

CONSENT = "consent.json"
DESK = "desk.json"
SETTINGS = "settings.json"
#: Real seconds for sending what waits before signing out; what is left then goes out later.
SIGN_OUT_S = 20.0
#: Where nobody looks.
_NOBODY = Reports(lambda _: None, lambda _: None, lambda _: None)
_SCOPES: dict[Wish, frozenset[Scope]] = {
    Wish.DELETE_PICTURE: frozenset({"shot"}),
    Wish.DELETE_MEMO: frozenset({"memo"}),
    Wish.DELETE_MINUTES: frozenset({"minutes"}),
    Wish.DELETE_TIME: frozenset({"time"}),
}
#: The part of the closing that belongs to sealing; the rest is for the other threads.
_SEALING_SHARE = 0.75


class DeskClient:
    """The client, ready. See `ui.client.Client`."""

    def __init__(
        self,
        membership: Membership,
        ground: Ground,
        recording: Recording,
        worker: UploadWorker,
        keys: DeviceKeys,
        ring: KeyRing,
        reports: Reports,
        pictures: Pictures,
        power: PowerGuard,
        measures: Callable[[], InputQuality],
    ) -> None:
        from tracker.camera import OneThread
        from ui import leave
        from uploader.changes import Changes

        self._membership = membership
        self._keys = keys
        self._ring = ring
        self._reports = reports
        self._pictures = pictures
        self._power = power
        self._desk = OneThread("workdiary-diary")
        self._changes = Changes(
            ground.outbox,
            keys.signing,
            membership.aud,
            now_ms=ground.session.now_ms,
            random=secrets.token_bytes,
        )
        self.engine = recording
        self.aud = membership.aud
        self.demo = membership.lapse is not None
        self.now_ms = ground.session.now_ms
        self.measures = measures
        self.asks_leave = partial(leave.asks, pictures.backend)
        self._folder = ground.folder
        self._outbox = ground.outbox
        self._worker = worker

    def memos(self, ctr: str) -> tuple[str, ...]:
        """Memos used on the contract; none where the disk refuses."""
        try:
            return self._outbox.recent_memos(ctr)
        except OSError as error:
            _log.info("the recent memos could not be read: %s", error)
            return ()

    def agreement(self) -> Agreement | None:
        """What was agreed to in this state folder; where it cannot be read, it is asked anew."""
        try:
            data = self._folder.read(CONSENT)
        except OSError as error:
            _log.info("the agreement could not be read: %s", error)
            return None
        return None if data is None else Agreement.parse(data)

    def keep_agreement(self, agreement: Agreement) -> None:
        """Keep it, durably. Raises StoreError."""
        self._folder.write(CONSENT, agreement.data())

    def last_contract(self) -> str | None:
        """The contract that was started last."""
        try:
            found = json.loads(self._folder.read(DESK) or b"{}")
            return str(found["contract"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember_contract(self, ctr: str) -> None:
        """Keep it; where the disk refuses, the first contract is offered next time."""
        try:
            self._folder.write(DESK, json.dumps({"contract": ctr}).encode())
        except OSError as error:
            _log.info("the chosen contract was not kept: %s", error)

    # Pictures

    def follow(self, settings: Settings) -> None:
        """See `ui.client.Client`."""
        self._pictures.follow(settings)

    def look_for_applications(self) -> None:
        """See `ui.client.Client`."""
        self._desk.do(lambda: self._reports.applications(self._pictures.finder.names()))

    # The own diary

    def look_at_day(self) -> None:
        """See `ui.client.Client`."""
        self._desk.do(self._tell_day)

    def change_memo(self, segment: str, memo: str) -> None:
        """See `ui.client.Client`."""
        self._change(segment, lambda: self._changes.change_memo(segment, memo))

    def delete(self, segment: str, wish: Wish) -> None:
        """See `ui.client.Client`."""
        self._change(segment, lambda: self._changes.delete(segment, _SCOPES[wish]))

    def vouch(self, kid: str) -> None:
        """See `ui.client.Client`."""
        from diary.keylife import vouch
        from uploader.deeds import Kind

        def job() -> None:
            enrolment = self._membership.enrolment
            assert enrolment is not None  # noqa: S101 - the keys were loaded by it
            own = {"aud": enrolment.aud, "sub": enrolment.sub}
            self._outbox.say(Kind.VOUCH, vouch(self._keys.signing, **own, kid=kid))

        self._desk.do(lambda: self._tell_failure(job))

    def _change(self, segment: str, job: Callable[[], None]) -> None:
        def work() -> None:
            self._tell_failure(job)
            self._tell_day()
            found = self._outbox.segment(segment)
            if found is not None:
                self.engine.choose(found[0].ctr)

        self._desk.do(work)

    def _tell_day(self) -> None:
        from uploader.own_diary import read_day

        self._tell_failure(lambda: self._reports.day(read_day(self._outbox, self.now_ms())))

    def _tell_failure(self, job: Callable[[], None]) -> None:
        from uploader.errors import UploaderError

        try:
            job()
        except UploaderError as error:
            self._reports.told(error.code.value)

    # The end

    def sign_out(self, seconds: float) -> str:
        """See `ui.client.Client`."""
        from tracker.capture.choose import PICTURE, TOKEN
        from uploader.errors import UploaderError
        from uploader.leaving import leave, say_last_word

        enrolment = self._membership.enrolment
        assert enrolment is not None  # noqa: S101 - the keys were loaded by it
        ended = self.engine.close(seconds)
        stopped = self._worker.stop(seconds)
        code = "signed_out"
        try:
            if stopped:
                self._worker.drain(seconds)
            now_ms, random_ = self.now_ms(), secrets.token_bytes
            signer = self._keys.signing
            say_last_word(self._outbox, signer, enrolment, now_ms=now_ms, random=random_)
            if stopped:
                self._worker.drain(seconds)
            leave(self._folder, self._outbox, self._ring.box, self._membership)
            for name in (PICTURE, TOKEN):
                self._folder.remove(name)
        except UploaderError as error:
            _log.warning("signing out stopped: %s", error.code)
            code = error.code.value
        finally:
            self._ring.close()
        self._power.stop()
        self._worker.close(1.0)
        self._desk.stop()
        if ended:
            self._outbox.close()
        return code

    def close(self, timeout: float) -> None:
        """Seal first, then end the threads; what is not sealed by then is in the journal."""
        end = time.monotonic() + timeout
        ended = self.engine.close(timeout * _SEALING_SHARE)
        # After the sealing: a machine that shuts down waits for it as long as the guard stands.
        self._power.stop()
        self._desk.stop()
        self._worker.close(max(0.1, end - time.monotonic()))
        if ended:
            self._outbox.close()


@dataclass(frozen=True)
class Pictures:
    """What decides about pictures besides their moment."""

    backend: Chosen
    finder: Finder
    guard: Guard

    def follow(self, settings: Settings) -> None:
        """See `ui.client.Client`."""
        from ui.settings import SCREENS

        self.guard.follow(settings.rules())
        self.backend.aim("pointer" if settings.text(SCREENS) == "pointer" else "all")


@dataclass(frozen=True)
class Ground:
    """What needs neither keys nor network. `machine` is the real clock, `clock` the diary's."""

    folder: StateFolder
    outbox: Outbox
    machine: Clock
    clock: Clock
    session: SessionClock
    lapse: TimeLapse | None

    @property
    def speed(self) -> int:
        """Seconds of the diary in a real one."""
        return self.lapse.speed if self.lapse else 1


def open_client(options: Options, reports: Reports) -> DeskClient:
    """Make the client ready and start its threads; may take long.

    Raises UploaderError, or whatever else fails, with nothing left open.
    """
    from uploader.client import MarketplaceClient

    reports.phase(Phase.OPENING)
    with ExitStack() as undo:
        ground = _ground(options, undo)
        transport = _transport(ground.clock, ground.session)
        undo.callback(transport.close)
        public = MarketplaceClient(options.marketplace, transport)
        ring = KeyRing(reports)
        undo.callback(ring.close)
        ring.find()
        _finish_leaving(ground, ring.box)
        membership, keys = _join(options, ground, public, ring.box, reports)
        client = _assemble(options, membership, keys, ring, ground, transport, reports)
        undo.pop_all()
        # It is asked again at the signing out only.
        ring.close()
        return client


def sign_out(options: Options, seconds: float = SIGN_OUT_S) -> str:
    """Sign this computer out, without a window. Returns `signed_out`, or the code of what failed.

    Raises as `open_client`; NOT_ENROLLED if nobody is signed in here.
    """
    return open_client(replace(options, enrol_file=None), _NOBODY).sign_out(seconds)


def rotate_key(options: Options) -> None:
    """Give this computer a new key by the one-time code of `enrol_file`; the old one seals what
    runs, vouches for the new one and retires. Both are told to the marketplace at the next start.

    Raises as `open_client`; then the same call may be made again.
    """
    from uploader.client import MarketplaceClient
    from uploader.errors import KeysError, Problem
    from uploader.leaving import hand_over

    if _code(options) is None:
        raise KeysError(Problem.CODE_INVALID)
    open_client(replace(options, enrol_file=None), _NOBODY).close(SIGN_OUT_S)
    with ExitStack() as undo:
        ground = _ground(options, undo)
        transport = _transport(ground.clock, ground.session)
        undo.callback(transport.close)
        ring = KeyRing(_NOBODY)
        undo.callback(ring.close)
        ring.find()
        public = MarketplaceClient(options.marketplace, transport)
        member = _enrol(options, ground, public, ring.box, anew=True)
        now_ms = ground.session.now_ms()
        hand_over(ground.outbox, ring.box, member, now_ms=now_ms, random=secrets.token_bytes)


def _ground(options: Options, undo: ExitStack) -> Ground:
    """Open the state folder: by what is pinned, or, the first time, by asking the marketplace."""
    from tracker.clock import SessionClock, SystemClock, boot_token
    from tracker.journal import Journal
    from uploader import membership as memberships
    from uploader.errors import from_os
    from uploader.files import StateFolder
    from uploader.outbox import Outbox

    try:
        options.base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise from_os(error) from error
    lapse: TimeLapse | None = None
    aud = memberships.find(options.base, options.marketplace)
    if aud is None:
        aud, lapse = _ask(options.marketplace)
    folder = StateFolder(options.base, aud)
    undo.callback(folder.close)
    pinned = memberships.load(folder)
    lapse = pinned.lapse if pinned else lapse
    machine = SystemClock(boot_token(aud.encode()))
    clock: Clock = SystemClock(machine.boot, lapse) if lapse else machine
    # The outbox keeps what is known of the marketplace's clock, and asks that clock for the time.
    sessions: list[SessionClock] = []
    outbox = Outbox(folder, lambda: sessions[0].now_ms() if sessions else clock.wall_ms())
    undo.callback(outbox.close)
    speed = lapse.speed if lapse else 1
    sessions.append(SessionClock(clock, Journal(outbox).clock(), speed))
    return Ground(folder, outbox, machine, clock, sessions[0], lapse)


def _ask(url: str) -> tuple[str, TimeLapse | None]:
    """A marketplace's name and time, from itself."""
    from uploader.client import MarketplaceClient
    from uploader.transport import Times, Transport

    transport = Transport(Times(uptime_ms=lambda: 0))
    try:
        known = MarketplaceClient(url, transport).well_known()
    finally:
        transport.close()
    return known.aud, known.lapse


def _transport(clock: Clock, session: SessionClock) -> Transport:
    from uploader.transport import Times, Transport

    agent = f"workdiary/{version('workdiary')}"
    return Transport(Times(uptime_ms=clock.uptime_ms, observe=session.observe), agent=agent)


# Keys


def _finish_leaving(ground: Ground, box: KeyBox) -> None:
    """A sign-out that was broken off after the device's last word is carried to its end."""
    from uploader import membership as memberships
    from uploader.leaving import leave

    member = memberships.load(ground.folder)
    if member is not None:
        leave(ground.folder, ground.outbox, box, member)


def _join(
    options: Options,
    ground: Ground,
    public: MarketplaceClient,
    box: KeyBox,
    reports: Reports,
) -> tuple[Membership, DeviceKeys]:
    """The membership and its keys; joins by the one-time code where there is none yet."""
    from uploader import membership as memberships
    from uploader.errors import KeysError, Problem
    from uploader.leaving import hand_over

    member = memberships.load(ground.folder)
    keys: DeviceKeys | None = None
    if member is not None and member.joined and member.enrolment is not None:
        try:
            keys = box.load(member.aud, member.enrolment.kid)
        except KeysError as error:
            if error.code is not Problem.KEYS_MISSING or _code(options) is None:
                raise
    if member is None or keys is None:
        reports.phase(Phase.SIGNING_IN)
        member = _enrol(options, ground, public, box, anew=bool(member and member.joined))
        if member.enrolment is None:
            raise KeysError(Problem.NOT_ENROLLED)
        keys = box.load(member.aud, member.enrolment.kid)
    hand_over(
        ground.outbox,
        box,
        member,
        now_ms=ground.session.now_ms(),
        random=secrets.token_bytes,
    )
    if member.url != public.base_url:
        # The same marketplace, by its pinned key, at another address.
        member = replace(member, url=public.base_url)
        memberships.save(ground.folder, member)
    return member, keys


def _enrol(
    options: Options, ground: Ground, public: MarketplaceClient, box: KeyBox, *, anew: bool
) -> Membership:
    from uploader.errors import KeysError, Problem
    from uploader.login import CodeLogin, Joining

    code = _code(options)
    if code is None:
        raise KeysError(Problem.NOT_ENROLLED)
    joining = Joining(
        ground.folder,
        ground.outbox,
        public,
        box,
        now_ms=ground.session.now_ms,
        wait=time.sleep,
        random=random.random,
    )
    # The computer's own name may be its person's: the system is enough to tell devices apart.
    member = joining.join(CodeLogin(code), platform.system() or "computer", anew=anew)
    if options.enrol_file is not None:
        with suppress(OSError):
            options.enrol_file.unlink()
    return member


def _code(options: Options) -> str | None:
    if options.enrol_file is None:
        return None
    try:
        return options.enrol_file.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeError):
        return None


class KeyRing:
    """The system's keyring and the `box` in it. Every call may wait for its person, and says so."""

    def __init__(self, reports: Reports) -> None:
        from uploader.credentials import KeyBox
        from uploader.keyring_helper import HelperKeyring

        self._reports = reports
        self._store: HelperKeyring = HelperKeyring()
        self.box = KeyBox(self)

    def find(self) -> None:
        """Look which keyring there is. KEYRING_ABSENT if there is none."""
        self._ask(self._store.find)

    def close(self) -> None:
        """End what asks it; the next call begins anew."""
        self._store.close()

    def get_password(self, service: str, username: str) -> str | None:
        return self._ask(lambda: self._store.get_password(service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask(lambda: self._store.set_password(service, username, password))

    def delete_password(self, service: str, username: str) -> None:
        self._ask(lambda: self._store.delete_password(service, username))

    def _ask(self, call: Callable[[], T]) -> T:
        from uploader.credentials import patiently

        waited: list[bool] = []

        def waiting() -> None:
            waited.append(True)
            self._reports.phase(Phase.KEYRING)

        answer = patiently(call, waiting)
        if waited:
            self._reports.phase(Phase.OPENING)
        return answer


# The parts that run


def _assemble(
    options: Options,
    membership: Membership,
    keys: DeviceKeys,
    ring: KeyRing,
    ground: Ground,
    transport: Transport,
    reports: Reports,
) -> DeskClient:
    from tracker.camera import OneThread
    from tracker.capture.choose import Chosen
    from tracker.desk import look
    from tracker.engine import Engine
    from tracker.input.choose import choose as choose_input
    from tracker.input.fallback import Fallback
    from tracker.input.meter import Meter
    from tracker.power.choose import choose as choose_power
    from tracker.power.guard import Guard as PowerGuard
    from tracker.power.locks import Locks
    from tracker.privacy.choose import choose as choose_finder
    from tracker.privacy.guard import Guard
    from tracker.sealer import Identity
    from ui import leave
    from ui.recording import Recording
    from ui.settings import COUNT_INPUT, SETTINGS, load
    from uploader.client import Device, MarketplaceClient
    from uploader.worker import Timing, UploadWorker

    enrolment = membership.enrolment
    assert enrolment is not None  # noqa: S101 - the keys were loaded by it
    _sweep(ground.outbox)
    desk = look(os.environ)
    capture = Chosen(lambda: look(os.environ), partial(Lent, ground.folder))
    finder = choose_finder(desk)
    pictures = Pictures(capture, finder, Guard(finder))
    pictures.follow(load(options.base / SETTINGS))
    power = choose_power(desk, os.environ, _again_in)
    locks = Locks()

    def choice_for(desk: Desk) -> InputChoice:
        return choose_input(desk, counts=load(options.base / SETTINGS).flag(COUNT_INPUT))

    def ways_to_count() -> tuple[InputBackend, ...]:
        choice = choice_for(look(os.environ))
        _log.info("%s %s %s", capture.words, choice.words, power.words)
        return choice.ways

    meter = Meter(Fallback(ways_to_count), ground.machine.uptime_ms)
    recordings: list[Recording] = []
    guards: list[PowerGuard] = []

    def on_status(status: Status) -> None:
        recordings[0].follow(status)
        guards[0].follow(status)
        reports.status(status)

    engine = Engine(
        clock=ground.clock,
        session=ground.session,
        store=ground.outbox,
        signer=keys.signing,
        moments=keys.moments(enrolment.week0),
        identity=Identity(membership.aud, enrolment.sub, version("workdiary"), sys.platform),
        capture=capture,
        counters=meter,
        on_status=on_status,
        speed=ground.speed,
        guard=pictures.guard,
        locked=locks.locked,
    )
    hands = OneThread("workdiary-hands")

    def before_start() -> None:
        capture.look_again()
        leave.ask(capture, reports.told)

    recordings.append(Recording(engine, meter, hands, before_start))
    guards.append(PowerGuard(engine, locks, power.watches))

    def tell(*_: object) -> None:
        outbox = ground.outbox
        try:
            contracts = outbox.contracts()
            memos = {info.ctr: outbox.recent_memos(info.ctr) for info in contracts}
        except OSError as error:
            _log.info("the contracts could not be read: %s", error)
            contracts, memos = (), {}
        reports.post(Post(worker.status, contracts, memos))

    worker = UploadWorker(
        ground.outbox,
        MarketplaceClient(options.marketplace, transport, Device(keys.kid, keys.auth)),
        membership,
        Timing(
            now_ms=ground.session.now_ms,
            real_delay=ground.lapse.real_delay if ground.lapse else lambda ms: ms / 1000,
        ),
        keys.signing,
        on_status=tell,
        on_contracts=tell,
    )
    tell()
    engine.begin()
    guards[0].start()
    worker.start()
    return DeskClient(
        membership,
        ground,
        recordings[0],
        worker,
        keys,
        ring,
        reports,
        pictures,
        guards[0],
        lambda: choice_for(desk).ways[0].quality,
    )


class Lent:
    """What a way of taking pictures has to remember, in the state folder, by its name. See
    `tracker.capture.base.Kept`.
    """

    def __init__(self, folder: StateFolder, name: str) -> None:
        self._folder = folder
        self._name = name

    def get(self) -> str | None:
        """None too where the file is no text."""
        data = self._folder.read(self._name)
        try:
            return data.decode() if data else None
        except UnicodeDecodeError:
            return None

    def put(self, value: str | None) -> None:
        """Durable on return. Raises StoreError."""
        if value is None:
            self._folder.remove(self._name)
        else:
            self._folder.write(self._name, value.encode())


def _again_in(failures: int) -> float:
    """Real seconds until a part of the desktop that went away is looked for again."""
    from uploader.retry import LONGEST_S, Outcome, Wait, decide

    # It is on this computer: half a minute is long.
    step = decide(Outcome.UNREACHED, min(failures, 6), None, random.random())  # noqa: S311
    return step.seconds if isinstance(step, Wait) else LONGEST_S


def _sweep(outbox: Outbox) -> None:
    """Destroy pictures that a crash left over: named by no segment and by no journaled stretch."""
    from tracker.journal import Journal

    try:
        strays = set(outbox.unclaimed_blobs()) - Journal(outbox).blobs()
        for sha in strays:
            outbox.drop_blob(sha)
    except (OSError, ValueError, KeyError, TypeError) as error:
        # A journal that cannot be read is not ours to judge: better a picture too many.
        _log.info("left-over pictures stay on the disk: %s", error)
