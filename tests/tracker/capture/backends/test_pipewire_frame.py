"""The process that reads a frame: bounded in time and bytes, and always killed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.desktop_fixtures.waiting import wait_for
from tracker.capture.backends import pipewire_frame
from tracker.capture.backends.pipewire_frame import is_available, read_picture, run
from tracker.capture.interface import CaptureError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has PipeWire")


def python(program: str, *more: str) -> list[str]:
    return [sys.executable, "-c", program, *more]


def later(seconds: float = 60.0) -> float:
    return time.monotonic() + seconds


def test_what_it_writes_is_read_to_the_end() -> None:
    program = "import sys; sys.stdout.buffer.write(b'ab' * 2_000_000)"
    assert run(python(program), later()) == b"ab" * 2_000_000


@pytest.mark.parametrize("program", ["raise SystemExit(3)", "print('a'); raise SystemExit(1)", ""])
def test_a_reader_that_fails_or_writes_nothing_is_an_error(program: str) -> None:
    with pytest.raises(CaptureError, match="returned no picture") as caught:
        run(python(program), later())
    assert caught.value.reason == "error"


def test_a_reader_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    program = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}')\n"
        "child.wait()\n"
    )
    end = later(0.2)

    def hangs() -> None:
        with pytest.raises(CaptureError, match="in time"):
            run(python(program, str(note)), end)

    hangs()
    while not note.exists():  # the process is still starting
        end = later(2 * (end - time.monotonic() + 5))
        hangs()
    for pid in map(int, note.read_text().split()):
        wait_for(lambda pid=pid: _gone(pid), what="the end of it")  # type: ignore[misc]


def _gone(pid: int) -> bool:
    """A child of an ended child may wait to be reaped by another process."""
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True


def test_a_reader_that_closes_its_output_and_continues_is_ended() -> None:
    with pytest.raises(CaptureError, match="in time"):
        run(python("import os, time; os.close(1); time.sleep(600)"), later(2.0))


def test_a_reader_that_writes_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipewire_frame, "LONGEST", 3_000_000)
    with pytest.raises(CaptureError, match="more than 3000000 bytes"):
        run(["yes"], later())


def test_a_command_that_is_not_there_is_reported() -> None:
    with pytest.raises(CaptureError) as caught:
        run(["no-such-command"], later())
    assert caught.value.reason == "unavailable"


def test_it_is_looked_for_with_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert is_available()
    monkeypatch.setattr(pipewire_frame, "ELEMENTS", ("pipewiresrc", "no-such-element"))
    assert not is_available()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_available()


def test_an_invalid_pipewire_remote_is_an_error() -> None:
    remote = os.memfd_create("none")
    with pytest.raises(CaptureError) as caught:
        read_picture(remote, 7, later(2.0))
    os.close(remote)
    assert caught.value.reason == "error"
