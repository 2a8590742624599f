"""Builds the application bundle and the package for macOS. Needs a Mac; has never been run.

    python -m installers.macos.build

Environment variables set the identities, which must be stable: macOS ties permissions to them.

    WORKDIARY_CODESIGN          "Developer ID Application: …"; without it the signature is ad hoc
    WORKDIARY_INSTALLER_SIGN    "Developer ID Installer: …"; without it the package is unsigned
    WORKDIARY_NOTARY_PROFILE    a profile that `notarytool store-credentials` has saved; without
                                it the package is not notarised
"""

from __future__ import annotations

import os
import plistlib
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installers import inventory
from installers.project import BUILD, DIST, NAME, BuildError, Release, current_release, run
from installers.tree import build_tree, program_environment
from installers.windows.resources import write_icon

IDENTIFIER = "org.workdiary.Workdiary"
APPLICATION = "Workdiary.app"
FILES = Path(__file__).with_name("files")


@dataclass(frozen=True)
class Identities:
    """The identities that sign the bundle and the package, the notary's profile; "" for none."""

    application: str = ""
    package: str = ""
    notary: str = ""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Identities:
        """The identities that environment variables set."""
        return cls(
            environ.get("WORKDIARY_CODESIGN", ""),
            environ.get("WORKDIARY_INSTALLER_SIGN", ""),
            environ.get("WORKDIARY_NOTARY_PROFILE", ""),
        )


def build_bundle(release: Release) -> Path:
    """Build and sign the bundle; returns it. Raises BuildError."""
    python_licence = Path(os.__file__).with_name("LICENSE.txt").read_text("utf-8")
    target = BUILD / "macos" / "THIRD_PARTY_LICENSES"
    more = {"Python": python_licence}
    python = program_environment("client")
    licences = inventory.write_licences("client", python, BUILD, target, None, more)
    os.environ["WORKDIARY_LICENCES"] = str(licences)
    os.environ["WORKDIARY_ICON"] = str(write_icon(BUILD / "macos" / f"{NAME}.ico"))
    os.environ["WORKDIARY_ENTITLEMENTS"] = str(FILES / "entitlements.plist")
    os.environ["WORKDIARY_INFO_PLIST"] = str(FILES / "Info.plist")
    os.environ["WORKDIARY_IDENTIFIER"] = IDENTIFIER
    tree = build_tree("client", release)
    return tree.with_name(APPLICATION)


def package_steps(
    bundle: Path, work: Path, target: Path, release: Release, chosen: Identities
) -> list[list[str]]:
    """The commands that pack, sign, notarise and check the bundle, in their order."""
    component = work / "component.pkg"
    signed = ["--sign", chosen.package, "--timestamp"] if chosen.package else []
    steps = [
        ["codesign", "--verify", "--deep", "--strict", str(bundle)],
        [
            *("pkgbuild", "--root", str(work / "root"), "--install-location", "/Applications"),
            *("--component-plist", str(work / "component.plist")),
            *("--scripts", str(FILES / "scripts"), "--identifier", IDENTIFIER),
            *("--version", str(release.version), str(component)),
        ],
        [
            *("productbuild", "--distribution", str(FILES / "distribution.xml")),
            *("--package-path", str(work), *signed, str(target)),
        ],
    ]
    if chosen.notary:
        profile = ["--keychain-profile", chosen.notary]
        steps += [
            ["xcrun", "notarytool", "submit", str(target), *profile, "--wait"],
            ["xcrun", "stapler", "staple", str(target)],
            ["spctl", "--assess", "--type", "install", str(target)],
        ]
    return steps


def component_list() -> list[dict[str, object]]:
    """The component property list: the bundle is installed at its place, even if the user has moved
    it, and never replaces a newer one.
    """
    return [
        {
            "RootRelativeBundlePath": APPLICATION,
            "BundleIsRelocatable": False,
            "BundleIsVersionChecked": True,
            "BundleHasStrictIdentifier": True,
            "BundleOverwriteAction": "upgrade",
        }
    ]


def build_package(release: Release, out: Path, chosen: Identities) -> Path:
    """Build the package; returns its file in `out`, beside the uninstaller. Raises BuildError."""
    bundle = build_bundle(release)
    work = BUILD / "macos" / "package"
    shutil.rmtree(work, ignore_errors=True)
    (work / "root").mkdir(parents=True)
    shutil.copytree(bundle, work / "root" / APPLICATION, symlinks=True)
    (work / "component.plist").write_bytes(plistlib.dumps(component_list()))
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{NAME}-{release.version}-macos.pkg"
    for step in package_steps(bundle, work, target, release, chosen):
        run(step, env=release.environment())
    shutil.copy(FILES / "uninstall.sh", out / "uninstall-macos.sh")
    return target


def main() -> int:
    """Build the package into dist; returns the exit status."""
    try:
        print(build_package(current_release(), DIST, Identities.of(os.environ)))
    except BuildError as error:
        print(f"installers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
