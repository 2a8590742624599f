"""Fixtures of the tests of packages: the built packages, a newer version, roots of Debian.

The tests need the packages in dist/ and the user root, and take minutes: only `make
test-installers` runs them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.version import Version

from installers.linux import apt_repository, deb
from installers.project import BUILD, DIST, Release, current_release
from tests.installers.other_version import retagged
from tests.installers.root import DebianRoot

if os.environ.get("WORKDIARY_TEST_INSTALLERS") != "1":
    collect_ignore_glob = ["test_*.py"]

SUITES = ("bookworm", "trixie")


@dataclass(frozen=True)
class Versions:
    """The built version and a newer one, with the packages of the newer one in `newer_packages`."""

    built: Release
    newer: Release
    newer_packages: tuple[Path, ...]


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """The built version, and the same program with a higher version."""
    folder = tmp_path_factory.mktemp("newer")
    built = current_release()
    newer = Release(Version(f"{built.version.base_version}.post1"), built.epoch)
    tree = retagged(BUILD / "client" / "dist" / "workdiary", newer, folder)
    package = deb.client_deb(tree, DIST / "THIRD_PARTY_LICENSES", newer, folder, "gzip")
    shutil.rmtree(tree)
    return Versions(built, newer, (package,))


@pytest.fixture(scope="session")
def newer_repository(versions: Versions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the built packages and the newer one."""
    packages = [*DIST.glob("*.deb"), *versions.newer_packages]
    folder = tmp_path_factory.mktemp("newer-repository") / "apt"
    return apt_repository.write_repository(packages, versions.newer, folder)


@pytest.fixture(scope="module", params=SUITES)
def root(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DebianRoot]:
    """A fresh root of each suite, with a copy of the built repository in apt's sources."""
    made = DebianRoot(request.param, tmp_path_factory.mktemp(request.param) / "root")
    try:
        use_repository(made, DIST / "apt")
        yield made
    finally:
        made.close()


def use_repository(root: DebianRoot, repository: Path) -> Path:
    """Copy a repository into the root and add it to apt's sources; returns the copy."""
    copy = root.path / "srv" / "workdiary"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(repository, copy)
    source = (
        "Types: deb\nURIs: file:/srv/workdiary\n"
        f"Suites: {apt_repository.SUITE}\nComponents: {apt_repository.COMPONENT}\n"
        f"Signed-By: /srv/workdiary/{apt_repository.KEY}\n"
    )
    (root.path / "etc/apt/sources.list.d/workdiary.sources").write_text(source, "utf-8")
    return copy
