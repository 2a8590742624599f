"""The packages for Debian: repository, start, a real segment, upgrade, downgrade, removal.

The tests of a root run in the order of this file, and each continues where the last one ended.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from diary.core.slots import week_of
from installers.linux.apt_repository import COMPONENT, KEY, SUITE
from installers.linux.filesystem import FILES
from installers.project import DIST
from marketplace.core.week_names import name_of_week
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem, closing_with_evidence
from tests.installers.conftest import use_repository
from tests.repository.tree import ROOT

if TYPE_CHECKING:
    from tests.installers.conftest import Versions
    from tests.installers.root import DebianRoot

CLIENT, MARKETPLACE, VERIFY = "workdiary", "workdiary-marketplace", "workdiary-verify"
#: The command of this project's environment.
VERIFY_HERE = Path(sys.executable).with_name(VERIFY)


def test_lintian_finds_nothing() -> None:
    words = ["lintian", "--fail-on", "error,warning", "--allow-root"]
    done = subprocess.run(
        [*words, *sorted(DIST.glob("*.deb"))], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)


def test_no_package_contains_the_tests_of_a_library() -> None:
    packages = sorted(DIST.glob("*.deb"))
    assert packages
    for package in packages:
        listing = subprocess.run(
            ["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True
        )
        paths = [Path(line.split()[5]) for line in listing.stdout.splitlines()]
        names = {"conftest.py", "fuzzed", "test", "tests"}
        assert [path for path in paths if names & set(path.parts)] == [], package.name


def test_systemd_accepts_the_service_and_finds_it_confined(tmp_path: Path) -> None:
    """systemd does not run here; systemd-analyze reads the unit."""
    unit = tmp_path / f"{MARKETPLACE}.service"
    text = (FILES / unit.name).read_text("utf-8")
    unit.write_text(text.replace(f"ExecStart=/usr/bin/{MARKETPLACE}", "ExecStart=/bin/true"))
    for words in (("verify", "--man=no"), ("security", "--offline=yes", "--threshold=20")):
        done = subprocess.run(
            ["systemd-analyze", *words, unit], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""


# Repositories that were tampered with


def change_index(repository: Path) -> None:
    index = repository / "dists" / SUITE / COMPONENT / "binary-amd64" / "Packages"
    for file in (index, index.with_suffix(".xz")):
        file.write_bytes(file.read_bytes() + b"\n")


def change_release(repository: Path) -> None:
    for name in ("InRelease", "Release"):
        file = repository / "dists" / SUITE / name
        file.write_text(file.read_text().replace("Origin: Workdiary", "Origin: Workdiarx"))


def remove_signatures(repository: Path) -> None:
    for name in ("InRelease", "Release.gpg"):
        (repository / "dists" / SUITE / name).unlink()


def use_another_key(repository: Path) -> None:
    shutil.copy("/usr/share/keyrings/debian-archive-keyring.gpg", repository / KEY)


@pytest.mark.parametrize(
    "change",
    [change_index, change_release, remove_signatures, use_another_key],
    ids=lambda function: function.__name__,
)
def test_apt_refuses_a_changed_repository(root: DebianRoot, change: Callable[[Path], None]) -> None:
    change(use_repository(root, DIST / "apt"))
    shutil.rmtree(root.path / "var/lib/apt/lists", ignore_errors=True)
    root.run(["apt-get", "-q", "update", "-o", "APT::Update::Error-Mode=any"], status=100)
    root.apt("install", CLIENT, status=100)


def test_apt_refuses_a_changed_package(root: DebianRoot) -> None:
    copy = use_repository(root, DIST / "apt")
    root.apt("update")
    for package in (copy / "pool").glob(f"{CLIENT}_*.deb"):
        data = bytearray(package.read_bytes())
        data[len(data) // 2] ^= 1
        package.write_bytes(data)
    output = root.apt("install", CLIENT, status=100)
    assert "Hash" in output or "hash" in output
    root.run(["dpkg", "-s", CLIENT], status=1)


# Installed


def test_apt_installs_all_packages_from_the_signed_repository(
    root: DebianRoot, versions: Versions
) -> None:
    use_repository(root, DIST / "apt")
    root.apt("update")
    # After the removal the dependencies stay: they belong to other packages.
    root.apt("install", "--no-install-recommends", CLIENT, MARKETPLACE, VERIFY)
    root.apt("purge", CLIENT, MARKETPLACE, VERIFY)
    files = sorted(root.files())
    (root.path / "root" / "files").write_text("\n".join(files), "utf-8")
    assert [name for name in files if "workdiary" in name and not name.startswith("/srv")] == [
        "/etc/apt/sources.list.d/workdiary.sources"
    ]
    root.apt("install", "--no-install-recommends", CLIENT, MARKETPLACE, VERIFY)
    assert root.run([CLIENT, "--version"]).strip() == f"workdiary {versions.built.version}"
    root.run(["dpkg", "--verify", CLIENT, MARKETPLACE, VERIFY])


@pytest.mark.parametrize("display", [False, True], ids=["without a display", "with a display"])
def test_the_self_test_passes(root: DebianRoot, display: bool) -> None:
    if not display:
        report = json.loads(root.run([CLIENT, "--selftest"]))
    else:
        with Desktop() as desktop:
            report = json.loads(root.run([CLIENT, "--selftest"], inside(desktop)))
    assert [each for each in report["checks"] if each["problem"]] == []
    assert report["ok"]
    assert report["packaged"]


def test_the_verifier_runs_on_the_systems_python(root: DebianRoot) -> None:
    bundles = root.path / "srv" / "bundles"
    shutil.copytree(ROOT / "tests" / "vectors" / "bundles", bundles)
    good = sorted(bundles.glob("*.zip"))
    assert good
    for bundle in good:
        inside_ = f"/srv/bundles/{bundle.name}"
        here = subprocess.run(
            [VERIFY_HERE, bundle, "--json"], capture_output=True, text=True, check=False
        )
        output = root.run([VERIFY, inside_, "--json"], status=here.returncode)
        assert json.loads(output)["findings"] == json.loads(here.stdout)["findings"]
    assert not list((root.path / "usr/share" / VERIFY).rglob("__pycache__"))


def inside(desktop: Desktop) -> dict[str, str]:
    """The environment of a program in the root, on a desktop of this machine."""
    return {name: value for name, value in desktop.env.items() if name != "PATH"}


@contextmanager
def running(
    root: DebianRoot, folder: Path, request: pytest.FixtureRequest
) -> Iterator[RunningSystem]:
    """The packaged programs of the root, on a desktop of this machine."""
    quiet = {"PYTHONUNBUFFERED": "1"}
    with Desktop() as desktop:
        system = RunningSystem(
            folder,
            desktop,
            client=root.command([CLIENT], inside(desktop) | quiet),
            marketplace=root.command([MARKETPLACE], quiet),
        )
        with closing_with_evidence(system, request):
            yield system


def test_a_real_segment_reaches_the_packaged_marketplace(
    root: DebianRoot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running(root, tmp_path, request) as system:
        system.open_client()
        system.gui.start_recording("From the package")
        Target(system.desktop, "WORK").type("some work", delay_ms=30)
        system.wait_mid_slot()
        system.stop_recording()
        system.wait_all_sent()
        sealed = [each.segment for each in system.sealed()]
        assert sum(segment.seconds for segment in sealed) >= 60
        # They need files of the package, and time zones of the system.
        address = f"/contracts/{sealed[0].ctr}/weeks/{name_of_week(week_of(sealed[0].slot))}"
        market = system.links.marketplace
        with requests.Session() as session:
            session.post(system.links.client, headers={"Origin": market}, timeout=20)
            for name, beginning in (("timesheet.pdf", b"%PDF-"), ("diary.ics", b"BEGIN:VCALENDAR")):
                reply = session.get(f"{market}{address}/{name}", timeout=60)
                assert reply.ok
                assert reply.content.startswith(beginning)


# Upgrades


def upgrade(root: DebianRoot, repository: Path, versions: Versions) -> None:
    use_repository(root, repository)
    root.apt("update")
    root.apt("install", CLIENT)
    assert root.run([CLIENT, "--version"]).strip() == f"workdiary {versions.newer.version}"


def test_an_upgrade_interrupts_a_recording_and_loses_nothing(
    root: DebianRoot,
    newer_repository: Path,
    versions: Versions,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    with running(root, tmp_path, request) as system:
        client = system.open_client()
        system.gui.start_recording("Through the upgrade")
        target = Target(system.desktop, "WORK")
        target.type("before", delay_ms=30)
        recorded_ms = system.demo_ms()
        system.wait_mid_slot()
        upgrade(root, newer_repository, versions)
        assert not (root.path / "run" / "workdiary").exists()
        # The same process in the same session runs the new version, and records again.
        command = Path(f"/proc/{client.pid}/cmdline")
        wait_for(lambda: b"--resume" in command.read_bytes(), what="the restart")
        assert client.running
        system.gui.wait_recording(system.gui.open_window())
        target.type("after", delay_ms=30)
        continued_ms = system.demo_ms()
        system.wait_mid_slot()
        system.stop_recording()
        system.wait_all_sealed()
        system.wait_all_sent()
        sealed = system.sealed()
        assert {each.memo for each in sealed} == {"Through the upgrade"}
        segments = [each.segment for each in sealed]
        assert [each.seq for each in segments] == list(range(len(segments)))
        ends = [one.t1 for one, other in pairwise(segments) if one.t1 < other.t0]
        assert ends[-1] * 1000 >= recorded_ms
        assert segments[-1].t1 * 1000 >= continued_ms


def test_apt_refuses_a_downgrade_without_the_option(root: DebianRoot, versions: Versions) -> None:
    older = f"{CLIENT}={versions.built.debian}"
    output = root.apt("install", older, status=100)
    assert "--allow-downgrades" in output
    root.apt("install", "--allow-downgrades", older)
    assert root.run([CLIENT, "--version"]).strip() == f"workdiary {versions.built.version}"


def test_an_upgrade_keeps_pending_work(
    root: DebianRoot,
    newer_repository: Path,
    versions: Versions,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    with running(root, tmp_path, request) as system:
        system.open_client()
        system.gui.start_recording("Offline before the upgrade")
        system.wait_mid_slot()
        assert system.marketplace is not None
        system.marketplace.kill()
        system.gui.stop_recording()
        system.wait_sealed("stop")
        waiting = [each.hash for each in system.sealed()]
        assert len(system.receipts()) < len(waiting)
        upgrade(root, newer_repository, versions)
        system.open_marketplace()
        system.wait_all_sent()
        assert [each.hash for each in system.sealed()] == waiting


def test_an_older_program_refuses_the_state_of_a_newer_one(
    root: DebianRoot, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with running(root, tmp_path, request) as system:
        client = system.open_client()
        system.gui.start_recording("By the newer program")
        system.wait_mid_slot()
        system.stop_recording()
        system.wait_all_sent()
        client.stop()
        (schema,) = system.state_folder.glob("*/schema")
        schema.write_text(f"{int(schema.read_text()) + 1}\n")
        kept = snapshot(system.state_folder)
        system.open_client()
        system.gui.open_window()
        assert "schema_newer" in (system.state_folder / "logs" / "workdiary.log").read_text()
        assert snapshot(system.state_folder) == kept


def snapshot(folder: Path) -> dict[str, bytes]:
    """The records in a state folder, without settings, locks and logs."""
    left_out = {"logs", "lock", "settings.json", "enrol-code"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.glob("*/**/*"))
        if path.is_file() and not left_out & set(path.relative_to(folder).parts)
    }


# The end


def test_removal_keeps_the_policy_and_purge_leaves_nothing(root: DebianRoot) -> None:
    policy = root.path / "etc" / "workdiary" / "policy.json"
    policy.parent.mkdir()
    policy.write_text("{}\n")
    root.apt("remove", CLIENT, MARKETPLACE, VERIFY)
    assert policy.exists()
    root.apt("purge", CLIENT, MARKETPLACE, VERIFY)
    before = set((root.path / "root" / "files").read_text("utf-8").splitlines())
    ignored = ("/srv", "/var/lib/dpkg", "/etc/apt", "/run")
    left = [name for name in sorted(root.files() - before) if not name.startswith(ignored)]
    assert left == []
    assert "workdiary" not in (root.path / "etc" / "passwd").read_text()
