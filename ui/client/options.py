"""The options of a start of the client."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """`base` is the base folder, `marketplace` an address; `enrol_file` holds a one-time code."""

    base: Path
    marketplace: str
    enrol_file: Path | None = None
