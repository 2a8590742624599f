"""The recipes of CONTRIBUTING.md: the named files exist and the lists are complete."""

from __future__ import annotations

import re

import pytest

from tests.repository.tree import ROOT, tracked_files

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
RECIPES = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))
EXAMPLES = ["Add a finding code", "Add a setting", "Add an input backend"]
GENERATED = "by `make generate`"


def _files(text: str) -> set[str]:
    """The paths between backticks."""
    return set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+)`", text))


def _listed(recipe: str) -> set[str]:
    return _files("\n".join(line for line in recipe.splitlines() if line.startswith("- ")))


def test_the_five_recipes_exist() -> None:
    assert set(RECIPES) == {*EXAMPLES, "Add an export format", "Add a contract rule"}
    assert all(_listed(body) for body in RECIPES.values())


def test_each_named_file_exists() -> None:
    assert sorted(name for name in _files(TEXT) if not (ROOT / name).is_file()) == []


@pytest.mark.parametrize("title", EXAMPLES)
def test_a_list_names_every_file_that_mentions_its_example(title: str) -> None:
    recipe = RECIPES[title]
    (example,) = re.findall(r"^Example: `(\w+)`$", recipe, re.MULTILINE)
    found = set()
    for path in tracked_files():
        if path.suffix not in {".py", ".js", ".toml"} or path.parts[0] == "tests":
            continue
        if path.parts[:2] == ("marketplace", "seed"):
            continue  # generated segments have some of the findings
        text = (ROOT / path).read_text("utf-8")
        if GENERATED not in text[:500] and re.search(rf"\b{example}\b", text):
            found.add(path.as_posix())
    # The interface is named beside the backend but does not change.
    assert found == _listed(recipe) - {"tracker/input/interface.py"}
