"""`workdiary export`: writes the freelancer's record of a week to a file.

It reads the state folder and fetches the log's public tiles from the marketplace, without signing
in. Without a network it writes what the folder can prove and lists what is missing.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from system.files import write_private
from ui.client.network.route import open_route
from ui.i18n import error_text, tr, trn
from uploader.errors import StoreError
from uploader.export.bundle import ExportSummary, export
from uploader.export.public_log import open_public_log
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
        client = None if offline else open_public_log(root, open_route(base))
        if client is not None:
            stack.callback(client.close)
        try:
            pieces, contents = export(root, ctr, week, time.time_ns() // 1_000_000, client)
            write_private(target, pieces)
        except StoreError as error:
            reason = tr("The folder {folder} cannot be exported.").format(folder=root)
            raise ExportError(f"{reason} {error_text(error)}") from error
        except OSError as error:
            text = tr("{file} could not be written: {reason}.")
            raise ExportError(text.format(file=target, reason=error.strerror)) from error
    return contents, list(_missing(contents))


def _root(base: Path, aud: str | None) -> Path:
    if aud is not None:
        try:
            root = base / folder_name(aud)
        except ValueError:
            text = tr('"{name}" is not the name of a marketplace.')
            raise ExportError(text.format(name=aud)) from None
        if not (root / "marketplace.json").is_file():
            text = tr("No diary of {name} found in {folder}.")
            raise ExportError(text.format(name=aud, folder=base))
        return root
    found = [path.parent for path in sorted(base.glob("*/marketplace.json"))]
    if not found:
        raise ExportError(tr("No diary found in {folder}.").format(folder=base))
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        text = tr("There are several diaries. Choose one with --marketplace: {names}.")
        raise ExportError(text.format(names=names))
    return found[0]


def _missing(contents: ExportSummary) -> Iterator[str]:
    if not contents.segments and not contents.waiting:
        yield tr("No time of this contract was recorded in this week.")
    for number, text in (
        (
            contents.waiting,
            trn(
                "{number} segment is left out, since it is not in the log yet.",
                "{number} segments are left out, since they are not in the log yet.",
                contents.waiting,
            ),
        ),
        (
            contents.damaged,
            trn(
                "{number} damaged file is left out.",
                "{number} damaged files are left out.",
                contents.damaged,
            ),
        ),
        (
            contents.beacons,
            trn(
                "{number} beacon is missing in the folder.",
                "{number} beacons are missing in the folder.",
                contents.beacons,
            ),
        ),
        (
            contents.terms,
            trn(
                "{number} version of the terms is missing in the folder.",
                "{number} versions of the terms are missing in the folder.",
                contents.terms,
            ),
        ),
        (
            contents.pictures,
            trn(
                "{number} picture is missing in the folder.",
                "{number} pictures are missing in the folder.",
                contents.pictures,
            ),
        ),
        (
            contents.unproven,
            trn(
                "{number} checkpoint is not proven against the newest checkpoint, for which the "
                "network is needed.",
                "{number} checkpoints are not proven against the newest checkpoint, for which the "
                "network is needed.",
                contents.unproven,
            ),
        ),
    ):
        if number:
            yield text.format(number=number)
