"""The life of the .deb: install, start, upgrade, downgrade, remove; and repositories that lie."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from installers.project import DIST
from tests.desktop_fixtures.desktop import Desktop

if TYPE_CHECKING:
    from tests.installers.conftest import Versions
    from tests.installers.root import DebianRoot


def packages() -> list[Path]:
    return sorted(DIST.glob("*.deb"))


def test_lintian_finds_nothing() -> None:
    words = ["lintian", "--fail-on", "error,warning", "--allow-root"]
    done = subprocess.run([*words, *packages()], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


def test_apt_installs_it_from_the_signed_repository(root: DebianRoot, versions: Versions) -> None:
    before = root.files()
    root.apt("update")
    root.apt("install", "workdiary")
    assert root.run(["workdiary", "--version"]).strip() == f"workdiary {versions.built.version}"
    root.run(["dpkg", "--verify", "workdiary"])
    (root.path / "var" / "before").write_text("\n".join(sorted(before)), "utf-8")


@pytest.mark.parametrize("display", [False, True], ids=["without a display", "with a display"])
def test_the_self_test_passes(root: DebianRoot, display: bool) -> None:
    if not display:
        report = json.loads(root.run(["workdiary", "--selftest"]))
    else:
        with Desktop() as desktop:
            report = json.loads(root.run(["workdiary", "--selftest"], desktop.env))
    assert [each for each in report["checks"] if each["problem"]] == []
    assert report["ok"]
    assert report["packaged"]
