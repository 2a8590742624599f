"""Runs one check for updates, and the steps that follow it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from system.updates.errors import UpdateError, UpdateProblem
from system.updates.install import SelfTest, install
from system.updates.release import platform_name
from system.updates.selftest import run_selftest
from system.updates.state import write_state
from system.updates.trial import current_state, exclusive

if TYPE_CHECKING:
    from pathlib import Path

    from system.updates.client import UpdateClient
    from system.updates.fetcher import Download
    from system.updates.install import Installation
    from system.updates.source import UpdateSource

#: `check` only looks, `download` fetches the archive too, `prepare` also installs it for the next
#: start.
Step = Literal["check", "download", "prepare"]
State = Literal["up_to_date", "available", "downloaded", "ready"]


#: Bytes that an update leaves free: a recording stops on a full disk.
RESERVE = 500 * 1000 * 1000
#: The archive and its contents, in archives.
_EXPANSION = 6


@dataclass(frozen=True)
class Update:
    """The result of a check. `version` is the newer version, or "" if there is none."""

    state: State
    version: str = ""


@dataclass(frozen=True)
class Clocks:
    """The clocks: `wall` returns the Unix time in seconds, `monotonic` seconds for durations."""

    wall: Callable[[], float]
    monotonic: Callable[[], float]


def run_update(
    installation: Installation,
    source: UpdateSource,
    channel: str,
    step: Step,
    download: Download,
    clocks: Clocks,
    selftest: SelfTest = run_selftest,
) -> Update:
    """Check a channel and carry out the steps up to `step`. A version that did not start earlier
    counts as no release.

    Raises UpdateError and then leaves the installed versions unchanged.
    """
    from system.updates.client import UpdateClient

    with exclusive(installation):
        try:
            client = UpdateClient(source, installation.updates, download, clocks.monotonic)
            return _run(installation, client, channel, step, clocks, selftest)
        except OSError as error:
            raise UpdateError(UpdateProblem.DISK, error.strerror or "") from error


def _run(
    installation: Installation,
    client: UpdateClient,
    channel: str,
    step: Step,
    clocks: Clocks,
    selftest: SelfTest,
) -> Update:
    folder = installation.updates
    release = client.find(channel, platform_name(), installation.version)
    state = replace(current_state(installation), checked_s=int(clocks.wall()))
    offered = "" if release is None or release.version in state.bad else release.version
    # The running version may still have to confirm its start.
    if state.ready not in {offered, installation.version}:
        # Another release took its place, or the channel has changed.
        state = replace(state, ready="", trials=0)
    write_state(folder, state)
    if release is None or not offered:
        return Update("up_to_date")
    if state.ready == offered:
        return Update("ready", offered)
    if step == "check":
        return Update("available", release.version)
    _check_room(installation.root, release.target.length)
    archive = client.fetch(release)
    if step == "download":
        return Update("downloaded", release.version)
    install(installation, archive, release.version, selftest)
    write_state(folder, replace(state, ready=release.version, trials=0))
    client.discard()
    return Update("ready", release.version)


def _check_room(root: Path, archive: int) -> None:
    """Raise UpdateError(DISK) if an update with an archive of so many bytes has no room."""
    if shutil.disk_usage(root).free < archive * _EXPANSION + RESERVE:
        raise UpdateError(UpdateProblem.DISK, "too little space")
