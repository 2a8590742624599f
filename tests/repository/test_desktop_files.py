"""The desktop entry and the AppStream metainfo of Linux."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET

import pytest

from tests.repository.tree import ROOT

FOLDER = ROOT / "installers" / "linux" / "files"
ENTRY, METAINFO = FOLDER / "workdiary.desktop", FOLDER / "workdiary.metainfo.xml"


def entry() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(ENTRY.read_text("utf-8"))
    assert parser.sections() == ["Desktop Entry"]
    return parser["Desktop Entry"]


def test_the_entry_starts_the_program_without_arguments() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    values = entry()
    assert values["Type"] == "Application"
    assert values["Exec"] in scripts
    assert values["Terminal"] == "false"
    # Wayland's desktops find the window's icon by this name.
    assert f'setDesktopFileName("{ENTRY.stem}")' in (ROOT / "ui" / "app.py").read_text("utf-8")


def test_the_metainfo_belongs_to_the_entry() -> None:
    component = ET.fromstring(METAINFO.read_text("utf-8"))
    assert component.get("type") == "desktop-application"
    assert component.findtext("launchable") == ENTRY.name
    assert component.findtext("provides/binary") == entry()["Exec"]
    assert component.findtext("name") == entry()["Name"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert component.findtext("project_license") == project["license"]


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", str(ENTRY)],
        # The project has no domain yet that its name could begin with.
        [
            "appstreamcli", "validate", "--no-net",
            "--override=cid-desktopapp-is-not-rdns=pedantic", str(METAINFO),
        ],
    ],
    ids=["entry", "metainfo"],
)  # fmt: skip
def test_the_desktops_own_validators_accept_them(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout
