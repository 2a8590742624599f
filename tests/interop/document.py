"""The text of docs/verification.md, and its tables."""

from __future__ import annotations

from typing import NamedTuple

from tests.repository.tree import ROOT

DOCUMENT = (ROOT / "docs" / "verification.md").read_text("utf-8")


class Row(NamedTuple):
    """A row of a table: name, source, what it checks, and its test file."""

    name: str
    source: str
    what: str
    test: str


def rows(heading: str) -> list[Row]:
    """The rows of the table in a section."""
    section = DOCUMENT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines[1:]]
