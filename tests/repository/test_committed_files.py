"""Contents that committed files must not have, and those that some must have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.repository.imports import PACKAGES
from tests.repository.tree import ROOT, tracked_files

#: Concatenated, so that this file does not contain what it searches for.
OUTSIDE = ".." + "/shared"
MACHINE_PATHS = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "work|" + r"root)/[a-z.]")
# The product's texts do not accuse or watch people. ("Input monitoring" is macOS's name of a
# permission.)
WORDS = re.compile(r"\b(fraud|suspicious|employ" + r"ee|(?<!input )monitoring)", re.IGNORECASE)


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked_files():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data[:8192]:
            found.append((path, data.decode("utf-8")))
    return found


def lines_with(pattern: str | re.Pattern[str], files: list[tuple[Path, str]]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in files
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_nothing_refers_to_what_lies_outside_the_project() -> None:
    # A file of the build machine may refer to external vectors beside the clone.
    files = [(path, text) for path, text in texts() if path != Path(".ci/run")]
    assert lines_with(re.escape(OUTSIDE), files) == []
    assert lines_with(MACHINE_PATHS, files) == []


def test_the_search_itself_finds_what_it_looks_for() -> None:
    files = [(Path("a"), f"see {OUTSIDE}/x\ncd /wo" + "rk/main\n/etc/root/x\nnet/work/x")]
    assert lines_with(re.escape(OUTSIDE), files) == [f"a:1: see {OUTSIDE}/x"]
    assert [line[:4] for line in lines_with(MACHINE_PATHS, files)] == ["a:2:"]


def test_the_product_accuses_no_one() -> None:
    shipped = [(p, t) for p, t in texts() if p.parts[0] in PACKAGES or p.name == "README.md"]
    assert lines_with(WORDS, shipped) == []


def test_text_files_end_in_one_newline_and_hold_no_carriage_returns() -> None:
    wrong = [
        str(path)
        for path, text in texts()
        if text and "vectors" not in path.parts and ("\r" in text or not text.endswith("\n"))
    ]
    assert wrong == []


def test_the_changelog_has_a_section_for_the_next_version() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()


LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"]+)\"")


def documents() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".md"]


@pytest.mark.parametrize("document", documents(), ids=str)
def test_every_link_in_a_document_leads_somewhere(document: Path) -> None:
    text = (ROOT / document).read_text("utf-8")
    visible = re.sub(r"<!--.*?-->|```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    targets = [(match[1] or match[2]).partition("#")[0] for match in LINK.finditer(visible)]
    own = [t for t in targets if t and "://" not in t and not t.startswith("mailto:")]
    assert [t for t in own if not (ROOT / document.parent / t).exists()] == []
