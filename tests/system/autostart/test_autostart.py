"""Start at login: each system's entry is written, read back and removed."""

from __future__ import annotations

import errno
import os
import plistlib
import shlex
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from system.autostart.macos import LaunchAgentLoginItem
from system.autostart.windows import APPROVED, NAME, RUN, RunKeyLoginItem
from system.autostart.xdg import XdgLoginItem, autostart_folder, desktop_entry, exec_line

COMMAND = ("/opt/Work diary/workdiary", "run", "--base-dir", '/home/ana/100% $HOME/"x"')


def test_a_desktop_entry_is_written_read_and_removed(tmp_path: Path) -> None:
    item = XdgLoginItem(tmp_path / "config" / "autostart", COMMAND)
    assert not item.is_on()
    item.set(False)
    assert not item.is_on()
    item.set(True)
    item.set(True)
    assert item.is_on()
    [file] = (tmp_path / "config" / "autostart").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    item.set(False)
    assert not item.is_on()
    assert not file.exists()


def test_the_entry_is_valid_for_the_tool_of_freedesktop_org(tmp_path: Path) -> None:
    file = tmp_path / "workdiary.desktop"
    file.write_text(desktop_entry(COMMAND))
    done = subprocess.run(
        ["desktop-file-validate", str(file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def parse_exec(value: str) -> list[str]:
    """The arguments, by the rules of the specification: string escapes, then quotes, then `%%`."""
    plain = value.replace("\\\\", "\\")
    parts, index, current, quoted = [], 0, "", False
    begun = False
    while index < len(plain):
        char = plain[index]
        if char == '"':
            quoted, begun = not quoted, True
        elif quoted and char == "\\":
            index += 1
            current += plain[index]
        elif char == " " and not quoted:
            if begun or current:
                parts.append(current)
            current, begun = "", False
        else:
            current += char
        index += 1
    if begun or current:
        parts.append(current)
    return [part.replace("%%", "%") for part in parts]


PART = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=0, max_size=12)


@given(st.lists(PART, min_size=1, max_size=4))
def test_every_argument_survives_the_entry(command: list[str]) -> None:
    assert parse_exec(exec_line(command)) == command
    assert len(desktop_entry(command).splitlines()) >= 6


def test_a_plain_command_is_not_quoted() -> None:
    assert exec_line(("/usr/bin/workdiary",)) == "/usr/bin/workdiary"
    assert exec_line(("/opt/a b", "x")) == '"/opt/a b" x'
    assert shlex.split(exec_line(("/opt/a b", "x"))) == ["/opt/a b", "x"]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("[Desktop Entry]\nExec=x\n", True),
        ("[Desktop Entry]\nExec=x\nHidden=true\n", False),
        ("[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled=false\n", False),
        ("[Desktop Entry]\nExec=x\nX-GNOME-Autostart-enabled=true\n", True),
        ("[Desktop Entry]\nName=x\n", False),
        ("", False),
        ("Exec=x\n", False),
        ("[Other]\nExec=x\n", False),
        ("[Desktop Entry]\nExec=x\nExec=y\nName[de]=%s\n", True),
        ("\udcff", False),
    ],
)
def test_an_entry_that_the_desktop_switched_off_or_cannot_read_is_off(
    tmp_path: Path, text: str, on: bool
) -> None:
    (tmp_path / "workdiary.desktop").write_bytes(text.encode("utf-8", "surrogateescape"))
    item = XdgLoginItem(tmp_path, ("workdiary",))
    assert item.is_on() is on
    item.set(True)
    assert item.is_on()


def test_the_folder_follows_the_specification() -> None:
    home = Path("/home/ana")
    assert autostart_folder({}, home) == home / ".config" / "autostart"
    assert autostart_folder({"XDG_CONFIG_HOME": "/x"}, home) == Path("/x/autostart")
    assert autostart_folder({"XDG_CONFIG_HOME": "x"}, home) == home / ".config" / "autostart"


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("not a folder")
    with pytest.raises(OSError, match=f"{os.strerror(errno.EEXIST)}|{os.strerror(errno.ENOTDIR)}"):
        XdgLoginItem(tmp_path / "autostart", COMMAND).set(True)


class MemoryRegistry:
    """See `Registry`."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}

    def read(self, key: str, name: str) -> str | bytes | None:
        return self.values.get((key, name))

    def write(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value

    def delete(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


def test_the_run_key_has_the_command_and_obeys_the_task_manager() -> None:
    registry = MemoryRegistry()
    item = RunKeyLoginItem(registry, (r"C:\Program Files\Workdiary\workdiary.exe", "run"))
    assert not item.is_on()
    item.set(True)
    assert item.is_on()
    assert registry.values == {(RUN, NAME): r'"C:\Program Files\Workdiary\workdiary.exe" run'}
    registry.values[APPROVED, NAME] = bytes([3]) + bytes(11)
    assert not item.is_on()
    item.set(True)
    assert item.is_on()
    registry.values[APPROVED, NAME] = bytes([2]) + bytes(11)
    assert item.is_on()
    item.set(False)
    assert not item.is_on()


def test_a_launch_agent_is_written_read_and_removed(tmp_path: Path) -> None:
    item = LaunchAgentLoginItem(tmp_path, COMMAND)
    assert not item.is_on()
    item.set(True)
    assert item.is_on()
    [file] = (tmp_path / "Library" / "LaunchAgents").iterdir()
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == list(COMMAND)
    for damaged in (b"", b"<plist>", b"bplist00", plistlib.dumps([]), plistlib.dumps({})):
        file.write_bytes(damaged)
        assert not item.is_on()
    item.set(False)
    assert not file.exists()
