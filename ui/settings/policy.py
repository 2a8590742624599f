"""The policy of this computer: settings that its administrator has set for everybody.

The file is JSON: `{"organisation": "Acme IT", "settings": {"count_input": false}}`. Rules kept: a
policy may only set the values that a row's `policy` allows, so that it can restrict what is
recorded and can hide nothing; a list adds entries to the person's own. An invalid entry is logged
and ignored. The person's own values stay in their file and apply again without the policy. A file
that others than the administrator may write is not a policy.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diary.core.display import tidy

if TYPE_CHECKING:
    from ui.settings.setting import Setting, Value

log = logging.getLogger(__name__)

_LONGEST_NAME = 80
_LARGEST = 64 * 1024
_ADMINISTRATOR = 0


@dataclass(frozen=True)
class Policy:
    """`values` are the settings that it sets, by name; `organisation` is "" if the file names none.
    `unreadable`: there is a file, but it sets nothing.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    organisation: str = ""
    file: str = ""
    unreadable: bool = False


def policy_file(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> Path:
    """The path of the policy on this system."""
    if platform == "win32":
        return Path(environ.get("ProgramData", r"C:\ProgramData")) / "Workdiary" / "policy.json"
    if platform == "darwin":
        return Path("/Library/Application Support/Workdiary/policy.json")
    return Path("/etc/workdiary/policy.json")


def load_policy(path: Path, table: tuple[Setting, ...]) -> Policy:
    """Read the policy; a missing file sets nothing. Problems are logged."""
    try:
        data = _read(path)
    except (FileNotFoundError, NotADirectoryError):
        return Policy()
    except OSError as error:
        log.warning("the policy could not be read: %s", error.strerror)
        return Policy(file=str(path), unreadable=True)
    except ValueError as error:
        log.warning("the policy is not used: %s", error)
        return Policy(file=str(path), unreadable=True)
    policy, problems = parse_policy(data, table)
    for problem in problems:
        log.warning("policy: %s", problem)
    return Policy(policy.values, policy.organisation, str(path), policy.unreadable)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is not a regular file")
        others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        # On Windows, %ProgramData%\Workdiary belongs to the installer, which runs elevated.
        if sys.platform != "win32" and (found.st_uid != _ADMINISTRATOR or others):
            raise ValueError("others than the administrator may write it")
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST} bytes")
    return data


def parse_policy(data: bytes, table: tuple[Setting, ...]) -> tuple[Policy, tuple[str, ...]]:
    """The policy in a file's bytes, and a sentence for each entry that is ignored."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError):
        return Policy(unreadable=True), ("the file is not JSON; it sets nothing",)
    settings = raw.get("settings", {}) if isinstance(raw, dict) else None
    if not isinstance(settings, dict):
        return Policy(unreadable=True), ("the settings are not a JSON object; it sets nothing",)
    organisation = raw.get("organisation", "")
    problems = []
    if not isinstance(organisation, str):
        organisation = ""
        problems.append("the organisation is not a text")
    rows = {row.name: row for row in table}
    values: dict[str, Value] = {}
    for name, given in settings.items():
        row = rows.get(name)
        value = tuple(given) if isinstance(given, list) else given
        if row is None or row.policy is None:
            problems.append(f"{tidy(name)[:60]} cannot be set by a policy")
        elif value == "" or not row.accepts(value) or (row.policy and value not in row.policy):
            # Not its content: a list may name applications.
            problems.append(f"the value of {name} is not one that a policy may set")
        else:
            values[name] = value
    return Policy(values, tidy(organisation)[:_LONGEST_NAME].strip()), tuple(problems)
