"""The packages for Windows under Wine: silent installation, policy, recording, upgrade, removal.

Wine is not Windows. The tests run in the order of this file, and each continues where the last one
ended: first with the MSI, then with the setup program, which finds the diary of the first. Qt has
no window under Wine 8 (its plugin for Windows needs a class that Wine lacks), so the packaged
program runs with Qt's offscreen platform and continues a recording by itself. Wine's Notepad
receives the typing.
"""

from __future__ import annotations

import getpass
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.version import Version

from installers.project import DIST, Release, current_release
from installers.windows import packages, tree
from installers.windows.msi import DEFAULTS, SETUP
from installers.windows.wine import Result, Wine, windows_path
from scripts.dev.processes import Process
from tests.desktop_fixtures.desktop import Desktop
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem
from tests.installers import first_segment
from tests.installers.other_version import retagged
from tests.ui.settings.policy.values import allowed_values
from ui.settings.policy.policy import ENFORCED
from ui.settings.policy.registry import KEY, SECTIONS
from ui.settings.setting import Value
from ui.settings.settings import TABLE

FOLDER = r"C:\Program Files\Workdiary"
PROGRAM = rf"{FOLDER}\workdiary.exe"
UNINSTALL = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall"
#: A process of Wine ends with the lowest byte of the exit status on Windows.
NEWER_INSTALLED = {"msi": 1603 & 0xFF, "setup": 1638 & 0xFF}
MSI, SETUP_PROGRAM = "msi", "setup"


@dataclass(frozen=True)
class Built:
    """The packages of the built version and of a newer one, by their kinds."""

    versions: tuple[Release, Release]
    packages: tuple[dict[str, Path], dict[str, Path]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    release = current_release()
    newer = Release(Version("99.1"), release.epoch)
    folder = tmp_path_factory.mktemp("newer-windows")
    other = retagged(tree.FOLDER / "dist" / "workdiary", newer, folder)
    made = packages.pack(other, newer, folder, compressor="zlib")
    (msi,) = DIST.glob("*.msi")
    (setup,) = DIST.glob("*-setup.exe")
    return Built(
        (release, newer),
        ({MSI: msi, SETUP_PROGRAM: setup}, dict(zip((MSI, SETUP_PROGRAM), made, strict=True))),
    )


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with Desktop() as made:
        yield made


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory, desktop: Desktop) -> Iterator[Wine]:
    """A new prefix on a desktop of this machine, whose screen the programs capture."""
    made = Wine(tmp_path_factory.mktemp("wine") / "prefix", {"DISPLAY": desktop.env["DISPLAY"]})
    made.create()
    # Wine does not pass Qt's variables on to its programs.
    words = ("/v", "QT_QPA_PLATFORM", "/d", "offscreen", "/f")
    made.check("reg", "add", r"HKCU\Environment", *words)
    try:
        yield made
    finally:
        made.end()


class Computer:
    """A computer with one kind of package."""

    def __init__(self, wine: Wine, kind: str, built: Built, system: RunningSystem) -> None:
        self.wine = wine
        self.kind = kind
        self.built = built
        self.system = system
        self.state = wine.drive / "users" / getpass.getuser() / "AppData" / "Local" / "workdiary"
        system.state_folder = self.state

    def install(self, which: int, *properties: str) -> Result:
        """Install the built version (0) or the newer one (1) silently."""
        package = windows_path(self.built.packages[which][self.kind])
        if self.kind == MSI:
            return self.wine.run("msiexec", "/i", package, "/qn", "/norestart", *properties)
        return self.wine.run(package, "/S", *(f"/{each}" for each in properties))

    def remove(self, *, delete: bool) -> Result:
        if self.kind == MSI:
            package = windows_path(self.built.packages[1][MSI])
            words = ("DELETEDATA=1",) if delete else ()
            return self.wine.run("msiexec", "/x", package, "/qn", *words)
        answer = "/DELETEDATA" if delete else "/KEEPDATA"
        # With `_?=` the uninstaller works in place instead of starting a copy of itself.
        return self.wine.run(rf"{FOLDER}\uninstall.exe", "/S", answer, f"_?={FOLDER}")

    def program(self, *words: str) -> Result:
        return self.wine.run(PROGRAM, *words)

    def start(self, *words: str) -> Process:
        """Start the tray program in its standard folder, and wait until it is ready."""
        process = self._process("the tray client", PROGRAM, "run", *words)
        process.wait_line("ready")
        return process

    def _process(self, name: str, *argv: str) -> Process:
        # Under Wine, Python does not start with a standard error that is a file.
        command = ["sh", "-c", 'exec "$@" 2>&1', "sh", *self.wine.command(argv)]
        log = self.system.folder / f"{name}.log"
        return Process(name, command, self.wine.environment(), log)

    @contextmanager
    def typing(self) -> Iterator[None]:
        """Type into Notepad once a second in the background."""
        desktop = self.system.desktop
        notepad = self._process("notepad", "notepad")
        window = wait_for(
            lambda: next((each for each in desktop.windows() if "Notepad" in each.name), None),
            timeout=60,
            what="Notepad",
        )
        desktop.focus(window)
        done = threading.Event()

        def type_() -> None:
            while not done.wait(1):
                desktop.xdotool("type", "--delay", "30", "--", "ab")

        typist = threading.Thread(target=type_, name="typist")
        typist.start()
        try:
            yield
        finally:
            done.set()
            typist.join()
            notepad.stop()

    def key(self, name: str) -> dict[str, str]:
        """The values of a key and its subkeys, empty without it."""
        found = {}
        for line in self.wine.run("reg", "query", name, "/s").output.splitlines():
            words = line.strip().split("    ", 2)
            if len(words) == 3:
                found[words[0]] = words[2]
        return found


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, desktop: Desktop) -> Iterator[RunningSystem]:
    """A marketplace on this machine."""
    made = RunningSystem(tmp_path_factory.mktemp("market"), desktop)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module", params=[MSI, SETUP_PROGRAM])
