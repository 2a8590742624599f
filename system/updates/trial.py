"""Tries a new version, and returns to the earlier one if it does not start.

The pointer names a version that has started before. While a version is prepared, the old one starts
it instead of itself. Only when the new version confirms its start does the pointer move. After
`TRIALS` starts without a confirmation the new version is removed and not tried again. No start
waits for another process.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from system.files import private_dir
from system.locks import LockHeldError, lock_file
from system.updates.errors import UpdateError, UpdateProblem
from system.updates.install import ARCHIVE, Installation, remove_leftovers, remove_version
from system.updates.release import is_newer
from system.updates.state import UpdateState, read_state, write_state

log = logging.getLogger(__name__)

#: More than one: a power failure during the first start must not count against a version.
TRIALS = 2
#: Seconds that a new version runs before it confirms its start.
CONFIRM_S = 10.0
LOCK = "lock"


@contextlib.contextmanager
def exclusive(installation: Installation) -> Iterator[None]:
    """Hold the lock of the folder of updates. Raises UpdateError: BUSY while another process holds
    it, DISK if the disk fails.
    """
    try:
        lock = lock_file(private_dir(installation.updates) / LOCK)
    except LockHeldError:
        raise UpdateError(UpdateProblem.BUSY) from None
    except OSError as error:
        raise UpdateError(UpdateProblem.DISK, error.strerror or "") from error
    with lock:
        yield


def program_to_start(installation: Installation) -> Path | None:
    """The program of a prepared version, which this start must run in its own place; None to
    continue. Counts the trial. Never raises: a start must not fail because of an update.
    """
    try:
        with exclusive(installation):
            return _next_trial(installation)
    except UpdateError as error:
        log.info("no trial of an update: %s", error.code)
    except OSError as error:
        log.info("no trial of an update: errno %s", error.errno)
    return None


def _next_trial(installation: Installation) -> Path | None:
    state = read_state(installation.updates)
    version = state.ready
    if not version or version == installation.version:
        return None
    program = installation.program_of(version)
    if not is_newer(version, installation.version) or not program.is_file():
        write_state(installation.updates, replace(state, ready="", trials=0))
        return None
    if state.trials >= TRIALS:
        write_state(installation.updates, state.with_bad(version))
        remove_version(installation, version)
        return None
    # Count the trial before the start: the new version may end the process at once.
    write_state(installation.updates, replace(state, trials=state.trials + 1))
    return program


def confirm_start(installation: Installation) -> None:
    """Make the pointer name the running version, if it was prepared, and remove all earlier
    versions but the newest of them. Raises UpdateError: BUSY or DISK.
    """
    with exclusive(installation):
        try:
            state = read_state(installation.updates)
            if state.ready != installation.version:
                return
            installation.pointer.switch(installation.version)
            write_state(installation.updates, replace(state, ready="", trials=0))
            _remove_old(installation)
        except OSError as error:
            raise UpdateError(UpdateProblem.DISK, error.strerror or "") from error


def take_reverted(installation: Installation) -> str:
    """The last version that did not start, else "". Each one is returned once."""
    try:
        with exclusive(installation):
            state = read_state(installation.updates)
            if state.reverted:
                write_state(installation.updates, replace(state, reverted=""))
            return state.reverted
    except (UpdateError, OSError):
        return ""


def current_state(installation: Installation) -> UpdateState:
    """The state, read without the lock; `ready` is "" if that version's program is missing."""
    state = read_state(installation.updates)
    if state.ready and not installation.program_of(state.ready).is_file():
        return replace(state, ready="", trials=0)
    return state


def _remove_old(installation: Installation) -> None:
    remove_leftovers(installation)
    (installation.updates / ARCHIVE).unlink(missing_ok=True)
    versions = installation.versions()
    older = [version for version in versions if is_newer(installation.version, version)]
    for version in versions:
        if version not in {installation.version, *older[:1]}:
            # Windows keeps a program that still runs; the next update removes it.
            with contextlib.suppress(OSError):
                remove_version(installation, version)
