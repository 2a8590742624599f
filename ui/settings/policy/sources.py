r"""Reads the policy from its places on each system.

A computer may have a policy in several places. Each setting has the value of the first place in
this list that sets it:

- Linux: `/etc/workdiary/policy.json`
- Windows: the values below `HKEY_LOCAL_MACHINE\Software\Policies\Workdiary`; its value `Policy`,
  the whole policy as one line of JSON
- macOS: the managed preferences of `org.workdiary.Workdiary` for all users; their value `Policy`;
  `/Library/Application Support/Workdiary/policy.json`

Rule kept: a file that users can write or replace is not used. Windows has no file, because users
can create folders in %ProgramData%; only administrators can write the key.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ui.settings.policy.policy import Policy, ProblemCode, merged, parse_policy, unreadable
from ui.settings.policy.registry import KEY, RegistryPolicy

if TYPE_CHECKING:
    from ui.settings.setting import Setting

log = logging.getLogger(__name__)

#: The domain of the managed preferences.
DOMAIN = "org.workdiary.Workdiary"
#: The name of the value that has a whole policy as one line of JSON.
ONE_LINE = "Policy"
#: The most bytes of a policy.
LARGEST = 64 * 1024
_ADMINISTRATOR = 0


class UnreadablePolicyError(Exception):
    """There is a policy, but it cannot be read."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code)
        self.code = code


class PolicySource(Protocol):
    """A place that may have a policy."""

    @property
    def place(self) -> str:
        """The path or the registry key, as administrators write it."""

    @property
    def has_line(self) -> bool:
        """Whether its value `ONE_LINE` has a whole policy. Its other values come first."""

    def read(self) -> object | None:
        """The policy as a value of JSON types; None without a policy. Raises OSError or
        UnreadablePolicyError.
        """


@dataclass(frozen=True)
class PolicyFile:
    """A file that only the administrator can write. `parse` returns the object in its bytes or
    raises UnreadablePolicyError. `has_line`: see `PolicySource`.
    """

    path: Path
    parse: Callable[[bytes], Mapping[Any, object]]
    has_line: bool = False

    @property
    def place(self) -> str:
        return str(self.path)

    def read(self) -> object | None:
        """See `PolicySource`."""
        data = _read(self.path)
        return None if data is None else self.parse(data)


def policy_sources(
    table: Sequence[Setting], platform: str = sys.platform
) -> tuple[PolicySource, ...]:
    """The places of a policy on a system. If several set a setting, the first of them counts."""
    if platform == "win32":
        return (RegistryPolicy(_read_registry, table),)
    if platform == "darwin":
        managed = Path("/Library/Managed Preferences") / f"{DOMAIN}.plist"
        file = Path("/Library/Application Support/Workdiary/policy.json")
        return PolicyFile(managed, parse_preferences, has_line=True), PolicyFile(file, parse_json)
    return (PolicyFile(Path("/etc/workdiary/policy.json"), parse_json),)


def load_policy(sources: Sequence[PolicySource], table: Sequence[Setting]) -> Policy:
    """Read all sources and merge their policies. Problems are logged, never raised."""
    found = [policy for source in sources for policy in _load(source, table)]
    if not found:
        return Policy()
    policy = merged(found)
    for problem in policy.problems:
        log.warning("policy: %s", problem)
    return policy


def _load(source: PolicySource, table: Sequence[Setting]) -> Iterator[Policy]:
    place = source.place
    try:
        raw = source.read()
        if source.has_line and isinstance(raw, Mapping) and ONE_LINE in raw:
            values = {name: value for name, value in raw.items() if name != ONE_LINE}
            if values:
                yield parse_policy(values, place, table)
            place = f"{place}, {ONE_LINE}"
            raw = _parse_line(raw[ONE_LINE])
    except UnreadablePolicyError as error:
        yield unreadable(place, error.code, table)
    except OSError as error:
        log.warning("the policy could not be read: %s", error.strerror)
        yield unreadable(place, "unreadable", table)
    else:
        if raw is not None:
            yield parse_policy(raw, place, table)


def _parse_line(line: object) -> object:
    if not isinstance(line, str):
        raise UnreadablePolicyError("malformed")
    return parse_json(line.encode(errors="surrogatepass"))


def _read(path: Path) -> bytes | None:
    """The bytes of an administrator's file; None if it does not exist. Raises OSError or
    UnreadablePolicyError.
    """

    def without_waiting(name: str, flags: int) -> int:
        # A FIFO without a writer would block the start of the program.
        return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))

    try:
        with open(path, "rb", opener=without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UnreadablePolicyError("malformed")
            # Who may write the folder can replace the file.
            if _is_exposed(found) or _is_exposed(path.parent.stat()):
                raise UnreadablePolicyError("exposed")
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(data) > LARGEST:
        raise UnreadablePolicyError("too_large")
    return data


def _is_exposed(found: os.stat_result) -> bool:
    """Whether users can write a file or a folder."""
    return found.st_uid != _ADMINISTRATOR or bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def parse_json(data: bytes) -> Mapping[Any, object]:
    """The object of a JSON text without repeated names. Raises UnreadablePolicyError."""
    if len(data) > LARGEST:
        raise UnreadablePolicyError("too_large")
    try:
        # Some editors on Windows write a byte order mark.
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnreadablePolicyError("malformed") from error
    return _mapping(found)


def parse_preferences(data: bytes) -> Mapping[Any, object]:
    """The managed preferences in the property list that macOS writes for a domain. Raises
    UnreadablePolicyError.
    """
    # Imported here, because it loads an XML parser that other systems do not need.
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        found = plistlib.loads(data)
    except (ValueError, TypeError, LookupError, RecursionError, ExpatError) as error:
        raise UnreadablePolicyError("malformed") from error
    # macOS adds its own entries.
    return {
        name: value
        for name, value in _mapping(found).items()
        if not str(name).startswith("Payload")
    }


def _mapping(found: object) -> Mapping[Any, object]:
    """The object in a file. A null must not count as the absence of a policy."""
    if not isinstance(found, Mapping):
        raise UnreadablePolicyError("malformed")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _read_registry() -> Mapping[str, object] | None:
    if sys.platform == "win32":
        from ui.settings.policy.windows_registry import read_machine_key

        return read_machine_key(KEY)
    raise OSError(f"{KEY} is a key of Windows")
