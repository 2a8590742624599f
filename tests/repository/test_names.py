"""Names of the product: standard terms, one class per public name, small folders and files."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.repository.tree import ROOT, modules

PRODUCT = ("assets", "diary", "marketplace", "system", "tracker", "ui", "uploader")
#: Invented words that the glossary has a standard term for (docs/glossary.md).
BANNED = frozenset({
    "album", "books", "crew", "deed", "deeds", "followtold", "reach", "shelf", "stretch", "told",
})  # fmt: skip
#: Module names without a meaning.
BANNED_MODULES = BANNED | {"market", "words"}
#: A longer file states its reason in a comment that begins like this.
REASON = "# Longer than 420 lines: "
MAX_LINES = 420
MAX_FILES = 15


def _parts(name: str) -> set[str]:
    """`OpenStretch_two` -> {"open", "stretch", "two"}."""
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def _definitions(tree: ast.Module) -> list[str]:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [node.name for node in ast.walk(tree) if isinstance(node, kinds)]


def test_the_parts_of_a_name() -> None:
    assert _parts("OpenStretch_two") == {"open", "stretch", "two"}
    assert _parts("HTTPDeed") == {"http", "deed"}


def test_no_module_class_or_function_has_an_invented_name() -> None:
    found = []
    for name, path in modules(*PRODUCT).items():
        if _parts(name.rpartition(".")[2]) & BANNED_MODULES:
            found.append(name)
        tree = ast.parse(path.read_text("utf-8"))
        found += [f"{name}.{item}" for item in _definitions(tree) if _parts(item) & BANNED]
    assert sorted(found) == []


def test_each_public_class_name_is_defined_once() -> None:
    modules_of = defaultdict(list)
    for name, path in modules(*PRODUCT).items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules_of[node.name].append(name)
    assert {name: found for name, found in modules_of.items() if len(found) > 1} == {}


def test_no_file_is_too_long_without_a_reason() -> None:
    long = [
        str(path.relative_to(ROOT))
        for top in PRODUCT
        for suffix in ("py", "js")
        for path in (ROOT / top).rglob(f"*.{suffix}")
        if len(path.read_text("utf-8").splitlines()) > MAX_LINES
        and REASON.removeprefix("# ") not in path.read_text("utf-8")
    ]
    assert sorted(long) == []


def test_no_folder_is_too_full() -> None:
    folders: dict[Path, int] = defaultdict(int)
    for path in modules(*PRODUCT).values():
        folders[path.parent.relative_to(ROOT)] += 1
    # Migrations accumulate, one file each.
    migrations = Path("marketplace/storage/migrations/versions")
    assert {f: n for f, n in folders.items() if n > MAX_FILES and f != migrations} == {}
