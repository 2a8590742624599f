"""The limits of policies, over the whole table: they hide nothing and only tighten privacy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.settings.policy.values import VALUES, allowed_values
from ui.settings.policy.policy import Policy, parse_policy
from ui.settings.setting import Setting, Value
from ui.settings.settings import (
    CLOSE_EXPLAINED,
    COUNT_INPUT,
    MASKED_APPLICATIONS,
    MASKED_REGIONS,
    MINIMUM_REVIEW,
    PICTURE_IN_TOAST,
    SCREENS,
    TABLE,
    Settings,
)

BY_NAME = {row.name: row for row in TABLE}
#: The rows that a policy can set. A new row belongs here only if every value that a policy may set
#: hides nothing and records nothing more.
MANAGED = {
    "language", "picture_in_toast", "remind_after_hours", "remind_at", "count_input",
    "start_at_login", "pictures_show", "masked_applications", "masked_regions", "minimum_review_s",
    "disk_share_gb", "marketplace", "network", "proxy", "proxy_user", "proxy_script",
    "certificate_authority", "update_channel", "update_server",
}  # fmt: skip
#: The rows that belong to the person alone.
PERSONAL = {
    "theme", "more_contrast", "quiet", "shortcut", "shown_windows", "shown_applications",
    "picture_blur", "contract_rules", "close_explained",
}  # fmt: skip
#: The rows that decide what is recorded, with their values from the most to the least recorded.
TIGHTENING: dict[str, tuple[Value, ...]] = {
    COUNT_INPUT.name: (True, False),
    PICTURE_IN_TOAST.name: (True, False),
    SCREENS.name: ("all", "pointer"),
}


def parsed(section: str, row: Setting, value: object) -> Policy:
    return parse_policy({section: {row.name: value}}, "policy.json", TABLE)


def test_each_row_is_managed_or_personal() -> None:
    assert {row.name for row in TABLE if row.policy is not None} == MANAGED
    assert {row.name for row in TABLE if row.policy is None} == PERSONAL


def test_no_row_is_about_consent_or_about_showing_the_program() -> None:
    words = ("hide", "hidden", "tray", "icon", "consent", "agree", "stealth", "silent", "telemetry")
    assert [row.name for row in TABLE if any(word in row.name for word in words)] == []
    assert CLOSE_EXPLAINED.policy is None


@pytest.mark.parametrize("section", ["enforced", "defaults"])
@pytest.mark.parametrize("row", [r for r in TABLE if r.name in PERSONAL], ids=lambda row: row.name)
def test_a_personal_row_cannot_be_set(section: str, row: Setting) -> None:
    for value in [row.default, *VALUES[row.name]]:
        made = parsed(section, row, value)
        assert (made.enforced, made.defaults) == ({}, {})
        assert [problem.code for problem in made.problems] == ["unknown_setting"]


@pytest.mark.parametrize("section", ["enforced", "defaults"])
@pytest.mark.parametrize("name", TIGHTENING)
def test_what_is_recorded_can_only_be_reduced(section: str, name: str) -> None:
    row, (most, *less) = BY_NAME[name], TIGHTENING[name]
    assert row.default == most
    for value in (most, *less):
        for own in (most, *less):
            before = Settings().changed(row, own)
            after = replace(before, policy=parsed(section, row, value))
            order = TIGHTENING[name]
            assert order.index(after.value(row)) >= order.index(before.value(row))


@given(st.integers(0, 600), st.integers(0, 600))
def test_the_persons_review_cannot_be_shortened(own: int, policy: int) -> None:
    settings = Settings().changed(MINIMUM_REVIEW, own)
    enforced = replace(settings, policy=parsed("enforced", MINIMUM_REVIEW, policy))
    assert enforced.number(MINIMUM_REVIEW) == max(own, policy)
    default = replace(settings, policy=parsed("defaults", MINIMUM_REVIEW, policy))
    assert default.number(MINIMUM_REVIEW) == own


@pytest.mark.parametrize("row", [MASKED_APPLICATIONS, MASKED_REGIONS], ids=lambda row: row.name)
def test_nothing_can_be_unmasked(row: Setting) -> None:
    settings = Settings().changed(row, VALUES[row.name][0])
    mine = settings.texts(row)
    theirs = Settings().changed(row, VALUES[row.name][1]).texts(row)
    for section in ("enforced", "defaults"):
        for value in ([], list(theirs)):
            made = replace(settings, policy=parsed(section, row, value))
            assert set(mine) <= set(made.texts(row))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
)
SECTION = st.dictionaries(
    st.sampled_from([row.name for row in TABLE]),
    JSON | st.sampled_from([value for values in VALUES.values() for value in values]),
)


@given(SECTION, SECTION)
def test_no_policy_loosens_any_of_the_persons_choices(
    enforced: dict[str, Any], defaults: dict[str, Any]
) -> None:
    made = parse_policy({"enforced": enforced, "defaults": defaults}, "policy.json", TABLE)
    own = Settings()
    for name, row in BY_NAME.items():
        own = own.changed(row, VALUES[name][0])
    settings = replace(own, policy=made)
    rules, own_rules = settings.rules(), own.rules()
    assert rules.unreadable or (
        rules.applications >= own_rules.applications
        and set(rules.regions) >= set(own_rules.regions)
        and (rules.allowed, rules.blur) == (own_rules.allowed, own_rules.blur)
    )
    assert settings.number(MINIMUM_REVIEW) >= own.number(MINIMUM_REVIEW)
    for name in PERSONAL:
        assert settings.value(BY_NAME[name]) == own.value(BY_NAME[name])
    for name, order in TIGHTENING.items():
        row = BY_NAME[name]
        assert order.index(settings.value(row)) >= order.index(own.value(row))


@pytest.mark.parametrize("name", sorted(MANAGED))
def test_each_managed_row_takes_its_values(name: str) -> None:
    row = BY_NAME[name]
    for section in ("enforced", "defaults"):
        for value in allowed_values(row):
            made = parsed(section, row, list(value) if isinstance(value, tuple) else value)
            assert made.problems == ()
            assert dict(getattr(made, section)) == {name: value}
