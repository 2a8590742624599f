"""Writes the tables of the record's fields from `diary/core/record_fields.toml`.

    python -m scripts.dev.fields

It writes the tables in docs/protocol.md and the fields with personal data for the marketplace's
privacy notice. A test compares these files with the result of `outputs()`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from scripts.dev.findings import PROTOCOL, ROOT, formatted

SOURCE = "diary/core/record_fields.toml"
PYTHON = "marketplace/privacy/record_fields.py"

_MADE = f"Made from {SOURCE} by `make generate`; edit that file instead."
_TABLE = re.compile(r"<!-- fields: (\w+) -->\n.*?<!-- end of fields -->\n", re.DOTALL)


@dataclass(frozen=True)
class Field:
    """A row of a table; the head of record_fields.toml explains the members."""

    names: tuple[str, ...]
    type: str
    rule: str
    data: str
    label: str = ""

    @property
    def first_cell(self) -> str:
        """The label, or the names."""
        return self.label or ", ".join(f"`{name}`" for name in self.names)


@dataclass(frozen=True)
class FieldTable:
    """The fields of one object and the heads of the columns."""

    columns: tuple[str, ...]
    fields: tuple[Field, ...]


def parse(text: str) -> dict[str, FieldTable]:
    """The tables by the name of the object. Raises ValueError for a wrong or repeated field."""
    tables = {}
    for name, table in tomllib.loads(text).items():
        try:
            fields = tuple(
                Field(**{**row, "names": tuple(row["names"])}) for row in table["fields"]
            )
            tables[name] = FieldTable(tuple(table["columns"]), fields)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{name}: {error}") from error
        names = [each for field in fields for each in field.names]
        if len(tables[name].columns) != 3 or len(names) != len(set(names)):
            raise ValueError(f"{name}: a table has three columns and each field once")
    return tables


def outputs(root: Path = ROOT) -> dict[str, str]:
    """The text of each generated file, by its path from `root`."""
    tables = parse((root / SOURCE).read_text(encoding="utf-8"))
    protocol = (root / PROTOCOL).read_text(encoding="utf-8")
    return {PROTOCOL: _with_tables(protocol, tables), PYTHON: formatted(PYTHON, _python(tables))}


def _with_tables(protocol: str, tables: dict[str, FieldTable]) -> str:
    """The protocol's text with each table between its two markers."""
    if sorted(_TABLE.findall(protocol)) != sorted(tables):
        raise ValueError(f"{PROTOCOL}: the markers are not those of the tables in {SOURCE}")

    def filled(match: re.Match[str]) -> str:
        table = tables[match[1]]
        # A field without a type has an empty cell.
        rows = "".join(
            f"| {field.first_cell} |{field.type and f' {field.type}'} | {field.rule} |\n"
            for field in table.fields
        )
        head = f"| {' | '.join(table.columns)} |\n|---|---|---|\n"
        return f"<!-- fields: {match[1]} -->\n{head}{rows}<!-- end of fields -->\n"

    return _TABLE.sub(filled, protocol)


def _python(tables: dict[str, FieldTable]) -> str:
    rows = "\n".join(
        f"    {name!r}: {{"
        + ", ".join(f"{each!r}: {field.data!r}" for field in table.fields for each in field.names)
        + "},"
        for name, table in tables.items()
    )
    return f'''"""The kind of personal data in each field of the record (`docs/protocol.md`).

{_MADE}
"""

from __future__ import annotations

RECORD_FIELDS: dict[str, dict[str, str]] = {{
{rows}
}}
'''


def main() -> int:
    """Write the generated files."""
    for name, text in outputs().items():
        (ROOT / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
