"""The client's state folder, outbox, clocks, and transport to the marketplace."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from ui.client.network.route import open_route

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from diary.core.demo_clock import TimeLapse
    from diary.interfaces import Clock
    from tracker.recording.state.session_clock import SessionClock
    from ui.client.options import Options
    from uploader.api.transport import Transport
    from uploader.store.outbox import Outbox
    from uploader.store.state_folder import StateFolder


@dataclass(frozen=True)
class ClientResources:
    """The parts that need neither keys nor network. `machine` is the real clock, `clock` the
    diary's, which runs faster in a demonstration.
    """

    folder: StateFolder
    outbox: Outbox
    machine: Clock
    clock: Clock
    session: SessionClock
    lapse: TimeLapse | None

    @property
    def speed(self) -> int:
        """Seconds of the diary in a real second."""
        return self.lapse.speed if self.lapse else 1


def open_resources(options: Options, undo: ExitStack) -> ClientResources:
    """Open the state folder. The first time, ask the marketplace for its name and time."""
    from tracker.platform.clock import SystemClock, boot_token
    from tracker.recording.journal import Journal
    from tracker.recording.state.session_clock import LIMIT_MS, SessionClock
    from uploader.account import membership as memberships
    from uploader.errors import from_os
    from uploader.store.outbox import Outbox
    from uploader.store.state_folder import StateFolder

    try:
        options.base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise from_os(error) from error
    lapse: TimeLapse | None = None
    aud = memberships.find(options.base, options.marketplace)
    if aud is None:
        aud, lapse = _ask(options)
    folder = StateFolder(options.base, aud)
    undo.callback(folder.close)
    pinned = memberships.load(folder)
    lapse = pinned.lapse if pinned else lapse
    machine = SystemClock(boot_token(aud.encode()))
    clock: Clock = SystemClock(machine.boot, lapse) if lapse else machine
    # The outbox stores the marketplace's clock offset, and the session clock reads it from there.
    sessions: list[SessionClock] = []
    speed = lapse.speed if lapse else 1
    outbox = Outbox(
        folder,
        lambda: sessions[0].now_ms() if sessions else clock.wall_ms(),
        ahead_s=LIMIT_MS * speed // 1000,
    )
    undo.callback(outbox.close)
    signed_ms = outbox.newest_signed_ms()
    sessions.append(SessionClock(clock, Journal(outbox).read_clock(), speed, signed_ms))
    return ClientResources(folder, outbox, machine, clock, sessions[0], lapse)


def _ask(options: Options) -> tuple[str, TimeLapse | None]:
    """Ask a marketplace for its name and its demonstration's speed."""
    from uploader.api.client import MarketplaceClient
    from uploader.api.transport import ServerClockObserver, Transport

    route = open_route(options.base)
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), route=route)
    try:
        known = MarketplaceClient(options.marketplace, transport).well_known()
    finally:
        transport.close()
    return known.aud, known.lapse


def transport_of(base: Path, clock: Clock, session: SessionClock) -> Transport:
    """The transport to the marketplace, by the settings of the base folder; it passes the time in
    responses to the session clock.
    """
    from uploader.api.transport import ServerClockObserver, Transport

    agent = f"workdiary/{version('workdiary')}"
    return Transport(
        ServerClockObserver(uptime_ms=clock.uptime_ms, observe=session.observe),
        agent=agent,
        route=open_route(base),
    )
