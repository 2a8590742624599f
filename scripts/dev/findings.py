"""Writes the tables of the finding codes from `diary/core/findings.toml`.

    python -m scripts.dev.findings

It writes the Python and the JavaScript table, the desktop's clauses and the table in
docs/protocol.md. A test compares these files with the result of `outputs()`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "diary/core/findings.toml"
PYTHON = "diary/core/finding_codes.py"
JAVASCRIPT = "diary/js/core/finding_codes.js"
DESKTOP = "ui/presenters/finding_clauses.py"
PROTOCOL = "docs/protocol.md"

_MADE = f"Made from {SOURCE} by `make generate`; edit that file instead."
_BEGIN = f"<!-- {_MADE} -->\n"
_END = "<!-- End of the table of codes. -->\n"
_KINDS = {"any", "bundle", "device", "disclosure", "log", "segment"}
_PREFIXES = {"error": "E_", "warning": "W_", "note": "N_"}


@dataclass(frozen=True)
class Entry:
    """One finding code; the head of findings.toml explains the fields."""

    code: str
    severity: str
    costs_pay: bool
    kinds: tuple[str, ...]
    section: str
    rule: str
    sentence: str
    clause: str = ""


def parse(text: str) -> list[Entry]:
    """Parse the TOML text. Raises ValueError with the code of an invalid entry."""
    return [_entry(code, fields) for code, fields in tomllib.loads(text).items()]


def _entry(code: str, fields: dict[str, Any]) -> Entry:
    try:
        entry = Entry(code=code, **{**fields, "kinds": tuple(fields["kinds"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"{code}: {error}") from error
    if not code.startswith(_PREFIXES.get(entry.severity, "?")):
        raise ValueError(f"{code}: the prefix is not that of the severity {entry.severity}")
    if not entry.kinds or not _KINDS.issuperset(entry.kinds):
        raise ValueError(f"{code}: unknown kind of subject in {entry.kinds}")
    if entry.costs_pay and entry.severity != "error":
        raise ValueError(f"{code}: only an error costs pay")
    if entry.clause and entry.severity != "error":
        raise ValueError(f"{code}: only an error has a clause")
    if not entry.sentence.endswith((".", "?")) or not re.fullmatch(r"\d+(\.\d+)?", entry.section):
        raise ValueError(f"{code}: wrong sentence or section")
    return entry


def outputs(root: Path = ROOT) -> dict[str, str]:
    """The text of each generated file, by its path from `root`."""
    entries = parse((root / SOURCE).read_text(encoding="utf-8"))
    protocol = (root / PROTOCOL).read_text(encoding="utf-8")
    return {
        PYTHON: formatted(PYTHON, _python(entries)),
        JAVASCRIPT: _javascript(entries),
        DESKTOP: formatted(DESKTOP, _desktop(entries)),
        PROTOCOL: _with_table(protocol, entries),
    }


def _python(entries: list[Entry]) -> str:
    members = "\n".join(f"    {e.code} = {e.code!r}" for e in entries)
    rows = "\n".join(
        f"    Code.{e.code}: _Row({e.severity!r}, {e.costs_pay}, _({e.sentence!r})),"
        for e in entries
    )
    return f'''# ruff: noqa: E501
"""The finding codes of WD-1 (`docs/protocol.md` §9.3).

{_MADE}
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Code(StrEnum):
    """A finding code."""

{members}

    @property
    def severity(self) -> Severity:
        """Only an error makes a result invalid."""
        return _ROWS[self].severity

    @property
    def costs_pay(self) -> bool:
        """Whether a segment with this code is not paid."""
        return _ROWS[self].costs_pay

    @property
    def sentence(self) -> str:
        """The explanation for a person, in English; the program that shows it translates it."""
        return _ROWS[self].sentence


class _Row(NamedTuple):
    severity: Severity
    costs_pay: bool
    sentence: str


def _(text: str) -> str:
    """Marks a text for translators."""
    return text


_ROWS = {{
{rows}
}}
'''


def _javascript(entries: list[Entry]) -> str:
    rows = "".join(
        f"  {e.code}: {{\n"
        f"    severity: {_quoted(e.severity)},\n"
        f"    costsPay: {_quoted(e.costs_pay)},\n"
        f"    sentence: {_quoted(e.sentence)},\n"
        "  },\n"
        for e in entries
    )
    return f"""// The finding codes of WD-1 (docs/protocol.md, 9.3).
// {_MADE}

/** @typedef {{"error" | "warning" | "note"}} Severity */

/**
 * `costsPay`: a segment with this code is not paid. `sentence`: the explanation, in English.
 * @type {{Record<string, {{severity: Severity, costsPay: boolean, sentence: string}}>}}
 */
export const CODES = {{
{rows}}};
"""


def _desktop(entries: list[Entry]) -> str:
    rows = "\n".join(
        f"    {e.code!r}: QT_TRANSLATE_NOOP('Finding', {_clause(e)!r}),"
        for e in entries
        if e.severity == "error"
    )
    return f'''"""Why work is unpaid or was refused: a clause for each error code.

{_MADE}
"""

from __future__ import annotations

from system.i18n import QT_TRANSLATE_NOOP

CLAUSES: dict[str, str] = {{
{rows}
}}
'''


def _clause(entry: Entry) -> str:
    """The entry's clause, or its first sentence with a small first letter and no full stop."""
    first = entry.sentence.split(". ")[0].removesuffix(".")
    return entry.clause or first[0].lower() + first[1:]


def _with_table(protocol: str, entries: list[Entry]) -> str:
    """The protocol's text with the table of the entries between the two markers."""
    before, begin, rest = protocol.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{PROTOCOL}: the markers of the table of codes are missing")
    rows = "".join(
        f"| {e.code} | {', '.join(e.kinds)} | {_pay(e)} | {e.section} | {e.rule} |\n"
        for e in entries
    )
    head = "| Code | Kind | Pay | § | Meaning |\n|---|---|---|---|---|\n"
    return f"{before}{_BEGIN}{head}{rows}{_END}{after}"


def _pay(entry: Entry) -> str:
    if not entry.costs_pay:
        return "no"
    return "yes" if entry.kinds == ("segment",) else "on a segment"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def formatted(name: str, source: str) -> str:
    """The Python source as `ruff format` writes it."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", name, "-"]
    return subprocess.run(
        command, input=source, stdout=subprocess.PIPE, check=True, encoding="utf-8", cwd=ROOT
    ).stdout


def main() -> int:
    """Write the generated files."""
    for name, text in outputs().items():
        (ROOT / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
