"""The policy in the registry of Windows, against a simulated one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ui.settings.policy.policy import Policy
from ui.settings.policy.registry import RegistryPolicy
from ui.settings.policy.sources import load_policy
from ui.settings.settings import TABLE

KEY = "HKEY_LOCAL_MACHINE\\Software\\Policies\\Workdiary"


def policy(key: Mapping[str, object] | None) -> Policy:
    return load_policy((RegistryPolicy(lambda: key, TABLE),), TABLE)


def test_each_type_of_value_is_read() -> None:
    made = policy(
        {
            "organisation": "Acme IT",
            "Enforced": {
                "count_input": 0,
                "remind_after_hours": 4,
                "language": "de",
                # REG_MULTI_SZ, and the subkey of a list in an ADMX template.
                "masked_applications": ["KeePassXC", "Signal"],
                "masked_regions": {"1": "0,0 10x10", "2": "5,5 1x1"},
            },
            "Defaults": {"start_at_login": 1, "remind_at": {}},
        }
    )
    assert made == Policy(
        {
            "count_input": False,
            "remind_after_hours": 4,
            "language": "de",
            "masked_applications": ("KeePassXC", "Signal"),
            "masked_regions": ("0,0 10x10", "5,5 1x1"),
        },
        "Acme IT",
        KEY,
        {"start_at_login": True, "remind_at": ()},
    )


def test_the_case_of_names_does_not_matter() -> None:
    made = policy({"ORGANISATION": "Acme IT", "enforced": {"Count_Input": 0}})
    assert (made.organisation, made.enforced) == ("Acme IT", {"count_input": False})


@pytest.mark.parametrize("key", [None, {}])
def test_a_missing_or_empty_key_is_no_policy(key: Mapping[str, object] | None) -> None:
    assert policy(key) == Policy()


@pytest.mark.expected_logs("policy:")
@pytest.mark.parametrize("data", [2, -1, "0", b"\0", ["0"], {"1": 0}, None])
def test_a_value_of_another_type_counts_as_the_strictest(data: object) -> None:
    made = policy({"Enforced": {"count_input": data, "nothing": 1}})
    assert made.enforced == {"count_input": False}
    assert {problem.code for problem in made.problems} == {"invalid_value", "unknown_setting"}


@pytest.mark.expected_logs("policy:")
def test_a_list_with_other_values_withholds_pictures() -> None:
    assert policy({"Enforced": {"masked_applications": {"1": 7}}}).withholds
    assert policy({"Enforced": {"masked_applications": "KeePassXC"}}).withholds


@pytest.mark.expected_logs("policy:")
def test_a_section_that_is_a_value_withholds_pictures() -> None:
    assert policy({"Enforced": "count_input"}).unreadable


@pytest.mark.expected_logs("the policy could not be read", "policy:")
def test_a_key_that_cannot_be_read_withholds_pictures() -> None:
    def refuse() -> Mapping[str, object]:
        raise PermissionError(5, "Access is denied")

    made = load_policy((RegistryPolicy(refuse, TABLE),), TABLE)
    assert made.unreadable
    assert made.place == KEY