def computer(
    request: pytest.FixtureRequest, wine: Wine, built: Built, system: RunningSystem
) -> Computer:
    return Computer(wine, request.param, built, system)


def test_a_silent_installation_takes_properties(computer: Computer) -> None:
    address = computer.system.links.marketplace
    assert computer.install(0, f"SERVERURL={address}", "AUTOSTART=1").status == 0
    version = computer.built.versions[0].version
    assert computer.program("--version").output.strip() == f"workdiary {version}"
    values = {"marketplace": address, "start_at_login": "0x1"}
    assert computer.key(rf"HKLM\{DEFAULTS}") == values
    folder = computer.wine.drive / "Program Files" / "Workdiary"
    assert (folder / "THIRD_PARTY_LICENSES").exists()
    # The program does not update itself.
    marker = {MSI: "msi", SETUP_PROGRAM: "nsis"}[computer.kind]
    assert (folder / "install-source").read_text() == f"{marker}\n"
    assert len(list(computer.wine.drive.glob("**/Start Menu/**/Workdiary.lnk"))) == 1
    assert computer.key(UNINSTALL)["DisplayName"] == "Workdiary"


def test_the_program_reads_the_values_as_a_policy(computer: Computer) -> None:
    report = json.loads(computer.program("policy", "--json").output)
    assert report["errors"] == []
    rows = {row["name"]: row for row in report["settings"]}
    assert rows["marketplace"]["source"] == "default"
    assert rows["marketplace"]["value"] == computer.system.links.marketplace
    assert rows["start_at_login"]["default"] is True


def test_every_enforced_setting_is_read_from_the_registry(computer: Computer) -> None:
    rows = {row.name: allowed_values(row)[0] for row in TABLE if row.policy is not None}
    rows["certificate_authority"] = r"C:\acme.pem"
    file = computer.wine.drive / "enforced.reg"
    file.write_text(
        registry_file(rf"HKEY_LOCAL_MACHINE\{KEY}\{SECTIONS[ENFORCED]}", rows), "utf-16"
    )
    computer.wine.check("reg", "import", r"C:\enforced.reg")
    try:
        report = json.loads(computer.program("policy", "--json").output)
        assert report["errors"] == []
        found = {row["name"]: row for row in report["settings"]}
        for name, value in rows.items():
            expected = list(value) if isinstance(value, tuple) else value
            assert (found[name]["source"], found[name]["value"]) == ("enforced", expected), name
        # One of them takes effect before a window opens.
        other = computer.program("run", "--marketplace", "https://other.example.org")
        assert other.status == 1
        assert "https://work.example.org" in other.output
    finally:
        computer.wine.check("reg", "delete", rf"HKLM\{KEY}\{SECTIONS[ENFORCED]}", "/f")


def registry_file(key: str, values: Mapping[str, Value]) -> str:
    """A file for `reg import` with values of a key, in the types of the administrative template."""
    lines = ["Windows Registry Editor Version 5.00", "", f"[{key}]"]
    for name, value in values.items():
        if isinstance(value, tuple):
            data = "".join(f"{each}\0" for each in (*value, "")).encode("utf-16-le")
            text = f"hex(7):{data.hex(',')}"
        elif isinstance(value, int):
            text = f"dword:{int(value):08x}"
        else:
            text = json.dumps(value)
        lines.append(f'"{name}"={text}')
    return "\r\n".join([*lines, ""])


