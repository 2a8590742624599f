"""The helper process for updates: carries out one step by the settings and the policy."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from system.private_files import close_umask
from system.updates.errors import UpdateError, UpdateProblem
from system.updates.fetcher import TransferError
from system.updates.run import Clocks, run_update
from system.updates.source import Disabled, UpdateSource, read_source, usable_installation
from ui.client.network.route import route_by
from ui.client.updates import UpdateResult
from ui.settings.settings import SETTINGS, UPDATE_CHANNEL, UPDATE_SERVER, load
from uploader.api.download import FileDownload, StatusError
from uploader.errors import UploaderError

if TYPE_CHECKING:
    from system.updates.install import Installation
    from system.updates.run import Step
    from uploader.api.network.route import Route


def work(base: Path, step: Step) -> UpdateResult:
    """Carry out a step by the settings in a base folder, if the program may update itself."""
    settings = load(base / SETTINGS)
    channel = settings.text(UPDATE_CHANNEL)
    source = read_source(files("assets").joinpath("updates"))
    found = usable_installation(channel, has_source=source is not None)
    if isinstance(found, Disabled) or source is None:
        reason = found if isinstance(found, Disabled) else Disabled.NO_SOURCE
        return UpdateResult(disabled=reason.value)
    source = source.at(settings.text(UPDATE_SERVER))
    return update(found, source, channel, step, route_by(settings))


def update(
    installation: Installation, source: UpdateSource, channel: str, step: Step, route: Route
) -> UpdateResult:
    """Carry out a step; `route` is that of the requests."""
    try:
        with FileDownload(route) as download:

            def fetch(url: str) -> Iterator[bytes]:
                try:
                    yield from download.stream(url)
                except StatusError as error:
                    raise TransferError(str(error.status), error.status) from error
                except UploaderError as error:
                    raise TransferError(_reason(error)) from error

            clocks = Clocks(time.time, time.monotonic)
            made = run_update(installation, source, channel, step, fetch, clocks)
    except UpdateError as error:
        return UpdateResult(problem=error.code.value, detail=error.detail)
    except UploaderError as error:  # a custom certificate authority that cannot be used
        return UpdateResult(problem=UpdateProblem.UNREACHABLE.value, detail=_reason(error))
    return UpdateResult(made.state, made.version)


def _reason(error: UploaderError) -> str:
    """The code and the detail of an error. Its sentence is about a marketplace."""
    return ": ".join(filter(None, (error.code.value, error.detail)))


def answer(call: IO[bytes]) -> bytes:
    """The answer to a call, both in JSON."""
    asked = json.load(call)
    result = work(Path(asked["base"]), cast("Step", asked["step"]))
    return json.dumps(asdict(result)).encode("ascii")


def main() -> int:
    """Answer one call; returns the exit status."""
    close_umask()
    if hasattr(os, "nice"):
        os.nice(10)  # recording has priority
    # Output of libraries goes to standard error, so that it is not taken for the answer.
    file = os.dup(1)
    os.dup2(2, 1)
    data = answer(sys.stdin.buffer)
    while data:
        data = data[os.write(file, data) :]
    return 0


if __name__ == "__main__":
    sys.exit(main())
