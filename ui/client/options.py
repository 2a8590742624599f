"""How the client was started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How the client was started. `enrol_file` holds a one-time code to join with."""

    base: Path
    marketplace: str
    enrol_file: Path | None = None
