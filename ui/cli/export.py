"""`workdiary export`: writes the freelancer's record of a week to a file.

It reads the state folder and fetches the log's public tiles from the marketplace, without signing
in. Without a network it writes what the folder can prove and lists what is missing.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from system.files import write_private
from uploader.api.client import MarketplaceClient
from uploader.api.transport import ServerClockObserver, Transport
from uploader.errors import StoreError, UploaderError
from uploader.export.bundle import ExportSummary, export
from uploader.store.state_folder import folder_name


class ExportError(Exception):
    """Nothing was written; the text is the reason and the next step."""


def run(
    base: Path, aud: str | None, ctr: str, week: int, target: Path, *, offline: bool
) -> tuple[ExportSummary, list[str]]:
    """Write the bundle to `target`; returns its contents and a sentence for each missing part.

    Raises ExportError.
    """
    root = _root(base, aud)
    with contextlib.ExitStack() as stack:
        client = None if offline else _client(root)
        if client is not None:
            stack.callback(client.close)
        try:
            pieces, contents = export(root, ctr, week, time.time_ns() // 1_000_000, client)
            write_private(target, pieces)
        except StoreError as error:
            raise ExportError(f"The folder {root} cannot be exported: {error}.") from error
        except OSError as error:
            raise ExportError(f"{target} could not be written: {error.strerror}.") from error
    return contents, list(_missing(contents))


def _root(base: Path, aud: str | None) -> Path:
    if aud is not None:
        try:
            root = base / folder_name(aud)
        except ValueError:
            raise ExportError(f"{aud!r} is not the name of a marketplace.") from None
        if not (root / "marketplace.json").is_file():
            raise ExportError(f"No diary of {aud} found in {base}.")
        return root
    found = [path.parent for path in sorted(base.glob("*/marketplace.json"))]
    if not found:
        raise ExportError(f"No diary found in {base}.")
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise ExportError(f"There are several diaries. Choose one with --marketplace: {names}.")
    return found[0]


def _client(root: Path) -> MarketplaceClient | None:
    """A client for public files; None if the folder has no usable address."""
    try:
        url = json.loads((root / "marketplace.json").read_bytes())["url"]
        times = ServerClockObserver(uptime_ms=lambda: time.monotonic_ns() // 1_000_000)
        return MarketplaceClient(url, Transport(times))
    except (OSError, ValueError, KeyError, TypeError, UploaderError):
        return None


def _missing(contents: ExportSummary) -> Iterator[str]:
    if not contents.segments and not contents.waiting:
        yield "no recorded time for this contract in this week"
    counted = (
        (contents.waiting, "left out, not in the log yet: segments"),
        (contents.damaged, "left out, damaged: files"),
        (contents.beacons, "missing in the folder: beacons"),
        (contents.terms, "missing in the folder: terms"),
        (contents.pictures, "missing in the folder: pictures"),
        (
            contents.unproven,
            "not proven against the newest checkpoint (needs the network): checkpoints",
        ),
    )
    for number, text in counted:
        if number:
            yield f"{text}: {number}"
