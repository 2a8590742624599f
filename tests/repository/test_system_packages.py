"""The table of system packages is valid, and its probes succeed where it was installed."""

from __future__ import annotations

import pytest

from scripts.dev import system_packages
from scripts.dev.system_packages import Package, is_there, needed, parse

PACKAGES = parse(system_packages.TABLE.read_text("utf-8"))
# `make test` does not install the packages that only `make installers` needs.
INSTALLED = [package for package in PACKAGES if package.section != "installers"]


def test_each_package_is_named_once_with_a_reason() -> None:
    names = [package.name for package in PACKAGES]
    assert sorted(set(names)) == sorted(names)
    sections = {"setup", "run", "desktop", "test", "engines", "installers"}
    assert {package.section for package in PACKAGES} == sections
    assert all(package.reason and package.probe for package in PACKAGES)


@pytest.mark.parametrize("package", INSTALLED, ids=lambda package: package.name)
def test_what_shows_that_a_package_is_there_is_there(package: Package) -> None:
    assert is_there(package.probe)


@pytest.mark.parametrize(
    "probe",
    [
        "/no/such/file",
        "libnosuchthing.so.1",
        "no-such-command",
        "python:no_such_module",
        "gst:no-such",
    ],
)
def test_a_missing_probe_is_not_found(probe: str) -> None:
    assert not is_there(probe)


@pytest.mark.parametrize(
    ("level", "display", "sections"),
    [
        ("run", True, {"setup", "run"}),
        ("run", False, {"setup", "run", "desktop"}),
        ("engines", True, {"engines"}),
        ("installers", True, {"setup", "run", "desktop", "installers"}),
        ("test", True, {"setup", "run", "desktop", "test"}),
        ("test", False, {"setup", "run", "desktop", "test"}),
    ],
)
def test_a_display_makes_the_throw_away_desktop_unnecessary(
    level: str, display: bool, sections: set[str]
) -> None:
    assert {package.section for package in needed(PACKAGES, level, display=display)} == sections


def test_the_table_is_parsed_as_its_header_describes() -> None:
    assert parse("# words\n\n[run]\nxvfb | Xvfb | a screen\n") == [
        Package("run", "xvfb", "Xvfb", "a screen")
    ]
