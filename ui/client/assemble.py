"""The parts that run, each given what it needs of the others, and started."""

from __future__ import annotations

import logging
import os
import random
import sys
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from ui.client.capture import CaptureSettings, StateFolderValue
from ui.client.client import DesktopClient
from ui.client.interface import SyncReport

if TYPE_CHECKING:
    from tracker.input.interface import InputBackend
    from tracker.model.status import Status
    from tracker.power.coordinator import PowerCoordinator as PowerGuard
    from tracker.selection.environment import Environment
    from tracker.selection.input import InputSelection as InputChoice
    from ui.client.interface import ClientCallbacks
    from ui.client.keys import KeyRing
    from ui.client.options import Options
    from ui.client.resources import ClientResources
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
    ground: ClientResources,
    transport: Transport,
    reports: ClientCallbacks,
) -> DesktopClient:
    """Make all parts and start their threads. Raises UploaderError where the disk refuses."""
    from tracker.input.fallback import Fallback
    from tracker.input.monitor import InputMonitor
    from tracker.masking.masker import Masker
    from tracker.power.coordinator import PowerCoordinator as PowerGuard
    from tracker.power.lock_state import LockState
    from tracker.recording.engine import Engine
    from tracker.recording.picture_worker import SerialWorker
    from tracker.recording.sealer import Identity
    from tracker.selection.capture import ReselectingBackend
    from tracker.selection.environment import detect_environment
    from tracker.selection.input import select_input as choose_input
    from tracker.selection.masking import select_masking as choose_finder
    from tracker.selection.power import select_power as choose_power
    from ui.client import capture_permission
    from ui.client.input_control import InputControl
    from ui.settings.settings import COUNT_INPUT, SETTINGS, load
    from uploader.api.client import DeviceCredentials, MarketplaceClient
    from uploader.worker.worker import UploadWorker, WorkerTiming

    enrolment = membership.enrolment
    assert enrolment is not None  # noqa: S101 - the keys were loaded by it
    _sweep(ground.outbox)
    desk = detect_environment(os.environ)
    capture = ReselectingBackend(
        lambda: detect_environment(os.environ), partial(StateFolderValue, ground.folder)
    )
    finder = choose_finder(desk)
    pictures = CaptureSettings(capture, finder, Masker(finder))
    pictures.apply_settings(load(options.base / SETTINGS))
    power = choose_power(desk, os.environ, _again_in)
    locks = LockState()

    def choice_for(desk: Environment) -> InputChoice:
        return choose_input(desk, counts=load(options.base / SETTINGS).flag(COUNT_INPUT))

    def ways_to_count() -> tuple[InputBackend, ...]:
        choice = choice_for(detect_environment(os.environ))
        _log.info("%s %s %s", capture.words, choice.words, power.words)
        return choice.ways

    meter = InputMonitor(Fallback(ways_to_count), ground.machine.uptime_ms)
    recordings: list[InputControl] = []
    guards: list[PowerGuard] = []

    def on_status(status: Status) -> None:
        recordings[0].on_status(status)
        guards[0].apply_settings(status)
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
        guard=pictures.masker,
        locked=locks.locked,
    )
    hands = SerialWorker("workdiary-hands")

    def before_start() -> None:
        capture.refresh()
        capture_permission.request_permission(capture, reports.notice)

    recordings.append(InputControl(engine, meter, hands, before_start))
    guards.append(PowerGuard(engine, locks, power.watches))

    def tell(*_: object) -> None:
        outbox = ground.outbox
        try:
            contracts = outbox.contracts()
            memos = {info.ctr: outbox.recent_memos(info.ctr) for info in contracts}
        except OSError as error:
            _log.info("the contracts could not be read: %s", error)
            contracts, memos = (), {}
        reports.sync(SyncReport(worker.status, contracts, memos))

    def told_contracts() -> None:
        engine.credited()
        tell()

    worker = UploadWorker(
        ground.outbox,
        MarketplaceClient(options.marketplace, transport, DeviceCredentials(keys.kid, keys.auth)),
        membership,
        WorkerTiming(
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
    return DesktopClient(
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
