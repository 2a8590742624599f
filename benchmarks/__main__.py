"""`make bench`: runs the benchmarks and prints a Markdown table; `--json` also writes a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from benchmarks import (
    browser,
    client,
    diary,
    growth,
    input,  # noqa: A004
    log,
    marketplace,
    marketplace_pages,
    packaged,
    processes,
    record,
    shot,
)
from benchmarks.measure import Figure

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "client": client.figures,
    "packaged": packaged.figures,
    "record": record.figures,
    "diary": diary.figures,
    "browser": browser.figures,
    "log": log.figures,
    "marketplace": marketplace.figures,
    "marketplace_pages": marketplace_pages.figures,
    "growth": growth.figures,
    "processes": processes.figures,
    "shot": shot.figures,
    "input": input.figures,
}


def table(figures: list[Figure]) -> str:
    """The figures as Markdown."""
    lines = ["| figure | ours | reference | ratio | target |", "|---|---|---|---|---|"]
    for f in figures:
        target = "" if f.target is None else f"<= {f.target:g} x"
        ours, reference = f.shown(f.ours), f"{f.shown(f.reference)} ({f.against})"
        lines.append(f"| {f.name} ({f.what}) | {ours} | {reference} | {f.ratio:.2f} | {target} |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmarks, print the table and write the JSON file, if wanted."""
    parser = argparse.ArgumentParser(description="Measure, each figure beside its reference.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="only these parts")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    figures = [figure for part in options.parts or PARTS for figure in PARTS[part]()]
    print(table(figures))
    if options.json:
        rows = [{**asdict(f), "ratio": f.ratio} for f in figures]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
