"""The policy of a computer: it restricts what is recorded, hides nothing, and is the
administrator's alone.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.masking.rules import Rules
from ui.settings import policy as policy_module
from ui.settings import settings as settings_module
from ui.settings.policy import Policy, load_policy, parse_policy, policy_file
from ui.settings.settings import (
    COUNT_INPUT,
    LANGUAGE,
    MARKETPLACE,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    SCREENS,
    TABLE,
    THEME,
    Settings,
    load,
    save,
)

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")


def policy(**settings: Any) -> tuple[Policy, tuple[str, ...]]:
    return parse_policy(json.dumps({"settings": settings}).encode(), TABLE)


def test_a_policy_can_restrict_and_cannot_loosen() -> None:
    made, problems = policy(count_input=False, picture_in_toast=False, pictures_show="pointer")
    assert made.values == {
        "count_input": False,
        "picture_in_toast": False,
        "pictures_show": "pointer",
    }
    assert problems == ()
    made, problems = policy(count_input=True, picture_in_toast=True, pictures_show="all")
    assert made.values == {}
    assert len(problems) == 3


def test_a_policy_cannot_set_what_only_the_person_decides() -> None:
    made, problems = policy(theme="dark", close_explained=True, remind_at=["09:00"], invented=1)
    assert made.values == {}
    assert len(problems) == 4


def test_a_policy_can_set_a_language_that_the_program_has() -> None:
    made, problems = policy(language="pt")
    assert problems == ()
    settings = replace(Settings().changed(LANGUAGE, "de"), policy=made)
    assert settings.text(LANGUAGE) == "pt"
    made, problems = policy(language="xx")
    assert made.values == {}
    assert problems == ("the value of language is not one that a policy may set",)


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("https://work.example.org", "https://work.example.org"),
        ("Work.Example.org/", "https://work.example.org"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_policy_can_set_the_marketplace(address: str, used: str) -> None:
    made, problems = policy(marketplace=address)
    assert problems == ()
    own = Settings().changed(MARKETPLACE, "https://own.example")
    assert own.policy_address == ""
    assert replace(own, policy=made).policy_address == used


@pytest.mark.parametrize(
    "address", ["", " ", "no address", "ftp://a.example", "https://ana@a.example", "x" * 400, 7, []]
)
def test_a_malformed_address_of_a_policy_is_reported(address: Any) -> None:
    made, problems = policy(marketplace=address, count_input=False)
    assert problems == ("the value of marketplace is not one that a policy may set",)
    assert made.values == {"count_input": False}
    assert Settings(policy=made).policy_address == ""


@pytest.mark.parametrize("row", [row for row in TABLE if row.policy], ids=lambda row: row.name)
def test_every_value_that_a_policy_may_set_is_valid_and_not_the_default(row: Any) -> None:
    assert all(row.accepts(value) and value != row.default for value in row.policy)


def test_a_policys_value_is_in_force_and_the_persons_own_is_kept(tmp_path: Path) -> None:
    own = Settings().changed(SCREENS, "all").changed(MASKED_APPLICATIONS, ("Signal", "KeePassXC"))
    made, _ = policy(
        count_input=False, pictures_show="pointer", masked_applications=["KeePassXC", "Vault"]
    )
    settings = replace(own, policy=made)
    assert not settings.flag(COUNT_INPUT)
    assert settings.text(SCREENS) == "pointer"
    assert settings.texts(MASKED_APPLICATIONS) == ("KeePassXC", "Vault", "Signal")
    assert settings.rules() == Rules(frozenset({"keepassxc", "vault", "signal"}))
    assert settings.is_locked(COUNT_INPUT)
    assert not settings.is_locked(THEME)
    # Saved and loaded without the policy, the person's own values apply again.
    save(tmp_path / "settings.json", settings.changed(THEME, "dark"))
    again = load(tmp_path / "settings.json")
    assert again.flag(COUNT_INPUT)
    assert again.texts(MASKED_APPLICATIONS) == ("Signal", "KeePassXC")
    assert again.text(THEME) == "dark"


@pytest.mark.parametrize(
    "data",
    [b"", b"nothing", b"[]", b'{"settings": []}', b'{"settings": null}', b"[" * 100_000, b"\xff"],
)
def test_a_malformed_policy_sets_nothing_and_is_reported(data: bytes) -> None:
    made, problems = parse_policy(data, TABLE)
    assert (made.values, made.unreadable, len(problems)) == ({}, True, 1)


def test_one_invalid_entry_leaves_the_others() -> None:
    made, problems = policy(count_input="no", masked_regions=["0,0 5x5"], masked_applications=[7])
    assert made.values == {MASKED_REGIONS.name: ("0,0 5x5",)}
    assert len(problems) == 2


def test_the_organisations_name_is_one_short_line() -> None:
    data = json.dumps({"organisation": "Acme\n\u202eIT" + "x" * 200, "settings": {}}).encode()
    made, _ = parse_policy(data, TABLE)
    assert "\n" not in made.organisation
    assert "\u202e" not in made.organisation
    assert len(made.organisation) <= 80
    made, problems = parse_policy(b'{"organisation": 7, "settings": {"count_input": false}}', TABLE)
    assert (made.organisation, made.values) == ("", {"count_input": False})
    assert problems == ("the organisation is not a text",)


def test_a_problem_does_not_repeat_a_list() -> None:
    _, problems = policy(masked_applications=["Ana's private chat", ""])
    assert len(problems) == 1
    assert "Ana" not in problems[0]


NAMES = st.text() | st.sampled_from([row.name for row in TABLE])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
)


@given(JSON)
def test_any_json_gives_only_values_that_a_policy_may_set(value: Any) -> None:
    for data in (value, {"settings": value}):
        made, _ = parse_policy(json.dumps(data).encode(), TABLE)
        rows = {row.name: row for row in TABLE}
        assert all(rows[name].accepts(given) for name, given in made.values.items())
        assert made.values.get(COUNT_INPUT.name) is not True
        assert made.values.get(PICTURE_IN_TOAST.name) is not True


@pytest.fixture
def administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person who runs the tests is the administrator."""
    if os.name != "nt":
        monkeypatch.setattr(policy_module, "_ADMINISTRATOR", os.getuid())


