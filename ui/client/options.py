"""The options of a start of the client."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """The command line: the base folder, the marketplace's address, a file with a one-time code."""

    base: Path
    marketplace: str
    enrol_file: Path | None = None
