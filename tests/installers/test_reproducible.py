"""A second build of the same commit has the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from installers.inventory import write_licences
from installers.linux import deb, portable, rpm
from installers.project import BUILD, DIST, current_release
from installers.tree import build_tree, program_environment


def digest(file: Path) -> str:
    """The SHA-256 of a file: a failed comparison must not print millions of bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file in a folder."""
    return {
        str(path.relative_to(folder)): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module")
def second_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the packages of a second build, without PyInstaller's caches."""
    out = tmp_path_factory.mktemp("second")
    release = current_release()
    first = digests(BUILD / "client" / "dist")
    shutil.rmtree(BUILD / "client" / "work")
    tree = build_tree("client", release)
    assert digests(BUILD / "client" / "dist") == first
    licences = out / "THIRD_PARTY_LICENSES"
    write_licences("client", program_environment("client"), tree, licences)
    for build in (deb.client_deb, rpm.client_rpm, portable.client_run):
        build(tree, licences, release, out)
    return out


@pytest.mark.parametrize("pattern", ["workdiary_*.deb", "*.run", "THIRD_PARTY_LICENSES"])
def test_a_second_build_is_identical(second_build: Path, pattern: str) -> None:
    (first,), (second,) = DIST.glob(pattern), second_build.glob(pattern)
    assert first.name == second.name
    assert digest(first) == digest(second)


def test_a_second_rpm_differs_in_its_signature_only(second_build: Path) -> None:
    """Signing changes the padding of the header with the signatures, also if they are removed. The
    digest of the main header, which contains the payload's, covers everything else.
    """
    (first,), (second,) = DIST.glob("*.rpm"), second_build.glob("*.rpm")
    assert rpm_digests(first) == rpm_digests(second)


def rpm_digests(package: Path) -> str:
    """The SHA-256 of the main header and of the payload, once rpm has verified both."""
    checked = subprocess.run(
        ["rpmkeys", "--checksig", "--nosignature", str(package)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "digests OK" in checked.stdout
    form = "%{SHA256HEADER} %{PAYLOADDIGEST}"
    query = ["rpm", "--query", "--package", "--nosignature", "--queryformat", form, str(package)]
    found = subprocess.run(query, check=True, capture_output=True, text=True).stdout
    assert len(found) == 129
    return found
