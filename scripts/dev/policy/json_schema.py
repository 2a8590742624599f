"""Generates the JSON Schema of policy.json (draft 2020-12) and an example of the file.

The schema accepts every policy that has no errors. The program checks more: addresses and paths.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scripts.dev.policy.entries import MADE, Entry
from scripts.dev.policy.example import example_policy
from ui.settings.policy.policy import DEFAULTS, ENFORCED, LONGEST_NAME, ORGANISATION
from ui.settings.setting import MOST_TEXTS

_SECTIONS = {
    ENFORCED: "Values that users cannot change.",
    DEFAULTS: "Values that users can change.",
}


def schema_text(entries: Sequence[Entry]) -> str:
    """The text of policy.schema.json."""
    rows = {entry.name: {"$ref": f"#/$defs/{entry.name}"} for entry in entries}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": MADE,
        "title": "Workdiary policy",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            ORGANISATION: {
                "type": "string",
                "maxLength": LONGEST_NAME,
                "description": "The name that the settings show beside enforced values.",
            },
            **{
                name: {
                    "type": "object",
                    "description": text,
                    "additionalProperties": False,
                    "properties": rows,
                }
                for name, text in _SECTIONS.items()
            },
        },
        "$defs": {entry.name: _definition(entry) for entry in entries},
    }
    return _json(schema)


def example_text(entries: Sequence[Entry]) -> str:
    """The text of policy.example.json."""
    return _json(example_policy(entries))


def _definition(entry: Entry) -> dict[str, Any]:
    texts = entry.texts["en"]
    return {"title": texts.title, "description": texts.help, **_constraints(entry)}


def _constraints(entry: Entry) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    if entry.pattern:
        text["pattern"] = entry.pattern
    match entry.kind:
        case "switch":
            return {"type": "boolean"}
        case "off_only":
            return {"const": False}
        case "number":
            low, high = entry.range
            return {"type": "integer", "minimum": low, "maximum": high}
        case "choice":
            return {"enum": list(entry.choices)}
        case "text":
            return text
        case "list":
            return {"type": "array", "maxItems": MOST_TEXTS, "items": text}


def _json(value: object) -> str:
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n"
