"""The parts that run, each given what it needs of the others, and started."""

from __future__ import annotations

import logging
import os
import random
import sys
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from ui.client.capture import KeptFile, Pictures
from ui.client.client import DeskClient
from ui.client.interface import Post

if TYPE_CHECKING:
    from tracker.input.interface import InputBackend
    from tracker.model.status import Status
    from tracker.power.coordinator import Guard as PowerGuard
    from tracker.selection.environment import Desk
    from tracker.selection.input import Choice as InputChoice
    from ui.client.interface import Reports
    from ui.client.keys import KeyRing
    from ui.client.options import Options
    from ui.client.resources import Ground
    from uploader.account.device_keys import DeviceKeys
    from uploader.account.membership import Membership
    from uploader.api.transport import Transport
    from uploader.store.outbox import Outbox

_log = logging.getLogger(__name__)


def assemble(
    options: Options,
    membership: Membership,
    keys: DeviceKeys,
    ring: KeyRing,
    ground: Ground,
    transport: Transport,
    reports: Reports,
) -> DeskClient:
    """Make all parts and start their threads. Raises UploaderError where the disk refuses."""
    from tracker.input.fallback import Fallback
    from tracker.input.monitor import Meter
    from tracker.masking.masker import Guard
    from tracker.power.coordinator import Guard as PowerGuard
    from tracker.power.lock_state import Locks
    from tracker.recording.engine import Engine
    from tracker.recording.picture_worker import OneThread
    from tracker.recording.sealer import Identity
    from tracker.selection.capture import Chosen
    from tracker.selection.environment import look
    from tracker.selection.input import choose as choose_input
    from tracker.selection.masking import choose as choose_finder
    from tracker.selection.power import choose as choose_power
    from ui.client import capture_permission
    from ui.client.input_control import Recording
    from ui.settings.settings import COUNT_INPUT, SETTINGS, load
    from uploader.api.client import Device, MarketplaceClient
    from uploader.worker.worker import Timing, UploadWorker

    enrolment = membership.enrolment
    assert enrolment is not None  # noqa: S101 - the keys were loaded by it
    _sweep(ground.outbox)
    desk = look(os.environ)
    capture = Chosen(lambda: look(os.environ), partial(KeptFile, ground.folder))
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
        capture_permission.ask(capture, reports.told)

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

    def told_contracts() -> None:
        engine.credited()
        tell()

    worker = UploadWorker(
        ground.outbox,
        MarketplaceClient(options.marketplace, transport, Device(keys.kid, keys.auth)),
        membership,
        Timing(
            now_ms=ground.session.now_ms,
            prove=ground.session.prove,
            in_doubt=lambda: ground.session.in_doubt,
            time_refused=lambda: ground.session.market_refused,
            real_delay=ground.lapse.real_delay if ground.lapse else lambda ms: ms / 1000,
        ),
        keys.signing,
        on_status=tell,
        on_contracts=told_contracts,
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


def _again_in(failures: int) -> float:
    """Real seconds until a part of the desktop that went away is looked for again."""
    from uploader.retry import LONGEST_S, Outcome, Wait, decide

    # It is on this computer: half a minute is long.
    step = decide(Outcome.UNREACHED, min(failures, 6), None, random.random())  # noqa: S311
    return step.seconds if isinstance(step, Wait) else LONGEST_S


def _sweep(outbox: Outbox) -> None:
    """Destroy pictures that a crash left over: named by no segment and by no journaled stretch."""
    from tracker.recording.journal import Journal

    try:
        strays = set(outbox.unclaimed_blobs()) - Journal(outbox).blobs()
        for sha in strays:
            outbox.drop_blob(sha)
    except (OSError, ValueError, KeyError, TypeError) as error:
        # A journal that cannot be read is not ours to judge: better a picture too many.
        _log.info("left-over pictures stay on the disk: %s", error)
