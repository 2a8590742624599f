r"""Reads the policy from its places on each system.

A computer may have a policy in several places. Each setting has the value of the first place in
this list that sets it:

- Linux: `/etc/workdiary/policy.json`
- Windows: the values below `HKEY_LOCAL_MACHINE\Software\Policies\Workdiary`; its value `Policy`,
  the whole policy as one line of JSON; `%ProgramData%\Workdiary\policy.json`
- macOS: the managed preferences of `org.workdiary.Workdiary` for all users; their value `Policy`;
  `/Library/Application Support/Workdiary/policy.json`

Rule kept: on Linux and macOS, a file that other users than the administrator may write is not used.
"""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from collections.abc import Mapping, Sequence
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

    def read(self) -> object | None:
        """The policy as a value of JSON types; None without a policy. Raises OSError or
        UnreadablePolicyError.
        """


@dataclass(frozen=True)
class JsonFile:
    """A file of JSON, on one line or several."""

    path: Path

    @property
    def place(self) -> str:
        return str(self.path)

    def read(self) -> object | None:
        """See `PolicySource`."""
        data = _read(self.path)
        return None if data is None else parse_json(data)


@dataclass(frozen=True)
class ManagedPreferences:
    """The property list that macOS writes for the managed preferences of a domain."""

    path: Path

    @property
    def place(self) -> str:
        return str(self.path)

    def read(self) -> object | None:
        """See `PolicySource`."""
        data = _read(self.path)
        if data is None:
            return None
        # Imported here, because it loads an XML parser that other systems do not need.
        import plistlib
        from xml.parsers.expat import ExpatError

        try:
            found = plistlib.loads(data)
        except (ValueError, TypeError, LookupError, RecursionError, ExpatError) as error:
            raise UnreadablePolicyError("malformed") from error
        if not isinstance(found, Mapping):
            return found
        # macOS adds its own entries.
        return {name: value for name, value in found.items() if not name.startswith("Payload")}


@dataclass(frozen=True)
class OneLine:
    """The value `Policy` of another source: a whole policy as one line of JSON."""

    within: PolicySource

    @property
    def place(self) -> str:
        return f"{self.within.place}, {ONE_LINE}"

    def read(self) -> object | None:
        """See `PolicySource`."""
        found = self.within.read()
        if not isinstance(found, Mapping) or ONE_LINE not in found:
            return None
        line = found[ONE_LINE]
        if not isinstance(line, str):
            raise UnreadablePolicyError("malformed")
        return parse_json(line.encode(errors="surrogatepass"))


@dataclass(frozen=True)
class WithoutLine:
    """Another source, without its value `Policy`."""

    within: PolicySource

    @property
    def place(self) -> str:
        return self.within.place

    def read(self) -> object | None:
        """See `PolicySource`."""
        found = self.within.read()
        if not isinstance(found, Mapping) or ONE_LINE not in found:
            return found
        return {name: value for name, value in found.items() if name != ONE_LINE} or None


def policy_sources(
    table: Sequence[Setting], platform: str = sys.platform, environ: Mapping[str, str] = os.environ
) -> tuple[PolicySource, ...]:
    """The places of a policy on a system. If several set a setting, the first of them counts."""
    if platform == "win32":
        folder = Path(environ.get("ProgramData", r"C:\ProgramData")) / "Workdiary"
        registry = RegistryPolicy(_read_registry, table)
        return WithoutLine(registry), OneLine(registry), JsonFile(folder / "policy.json")
    if platform == "darwin":
        managed = ManagedPreferences(Path("/Library/Managed Preferences") / f"{DOMAIN}.plist")
        file = Path("/Library/Application Support/Workdiary/policy.json")
        return WithoutLine(managed), OneLine(managed), JsonFile(file)
    return (JsonFile(Path("/etc/workdiary/policy.json")),)


def load_policy(sources: Sequence[PolicySource], table: Sequence[Setting]) -> Policy:
    """Read all sources and merge their policies. Problems are logged, never raised."""
    found = [policy for source in sources if (policy := _load(source, table)) is not None]
    if not found:
        return Policy()
    policy = merged(found)
    for problem in policy.problems:
        log.warning("policy: %s", problem)
    return policy


def _load(source: PolicySource, table: Sequence[Setting]) -> Policy | None:
    try:
        raw = source.read()
    except UnreadablePolicyError as error:
        return unreadable(source.place, error.code, table)
    except OSError as error:
        log.warning("the policy could not be read: %s", error.strerror)
        return unreadable(source.place, "unreadable", table)
    return None if raw is None else parse_policy(raw, source.place, table)


def _read(path: Path) -> bytes | None:
    """The bytes of an administrator's file; None if it does not exist. Raises OSError or
    UnreadablePolicyError.
    """
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UnreadablePolicyError("malformed")
            others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            # On Windows the owner is not checked: administrators restrict the folder (it-guide.md).
            if sys.platform != "win32" and (found.st_uid != _ADMINISTRATOR or others):
                raise UnreadablePolicyError("exposed")
            data = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if len(data) > LARGEST:
        raise UnreadablePolicyError("too_large")
    return data


def parse_json(data: bytes) -> object:
    """The value of a JSON text without repeated names. Raises UnreadablePolicyError."""
    if len(data) > LARGEST:
        raise UnreadablePolicyError("too_large")
    try:
        # Some editors on Windows write a byte order mark.
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise UnreadablePolicyError("malformed") from error


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
