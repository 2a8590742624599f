"""Rules that import contracts cannot check: libraries, late imports, and imports without Qt."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys

import pytest

from tests.repository.imports import PACKAGES, imports_of
from tests.repository.tree import ROOT, modules, pyproject


def test_no_module_imports_what_is_not_shipped() -> None:
    not_shipped = {"benchmarks", "installers", "scripts", "tests"}
    found = [
        f"{name}:{imported.line} {imported.module}"
        for name, path in modules(*PACKAGES).items()
        for imported in imports_of(path.read_text("utf-8"))
        if imported.module.partition(".")[0] in not_shipped
    ]
    assert found == []


def test_the_command_line_and_the_client_do_not_import_qt() -> None:
    code = (
        "import sys, ui.cli.main, ui.client;"
        "sys.exit(' '.join(m for m in sys.modules if m.startswith('PySide6')) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _declared(*extras: str) -> set[str]:
    project = pyproject()["project"]
    requirements = list(project["dependencies"])
    for extra in extras:
        requirements += project["optional-dependencies"][extra]
    return {_plain(re.split(r"[^A-Za-z0-9._-]", word)[0]) for word in requirements}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("diary", ()),
        ("system", ()),
        ("system/updates", ("client",)),
        ("tracker", ("client",)),
        ("uploader", ("client",)),
        ("ui", ("client",)),
        ("marketplace", ("marketplace",)),
    ],
)
def test_a_package_imports_only_the_libraries_of_its_own_installation(
    package: str, extras: tuple[str, ...]
) -> None:
    """Otherwise `workdiary-verify` would need Qt, or the marketplace the client's libraries."""
    providers = importlib.metadata.packages_distributions()
    allowed = _declared(*extras)
    foreign = set()
    for name, path in modules(package).items():
        if package == "system" and name.startswith("system.updates"):
            continue  # only the desktop program has updates
        for imported in imports_of(path.read_text("utf-8")):
            top = imported.module.partition(".")[0]
            if top in PACKAGES or top in sys.stdlib_module_names or not top:
                continue
            dists = {_plain(dist) for dist in providers.get(top, [])}
            # `from a import b` is listed as `a.b` too; only the distribution counts.
            if not dists & allowed:
                foreign.add(f"{name}:{imported.line} {top}")
    assert sorted(foreign) == []


def test_the_diary_is_pure() -> None:
    """Bytes in, values out: only `diary/cli` does I/O."""
    outside = {
        "asyncio", "http", "io", "os", "pathlib", "secrets", "shutil", "socket", "sqlite3", "ssl",
        "subprocess", "tempfile", "threading", "time", "urllib",
    }  # fmt: skip
    impure = [
        f"{name}:{imported.line} {imported.module}"
        for name, path in modules("diary").items()
        if not name.startswith("diary.cli.")
        for imported in imports_of(path.read_text("utf-8"))
        if imported.module.partition(".")[0] in outside
    ]
    assert impure == []
