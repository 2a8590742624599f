"""The report for support: the checks of this computer, the settings and the log. No Qt.

Rule kept: the report contains nothing personal. Each file has known fields only: of a setting its
choice, number or count, never a text that a person entered; of a check its codes; of the log the
fields that `ui.log_file` writes. It has no pictures, memos, window titles, keys, paths, host names,
user names or names of marketplaces. Each file is shown to the person before the report is saved.
"""

from __future__ import annotations

import io
import json
import platform
import re
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ui.log_file import FOLDER, LARGEST, LEFT_OUT, NAME, OLDER, PACKAGES
from ui.settings.settings import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.diagnostics import Diagnosis
    from ui.settings.setting import Setting
    from ui.settings.settings import Settings
    from uploader.account.local_data import Unsent

#: Increase it when a field changes its meaning or is removed.
SCHEMA = 1
#: The facts of checks that are never personal.
_FACTS = frozenset({"free", "problem", "workdiary", "python", "qt", "system"})
_WORD = re.compile(r"[A-Za-z0-9_.:+-]{1,60}")
_MEMBER = re.compile(r"[A-Za-z]{1,60}\.[A-Z0-9_]{1,60}")
_PACKAGE = "|".join(sorted(PACKAGES))
_FRAME = re.compile(rf"(?:{_PACKAGE})/[a-z0-9_/]{{1,100}}\.py:[0-9]{{1,6}} [A-Za-z0-9_<>]{{1,100}}")
_EVENT = re.compile(r"[^\n]{1,500}")


@dataclass(frozen=True)
class ReportFile:
    """One file of the report."""

    name: str
    text: str


@dataclass(frozen=True)
class SupportReport:
    """All files, in the order in which they are shown, and the zip of exactly these."""

    files: tuple[ReportFile, ...]
    data: bytes


def collect(base: Path) -> SupportReport:
    """Run the checks and collect the report of a base folder. May take half a minute.

    A part that fails is replaced by the type of its error.
    """
    from ui.diagnostics import examine
    from ui.settings.settings import SETTINGS, load
    from uploader.account.local_data import unsent

    def pending() -> Any:
        folders = sorted(path.parent for path in base.glob("*/marketplace.json"))
        return pending_facts([unsent(folder) for folder in folders])

    parts = {
        "checks.json": lambda: check_facts(examine(base)),
        "settings.json": lambda: setting_facts(load(base / SETTINGS)),
        "pending.json": pending,
    }
    files = [_json("about.json", about())]
    for name, make in parts.items():
        try:
            found = make()
        except Exception as error:  # noqa: BLE001 - the rest of the report is still of use
            found = {"failed": type(error).__name__}
        files.append(_json(name, found))
    return report_of((*files, *log_files(base / FOLDER)))


def report_of(files: Sequence[ReportFile]) -> SupportReport:
    """The report with these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            # Without the computer's time zone, which its clock would show.
            entry = zipfile.ZipInfo(file.name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.text.encode())
    return SupportReport(tuple(files), data.getvalue())


def about() -> dict[str, Any]:
    """The versions of the program and of the system."""
    from ui.diagnostics import versions_finding

    return {
        "schema": SCHEMA,
        **versions_finding().facts,
        "machine": platform.machine(),
        "implementation": platform.python_implementation(),
    }


def check_facts(findings: Sequence[Diagnosis]) -> list[dict[str, Any]]:
    """The codes of the checks. Their sentences are left out: they may name paths and proxies."""
    return [
        {
            "check": one.check,
            "state": one.state,
            "code": _word(one.code),
            "way": _word(one.backend) if one.backend else None,
            "facts": {name: value for name, value in one.facts.items() if name in _FACTS},
        }
        for one in findings
    ]


def setting_facts(settings: Settings) -> dict[str, Any]:
    """The settings without entered texts: whether a text is set, and the length of a list."""
    policy = settings.policy

    def values(given: Mapping[str, object]) -> dict[str, object]:
        return {row.name: _value(row, given[row.name]) for row in TABLE if row.name in given}

    return {
        "values": values({row.name: settings.own(row) for row in TABLE}),
        "policy": {
            "unreadable": policy.unreadable,
            "problems": [problem.code for problem in policy.problems],
            "enforced": values(policy.enforced),
            "defaults": values(policy.defaults),
        },
        "unread": sorted(settings.unread),
        "unknown": len(settings.unknown),
    }


def _value(row: Setting, value: object) -> object:
    if isinstance(value, bool | int) or (isinstance(value, str) and row.allowed):
        return value
    if isinstance(value, str):
        return "set" if value else ""
    return {"number": len(value)} if isinstance(value, tuple | dict) else LEFT_OUT


def pending_facts(marketplaces: Sequence[Unsent]) -> list[dict[str, int]]:
    """The numbers of pending uploads to each marketplace, without names and the time worked."""
    return [
        {name: number for name, number in asdict(one).items() if name != "seconds"}
        for one in marketplaces
    ]


# The log


def log_files(folder: Path) -> list[ReportFile]:
    """The log and its older files. A line that this version would not write is left out."""
    names = [NAME, *(f"{NAME}.{number}" for number in range(1, OLDER + 1))]
    files = []
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                data = file.read(2 * LARGEST)
        except OSError:
            continue
        files.append(ReportFile(f"logs/{name}", log_text(data)))
    return files


def log_text(data: bytes) -> str:
    """The lines of a log file with the fields of `ui.log_file` only."""
    lines = []
    left_out = 0
    for line in data.splitlines():
        found = _line(line)
        if found is None:
            left_out += 1
        else:
            lines.append(json.dumps(found))
    if left_out:
        lines.append(json.dumps({"left_out": left_out}))
    return "".join(f"{line}\n" for line in lines)


def _line(line: bytes) -> dict[str, Any] | None:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict):
        return None
    fixed = {name: raw.get(name) for name in ("at", "level", "from")}
    if not all(isinstance(value, str) and _WORD.fullmatch(value) for value in fixed.values()):
        return None
    found: dict[str, Any] = fixed
    event, values = raw.get("event"), raw.get("values")
    if isinstance(event, str) and _EVENT.fullmatch(event):
        found["event"] = event
    if isinstance(values, list):
        found["values"] = [_logged(value) for value in values[:20]]
    if isinstance(raw.get("error"), dict):
        found["error"] = _error(raw["error"])
    return found


def _logged(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and _MEMBER.fullmatch(value):
        return value
    return LEFT_OUT


def _error(raw: Mapping[str, object]) -> dict[str, object]:
    kind, frames, errno = raw.get("type"), raw.get("frames"), raw.get("errno")
    found: dict[str, object] = {"type": _word(str(kind))}
    if isinstance(frames, list):
        found["frames"] = [
            each for each in frames[:20] if isinstance(each, str) and _FRAME.fullmatch(each)
        ]
    if isinstance(errno, int):
        found["errno"] = errno
    return found


def _word(text: str) -> str:
    """A name that the program defines; anything else is replaced by `LEFT_OUT`."""
    return text if _WORD.fullmatch(text) else LEFT_OUT


def _json(name: str, value: object) -> ReportFile:
    return ReportFile(name, f"{json.dumps(value, indent=2)}\n")
