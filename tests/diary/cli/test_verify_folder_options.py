"""Keys, settings and command lines of `workdiary-verify` on state folders."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from diary.cli.__main__ import main
from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import canonical
from diary.log.signed_note import NoteSigner
from tests.diary.cli.folder_command import FILES, KEY, ROOT, WORLD, posix_only, result, run, text_of
from tests.diary.state import write
from tests.diary.world import AUD, Log


def test_the_key_of_another_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = NoteSigner(WORLD.log.origin, SigningKey.from_seed(b"s" * 32)).verifier.vkey
    code, out = text_of(write(FILES, tmp_path), capsys, "--key", stranger)
    assert code == INVALID
    assert "E_CP_SIG  enrolment.jws: no known key has signed" in out


def test_two_keys_for_one_log_are_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = NoteSigner(WORLD.log.origin, SigningKey.from_seed(b"s" * 32)).verifier.vkey
    write(FILES, tmp_path)
    assert main([str(tmp_path), "--key", stranger, "--key", KEY]) == UNUSABLE
    assert "two keys for one log" in capsys.readouterr().err


UNUSABLE_KEYS = [
    "",
    "x",
    KEY + "\n",
    KEY.replace("log", "lag"),
    NoteSigner("example.com", SigningKey.from_seed(b"s" * 32)).verifier.vkey,
    "\udcff",
]


@pytest.mark.parametrize("key", UNUSABLE_KEYS)
def test_an_invalid_key_is_unusable(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = result(write(FILES, tmp_path), capsys, "--key", key)
    assert (reported["exit"], reported["result"], reported["code"]) == (
        UNUSABLE,
        "unusable",
        "E_POLICY",
    )
    assert reported["detail"]


def test_keys_of_two_marketplaces_are_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Log(origin="other.example/log/2026").signer.verifier.vkey
    reported = result(write(FILES, tmp_path), capsys, "--key", KEY, "--key", other)
    assert (reported["exit"], reported["code"]) == (UNUSABLE, "E_POLICY")
    assert result(tmp_path, capsys, "--key", other)["exit"] == INVALID


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (None, "no_key"),
        (b"", "E_FORMAT"),
        (b"{}", "E_FORMAT"),
        (canonical({"aud": "x.example", "vkey": KEY}), "E_POLICY"),
        (canonical({"aud": AUD, "vkey": f"{AUD}/log/"}), "E_POLICY"),
        (b"[" * 70_000, "E_FORMAT"),
    ],
)
def test_settings_that_cannot_be_used(
    settings: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: data for name, data in FILES.items() if name != "marketplace.json"}
    if settings is not None:
        files["marketplace.json"] = settings
    reported = result(write(files, tmp_path), capsys)
    assert (reported["exit"], reported["code"]) == (UNUSABLE, code)
    assert result(tmp_path, capsys, "--key", KEY)["exit"] == VALID


def test_nothing_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--key", KEY]) == UNUSABLE
    assert capsys.readouterr().err == (
        "There is no diary in this folder. Name the folder of one marketplace.\n"
    )
    assert main([str(tmp_path / "missing")]) == UNUSABLE
    for folder in (tmp_path, tmp_path / "missing", tmp_path / "a\x1b[31mfile"):
        if folder.name.startswith("a"):
            folder.write_bytes(b"x")
        done = run(folder, "--key", KEY)
        assert (done.returncode, done.stdout) == (UNUSABLE, "")
        assert done.stderr
        assert "\x1b" not in done.stderr
        assert "Traceback" not in done.stderr


@posix_only
def test_a_reader_that_stops_reading_changes_nothing(tmp_path: Path) -> None:
    folder = write(FILES, tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "diary.cli", str(folder), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(120) == VALID


def test_a_wrong_command_line_is_unusable() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diary.cli", "--no-such-option"],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == UNUSABLE
