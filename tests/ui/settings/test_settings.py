"""Settings: one table; invalid values are logged and replaced by their default."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.masking.rules import Rules
from ui.settings.setting import Setting
from ui.settings.settings import (
    BLUR,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    SCREENS,
    SHOWN_APPLICATIONS,
    SHOWN_WINDOWS,
    TABLE,
    THEME,
    Settings,
    load,
    parse,
    save,
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_default_is_in_its_own_range(row: Setting) -> None:
    assert row.accepts(row.default)


def test_no_setting_hides_that_something_is_recorded() -> None:
    names = {row.name for row in TABLE}
    assert names == {
        "language",
        "theme",
        "more_contrast",
        "picture_in_toast",
        "quiet",
        "remind_after_hours",
        "remind_at",
        "count_input",
        "start_at_login",
        "shortcut",
        "pictures_show",
        "masked_applications",
        "masked_regions",
        "shown_windows",
        "shown_applications",
        "picture_blur",
        "contract_rules",
        "close_explained",
        "marketplace",
        "network",
        "proxy",
        "proxy_user",
        "proxy_script",
        "certificate_authority",
        "update_channel",
        "update_server",
        "minimum_review_s",
        "disk_share_gb",
    }


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
        (SCREENS, "pointer", True),
        (SCREENS, "2", False),
        (MASKED_APPLICATIONS, ("KeePassXC", "Signal"), True),
        (MASKED_APPLICATIONS, ("KeePassXC", " "), False),
        (MASKED_APPLICATIONS, ["KeePassXC"], False),
        (MASKED_APPLICATIONS, "KeePassXC", False),
        (MASKED_APPLICATIONS, (7,), False),
        (MASKED_APPLICATIONS, ("a",) * 100, True),
        (MASKED_APPLICATIONS, ("a",) * 101, False),
        (MASKED_REGIONS, ("-1920,0 640x480",), True),
        (MASKED_REGIONS, ("everything",), False),
    ],
)
def test_a_value_must_have_its_rows_type_and_range(row: Setting, value: object, fits: bool) -> None:
    assert row.accepts(value) is fits


def test_a_bad_value_is_reported_and_the_rest_is_kept() -> None:
    data = b'{"theme": "pink", "picture_in_toast": false, "from_the_future": [1]}'
    settings, problems = parse(data)
    assert settings.text(THEME) == "system"
    assert not settings.flag(PICTURE_IN_TOAST)
    assert problems == ("theme cannot be 'pink'; it stays 'system'",)
    assert settings.unknown == {"from_the_future": [1]}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"null"])
def test_an_invalid_file_means_the_defaults(data: bytes) -> None:
    settings, problems = parse(data)
    assert settings.values == Settings().values
    assert len(problems) == 1
    # It may have contained masked applications.
    assert settings.rules() == Rules(unreadable=True)


def test_lists_become_rules_and_are_restored_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings().changed(MASKED_APPLICATIONS, ("KeePassXC",))
    settings = settings.changed(MASKED_REGIONS, ("10,20 30x40",))
    save(file, settings)
    assert load(file) == settings
    assert load(file).rules() == Rules(frozenset({"keepassxc"}), ((10, 20, 30, 40),))
    assert Settings().rules() == Rules()


def test_the_shown_applications_and_the_blur_become_rules(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings().changed(SHOWN_APPLICATIONS, ("Code", "xterm"))
    assert settings.rules() == Rules(), "the list alone changes nothing"
    settings = settings.changed(SHOWN_WINDOWS, "listed").changed(BLUR, "light")
    save(file, settings)
    assert load(file).rules() == Rules(allowed=frozenset({"code", "xterm"}), blur=8)
    empty = settings.changed(SHOWN_APPLICATIONS, ()).changed(BLUR, "strong")
    assert empty.rules() == Rules(allowed=frozenset(), blur=32)


@pytest.mark.parametrize(
    "data",
    [
        b'{"shown_windows": "some"}',
        b'{"shown_windows": null}',
        b'{"shown_applications": ["x", 1]}',
        b'{"picture_blur": "little"}',
        b'{"picture_blur": 8}',
    ],
)
def test_a_rule_that_does_not_fit_hides_everything_until_it_is_confirmed(data: bytes) -> None:
    settings, problems = parse(data)
    assert len(problems) == 1
    assert settings.rules() == Rules(unreadable=True)
    assert settings.confirmed().rules() == Rules()


@pytest.mark.parametrize(
    "value", ['"KeePassXC"', '["KeePassXC", ""]', "null", "[1]", '{"KeePassXC": true}']
)
def test_a_list_that_does_not_fit_hides_everything_and_is_kept_until_it_is_set_again(
    tmp_path: Path, value: str
) -> None:
    file = tmp_path / "settings.json"
    settings, problems = parse(b'{"masked_applications": %s}' % value.encode())
    assert problems == (
        "masked_applications does not fit; pictures are withheld until it is set again",
    )
    assert settings.rules() == Rules(unreadable=True)
    save(file, settings.changed(THEME, "dark"))
    assert json.loads(file.read_bytes())["masked_applications"] == json.loads(value)
    again, _ = parse(file.read_bytes())
    assert again.rules() == Rules(unreadable=True)
    save(file, again.changed(MASKED_APPLICATIONS, ("KeePassXC",)))
    assert load(file).rules() == Rules(frozenset({"keepassxc"}))


@pytest.mark.expected_logs("pictures are withheld", "the file is not JSON")
@pytest.mark.parametrize("text", ["{", "[" * 60_000], ids=["cut", "deep"])
def test_a_file_that_was_none_hides_everything_also_after_another_setting_is_changed(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text)
    save(file, load(file).changed(THEME, "dark"))
    assert load(file).rules() == Rules(unreadable=True)


@pytest.mark.expected_logs("settings could not be read")
def test_a_file_that_cannot_be_read_hides_everything(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    assert load(tmp_path / "settings.json").rules() == Rules(unreadable=True)


@given(
    st.dictionaries(
        st.sampled_from(
            ["theme", "picture_in_toast", "masked_applications", "masked_regions", "x"]
        ),
        st.text() | st.booleans() | st.lists(st.text() | st.integers()),
    )
)
def test_whatever_the_file_holds_each_setting_has_a_value_that_fits(raw: dict[str, object]) -> None:
    settings, _ = parse(json.dumps(raw).encode())
    assert all(row.accepts(settings.value(row)) for row in TABLE)


def test_what_is_saved_round_trips_with_what_a_newer_version_wrote(tmp_path: Path) -> None:
    file = tmp_path / "base" / "settings.json"
    settings, _ = parse(b'{"newer": {"a": 1}}')
    save(file, settings.changed(THEME, "dark"))
    assert load(file) == settings.changed(THEME, "dark")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_only_what_the_person_has_set_is_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    save(file, Settings().changed(THEME, "system").changed(PICTURE_IN_TOAST, False))
    content = json.loads(file.read_bytes())
    assert content == {"format": 2, "theme": "system", "picture_in_toast": False}
    settings = load(file)
    assert [settings.source(row) for row in (THEME, PICTURE_IN_TOAST, SCREENS)] == [
        "user", "user", "built_in",
    ]  # fmt: skip
    assert settings.reset(THEME) == Settings().changed(PICTURE_IN_TOAST, False)


def test_a_file_with_every_row_has_set_those_that_differ(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    every = {row.name: row.default for row in TABLE} | {"theme": "dark", "newer": 1}
    file.write_text(json.dumps(every))
    settings = load(file)
    assert settings.values == {"theme": "dark"}
    assert settings.unknown == {"newer": 1}
    save(file, settings)
    assert json.loads(file.read_bytes()) == {"format": 2, "theme": "dark", "newer": 1}


def test_rows_can_be_taken_from_other_settings() -> None:
    one = Settings().changed(THEME, "dark").changed(BLUR, "light").changed(SCREENS, "pointer")
    other = Settings().changed(BLUR, "strong")
    made = one.with_rows((THEME, BLUR), other)
    assert made.values == {"pictures_show": "pointer", "picture_blur": "strong"}


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


ONE, OTHER = "a" * 22, "b" * 22


def test_rules_of_a_contract_are_added_and_restored_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings().changed(MASKED_APPLICATIONS, ("KeePassXC",)).changed(BLUR, "light")
    settings = settings.changed_for(ONE, MASKED_APPLICATIONS, ("Mail",))
    settings = settings.changed_for(ONE, SHOWN_APPLICATIONS, ("Code",))
    settings = settings.changed_for(ONE, SHOWN_WINDOWS, "listed")
    settings = settings.changed_for(OTHER, BLUR, "strong")
    save(file, settings)
    assert load(file) == settings
    assert load(file).contract_rules() == {
        ONE: Rules(frozenset({"mail"}), allowed=frozenset({"code"})),
        OTHER: Rules(blur=32),
    }
    assert load(file).rules() == Rules(frozenset({"keepassxc"}), blur=8)


def test_a_contract_without_rules_of_its_own_leaves_the_file() -> None:
    settings = Settings().changed_for(ONE, BLUR, "strong").changed_for(ONE, BLUR, "none")
    assert settings == Settings()
    assert settings.of_contract(BLUR, ONE) == "none"


@pytest.mark.parametrize(
    "value",
    [
        "7",
        "[]",
        '{"short": {}}',
        json.dumps({ONE: []}),
        json.dumps({ONE: {"picture_blur": "little"}}),
        json.dumps({ONE: {"masked_applications": "Mail"}}),
        json.dumps({ONE: {"masked_regions": ["0,0 10x10"]}}),
        json.dumps({ONE: {"theme": "dark"}}),
        json.dumps({f"{number:022}": {} for number in range(1001)}),
    ],
)
def test_contract_rules_that_do_not_fit_hide_everything_and_are_kept_until_confirmed(
    tmp_path: Path, value: str
) -> None:
    settings, problems = parse(b'{"contract_rules": %s}' % value.encode())
    assert problems == ("contract_rules does not fit; pictures are withheld until it is set again",)
    assert settings.rules() == Rules(unreadable=True)
    file = tmp_path / "settings.json"
    save(file, settings.changed(THEME, "dark"))
    assert json.loads(file.read_bytes())["contract_rules"] == json.loads(value)
    assert settings.confirmed().rules() == Rules()
    assert settings.confirmed().contract_rules() == {}


def test_a_rule_of_a_contract_that_does_not_fit_cannot_be_set() -> None:
    for ctr, row, value in ((ONE, BLUR, "little"), ("x", BLUR, "light"), (ONE, THEME, "dark")):
        with pytest.raises(ValueError, match="contract_rules cannot be"):
            Settings().changed_for(ctr, row, value)
