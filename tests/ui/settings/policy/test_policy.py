"""Policies: enforced values and defaults, their precedence, and errors, which never loosen one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.masking.rules import Rules
from ui.settings.policy.policy import SENTENCES, Policy, merged, parse_policy, unreadable
from ui.settings.setting import Setting
from ui.settings.settings import (
    COUNT_INPUT,
    LANGUAGE,
    MARKETPLACE,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    PICTURE_IN_TOAST,
    REMIND_AFTER,
    REMIND_AT,
    SCREENS,
    TABLE,
    THEME,
    UPDATE_CHANNEL,
    Settings,
    load,
    save,
)

if TYPE_CHECKING:
    from pathlib import Path

PLACE = "/etc/workdiary/policy.json"


def parsed(raw: object) -> Policy:
    return parse_policy(raw, PLACE, TABLE)


def enforcing(**values: Any) -> Policy:
    return parsed({"enforced": values})


def codes(policy: Policy) -> list[tuple[str, str]]:
    return [(problem.code, problem.name) for problem in policy.problems]


def test_a_policy_can_restrict_and_cannot_loosen() -> None:
    made = enforcing(count_input=False, picture_in_toast=False, pictures_show="pointer")
    assert made.enforced == {
        "count_input": False,
        "picture_in_toast": False,
        "pictures_show": "pointer",
    }
    assert made.problems == ()
    made = enforcing(count_input=True, picture_in_toast=True, pictures_show="all")
    assert made.enforced == {}
    assert [code for code, _ in codes(made)] == ["not_allowed"] * 3
    assert not made.withholds


def test_a_policy_cannot_set_a_personal_row() -> None:
    made = enforcing(theme="dark", close_explained=True, shortcut="Ctrl+Alt+R", invented=1)
    assert made.enforced == {}
    assert codes(made) == [
        ("unknown_setting", f"enforced.{name}")
        for name in ("theme", "close_explained", "shortcut", "invented")
    ]


def test_a_policy_can_set_a_language_that_the_program_has() -> None:
    made = enforcing(language="pt")
    assert made.problems == ()
    settings = replace(Settings().changed(LANGUAGE, "de"), policy=made)
    assert settings.text(LANGUAGE) == "pt"
    made = enforcing(language="xx")
    assert made.enforced == {}
    assert codes(made) == [("invalid_value", "enforced.language")]


@pytest.mark.parametrize(
    ("address", "used"),
    [
        ("https://work.example.org", "https://work.example.org"),
        ("Work.Example.org/", "https://work.example.org"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_a_policy_can_set_the_marketplace(address: str, used: str) -> None:
    made = enforcing(marketplace=address)
    assert made.problems == ()
    own = Settings().changed(MARKETPLACE, "https://own.example")
    assert own.policy_address == ""
    assert replace(own, policy=made).policy_address == used


def test_a_default_of_the_marketplace_does_not_bind() -> None:
    made = parsed({"defaults": {"marketplace": "https://work.example.org"}})
    settings = Settings(policy=made)
    assert settings.text(MARKETPLACE) == "https://work.example.org"
    assert settings.policy_address == ""


@pytest.mark.parametrize(
    "address", ["", " ", "no address", "ftp://a.example", "https://ana@a.example", "x" * 400, 7, []]
)
def test_a_malformed_address_of_a_policy_is_reported(address: Any) -> None:
    made = enforcing(marketplace=address, count_input=False)
    assert codes(made) == [("invalid_value", "enforced.marketplace")]
    assert made.enforced == {"count_input": False}
    assert Settings(policy=made).policy_address == ""


@pytest.mark.parametrize("row", [row for row in TABLE if row.policy], ids=lambda row: row.name)
def test_every_value_that_a_policy_may_set_is_valid_and_not_the_default(row: Setting) -> None:
    assert row.policy is not None
    assert all(row.accepts(value) and value != row.default for value in row.policy)


def test_an_enforced_value_is_in_force_and_the_persons_own_is_kept(tmp_path: Path) -> None:
    own = Settings().changed(SCREENS, "all").changed(MASKED_APPLICATIONS, ("Signal", "KeePassXC"))
    made = enforcing(
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


def test_the_first_of_enforced_person_default_and_built_in_value_counts() -> None:
    both = parsed({"enforced": {"language": "pt"}, "defaults": {"language": "de"}})
    default = parsed({"defaults": {"language": "de"}})
    chosen = Settings().changed(LANGUAGE, "es")
    found = [
        (settings.text(LANGUAGE), settings.source(LANGUAGE), settings.is_locked(LANGUAGE))
        for settings in (
            replace(chosen, policy=both),
            replace(chosen, policy=default),
            Settings(policy=default),
            Settings(),
        )
    ]
    assert found == [
        ("pt", "enforced", True),
        ("es", "user", False),
        ("de", "default", False),
        ("system", "built_in", False),
    ]


def test_the_person_can_set_the_built_in_value_against_a_default_of_the_policy(
    tmp_path: Path,
) -> None:
    file = tmp_path / "settings.json"
    default = parsed({"defaults": {"count_input": False, "masked_applications": ["Vault"]}})
    settings = Settings(policy=default)
    assert not settings.flag(COUNT_INPUT)
    assert settings.own_texts(MASKED_APPLICATIONS) == ("Vault",)
    settings = settings.changed(COUNT_INPUT, True).changed(MASKED_APPLICATIONS, ())
    save(file, settings)
    again = replace(load(file), policy=default)
    assert again.flag(COUNT_INPUT)
    assert again.texts(MASKED_APPLICATIONS) == ()
    assert again.reset(COUNT_INPUT).flag(COUNT_INPUT) is False


def test_a_list_has_the_enforced_texts_and_the_persons_or_the_default_ones() -> None:
    made = parsed({"enforced": {"remind_at": ["09:00"]}, "defaults": {"remind_at": ["13:00"]}})
    settings = Settings(policy=made)
    assert settings.texts(REMIND_AT) == ("09:00", "13:00")
    settings = settings.changed(REMIND_AT, ("15:00", "09:00"))
    assert settings.texts(REMIND_AT) == ("09:00", "15:00")
    assert settings.policy_texts(REMIND_AT) == ("09:00",)


@pytest.mark.parametrize(
    "raw", [None, [], "x", 7, {"enforced": []}, {"enforced": None}, {"defaults": "x"}]
)
def test_a_policy_of_another_form_withholds_pictures(raw: object) -> None:
    made = parsed(raw)
    assert made.unreadable
    assert codes(made) == [("malformed", "")]
    settings = Settings(policy=made)
    assert settings.rules() == Rules(unreadable=True)
    assert not settings.flag(COUNT_INPUT)
    assert not settings.flag(PICTURE_IN_TOAST)
    assert settings.text(SCREENS) == "pointer"
    assert settings.text(UPDATE_CHANNEL) == "off"


@pytest.mark.parametrize("section", ["enforced", "defaults"])
@pytest.mark.parametrize("value", ["KeePassXC", [7], ["x", " "], {"a": 1}, None])
def test_a_malformed_list_of_hidden_things_withholds_pictures(section: str, value: object) -> None:
    made = parsed({section: {"masked_applications": value, "language": "de"}})
    assert codes(made) == [("invalid_value", f"{section}.masked_applications")]
    assert Settings(policy=made).rules() == Rules(unreadable=True)
    assert Settings(policy=made).text(LANGUAGE) == "de"


@pytest.mark.parametrize("value", ["no", 0, None, [False]])
def test_a_malformed_value_that_may_restrict_counts_as_the_strictest(value: object) -> None:
    made = enforcing(count_input=value, pictures_show=value, update_channel=value)
    assert made.enforced == {
        "count_input": False,
        "pictures_show": "pointer",
        "update_channel": "off",
    }
    assert [code for code, _ in codes(made)] == ["invalid_value"] * 3
    made = parsed({"defaults": {"count_input": value}})
    assert made.defaults == {}


def test_one_invalid_entry_leaves_the_others() -> None:
    made = enforcing(remind_after_hours=99, masked_regions=["0,0 5x5"], network=True)
    assert made.enforced == {MASKED_REGIONS.name: ("0,0 5x5",)}
    assert len(made.problems) == 2


def test_an_unknown_entry_is_reported() -> None:
    made = parsed({"settings": {"count_input": False}, "enforced": {"remind_after_hours": 4}})
    assert codes(made) == [("unknown_entry", "settings")]
    assert Settings(policy=made).number(REMIND_AFTER) == 4


def test_the_organisations_name_is_one_short_line() -> None:
    made = parsed({"organisation": "Acme\n\u202eIT" + "x" * 200})
    assert "\n" not in made.organisation
    assert "\u202e" not in made.organisation
    assert len(made.organisation) <= 80
    made = parsed({"organisation": 7, "enforced": {"count_input": False}})
    assert (made.organisation, made.enforced) == ("", {"count_input": False})
    assert codes(made) == [("invalid_value", "organisation")]


def test_a_problem_does_not_repeat_a_value() -> None:
    made = enforcing(masked_applications=["Ana's private chat", ""], proxy="http://a:secret@b:1")
    texts = [str(problem) for problem in made.problems]
    assert len(texts) == 2
    assert not any("Ana" in text or "secret" in text for text in texts)


def test_a_hostile_name_is_one_short_line() -> None:
    made = parsed({"a\nb" * 100: 1, "enforced": {"\u202ex" * 100: 1}})
    for problem in made.problems:
        assert "\n" not in str(problem)
        assert "\u202e" not in str(problem)
        assert len(problem.name) < 80


def test_of_several_places_the_first_one_counts_for_each_setting() -> None:
    one = {"enforced": {"language": "de"}, "defaults": {"theme": "dark"}}
    first = parse_policy(one, "a", TABLE)
    second = parse_policy(
        {
            "organisation": "Acme IT",
            "enforced": {"language": "pt", "count_input": False},
            "defaults": {"remind_after_hours": 4},
        },
        "b",
        TABLE,
    )
    made = merged([first, second])
    assert made.enforced == {"language": "de", "count_input": False}
    assert made.defaults == {"remind_after_hours": 4}
    assert (made.organisation, made.place) == ("Acme IT", "a, b")
    assert codes(made) == [("unknown_setting", "defaults.theme")]
    assert not made.withholds


def test_an_unreadable_place_restricts_beside_a_readable_one() -> None:
    readable = enforcing(language="de", pictures_show="pointer")
    for policies in (
        [readable, unreadable("x", "unreadable", TABLE)],
        [unreadable("x", "unreadable", TABLE), readable],
    ):
        made = merged(policies)
        assert made.withholds
        assert made.unreadable
        assert made.enforced["count_input"] is False
        assert made.enforced["language"] == "de"


def test_each_problem_has_a_sentence_with_its_name() -> None:
    for code, sentence in SENTENCES.items():
        whole = code in {"unreadable", "exposed", "too_large", "malformed"}
        assert ("{name}" in sentence) is not whole


NAMES = st.text() | st.sampled_from([row.name for row in TABLE])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
)


@given(JSON)
def test_any_json_gives_only_values_that_a_policy_may_set(value: Any) -> None:
    rows = {row.name: row for row in TABLE}
    for raw in (value, {"enforced": value, "defaults": value}):
        made = parsed(raw)
        for name, found in [*made.enforced.items(), *made.defaults.items()]:
            row = rows[name]
            assert row.accepts(found)
            assert row.policy is not None
            assert not row.policy or found in row.policy
        Settings(policy=made).rules()
