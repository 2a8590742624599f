"""No command fails by printing: every command, with unencodable text, on outputs that accept
nothing. Each row runs the real command as a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.diary.state import files_of, write
from tests.diary.world import AUD, START, World
from tests.diary.zips import zipped
from tests.repository.tree import ROOT

# One worker makes the place.
pytestmark = pytest.mark.xdist_group("printing")

#: Letters beyond cp1252, an astral character, a direction mark, and a byte that is no UTF-8.
NAME = "Łukasz \U0001f600\u202e" + os.fsdecode(b"\xff")
#: The same without the byte, which no record can hold.
WORDS = "Zażółć \U0001f600 אב"

VERIFY = (sys.executable, "-m", "diary.cli")
WORKDIARY = (sys.executable, "-m", "ui.cli.main")
MARKETPLACE = (sys.executable, "-m", "marketplace")


@dataclass(frozen=True)
class Place:
    """All input of the commands, below a folder with an unusual name."""

    bundle: Path
    changed: Path
    base: Path
    state: Path
    market: Path
    contract: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("printing") / NAME
    folder.mkdir()
    world = World(name=WORDS)
    world.log_segment(world.work(START, memo=WORDS))
    world.log_segment(world.manual(START + 600, memo=WORDS))
    files = world.bundle()
    bundle, changed = folder / "week.zip", folder / "changed.zip"
    bundle.write_bytes(zipped(files))
    changed.write_bytes(zipped({**files, f"{WORDS}/x": b""}))
    state = write(files_of(world), folder / "base" / AUD)
    market = folder / "market"
    made = run((*MARKETPLACE, "setup", "--data-dir", str(market), "--freelancer", WORDS), "utf-8")
    assert (made.returncode, made.stderr) == (0, b"")
    return Place(bundle, changed, state.parent, state, market, world.ctr)


def run(
    command: tuple[str, ...], encoding: str, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": encoding,
        # No desktop: nothing here may open a window, on any machine.
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        "QT_QPA_PLATFORM": "",
    }
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=240,
        check=False,
    )


#: The arguments of a command, and its exit status.
Row = tuple[Callable[[Place], tuple[str, ...]], int]
ROWS: dict[str, Row] = {
    "verify a bundle": (lambda p: (*VERIFY, str(p.bundle)), 0),
    "verify a bundle --json": (lambda p: (*VERIFY, str(p.bundle), "--json"), 0),
    "verify a changed bundle": (lambda p: (*VERIFY, str(p.changed)), 1),
    "verify a changed bundle --json": (lambda p: (*VERIFY, str(p.changed), "--json"), 1),
    "verify a folder": (lambda p: (*VERIFY, str(p.state)), 0),
    "verify a folder --json": (lambda p: (*VERIFY, str(p.state), "--json"), 0),
    "verify nothing": (lambda p: (*VERIFY, str(p.base / NAME)), 2),
    "verify nothing --json": (lambda p: (*VERIFY, str(p.base / NAME), "--json"), 2),
    "verify with wrong words": (lambda p: (*VERIFY, str(p.bundle), "--from", NAME), 2),
    "verify --help": (lambda _: (*VERIFY, "--help"), 0),
    "follow no server": (
        lambda p: (*VERIFY, "follow", "http://127.0.0.1:9", "--once", "--state", str(p.base / "f")),
        2,
    ),
    "follow no address --json": (lambda _: (*VERIFY, "follow", NAME, "--once", "--json"), 2),
    "workdiary status --json": (lambda p: (*WORKDIARY, "status", "--base-dir", str(p.base)), 0),
    "workdiary status of nothing": (
        lambda p: (*WORKDIARY, "status", "--base-dir", str(p.base / NAME)),
        1,
    ),
    "workdiary export": (
        lambda p: (
            *(*WORKDIARY, "export", "--offline", "--base-dir", str(p.base), "--week", "2026-W48"),
            *("--contract", p.contract, "-o", str(p.base / f"{NAME}.zip")),
        ),
        0,
    ),
    "workdiary export to nowhere": (
        lambda p: (
            *(*WORKDIARY, "export", "--offline", "--base-dir", str(p.base), "--week", "2026-W48"),
            *("--contract", p.contract, "-o", str(p.base / NAME / "x.zip")),
        ),
        1,
    ),
    # Without a desktop much needs attention, which is status 1.
    "workdiary doctor": (lambda p: (*WORKDIARY, "doctor", "--base-dir", str(p.base / NAME)), 1),
    "workdiary doctor --json": (
        lambda p: (*WORKDIARY, "doctor", "--json", "--base-dir", str(p.base / NAME)),
        1,
    ),
    "workdiary sign-out without a network": (
        lambda p: (
            *(*WORKDIARY, "sign-out", "--marketplace", "http://127.0.0.1:9"),
            *("--base-dir", str(p.base / f"{NAME} 2")),
        ),
        1,
    ),
    "workdiary run with a wrong address": (lambda _: (*WORKDIARY, "run", "--marketplace", NAME), 2),
    "workdiary run without a display": (
        lambda p: (
            *(*WORKDIARY, "run", "--marketplace", "http://127.0.0.1:9"),
            *("--base-dir", str(p.base)),
        ),
        3,
    ),
    "workdiary update --check": (
        lambda p: (*WORKDIARY, "update", "--check", "--base-dir", str(p.base / NAME)),
        0,
    ),
    "workdiary update --apply": (
        lambda p: (*WORKDIARY, "update", "--apply", "--base-dir", str(p.base / NAME)),
        1,
    ),
    "workdiary with an unknown command": (lambda _: (*WORKDIARY, "fly"), 2),
    "workdiary --help": (lambda _: (*WORKDIARY, "--help"), 0),
    "workdiary --version": (lambda _: (*WORKDIARY, "--version"), 0),
    "marketplace invite": (lambda p: (*MARKETPLACE, "invite", "--data-dir", str(p.market)), 0),
    "marketplace devices": (lambda p: (*MARKETPLACE, "devices", "--data-dir", str(p.market)), 0),
    "marketplace stop nothing": (
        lambda p: (*MARKETPLACE, "stop-device", "--data-dir", str(p.market), NAME),
        2,
    ),
    "marketplace with a wrong word": (
        lambda p: (*MARKETPLACE, "erase", "--data-dir", str(p.market), NAME, NAME),
        2,
    ),
}


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("name", ROWS)
def test_text_that_the_output_cannot_encode(place: Place, name: str, encoding: str) -> None:
    words, status = ROWS[name]
    done = run(words(place), encoding)
    assert b"Traceback" not in done.stderr, done.stderr.decode("ascii", "replace")
    assert done.returncode == status, done.stderr.decode("ascii", "replace")
    done.stdout.decode(encoding)
    if "--json" in name:
        assert json.loads(done.stdout.decode("ascii"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("name", ROWS)
def test_an_output_that_accepts_no_text(place: Place, name: str) -> None:
    words, status = ROWS[name]
    with Path("/dev/full").open("wb") as full:
        done = run(words(place), "utf-8", full.fileno())
    assert b"Traceback" not in done.stderr
    assert done.returncode == status


@pytest.mark.parametrize("name", ROWS)
def test_a_closed_pipe(place: Place, name: str) -> None:
    words, status = ROWS[name]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(words(place), "utf-8", writing)
    finally:
        os.close(writing)
    assert b"Traceback" not in done.stderr
    assert done.returncode == status


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell, to close the streams")
@pytest.mark.parametrize("name", ["verify a bundle", "verify a changed bundle", "verify nothing"])
def test_no_output_at_all(place: Place, name: str) -> None:
    words, status = ROWS[name]
    shell = ("sh", "-c", 'exec "$@" >&- 2>&-', "sh", *words(place))
    assert run(shell, "utf-8").returncode == status
