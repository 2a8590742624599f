"""Settings: every one is a row of one table, and has an effect today.

Kept as JSON in the base folder, in plain sight of the person. A value that does not fit is reported
and its default used; an unknown name (a newer version's) is kept when the file is written again.
There is no setting that hides that something is recorded.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

log = logging.getLogger(__name__)

Value = bool | int | str
#: The file's name in the base folder.
SETTINGS = "settings.json"


@dataclass(frozen=True)
class Setting:
    """One row.

    `allowed` lists the values of a text or gives the range (both ends included) of a number.
    `lockable`: a policy may fix it. `tightens` is the direction in which it protects the person
    more: a policy may only move it there.
    """

    name: str
    default: Value
    allowed: tuple[Value, ...] = ()
    lockable: bool = False
    tightens: Literal["", "on", "off", "lower", "higher"] = ""

    def accepts(self, value: object) -> bool:
        """Whether the value has the row's type and is in its range."""
        if type(value) is not type(self.default):
            return False
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = self.allowed
            return int(low) <= value <= int(high)
        return not self.allowed or value in self.allowed


THEME = Setting("theme", "system", ("system", "light", "dark"))
PICTURE_IN_TOAST = Setting("picture_in_toast", True, lockable=True, tightens="off")
#: Off: no hook listens; only seconds of activity are measured, where the system tells them.
COUNT_INPUT = Setting("count_input", True, lockable=True, tightens="off")

TABLE: tuple[Setting, ...] = (THEME, PICTURE_IN_TOAST, COUNT_INPUT)


@dataclass(frozen=True)
class Settings:
    """The values in force. `unknown` is carried along untouched."""

    values: Mapping[str, Value] = field(
        default_factory=lambda: {row.name: row.default for row in TABLE}
    )
    unknown: Mapping[str, object] = field(default_factory=dict)

    def text(self, row: Setting) -> str:
        """A text setting's value."""
        return str(self.values[row.name])

    def flag(self, row: Setting) -> bool:
        """A yes-or-no setting's value."""
        return bool(self.values[row.name])

    def changed(self, row: Setting, value: Value) -> Settings:
        """The settings with one value changed; ValueError if it does not fit."""
        if not row.accepts(value):
            raise ValueError(f"{row.name} cannot be {value!r}")
        return replace(self, values={**self.values, row.name: value})


def parse(data: bytes) -> tuple[Settings, tuple[str, ...]]:
    """The settings in a file's bytes, and a sentence for each value that was not used."""
    try:
        raw = json.loads(data)
    except ValueError:
        return Settings(), ("the file is not JSON; all settings have their defaults",)
    if not isinstance(raw, dict):
        return Settings(), ("the file is not a JSON object; all settings have their defaults",)
    values = dict(Settings().values)
    problems = []
    for row in TABLE:
        if row.name not in raw:
            continue
        value = raw.pop(row.name)
        if row.accepts(value):
            values[row.name] = value
        else:
            problems.append(f"{row.name} cannot be {value!r}; it stays {row.default!r}")
    return Settings(values, raw), tuple(problems)


def load(path: Path) -> Settings:
    """Read the settings; a missing file means the defaults. Problems go to the log."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        log.warning("settings could not be read, defaults are used: %s", error.strerror)
        return Settings()
    settings, problems = parse(data)
    for problem in problems:
        log.warning("settings: %s", problem)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".tmp-{path.name}")
    text = json.dumps({**settings.unknown, **settings.values}, indent=2, sort_keys=True)
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.chmod(0o600)
    temporary.replace(path)
