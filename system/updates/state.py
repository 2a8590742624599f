"""The state of an installation's updates, in a small private file.

Without a readable file no version is prepared; the next check prepares it again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from system.files import private_dir, write_private
from system.updates.release import parse_version

NAME = "state.json"
_LARGEST = 16_384
_MOST_BAD = 50


@dataclass(frozen=True)
class UpdateState:
    """`checked_s` is the Unix time of the last check, 0 for none. `ready` is the version that the
    next start tries, "" for none; `trials` counts its starts so far. `bad` are versions that did
    not start, `reverted` is the last of them until the window has reported it, else "".
    """

    checked_s: int = 0
    ready: str = ""
    trials: int = 0
    bad: tuple[str, ...] = ()
    reverted: str = ""

    def with_bad(self, version: str) -> UpdateState:
        """The state after `version` did not start."""
        bad = (*(each for each in self.bad if each != version), version)[-_MOST_BAD:]
        return replace(self, ready="", trials=0, bad=bad, reverted=version)


def read_state(folder: Path) -> UpdateState:
    """The state in a folder; the initial one without a readable file."""
    try:
        with (folder / NAME).open("rb") as file:
            data = file.read(_LARGEST + 1)
        raw = json.loads(data if len(data) <= _LARGEST else b"")
    except (OSError, ValueError, RecursionError):
        return UpdateState()
    if not isinstance(raw, dict):
        return UpdateState()
    bad = raw.get("bad")
    return UpdateState(
        checked_s=_number(raw.get("checked_s")),
        ready=_version(raw.get("ready")),
        trials=_number(raw.get("trials")),
        bad=tuple(filter(None, map(_version, bad)))[-_MOST_BAD:] if isinstance(bad, list) else (),
        reverted=_version(raw.get("reverted")),
    )


def write_state(folder: Path, state: UpdateState) -> None:
    """Write the state, durable on return. Raises OSError."""
    private_dir(folder)
    write_private(folder / NAME, json.dumps(asdict(state), sort_keys=True).encode())


def _number(value: object) -> int:
    return value if type(value) is int and 0 <= value < 2**53 else 0


def _version(value: object) -> str:
    return str(value) if parse_version(value) is not None else ""
