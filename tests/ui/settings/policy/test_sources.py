"""The places of a policy: their owner, their form and their order."""

from __future__ import annotations

import json
import os
import plistlib
import stat
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from ui.settings import settings as settings_module
from ui.settings.policy import sources
from ui.settings.policy.policy import Policy
from ui.settings.policy.registry import RegistryPolicy
from ui.settings.policy.sources import (
    PolicyFile,
    load_policy,
    parse_json,
    parse_preferences,
    policy_sources,
)
from ui.settings.settings import COUNT_INPUT, TABLE, load

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")

CONTENT = {"organisation": "Acme IT", "enforced": {"count_input": False}}


@pytest.fixture(autouse=True)
def administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person who runs the tests is the administrator."""
    if os.name != "nt":
        monkeypatch.setattr(sources, "_ADMINISTRATOR", os.getuid())


def written(path: Path, data: bytes | str | dict[str, Any]) -> Path:
    if isinstance(data, dict):
        data = json.dumps(data)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    path.chmod(0o644)
    return path


def loaded(path: Path) -> Policy:
    return load_policy((PolicyFile(path, parse_json),), TABLE)


def preferences(path: Path) -> Policy:
    return load_policy((PolicyFile(path, parse_preferences, has_line=True),), TABLE)


def code(policy: Policy) -> str:
    [problem] = policy.problems
    assert policy.unreadable
    assert policy.withholds
    return problem.code


def test_the_policy_is_read_with_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "policy.json"
    monkeypatch.setattr(
        settings_module, "policy_sources", lambda _: (PolicyFile(path, parse_json),)
    )
    assert load(tmp_path / "settings.json").policy == Policy()
    written(path, CONTENT)
    settings = load(tmp_path / "settings.json")
    assert settings.policy == Policy({"count_input": False}, "Acme IT", str(path))
    assert not settings.flag(COUNT_INPUT)


@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_may_have_one_line_or_many(tmp_path: Path, start: str, indent: int | None) -> None:
    text = start + json.dumps(CONTENT, indent=indent)
    assert loaded(written(tmp_path / "policy.json", text)).enforced == {"count_input": False}


@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        b"[]",
        b"null",
        b'{"enforced": null}',
        b"[" * 60_000,
        b"\xff",
        b'{"enforced": {"count_input": false}, "enforced": {}}',
        b'{"enforced": {"count_input": 1' + b"0" * 5000 + b"}}",
    ],
)
def test_a_malformed_file_withholds_pictures(tmp_path: Path, data: bytes) -> None:
    assert code(loaded(written(tmp_path / "policy.json", data))) == "malformed"


@posix
@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("group", "exposed"),
        ("others", "exposed"),
        ("owner", "exposed"),
        ("folder", "exposed"),
        ("size", "too_large"),
        ("kind", "malformed"),
        ("pipe", "malformed"),
    ],
)
def test_a_file_that_others_may_write_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, problem: str
) -> None:
    path = written(tmp_path / "policy.json", {"enforced": {"language": "de"}})
    assert loaded(path).enforced == {"language": "de"}
    if wrong == "owner":
        monkeypatch.setattr(sources, "_ADMINISTRATOR", os.getuid() + 1)
    elif wrong == "size":
        path.write_text('{"enforced": {}}' + " " * 70_000)
    elif wrong == "folder":
        tmp_path.chmod(0o770)
    elif wrong == "kind":
        path = Path(os.devnull)
    elif wrong == "pipe":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    else:
        path.chmod(0o644 | (stat.S_IWGRP if wrong == "group" else stat.S_IWOTH))
    made = loaded(path)
    assert code(made) == problem
    assert "language" not in made.enforced


@pytest.mark.expected_logs("the policy could not be read", "policy:")
def test_a_file_that_cannot_be_read_withholds_pictures(tmp_path: Path) -> None:
    assert code(loaded(tmp_path)) == "unreadable"


def test_a_missing_file_is_no_policy(tmp_path: Path) -> None:
    written(tmp_path / "file", "")
    assert loaded(tmp_path / "policy.json") == Policy()
    assert loaded(tmp_path / "file" / "policy.json") == Policy()


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_managed_preferences_are_a_property_list(tmp_path: Path, form: Any) -> None:
    content = {**CONTENT, "PayloadUUID": "x", "defaults": {"remind_at": ["09:00"]}}
    path = written(tmp_path / "x.plist", plistlib.dumps(content, fmt=form))
    made = preferences(path)
    assert made == Policy({"count_input": False}, "Acme IT", str(path), {"remind_at": ("09:00",)})


@pytest.mark.expected_logs("policy:")
def test_a_name_in_managed_preferences_may_be_a_number(tmp_path: Path) -> None:
    data = plistlib.dumps({"x": [1]}, fmt=plistlib.FMT_BINARY).replace(b"Qx", b"\x10\x07")
    made = preferences(written(tmp_path / "x.plist", data))
    assert [(each.code, each.name) for each in made.problems] == [("unknown_entry", "7")]


@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bplist00",
        b"bplist00" + b"\xff" * 40,
        b"<plist><dict><key>enforced</key></dict></plist>",
        b"<plist><dict>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><plist><string>&b;</string></plist>',
        plistlib.dumps([1]),
        plistlib.dumps({"x": [1]}, fmt=plistlib.FMT_BINARY).replace(b"\xd1", b"\x00", 1),
        b"<plist>" + b"<array>" * 6000,
    ],
)
def test_a_malformed_property_list_withholds_pictures(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path / "x.plist", data)
    assert code(preferences(path)) == "malformed"


def both(content: dict[str, Any], path: Path) -> Policy:
    """The policy of managed preferences with the value `Policy`."""
    return preferences(written(path, plistlib.dumps(content)))


def test_a_whole_policy_may_be_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.plist"
    made = both({"Policy": json.dumps(CONTENT)}, path)
    assert made == Policy({"count_input": False}, "Acme IT", f"{path}, Policy")
    # Single values come first.
    made = both({"Policy": json.dumps(CONTENT), "organisation": "IT"}, path)
    assert (made.organisation, made.enforced) == ("IT", {"count_input": False})
    assert both({"organisation": "IT"}, path) == Policy(organisation="IT", place=str(path))


@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize("line", [7, "", "{", "[]", "null", b"{}", "x" * 70_000, "\ud800"])
def test_a_malformed_line_withholds_pictures(tmp_path: Path, line: object) -> None:
    registry = RegistryPolicy(lambda: {"Policy": line}, TABLE)
    made = load_policy((registry,), TABLE)
    assert code(made) == ("too_large" if isinstance(line, str) and len(line) > 100 else "malformed")


def test_the_places_belong_to_the_administrator() -> None:
    def places(platform: str) -> list[str]:
        found = policy_sources(TABLE, platform)
        return [PurePosixPath(each.place).as_posix() for each in found]

    assert places("linux") == ["/etc/workdiary/policy.json"]
    managed = "/Library/Managed Preferences/org.workdiary.Workdiary.plist"
    assert places("darwin") == [
        managed,
        "/Library/Application Support/Workdiary/policy.json",
    ]
    # No file: users of Windows can create folders in %ProgramData%.
    assert places("win32") == ["HKEY_LOCAL_MACHINE\\Software\\Policies\\Workdiary"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has a registry")
@pytest.mark.expected_logs("the policy could not be read", "policy:")
def test_the_registry_is_only_read_on_windows() -> None:
    assert code(load_policy(policy_sources(TABLE, "win32"), TABLE)) == "unreadable"
