"""The packages for Windows as files: signatures, label, a second build."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from installers.project import DIST, BuildError, current_release
from installers.windows import authenticode, packages, tree
from tests.installers.test_reproducible import digests

PACKAGES = ("*.msi", "*-setup.exe")


@pytest.fixture(scope="module")
def certificate() -> Path:
    return DIST / authenticode.TEST_CERTIFICATE


def package(pattern: str) -> Path:
    (found,) = DIST.glob(pattern)
    return found


@pytest.mark.parametrize("pattern", PACKAGES)
def test_the_name_and_a_label_state_that_a_package_was_built_under_wine(pattern: str) -> None:
    assert packages.UNDER_WINE in package(pattern).name
    assert "never\nbeen started on Windows" in (DIST / packages.LABEL).read_text("utf-8")


@pytest.mark.parametrize("pattern", PACKAGES)
def test_a_signature_is_valid(pattern: str, certificate: Path) -> None:
    authenticode.verify(package(pattern), certificate)


@pytest.mark.parametrize("pattern", PACKAGES)
@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_changed_byte_is_found(
    pattern: str, place: float, certificate: Path, tmp_path: Path
) -> None:
    original = package(pattern)
    data = bytearray(original.read_bytes())
    data[int(len(data) * place)] ^= 1
    changed = tmp_path / original.name
    changed.write_bytes(data)
    with pytest.raises(BuildError):
        authenticode.verify(changed, certificate)


@pytest.mark.parametrize("pattern", PACKAGES)
def test_a_signature_with_another_certificate_is_refused(pattern: str, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Workdiary TEST certificate"]
    key = str(tmp_path / "key.pem")
    subprocess.run(
        ["openssl", "req", *words, "-keyout", key, "-out", str(other)],
        check=True,
        capture_output=True,
    )
    with pytest.raises(BuildError):
        authenticode.verify(package(pattern), other)


def test_a_program_without_a_signature_is_refused(certificate: Path) -> None:
    with pytest.raises(BuildError):
        authenticode.verify(tree.FOLDER / "dist" / "workdiary" / "workdiary.exe", certificate)


def test_a_second_program_is_identical() -> None:
    """Built without PyInstaller's caches. The packages differ: signatures contain their time."""
    first = digests(tree.FOLDER / "dist")
    assert len(first) > 100
    tree.build_under_wine(current_release())
    assert digests(tree.FOLDER / "dist") == first
