"""The files of the package for macOS, as far as they can be checked without a Mac."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from packaging.version import Version

from installers.macos.build import (
    APPLICATION,
    FILES,
    IDENTIFIER,
    Identities,
    component_list,
    package_steps,
)
from installers.project import Release
from system.autostart.macos import LABEL
from tests.repository.tree import ROOT
from ui.settings.settings import LANGUAGES

RELEASE = Release(Version("1.2.3"), 0)
SCRIPTS = (FILES / "uninstall.sh", FILES / "scripts" / "preinstall")


def steps(chosen: Identities) -> list[list[str]]:
    return package_steps(Path(APPLICATION), Path("work"), Path("out.pkg"), RELEASE, chosen)


def test_the_permissions_have_reasons() -> None:
    information = plistlib.loads((FILES / "Info.plist").read_bytes())
    for name in ("NSScreenCaptureUsageDescription", "NSInputMonitoringUsageDescription"):
        assert "while you record" in information[name]
    assert set(information["CFBundleLocalizations"]) == set(LANGUAGES)


def test_the_program_is_visible_and_macos_does_not_end_it_without_notice() -> None:
    information = plistlib.loads((FILES / "Info.plist").read_bytes())
    assert information["LSUIElement"] is False
    assert "LSBackgroundOnly" not in information
    assert information["NSSupportsSuddenTermination"] is False


def test_the_program_has_two_exceptions_from_the_hardened_runtime() -> None:
    assert plistlib.loads((FILES / "entitlements.plist").read_bytes()) == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


def test_all_parts_have_one_identifier() -> None:
    root = ET.fromstring((FILES / "distribution.xml").read_text("utf-8"))
    assert {each.get("id") for each in root.iter("pkg-ref")} == {IDENTIFIER} == {LABEL}
    assert f"label={IDENTIFIER}\n" in (FILES / "uninstall.sh").read_text("utf-8")
    (component,) = component_list()
    assert component["RootRelativeBundlePath"] == APPLICATION
    assert f'name="{APPLICATION}"' in (ROOT / "installers" / "workdiary.spec").read_text("utf-8")
    for script in SCRIPTS:
        assert f"/Applications/{APPLICATION}" in script.read_text("utf-8")


def test_an_older_package_does_not_replace_a_newer_program() -> None:
    (component,) = component_list()
    assert component["BundleIsVersionChecked"] is True


def test_the_oldest_system_is_the_same_everywhere() -> None:
    information = plistlib.loads((FILES / "Info.plist").read_bytes())
    root = ET.fromstring((FILES / "distribution.xml").read_text("utf-8"))
    (oldest,) = root.iter("os-version")
    assert oldest.get("min") == information["LSMinimumSystemVersion"]


def test_without_identities_nothing_is_signed_or_sent() -> None:
    assert [step[0] for step in steps(Identities())] == ["codesign", "pkgbuild", "productbuild"]
    assert "--sign" not in steps(Identities())[-1]


def test_a_release_is_signed_notarised_stapled_and_checked_in_this_order() -> None:
    chosen = Identities("Developer ID Application: X", "Developer ID Installer: X", "profile")
    done = steps(chosen)
    assert [step[:3] if step[0] == "xcrun" else step[:1] for step in done] == [
        ["codesign"],
        ["pkgbuild"],
        ["productbuild"],
        ["xcrun", "notarytool", "submit"],
        ["xcrun", "stapler", "staple"],
        ["spctl"],
    ]
    build = done[2]
    assert build[build.index("--sign") + 1] == chosen.package
    assert "--timestamp" in build


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_valid(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    shell = shutil.which("dash") or "sh"
    subprocess.run([shell, "-n", str(script)], check=True)


def test_an_unknown_option_removes_nothing() -> None:
    words = ["sh", str(FILES / "uninstall.sh"), "--everything"]
    done = subprocess.run(words, check=False, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")
