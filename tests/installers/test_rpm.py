"""The .rpm in a root of Debian: signature, installation without dependencies, start, removal.

The names of its dependencies are Fedora's and are not verified here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from installers.inventory import TEST_KEY
from installers.project import DIST
from tests.installers.root import DebianRoot

if TYPE_CHECKING:
    from tests.installers.conftest import Versions

#: The system libraries that a Fedora desktop has.
_LIBRARIES = (
    *("rpm", "libegl1", "libgl1", "libglib2.0-0", "libfontconfig1", "libdbus-1-3", "libssl3"),
    *("libsqlite3-0", "libxkbcommon-x11-0", "libwayland-client0", "libwayland-cursor0"),
    *("libxcb-randr0", "libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-xfixes0"),
    *("libxcb-xkb1", "libgssapi-krb5-2", "fonts-dejavu-core"),
)


@pytest.fixture(scope="module")
def fedora_like(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DebianRoot]:
    """A root with rpm, the package at /srv, and the public key."""
    made = DebianRoot("bookworm", tmp_path_factory.mktemp("rpm") / "root", _LIBRARIES)
    try:
        (package,) = DIST.glob("*.rpm")
        shutil.copy(package, made.path / "srv" / "workdiary.rpm")
        shutil.copy(DIST / TEST_KEY, made.path / "srv" / "key.asc")
        made.run(["rpm", "--initdb"])
        yield made
    finally:
        made.close()


def test_the_signature_belongs_to_the_published_key(fedora_like: DebianRoot) -> None:
    assert "NOKEY" in fedora_like.run(["rpm", "-Kv", "/srv/workdiary.rpm"], status=1)
    fedora_like.run(["rpm", "--import", "/srv/key.asc"])
    assert "NOT OK" not in fedora_like.run(["rpm", "-K", "/srv/workdiary.rpm"])


def test_a_changed_package_is_refused(fedora_like: DebianRoot) -> None:
    data = bytearray((fedora_like.path / "srv" / "workdiary.rpm").read_bytes())
    data[len(data) // 2] ^= 1
    (fedora_like.path / "srv" / "changed.rpm").write_bytes(data)
    assert "NOT OK" in fedora_like.run(["rpm", "-K", "/srv/changed.rpm"], status=1)
    fedora_like.run(["rpm", "-i", "--nodeps", "/srv/changed.rpm"], status=1)
    assert not (fedora_like.path / "usr" / "lib" / "workdiary").exists()


def test_it_is_installed_runs_and_is_erased(fedora_like: DebianRoot, versions: Versions) -> None:
    before = fedora_like.files()
    fedora_like.run(["rpm", "-i", "--nodeps", "/srv/workdiary.rpm"])
    fedora_like.run(["rpm", "-V", "--nodeps", "workdiary"])
    version = fedora_like.run(["workdiary", "--version"]).strip()
    assert version == f"workdiary {versions.built.version}"
    report = json.loads(fedora_like.run(["workdiary", "--selftest"]))
    assert [each for each in report["checks"] if each["problem"]] == []
    fedora_like.run(["rpm", "-e", "workdiary"])
    left = {name for name in fedora_like.files() - before if not name.startswith("/var/lib/rpm")}
    # On Fedora these empty folders belong to other packages.
    assert [name for name in left if "workdiary" in name] == []
    assert [name for name in left if not (fedora_like.path / name[1:]).is_dir()] == []


def test_the_dependencies_are_recorded(fedora_like: DebianRoot) -> None:
    requires = fedora_like.run(["rpm", "-qpR", "/srv/workdiary.rpm"])
    for name in ("libglvnd-egl", "libxkbcommon-x11", "openssl-libs"):
        assert name in requires.split()
    assert Path(fedora_like.path / "srv" / "workdiary.rpm").exists()
