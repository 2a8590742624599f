"""Builds the packages into dist/.

    python -m installers [client] [marketplace] [verify] [windows]

Without a name it builds everything that this machine can build.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from installers import inventory
from installers.linux import apt_repository, deb, marketplace_deb, portable, rpm, verify_deb
from installers.project import BUILD, DIST, NAME, BuildError, current_release
from installers.tree import PROGRAMS, build_tree, program_environment
from installers.windows import packages as windows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from installers.project import Release

#: Megabytes that the client's download and installation should not exceed.
_TARGETS = {"download": 40, "installed": 140}


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the chosen packages; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m installers")
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args(arguments).names or list(BUILDERS)
    if unknown := sorted(set(names) - BUILDERS.keys()):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(BUILDERS)}")
    release = current_release()
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    try:
        for name in names:
            BUILDERS[name](release)
        _finish(release)
    except BuildError as error:
        print(f"installers: {error}", file=sys.stderr)
        return 1
    return 0


def _client(release: Release) -> None:
    tree = build_tree("client", release)
    python = program_environment("client")
    target = DIST / "THIRD_PARTY_LICENSES"
    licences = inventory.write_licences("client", python, tree, target)
    inventory.write_sbom(python, NAME, release, DIST)
    # Compressing takes most of the time.
    with ThreadPoolExecutor() as pool:
        formats = (deb.client_deb, rpm.client_rpm, portable.client_run)
        jobs = [pool.submit(each, tree, licences, release, DIST) for each in formats]
    for job in jobs:
        _report(job.result(), tree)
    for package in DIST.glob("*.rpm"):
        rpm.sign_rpm(package)


def _marketplace(release: Release) -> None:
    tree = build_tree("marketplace", release)
    python = program_environment("marketplace")
    target = BUILD / "marketplace" / "THIRD_PARTY_LICENSES"
    licences = inventory.write_licences("marketplace", python, tree, target)
    inventory.write_sbom(python, PROGRAMS["marketplace"], release, DIST)
    package = marketplace_deb.marketplace_deb(tree, licences, release, DIST)
    print(f"{package.name}: {package.stat().st_size / 1e6:.1f} MB", flush=True)


def _verify(release: Release) -> None:
    package = verify_deb.verify_deb(release, DIST)
    print(f"{package.name}: {package.stat().st_size / 1e6:.1f} MB", flush=True)


def _finish(release: Release) -> None:
    """Write the apt repository, the public key, and the checksums of the files outside apt/."""
    packages = sorted(DIST.glob("*.deb"))
    if packages:
        apt_repository.write_repository(packages, release, DIST / "apt")
    inventory.export_key(DIST / inventory.key_name())
    files = [path for path in DIST.iterdir() if path.is_file()]
    inventory.write_sums(files, DIST)


def _report(package: Path, tree: Path) -> None:
    """Print the sizes of a package with their targets."""
    installed = sum(path.lstat().st_size for path in tree.rglob("*"))
    sizes = {"download": package.stat().st_size, "installed": installed}
    text = ", ".join(
        f"{what} {size / 1e6:.1f} MB (target {_TARGETS[what]})" for what, size in sizes.items()
    )
    print(f"{package.name}: {text}", flush=True)


def _windows(release: Release) -> None:
    for package in windows.windows_packages(release, DIST):
        print(f"{package.name}: {package.stat().st_size / 1e6:.1f} MB", flush=True)


BUILDERS: dict[str, Callable[[Release], None]] = {
    "client": _client,
    "marketplace": _marketplace,
    "verify": _verify,
    "windows": _windows,
}


if __name__ == "__main__":
    sys.exit(main())
