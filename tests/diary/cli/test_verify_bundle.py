"""`workdiary-verify BUNDLE.zip`, run as by a person and by a program."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diary.bundle.check import CheckOptions
from diary.bundle.layout import MANIFEST
from diary.cli.__main__ import main
from diary.cli.common import INVALID, UNUSABLE, VALID, UnusableError
from diary.cli.verify_bundle import check_file
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, digest
from diary.log.policy import PolicyLog, write_policy
from diary.log.witnessing.cosignature import CosignatureSigner
from diary.log.witnessing.witnesses import Witness, WitnessPolicy
from tests.diary.world import AUD, START, World
from tests.diary.zips import zipped

ROOT = Path(__file__).resolve().parents[3]


def make_world() -> World:
    world = World()
    world.day(3)
    return world


WORLD = make_world()
FILES = WORLD.bundle()
KEY = WORLD.log.signer.verifier.vkey
FIRST = min(name for name in FILES if name.endswith(".sdjwt"))


RESTS = (
    "The totals use the terms since 2026-11-24 08:55:00 UTC: active, no weekly limit "
    "(2026/2 in the log)"
)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "week.zip"
    path.write_bytes(zipped(FILES))
    return path


def result(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    code = main([*options, str(path), "--json"])
    reported = capsys.readouterr()
    assert reported.err == ""
    return {**json.loads(reported.out), "exit": code}


def test_the_text_report_names_the_checks(bundle: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diary.cli", str(bundle), "--key", KEY],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (VALID, "")
    for line in (
        f"Work diary at {AUD}",
        f"Contract {WORLD.ctr}",
        f"Freelancer {WORLD.sub}",
        "Weeks: 2026-W48",
        f"Log key: {KEY}",
        "2026-11-24: tracked 0:30:00, payable 0:30:00",
        "2026-W48: tracked 0:30:00, payable 0:30:00",
        f"Device desk ({WORLD.key.kid}): numbers 0 to 2, in the log at 2026/5 to 2026/9",
        RESTS,
        "Problems: none",
        "Not checked, since it is not visible here:",
        "  newer terms of the contract that the bundle leaves out",
        "Valid as far as checked: consistent with the key given on the command line.",
    ):
        assert line in done.stdout.splitlines()
    assert "Compared with the log" not in done.stdout


def test_without_a_key_is_labelled(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(bundle)]) == VALID
    assert (
        "Valid as far as checked: consistent with the key in the bundle." in capsys.readouterr().out
    )
    assert result(bundle, capsys)["label"] == "own-key"


def test_a_change_is_reported_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({**FILES, FIRST: FILES[FIRST].replace(b".", b".A", 1)}))
    assert main([str(path), "--key", KEY]) == INVALID
    out = capsys.readouterr().out
    assert f"E_MANIFEST  {FIRST}: the file " in out
    assert f"E_FORMAT  {FIRST}: " in out
    assert "errors are listed above" in out


def test_a_bundle_must_match_the_expected_contract_freelancer_and_weeks(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fits = ("--contract", WORLD.ctr, "--freelancer", WORLD.sub)
    week = ("--from", "2026-W48", "--to", "2026-W48")
    assert result(bundle, capsys, "--key", KEY, *fits, *week)["exit"] == VALID
    for asked in (
        ("--contract", b64url_encode(bytes(16))),
        ("--contract", "-" + "A" * 21),
        ("--freelancer", b64url_encode(bytes(16))),
        ("--freelancer", "--" + "A" * 20),
        ("--from", "2026-W49"),
        ("--to", "2026-W47"),
    ):
        reported = result(bundle, capsys, *asked)
        assert reported["exit"] == INVALID
        assert (MANIFEST, "E_MANIFEST") in {(f["file"], f["code"]) for f in reported["findings"]}


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "2026-11-24"),
        ("--from", "2026-W54"),
        ("--from", "0000-W01"),
        ("--to", "W48"),
        ("--contract", "short"),
        ("--freelancer", ""),
    ],
)
def test_a_wrong_command_line_is_unusable(
    options: tuple[str, str], bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([str(bundle), *options])
    assert end.value.code == UNUSABLE
    assert options[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_an_archive"),
        (b"not a zip", "not_an_archive"),
        (zipped({}), "E_MANIFEST"),
        (zipped({"readme.txt": b"x"}), "E_MANIFEST"),
        (zipped({n: d for n, d in FILES.items() if n != "policy.txt"}), "E_POLICY"),
        (zipped({f"blobs/{digest(bytes([n]))}": bytes(20_000_000) for n in range(3)}),
         "not_an_archive"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked(
    data: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a\x1b[31mfile.zip"
    path.write_bytes(data)
    reported = result(path, capsys)
    assert (reported["exit"], reported["result"], reported["code"]) == (UNUSABLE, "unusable", code)
    assert main([str(path)]) == UNUSABLE
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err
    assert "\x1b" not in output.err


def test_an_invalid_key_is_unusable(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reported = result(bundle, capsys, "--key", "x")
    assert (reported["exit"], reported["code"]) == (UNUSABLE, "E_POLICY")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.zip"):
        with pytest.raises(UnusableError) as refusal:
            check_file(path, CheckOptions())
        assert refusal.value.code == "not_readable"


def test_a_long_check_shows_how_far_it_is(tmp_path: Path) -> None:
    """Only on a terminal, and only for a long check."""
    large = {f"blobs/{digest(bytes([n]))}": WORLD.random(32) * 312_500 for n in range(4)}
    path = tmp_path / "week.zip"
    path.write_bytes(zipped(FILES | large, method=0))
    terminal = io.StringIO()
    check_file(path, CheckOptions(), bar=terminal)
    assert "100 %" in terminal.getvalue()
    assert terminal.getvalue().endswith(" \r")
    assert len(terminal.getvalue().split("\r")) > 4
    path.write_bytes(zipped(FILES))
    quiet = io.StringIO()
    check_file(path, CheckOptions(), bar=quiet)
    assert quiet.getvalue() == ""


def test_names_of_a_bundle_print_no_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(name="desk\x1b]0;owned\x07")
    world.log_segment(world.work(START))
    path = tmp_path / "week.zip"
    path.write_bytes(zipped({**world.bundle(), "x\x1b[2J": b""}))
    assert main([str(path)]) == INVALID
    assert "\x1b" not in capsys.readouterr().out


VECTORS = ROOT / "tests" / "vectors" / "bundles"


@pytest.mark.parametrize("name", ["week", "two-logs", "changed"])
def test_the_vectors_state_the_findings(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads((VECTORS / f"{name}.json").read_bytes())
    (key,) = expected["keys"]
    reported = result(VECTORS / f"{name}.zip", capsys, "--key", key)
    assert reported.pop("exit") == (VALID if expected["result"] == "valid" else INVALID)
    for finding in reported["findings"]:
        del finding["detail"]
    assert reported == expected


def with_policy(path: Path, cosigned: bool) -> Path:
    """A policy from outside that requires a witness, for the bundle written to `path`."""
    witness = CosignatureSigner("witness.example/w1", SigningKey.from_seed(b"w" * 32))
    note = WORLD.log.checkpoint()
    text = note.decode().partition("\n\n")[0] + "\n"
    files = dict(FILES) | {"checkpoint/2026": note + witness.sign(text, START) * cosigned}
    path.write_bytes(zipped(files | {MANIFEST: WORLD.manifest(files).data()}))
    known = WitnessPolicy((Witness("W", witness.verifier),), (), "W")
    policy = path.with_suffix(".policy")
    policy.write_bytes(write_policy([PolicyLog(WORLD.log.signer.verifier)], known))
    return policy


@pytest.mark.parametrize("cosigned", [True, False])
def test_a_policy_from_outside_requires_its_witnesses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cosigned: bool
) -> None:
    path = tmp_path / "week.zip"
    policy = with_policy(path, cosigned)
    assert result(path, capsys)["exit"] == VALID
    report = result(path, capsys, "--policy", str(policy))
    codes = {finding["code"] for finding in report["findings"]}
    assert (report["exit"], "E_QUORUM" in codes) == ((VALID, False), (INVALID, True))[not cosigned]
    assert report["label"] == "outside-key"


def test_an_unusable_policy_from_outside_checks_nothing(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert result(bundle, capsys, "--policy", str(tmp_path / "none"))["code"] == "not_readable"
    policy = tmp_path / "policy"
    policy.write_bytes(b"quorum none\n")
    assert result(bundle, capsys, "--policy", str(policy))["code"] == "E_POLICY"
    policy.write_bytes(b"#" * 70_000 + b"\n")
    report = result(bundle, capsys, "--policy", str(policy))
    assert (report["code"], report["exit"]) == ("E_POLICY", UNUSABLE)
