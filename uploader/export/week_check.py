"""Saves or checks the record of a week: the bundle that anyone can check, checked at once."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive, ArchiveError
from diary.core.findings import DiaryError
from diary.log.signed_note import NoteVerifier
from system.files import write_private
from uploader.api.network.route import Route
from uploader.errors import Problem, StoreError, from_os
from uploader.export.bundle import ExportSummary, export
from uploader.export.public_log import open_public_log


@dataclass(frozen=True)
class WeekRecord:
    """The outcome. `file` is the saved file, "" if the week was only checked; `problem` is the code
    of the problem that prevented it. `segments` are in the bundle, `waiting` ones have no receipt
    yet, `missing` other parts could not be included; `wrong` are the codes of errors, sorted.
    """

    file: str
    problem: str = ""
    segments: int = 0
    waiting: int = 0
    missing: int = 0
    wrong: tuple[str, ...] = ()


def check_week(root: Path, ctr: str, week: int, route: Route, file: str = "") -> WeekRecord:
    """Write the bundle of the week that begins at `week` (Unix s) to `file`, or to a file that is
    removed, and check it with the keys that this computer has pinned.

    `root` is the folder of one marketplace, `route` leads to its public log. Never raises for a
    problem that a person can correct: the outcome has its code.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="workdiary-") as folder:
            target = Path(file) if file else Path(folder) / "week.zip"
            summary = _export(root, ctr, week, target, route)
            wrong = _check(target, root) if summary.segments else ()
    except StoreError as error:
        return WeekRecord(file, error.code.value)
    except OSError as error:
        return WeekRecord(file, from_os(error).code.value)
    missing = summary.damaged + summary.beacons + summary.terms + summary.pictures
    return WeekRecord(
        file, "", summary.segments, summary.waiting, missing + summary.unproven, wrong
    )


def _export(root: Path, ctr: str, week: int, target: Path, route: Route) -> ExportSummary:
    log = open_public_log(root, route)
    try:
        pieces, summary = export(root, ctr, week, time.time_ns() // 1_000_000, log)
        write_private(target, pieces)
    finally:
        if log is not None:
            log.close()
    return summary


def _check(file: Path, root: Path) -> tuple[str, ...]:
    """The codes of the errors in a bundle."""
    settings = json.loads((root / "marketplace.json").read_bytes())
    pinned = [NoteVerifier.parse(vkey) for vkey in (*settings.get("earlier", []), settings["vkey"])]
    try:
        with file.open("rb") as stream:
            checked = check_bundle(Archive(stream), CheckOptions(keys=pinned))
    except DiaryError as error:
        return (error.code.value,)
    except ArchiveError as error:
        raise StoreError(Problem.FILE_DAMAGED, str(error)) from error
    return tuple(sorted({each.code.value for each in checked.findings if each.is_error}))
