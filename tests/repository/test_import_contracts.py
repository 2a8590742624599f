"""The import rules of `.importlinter` hold, and each package has one."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

from tests.repository.tree import ROOT

PRODUCT = ("assets", "diary", "marketplace", "system", "tracker", "ui", "uploader")


def _contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def _packages(top: str) -> set[str]:
    folders = (path.parent for path in (ROOT / top).glob("*/__init__.py"))
    return {f"{top}.{folder.name}" for folder in folders}


def test_the_import_rules_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_each_package_has_a_contract() -> None:
    parser = _contracts()
    sources = {
        name.strip()
        for section in parser.sections()
        if parser.get(section, "type", fallback="") == "forbidden"
        for name in parser.get(section, "source_modules").splitlines()
    }
    packages = set(PRODUCT).union(*(_packages(top) for top in PRODUCT))
    assert sorted(packages - sources) == []


def test_a_forbidden_import_breaks_a_contract(tmp_path: Path) -> None:
    """The command fails where a rule is broken: imports for types and in functions count."""
    for source in ("import tracker.clock\n", "def f():\n    from ui import app\n"):
        tree = tmp_path / str(len(source))
        for top in ("diary", "tracker", "ui"):
            (tree / top).mkdir(parents=True)
            (tree / top / "__init__.py").touch()
        (tree / "tracker" / "clock.py").touch()
        (tree / "ui" / "app.py").touch()
        (tree / "diary" / "a.py").write_text(source, encoding="utf-8")
        config = tree / ".importlinter"
        config.write_text(
            "[importlinter]\nroot_packages =\n    diary\n    tracker\n    ui\n"
            "[importlinter:contract:diary]\nname = diary\ntype = forbidden\n"
            "source_modules =\n    diary\nforbidden_modules =\n    tracker\n    ui\n",
            encoding="utf-8",
        )
        lint = Path(sys.executable).with_name("lint-imports")
        done = subprocess.run(
            [lint, "--no-cache", "--config", config],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, done.stdout
        assert "diary.a" in done.stdout
