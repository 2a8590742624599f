"""An example of a policy, for policy.example.json and the profile of macOS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scripts.dev.policy.entries import Entry
from ui.settings.policy.policy import DEFAULTS, ENFORCED, ORGANISATION

EXAMPLE_ORGANISATION = "Example Ltd IT"
_ENFORCED = (
    "count_input", "pictures_show", "masked_applications", "minimum_review_s", "update_channel",
)  # fmt: skip
_DEFAULTS = ("language", "remind_after_hours", "start_at_login", "marketplace")


def example_policy(entries: Sequence[Entry]) -> dict[str, Any]:
    """A policy that enforces settings of privacy, and has some defaults. Its values are those of
    JSON and of property lists.
    """
    values: dict[str, Any] = {}
    for entry in entries:
        value = entry.example
        values[entry.name] = list(value) if isinstance(value, tuple) else value
    return {
        ORGANISATION: EXAMPLE_ORGANISATION,
        ENFORCED: {name: values[name] for name in _ENFORCED},
        DEFAULTS: {name: values[name] for name in _DEFAULTS},
    }
