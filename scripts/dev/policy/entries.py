"""The settings that a policy can set: rows of `ui.settings.settings.TABLE` with their texts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ui.settings.setting import Setting, Value
from ui.settings.settings import TABLE

SOURCE = "installers/policy/rows.toml"
#: The first line of a generated file.
MADE = f"Made from the table of settings and {SOURCE} by `make generate`; edit those instead."
Kind = Literal["switch", "off_only", "number", "choice", "text", "list"]
#: The languages of the texts, the one of the source first.
LANGUAGES = {"en": "en-US", "de": "de-DE"}


@dataclass(frozen=True)
class Texts:
    """The texts in one language; `labels` has the names of a choice's values."""

    title: str
    help: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """A row, its texts by language, an example value, and the regular expression of its values in
    the JSON Schema, or "".
    """

    row: Setting
    texts: Mapping[str, Texts]
    example: Value
    pattern: str

    @property
    def name(self) -> str:
        """The row's name."""
        return self.row.name

    @property
    def kind(self) -> Kind:
        """How a policy sets the row. A policy can only turn off an `off_only` switch."""
        default = self.row.default
        if isinstance(default, bool):
            return "off_only" if self.row.policy == (False,) else "switch"
        if isinstance(default, int):
            return "number"
        if isinstance(default, tuple):
            return "list"
        return "choice" if self.row.allowed else "text"

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a choice that a policy may set."""
        return tuple(str(value) for value in self.row.policy or self.row.allowed)

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value of a number."""
        low, high = self.row.allowed
        return int(str(low)), int(str(high))


def load_entries(text: str) -> list[Entry]:
    """The entries of the text of rows.toml, in the order of the table. Raises ValueError if it does
    not fit the table.
    """
    raw = tomllib.loads(text)
    rows = [row for row in TABLE if row.policy is not None]
    if unknown := sorted(raw.keys() - {row.name for row in rows}):
        raise ValueError(f"{SOURCE} has texts of settings that no policy can set: {unknown}")
    missing = [row.name for row in rows if row.name not in raw]
    if missing:
        raise ValueError(f"{SOURCE} lacks the texts of {missing}")
    return [_entry(row, raw[row.name]) for row in rows]


def _entry(row: Setting, raw: dict[str, Any]) -> Entry:
    try:
        texts = {
            language: Texts(
                raw[language]["title"], raw[language]["help"], raw[language].get("labels", {})
            )
            for language in LANGUAGES
        }
        example = row.from_json(raw["example"])
    except KeyError as error:
        raise ValueError(f"{SOURCE}: {row.name} lacks {error}") from error
    if not row.accepts(example) or (row.policy and example not in row.policy):
        raise ValueError(f"{SOURCE}: a policy may not set {row.name} to its example")
    entry = Entry(row, texts, example, raw.get("pattern", ""))
    labelled = entry.choices if entry.kind == "choice" else ()
    if any(tuple(each.labels) != labelled for each in texts.values()):
        raise ValueError(f"{SOURCE}: the labels of {row.name} are not {labelled}")
    return entry