def test_the_self_test_passes(computer: Computer) -> None:
    result = computer.program("--selftest", "--report", r"C:\report.json")
    report = json.loads((computer.wine.drive / "report.json").read_text("utf-8"))
    assert [each for each in report["checks"] if each["problem"]] == []
    assert (result.status, report["platform"], report["packaged"]) == (0, "win32", True)


def test_real_segments_reach_the_marketplace(computer: Computer) -> None:
    """The packaged program continues the contract and the memo of the first segment, which Python
    has recorded under Wine: there is no window to type a memo into.
    """
    system = computer.system
    with computer.typing():
        if not system.sealed():
            record_first_segment(computer)
        before = len(system.sealed())
        assert before
        process = computer.start("--resume")
        wait_for(
            lambda: len(system.sealed()) > before, timeout=120, what="a segment of the program"
        )
        system.wait_all_sent()
        assert computer.program("quit").status == 0
        assert process.wait() == 0
    new = system.sealed()[before:]
    assert {each.memo for each in new} == {first_segment.MEMO}
    assert sum(each.segment.seconds for each in new) > 0


def record_first_segment(computer: Computer) -> None:
    computer.state.mkdir(parents=True)
    (computer.state / "code").write_text(computer.system.links.enrol_code, "ascii")
    base = rf"C:\users\{getpass.getuser()}\AppData\Local\workdiary"
    script = windows_path(Path(first_segment.__file__))
    words = (script, base, computer.system.links.marketplace, rf"{base}\code")
    modules = {"PYTHONPATH": windows_path(tree.FOLDER / "packages")}
    computer.wine.check(str(tree.windows_python() / "python.exe"), *words, environ=modules)


def test_an_upgrade_keeps_the_recording_and_the_properties(computer: Computer) -> None:
    """The upgrade ends the program, which then seals its segment. If a picture of the segment is in
    review, the program leaves the segment in the journal, and the next start seals it.
    """
    system = computer.system
    values = computer.key(rf"HKLM\{DEFAULTS}")
    # The program may have ended in a review before.
    earlier = set(system.unsealed())
    with computer.typing():
        process = computer.start("--resume")
        wait_for(
            lambda: set(system.unsealed()) - earlier, timeout=60, what="a segment in the journal"
        )
        recorded_ms = system.demo_ms()
        system.wait_mid_slot()
        assert computer.install(1).status == 0
        assert process.wait() == 0
    process = computer.start()
    system.wait_all_sealed()
    assert computer.program("quit").status == 0
    assert process.wait() == 0
    assert system.sealed()[-1].segment.t1 * 1000 >= recorded_ms
    version = computer.built.versions[1].version
    assert computer.program("--version").output.strip() == f"workdiary {version}"
    assert computer.key(rf"HKLM\{DEFAULTS}") == values
    # The older version is not listed any more.
    listed = computer.wine.run("reg", "query", UNINSTALL, "/s").output
    assert listed.count("    DisplayName    REG_SZ    Workdiary\n") == 1


def test_a_downgrade_is_refused(computer: Computer) -> None:
    assert computer.install(0).status == NEWER_INSTALLED[computer.kind]
    version = computer.built.versions[1].version
    assert computer.program("--version").output.strip() == f"workdiary {version}"


def test_a_property_of_an_upgrade_replaces_the_remembered_one(computer: Computer) -> None:
    assert computer.remove(delete=False).status == 0
    assert computer.install(0, "SERVERURL=https://work.example.org", "AUTOSTART=1").status == 0
    address = "https://other.example.org"
    assert computer.install(1, f"SERVERURL={address}", "AUTOSTART=0").status == 0
    assert computer.key(rf"HKLM\{DEFAULTS}") == {"marketplace": address}


def test_a_removal_leaves_only_the_diary_that_is_kept(computer: Computer) -> None:
    delete = computer.kind == SETUP_PROGRAM
    assert computer.remove(delete=delete).status == 0
    program = computer.wine.drive / "Program Files" / "Workdiary"
    assert [path.name for path in program.rglob("*")] in ([], ["uninstall.exe"])
    for key in (r"HKLM\Software\Workdiary", rf"HKLM\{SETUP}", r"HKLM\Software\Policies\Workdiary"):
        assert computer.wine.run("reg", "query", key).status == 1
    assert "Workdiary" not in computer.wine.run("reg", "query", UNINSTALL, "/s").output
    assert list(computer.wine.drive.glob("**/Workdiary.lnk")) == []
    assert computer.state.exists() is not delete
