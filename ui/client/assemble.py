"""Creates the client's running parts, connects them and starts their threads."""

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
from ui.client.uploads import make_worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.input.interface import InputBackend
    from tracker.model.status import Status
    from tracker.power.coordinator import PowerCoordinator
    from tracker.selection.environment import Environment
    from tracker.selection.input import InputSelection
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
    resources: ClientResources,
    transport: Transport,
    reports: ClientCallbacks,
) -> DesktopClient:
    """Create all parts and start their threads. Raises UploaderError if the disk fails."""
    from tracker.input.fallback import Fallback
    from tracker.input.monitor import InputMonitor
    from tracker.masking.masker import Masker
    from tracker.power.coordinator import PowerCoordinator
    from tracker.power.lock_state import LockState
    from tracker.recording.engine import Engine
    from tracker.recording.journal import Journal
    from tracker.recording.picture_worker import SerialWorker
    from tracker.recording.sealer import Identity
    from tracker.selection.capture import ReselectingBackend
    from tracker.selection.environment import detect_environment
    from tracker.selection.input import select_input
    from tracker.selection.masking import select_masking
    from tracker.selection.power import select_power
    from ui.client import capture_permission
    from ui.client.input_control import InputControl
    from ui.client.picture_views import ViewReader
    from ui.settings.settings import COUNT_INPUT, MINIMUM_REVIEW, SETTINGS, limit_bytes, load
    from uploader.api.client import DeviceCredentials, MarketplaceClient

    enrolment = membership.enrolment
    assert enrolment is not None  # noqa: S101 - the keys were loaded by it
    _destroy_stray_pictures(resources.outbox)
    environment = detect_environment(os.environ)
    capture = ReselectingBackend(
        lambda: detect_environment(os.environ), partial(StateFolderValue, resources.folder)
    )
    locator = select_masking(environment)
    pictures = CaptureSettings(capture, locator, Masker(locator))
    settings = load(options.base / SETTINGS)
    pictures.apply_settings(settings)
    resources.outbox.limit_bytes = limit_bytes(settings)
    power = select_power(environment, os.environ, retry_delay)
    locks = LockState()

    def selection_for(environment: Environment) -> InputSelection:
        return select_input(environment, counts=load(options.base / SETTINGS).flag(COUNT_INPUT))

    def backends() -> tuple[InputBackend, ...]:
        selection = selection_for(detect_environment(os.environ))
        _log.info("%s %s %s", capture.reason, selection.reason, power.reason)
        return selection.backends

    monitor = InputMonitor(Fallback(backends), resources.machine.uptime_ms)
    controls: list[InputControl] = []
    coordinators: list[PowerCoordinator] = []

    def on_status(status: Status) -> None:
        recorded = status.ctr if status.state == "recording" else None
        worker.heartbeat.recording(recorded, (status.since_ms or 0) // 1000)
        controls[0].on_status(status)
        coordinators[0].apply_settings(status)
        reports.status(status)

    engine = Engine(
        clock=resources.clock,
        session=resources.session,
        store=resources.outbox,
        signer=keys.signing,
        moments=keys.picture_scheduler(enrolment.week0),
        identity=Identity(membership.aud, enrolment.sub, version("workdiary"), sys.platform),
        capture=capture,
        counters=monitor,
        on_status=on_status,
        speed=resources.speed,
        guard=pictures.masker,
        locked=locks.locked,
    )
    engine.set_minimum_review(settings.number(MINIMUM_REVIEW))
    serial = SerialWorker("workdiary-hands")

    def before_start() -> None:
        capture.refresh()
        capture_permission.request_permission(capture, reports.notice)

    controls.append(InputControl(engine, monitor, serial, before_start))
    coordinators.append(PowerCoordinator(engine, locks, power.watches))

    journal = Journal(resources.outbox)

    def report(*_: object) -> None:
        outbox = resources.outbox
        try:
            contracts = outbox.contracts()
            unsealed = journal.memos()
            memos = {info.ctr: _memos(info.ctr, unsealed, outbox) for info in contracts}
        except OSError as error:
            _log.info("the contracts could not be read: %s", error)
            contracts, memos = (), {}
        threads = outbox.reviews.threads()
        reports.sync(SyncReport(worker.status, contracts, memos, threads))

    def report_contracts() -> None:
        engine.totals_changed()
        report()

    client = MarketplaceClient(
        options.marketplace, transport, DeviceCredentials(keys.kid, keys.auth)
    )
    worker = make_worker(client, membership, keys, resources, report, report_contracts)
    report()
    engine.start_thread()
    coordinators[0].start()
    worker.start()
    return DesktopClient(
        membership,
        resources,
        controls[0],
        worker,
        keys,
        ring,
        reports,
        pictures,
        coordinators[0],
        lambda: selection_for(environment).backends[0].quality,
        ViewReader(client, reports.views),
        transport.route,
        report,
    )


def retry_delay(failures: int) -> float:
    """Real seconds until the next search for a service of the desktop that has ended."""
    from uploader.retry import LONGEST_S, Outcome, Wait, decide

    # The service is on this computer, so the pause stays below half a minute.
    step = decide(Outcome.UNREACHED, min(failures, 6), None, random.random())  # noqa: S311
    return step.seconds if isinstance(step, Wait) else LONGEST_S


def _memos(ctr: str, unsealed: Mapping[str, str], outbox: Outbox) -> tuple[str, ...]:
    """The memos used on a contract, the latest first. `unsealed` are those in the journal: after an
    upgrade a recording continues with its memo, also if a picture in review delays the seal.
    """
    latest = (unsealed[ctr],) if ctr in unsealed else ()
    return tuple(dict.fromkeys((*latest, *outbox.recent_memos(ctr))))


def _destroy_stray_pictures(outbox: Outbox) -> None:
    """Destroy pictures that a crash left: no segment and no journaled open segment names them."""
    from tracker.recording.journal import Journal

    try:
        strays = set(outbox.unclaimed_blobs()) - Journal(outbox).blobs()
        for sha in strays:
            outbox.drop_blob(sha)
    except (OSError, ValueError, KeyError, TypeError) as error:
        # With an unreadable journal, keep them all.
        _log.info("left-over pictures stay on the disk: %s", error)
