"""Settings: one table; what does not fit is told and has its default."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.settings import PICTURE_IN_TOAST, TABLE, THEME, Setting, Settings, load, parse, save


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_default_is_in_its_own_range(row: Setting) -> None:
    assert row.accepts(row.default)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_a_policy_may_fix_says_which_way_protects_the_person(row: Setting) -> None:
    assert row.lockable == bool(row.tightens)


def test_no_setting_hides_that_something_is_recorded() -> None:
    names = {row.name for row in TABLE}
    assert names == {"theme", "picture_in_toast", "count_input"}


NUMBER = Setting("days", 7, (1, 30))


@pytest.mark.parametrize(
    ("row", "value", "fits"),
    [
        (THEME, "dark", True),
        (THEME, "pink", False),
        (THEME, True, False),
        (PICTURE_IN_TOAST, False, True),
        (PICTURE_IN_TOAST, 0, False),
        (NUMBER, 30, True),
        (NUMBER, 31, False),
        (NUMBER, True, False),
        (NUMBER, 7.0, False),
    ],
)
def test_a_value_must_have_its_rows_type_and_range(row: Setting, value: object, fits: bool) -> None:
    assert row.accepts(value) is fits


def test_a_bad_value_is_told_and_the_rest_is_kept() -> None:
    data = b'{"theme": "pink", "picture_in_toast": false, "from_the_future": [1]}'
    settings, problems = parse(data)
    assert settings.text(THEME) == "system"
    assert not settings.flag(PICTURE_IN_TOAST)
    assert problems == ("theme cannot be 'pink'; it stays 'system'",)
    assert settings.unknown == {"from_the_future": [1]}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_file_that_is_none_means_the_defaults(data: bytes) -> None:
    settings, problems = parse(data)
    assert settings == Settings()
    assert len(problems) == 1


@given(
    st.dictionaries(st.sampled_from(["theme", "picture_in_toast", "x"]), st.text() | st.booleans())
)
def test_whatever_the_file_holds_each_setting_has_a_value_that_fits(raw: dict[str, object]) -> None:
    settings, _ = parse(json.dumps(raw).encode())
    assert all(row.accepts(settings.values[row.name]) for row in TABLE)


def test_what_is_saved_comes_back_with_what_a_newer_version_wrote(tmp_path: Path) -> None:
    file = tmp_path / "base" / "settings.json"
    settings, _ = parse(b'{"newer": {"a": 1}}')
    save(file, settings.changed(THEME, "dark"))
    assert load(file) == settings.changed(THEME, "dark")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.json") == Settings()


@pytest.mark.expected_logs("settings: theme cannot be 'pink'")
def test_a_bad_value_is_written_to_the_log(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"theme": "pink"}')
    assert load(file) == Settings()


def test_a_value_that_does_not_fit_cannot_be_set() -> None:
    with pytest.raises(ValueError, match="theme cannot be 'pink'"):
        Settings().changed(THEME, "pink")
