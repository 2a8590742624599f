"""Generates configuration profiles for macOS: settings, privacy preferences and login item.

They are examples: an organisation replaces the name, the values and the team of the signature. They
have never been installed on macOS. A profile cannot grant screen recording and input monitoring; it
lets standard users grant them.
"""

from __future__ import annotations

import plistlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.dev.policy.entries import Entry
from scripts.dev.policy.example import EXAMPLE_ORGANISATION, example_policy
from ui.settings.policy.sources import DOMAIN

_TEAM = "TEAMID1234"
_SPACE = uuid.UUID("2c1f3a52-6c55-4e0f-9b1c-6a6a4f1b7d10")


def settings_profile(entries: Sequence[Entry]) -> bytes:
    """The profile with managed preferences, which have example values."""
    forced = {"Forced": [{"mcx_preference_settings": example_policy(entries)}]}
    payload = _payload(
        "com.apple.ManagedClient.preferences",
        "settings",
        "Workdiary settings",
        {"PayloadContent": {DOMAIN: forced}},
    )
    return _profile("settings", "Workdiary settings", payload)


def privacy_profile() -> bytes:
    """The profile for Privacy Preferences Policy Control: screen recording, input monitoring,
    accessibility.
    """
    program = {
        "Identifier": DOMAIN,
        "IdentifierType": "bundleID",
        "CodeRequirement": (
            f'identifier "{DOMAIN}" and anchor apple generic and '
            f'certificate leaf[subject.OU] = "{_TEAM}"'
        ),
        "StaticCode": False,
    }
    standard = {**program, "Authorization": "AllowStandardUserToSetSystemService"}
    services = {
        "ScreenCapture": [standard],
        "ListenEvent": [standard],
        "Accessibility": [{**program, "Authorization": "Allow"}],
    }
    payload = _payload(
        "com.apple.TCC.configuration-profile-policy",
        "privacy",
        "Workdiary privacy preferences",
        {"Services": services},
    )
    return _profile("privacy", "Workdiary privacy preferences", payload)


def login_profile() -> bytes:
    """The profile with a login item: the program opens its window when a user logs in."""
    items = [{"Path": "/Applications/Workdiary.app", "Hide": False}]
    payload = _payload(
        "com.apple.loginitems.managed",
        "login",
        "Workdiary at login",
        {"AutoLaunchDictionaryArray": items},
    )
    return _profile("login", "Workdiary at login", payload)


def _payload(kind: str, name: str, title: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{DOMAIN}.{name}.payload",
        "PayloadUUID": _uuid(f"{name}.payload"),
        "PayloadDisplayName": title,
        **content,
    }


def _profile(name: str, title: str, payload: Mapping[str, Any]) -> bytes:
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"{DOMAIN}.{name}",
            "PayloadUUID": _uuid(name),
            "PayloadDisplayName": title,
            "PayloadOrganization": EXAMPLE_ORGANISATION,
            "PayloadScope": "System",
            "PayloadContent": [dict(payload)],
        }
    )


def _uuid(name: str) -> str:
    return str(uuid.uuid5(_SPACE, name)).upper()
