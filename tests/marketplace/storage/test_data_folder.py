"""The commands that may create a marketplace; the others refuse a folder without one."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.cli import main
from tests.marketplace.http.test_processes import served

HASH = "A" * 43
#: Every command with valid arguments. Only `setup` may create a marketplace.
COMMANDS: dict[str, list[str]] = {
    "serve": ["serve"],
    "serve a port": ["serve", "--port", "0", "--name", "other.example"],
    "serve a demo": ["serve", "--demo-speed", "20"],
    "invite": ["invite"],
    "devices": ["devices"],
    "stop-device": ["stop-device", HASH],
    "erase": ["erase", HASH, "memo"],
    "rotate-log": ["rotate-log"],
}
MAKERS = {"setup": ["setup"], "serve --example": ["serve", "--example"]}


def missing(at: Path) -> None:
    """A mistyped path."""


def below_nothing(at: Path) -> None:
    """A path below a folder that is missing too."""


def empty(at: Path) -> None:
    at.mkdir()


def a_file(at: Path) -> None:
    at.write_text("notes")


def another_programs(at: Path) -> None:
    at.mkdir()
    (at / "thesis.odt").write_bytes(b"text")


def another_database(at: Path) -> None:
    at.mkdir()
    with contextlib.closing(sqlite3.connect(at / "marketplace.sqlite")) as database, database:
        database.execute("CREATE TABLE recipe (name TEXT)")


def no_database(at: Path) -> None:
    at.mkdir()
    (at / "marketplace.sqlite").write_bytes(b"This is not a database." * 400)


def newer(at: Path) -> None:
    assert main(["setup", "--data-dir", str(at)]) == 0
    with contextlib.closing(sqlite3.connect(at / "marketplace.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def key_without_database(at: Path) -> None:
    assert main(["setup", "--data-dir", str(at)]) == 0
    for file in at.glob("marketplace.sqlite*"):
        file.unlink()


def cut_off(at: Path) -> None:
    """The files of a first start that was killed before it stored the name."""
    at.mkdir()
    (at / "lock").touch()
    (at / "port").write_text("8123\n")
    (at / "marketplace.sqlite").touch()


NO_MARKETPLACE = [missing, below_nothing, empty, cut_off]
FOREIGN = [a_file, another_programs, another_database, no_database, newer, key_without_database]


def contents(at: Path) -> dict[str, bytes] | None:
    """Every file below a path with its bytes; None for no path at all."""
    if not at.exists():
        return None
    files = [at] if at.is_file() else sorted(at.rglob("*"))
    return {str(p.relative_to(at)): p.read_bytes() if p.is_file() else b"" for p in files}


def refused(arguments: list[str], at: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that must refuse; returns its sentence."""
    before = contents(at)
    capsys.readouterr()
    assert main([arguments[0], "--data-dir", str(at), *arguments[1:]]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("workdiary-marketplace: ")
    assert output.err.count("\n") == 1
    assert str(at) in output.err or "newer version" in output.err
    assert contents(at) == before
    return output.err


@pytest.mark.parametrize("made", [*NO_MARKETPLACE, *FOREIGN], ids=lambda m: m.__name__)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_refuses_a_folder_without_a_marketplace_and_makes_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    made: Callable[[Path], None],
) -> None:
    at = tmp_path / ("deep/er" if made is below_nothing else "data")
    made(at)
    output = refused(COMMANDS[command], at, capsys)
    # The next step in each case.
    assert any(part in output for part in ("--data-dir", "your backup", "another folder"))


@pytest.mark.parametrize("made", FOREIGN, ids=lambda m: m.__name__)
@pytest.mark.parametrize("command", MAKERS)
def test_not_even_setup_makes_a_marketplace_among_foreign_files(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    made: Callable[[Path], None],
) -> None:
    made(tmp_path / "data")
    refused(MAKERS[command], tmp_path / "data", capsys)


@pytest.mark.parametrize("made", NO_MARKETPLACE, ids=lambda m: m.__name__)
def test_setup_makes_a_marketplace_where_there_is_none(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    at = tmp_path / ("deep/er" if made is below_nothing else "data")
    made(at)
    assert main(["setup", "--data-dir", str(at)]) == 0
    assert main(["devices", "--data-dir", str(at)]) == 0


def test_serve_makes_an_example_where_it_is_asked_to(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--example") as marketplace:
        assert marketplace.stop() == 0
        marketplace.options = ()
        marketplace.start()
        assert marketplace.stop() == 0


@pytest.mark.parametrize(
    "wrong", [["--name", "Not A Name"], ["--name", "example", "--demo-speed", "20"]]
)
def test_setup_with_invalid_settings_creates_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    assert main(["setup", "--data-dir", str(tmp_path / "data"), *wrong]) == 2
    assert capsys.readouterr().err.startswith("workdiary-marketplace: ")
    assert not (tmp_path / "data").exists()


#: Imported before the process becomes another user.
_AS_NOBODY = """
import contextlib, io, json, os, sys
from marketplace import app, cli, composition, operations
from marketplace.http import uvicorn_server
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
answers = {}
for name, words in json.load(sys.stdin).items():
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main(words)
    answers[name] = [status, out.getvalue(), err.getvalue()]
json.dump(answers, sys.stdout)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
@pytest.mark.parametrize("closed", ["folder", "database", "parent"])
def test_a_folder_without_rights_is_refused_with_a_sentence(tmp_path: Path, closed: str) -> None:
    parent = tmp_path / "parent"
    at = parent / "data"
    assert main(["setup", "--data-dir", str(at)]) == 0
    before = contents(at)
    for folder in (*list(tmp_path.parents)[:-1], tmp_path, parent, at):
        if folder.stat().st_uid == os.getuid() and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    path = {"folder": at, "database": at / "marketplace.sqlite", "parent": parent}[closed]
    path.chmod(0)
    commands = {
        name: [arguments[0], "--data-dir", str(at), *arguments[1:]]
        for name, arguments in {**COMMANDS, **MAKERS}.items()
    }
    try:
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY],
            input=json.dumps(commands),
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        path.chmod(0o700)
    answers = json.loads(done.stdout)
    assert set(answers) == set(commands)
    for name, (status, out, err) in answers.items():
        assert (status, out) == (2, ""), name
        assert err.startswith("workdiary-marketplace: "), name
        assert "may not read" in err, name
    assert contents(at) == before
