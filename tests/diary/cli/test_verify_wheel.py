"""The wheel `workdiary-verify`: its files, and its function with only `cryptography` installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: The packages that the wheel contains completely.
PACKAGES = ("diary", "system")
NAME = re.compile(r"[A-Za-z0-9_.-]+")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT / "installers" / "workdiary-verify",
        check=True,
        capture_output=True,
    )
    (made,) = folder.iterdir()
    return made


def _tracked(package: str) -> set[str]:
    folder = ROOT / package
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _with_requirements(name: str) -> Iterator[str]:
    """The distribution and its requirements here, by the installed metadata."""
    yield name
    for requirement in distribution(name).requires or []:
        if "extra ==" in requirement or "python_version" in requirement.partition(";")[2]:
            continue
        match = NAME.match(requirement)
        assert match is not None
        yield from _with_requirements(match[0])


def _copy(name: str, target: Path) -> None:
    """Copy an installed distribution's modules."""
    for file in distribution(name).files or []:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue
        copied = target / file
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(str(file.locate())), copied)


def test_the_wheel_holds_the_verifier_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(metadata).decode()
    assert names == {"diary/LICENSE"}.union(*(_tracked(package) for package in PACKAGES))
    assert re.findall(r"^Requires-Dist: ([a-z0-9_-]+)", text, re.MULTILINE) == ["cryptography"]
    assert re.findall(r"^Version: (.+)$", text, re.MULTILINE) == [distribution("workdiary").version]


def test_the_wheel_works_where_only_cryptography_is(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    paths = sysconfig.get_paths("venv", {"base": str(tmp_path / "venv"), "platbase": ""})
    python = Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    assert uv is not None
    options = ("--offline", "--no-index", "--no-deps", "--quiet", "--python", str(python))
    subprocess.run([uv, "pip", "install", *options, str(wheel)], check=True, capture_output=True)
    for name in set(_with_requirements("cryptography")):
        _copy(name, Path(paths["purelib"]))
    command = shutil.which("workdiary-verify", path=paths["scripts"])
    assert command is not None
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    for arguments, expected in (
        (["--help"], "usage: workdiary-verify"),
        ([str(ROOT / "tests" / "vectors" / "day")], "Valid as far as checked"),
        ([str(ROOT / "tests" / "vectors" / "bundles" / "week.zip")], "Valid as far as checked"),
        (["follow", "--help"], "usage: workdiary-verify follow"),
    ):
        done = subprocess.run(
            [command, *arguments],
            cwd=tmp_path,
            env=clean,
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert expected in done.stdout
