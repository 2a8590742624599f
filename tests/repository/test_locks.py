"""The locks match pyproject.toml on every platform, and contain nothing of this machine.

The npm packages, which only tests use, have npm's own lock.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repository.tree import ROOT, pyproject

LOCKS = (
    *("run", "test", "bootstrap", "client", "marketplace", "packaging", "wine"),
    *("windows-python", "interop"),
)
#: What each lock contains of pyproject.toml: extras and groups.
CONTENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "run": (("client", "pynput", "marketplace"), ("build",)),
    "test": (("client", "pynput", "marketplace"), ("dev",)),
    "client": (("client", "pynput"), ()),
    "marketplace": (("marketplace",), ()),
    "packaging": ((), ("packaging",)),
}


@dataclass
class Locked:
    requirement: Requirement
    hashes: int
    via: set[str]


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def parse(text: str) -> list[Locked]:
    found: list[Locked] = []
    for line in text.splitlines():
        if line and line[0].isalnum():
            found.append(Locked(Requirement(line.rstrip("\\ ")), 0, set()))
        elif line.startswith("    --hash=sha256:"):
            found[-1].hashes += 1
        elif match := re.fullmatch(r"    #\s+(?:via )?(\S.*)", line):
            found[-1].via.add(match[1])
    return found


def declared(lock: str) -> list[Requirement]:
    """The requirements of pyproject.toml for this lock."""
    whole = pyproject()
    extras, groups = CONTENTS[lock]
    requirements = list(whole["project"]["dependencies"]) if extras else []
    for extra in extras:
        requirements += whole["project"]["optional-dependencies"][extra]
    for group in groups:
        for word in whole["dependency-groups"][group]:
            if isinstance(word, dict):
                requirements += whole["dependency-groups"][word["include-group"]]
            else:
                requirements.append(word)
    return [Requirement(word) for word in requirements]


@pytest.mark.parametrize("lock", CONTENTS)
def test_everything_that_is_asked_for_is_locked_and_nothing_is_left_over(lock: str) -> None:
    asked = {canonicalize_name(requirement.name) for requirement in declared(lock)}
    locked = {
        canonicalize_name(entry.requirement.name)
        for entry in parse(text_of(lock))
        if any(via.startswith("workdiary (pyproject.toml") for via in entry.via)
    }
    assert locked == asked


@pytest.mark.parametrize("lock", CONTENTS)
def test_the_locked_versions_are_those_that_are_asked_for(lock: str) -> None:
    wanted = {canonicalize_name(r.name): r.specifier for r in declared(lock)}
    for entry in parse(text_of(lock)):
        name = canonicalize_name(entry.requirement.name)
        (pinned,) = entry.requirement.specifier
        assert pinned.operator == "=="
        assert wanted.get(name, entry.requirement.specifier).contains(pinned.version), name


def test_the_smaller_locks_are_cut_from_the_larger() -> None:
    def versions(lock: str) -> set[tuple[str, str]]:
        # A marker may be narrower: pynput is for two systems only, and for the tests on all three.
        found = (entry.requirement for entry in parse(text_of(lock)))
        return {(canonicalize_name(each.name), str(each.specifier)) for each in found}

    for lock in ("run", "bootstrap", "client", "marketplace"):
        assert versions(lock) <= versions("test")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_file_is_known_by_its_hash(lock: str) -> None:
    entries = parse(text_of(lock))
    assert entries
    assert [str(entry.requirement) for entry in entries if entry.hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_package_index(lock: str) -> None:
    forbidden = [
        line for line in text_of(lock).splitlines() if "://" in line or line.startswith("-")
    ]
    assert forbidden == []


def test_the_locks_cover_all_three_systems_and_need_no_compiler() -> None:
    markers = {
        str(canonicalize_name(entry.requirement.name)): str(entry.requirement.marker or "")
        for entry in parse(text_of("run"))
    }
    assert "darwin" in markers["pyobjc-core"]
    assert "win32" in markers["pywin32-ctypes"]
    assert "linux" in markers["secretstorage"]
    assert markers["pynput"] == 'sys_platform == "darwin" or sys_platform == "win32"'
    assert "evdev" not in markers
    tests = {str(canonicalize_name(e.requirement.name)): e for e in parse(text_of("test"))}
    assert str(tests["evdev"].requirement.marker) == 'sys_platform == "none"'


def npm(name: str) -> Any:
    return json.loads((ROOT / "tests" / "interop" / name).read_bytes())


def test_the_npm_packages_are_those_that_are_asked_for_each_in_one_version() -> None:
    asked = npm("package.json")["dependencies"]
    locked = npm("package-lock.json")["packages"]
    assert locked.pop("")["dependencies"] == asked
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    # An exact version, and not a range of versions.
    assert all(re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version) for version in asked.values())


def test_every_npm_package_is_known_by_its_hash_and_names_no_registry() -> None:
    packages = npm("package-lock.json")["packages"]
    packages.pop("")
    assert len(packages) > 3
    for name, locked in packages.items():
        assert locked["integrity"].startswith("sha512-"), name
        assert "resolved" not in locked, name