def test_the_policy_is_read_with_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, administrator: None
) -> None:
    path = tmp_path / "policy.json"
    monkeypatch.setattr(settings_module, "policy_file", lambda: path)
    assert load(tmp_path / "settings.json").policy == Policy()
    path.write_text('{"organisation": "Acme IT", "settings": {"count_input": false}}')
    path.chmod(0o644)
    settings = load(tmp_path / "settings.json")
    assert settings.policy == Policy({"count_input": False}, "Acme IT", str(path))
    assert not settings.flag(COUNT_INPUT)


@posix
@pytest.mark.expected_logs("the policy is not used")
@pytest.mark.parametrize("wrong", ["group", "others", "owner", "size", "kind"])
def test_a_file_that_others_may_write_is_not_a_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, administrator: None, wrong: str
) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{"settings": {"count_input": false}}')
    path.chmod(0o644)
    assert load_policy(path, TABLE).values
    if wrong == "owner":
        monkeypatch.setattr(policy_module, "_ADMINISTRATOR", os.getuid() + 1)
    elif wrong == "size":
        path.write_text('{"settings": {}}' + " " * 70_000)
    elif wrong == "kind":
        path = Path(os.devnull)
    else:
        path.chmod(0o644 | (stat.S_IWGRP if wrong == "group" else stat.S_IWOTH))
    assert load_policy(path, TABLE) == Policy(file=str(path), unreadable=True)


@pytest.mark.expected_logs("the policy could not be read")
def test_a_policy_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    assert load_policy(tmp_path, TABLE) == Policy(file=str(tmp_path), unreadable=True)


def test_the_place_of_the_policy_belongs_to_the_administrator() -> None:
    assert policy_file("linux", {}).as_posix() == "/etc/workdiary/policy.json"
    assert policy_file("darwin", {}).as_posix().startswith("/Library/")
    parts = PurePosixPath(policy_file("win32", {"ProgramData": "C:/ProgramData"}).as_posix()).parts
    assert parts == ("C:", "ProgramData", "Workdiary", "policy.json")
