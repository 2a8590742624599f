"""Generates the table of managed settings in docs/it-guide.md."""

from __future__ import annotations

import json
from collections.abc import Sequence

from scripts.dev.policy.entries import MADE, SOURCE, Entry

_BEGIN = f"<!-- {MADE} -->\n"
_END = "<!-- End of the table of managed settings. -->\n"
_TYPES = {
    "switch": "DWORD",
    "off_only": "DWORD",
    "number": "DWORD",
    "choice": "SZ",
    "text": "SZ",
    "list": "MULTI_SZ or subkey",
}


def guide_text(guide: str, entries: Sequence[Entry]) -> str:
    """The guide with a new table between its markers. Raises ValueError without them."""
    before, begin, rest = guide.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the markers of the table from {SOURCE} are missing in the guide")
    head = "| setting | effect | values that a policy may set | built-in | registry |\n"
    rows = "".join(_row(entry) for entry in entries)
    return f"{before}{begin}{head}|---|---|---|---|---|\n{rows}{end}{after}"


def _row(entry: Entry) -> str:
    texts = entry.texts["en"]
    cells = (
        f"`{entry.name}`",
        f"{texts.title}. {texts.help}",
        _values(entry),
        f"`{json.dumps(entry.row.default)}`",
        _TYPES[entry.kind],
    )
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |\n"


def _values(entry: Entry) -> str:
    match entry.kind:
        case "switch":
            return "`true`, `false`"
        case "off_only":
            return "`false`"
        case "number":
            low, high = entry.range
            return f"{low} to {high}"
        case "choice":
            return ", ".join(f'`"{value}"`' for value in entry.choices)
        case "list":
            return f"a list of texts, as in `{json.dumps(entry.example)}`"
        case "text":
            return f"a text, as in `{json.dumps(entry.example)}`"
