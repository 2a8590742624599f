"""`workdiary-verify follow` against real marketplaces over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from diary.cli.__main__ import main
from diary.cli.common import INVALID, UNUSABLE, VALID
from diary.cli.http_log import Website
from diary.cli.monitor import monitor_log, open_monitor
from diary.cli.monitor_report import MonitorReport
from diary.formats.ed25519 import SigningKey
from diary.log.checkpoint import open_checkpoint
from diary.log.merkle import node_hash, verify_consistency
from diary.log.receipt_set import read_consistency
from diary.log.signed_note import NoteSigner, NoteVerifier
from diary.log.tiles import Tile
from marketplace.log import shards, tile_reader
from marketplace.log.sequencer import Sequencer
from marketplace.log.shards import Shard
from tests.marketplace.engines import engines
from tests.marketplace.live_marketplace import (
    AUD,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.log.monitor_command import Command
from tests.marketplace.published import add

ROOT = Path(__file__).resolve().parents[3]


def test_an_honest_marketplace_is_followed_over_a_change_of_keys(
    marketplace: LiveMarketplace, command: Command
) -> None:
    add(marketplace, "a", "b")
    code, text = command.text(marketplace.url)
    assert code == VALID
    assert f"{AUD}/log/2026: 3 leaves, 3 read, 3 of them now" in text
    assert "signed with the key that this site published first" in text
    marketplace.deps.log.rotate()
    add(marketplace, *(str(n) for n in range(300)))
    code, report = command.json(marketplace.url)
    assert code == VALID
    assert (report["result"], report["label"]) == ("consistent", "own-key")
    assert [(log["origin"], log["size"], log["new"]) for log in report["logs"]] == [
        (f"{AUD}/log/2026", 4, 1), (f"{AUD}/log/2026-2", 301, 301),
    ]  # fmt: skip
    assert report["keys"] == [verifier.vkey for verifier in marketplace.deps.log.verifiers]
    assert report["findings"] == report["remarks"] == report["evidence"] == []
    code, report = command.json(marketplace.url)
    assert (code, [log["new"] for log in report["logs"]]) == (VALID, [0, 0])


def test_a_key_from_outside_is_the_one_that_counts(
    marketplace: LiveMarketplace, command: Command
) -> None:
    vkey = marketplace.deps.log.verifier.vkey
    marketplace.deps.log.rotate()
    code, text = command.text(marketplace.url, "--key", vkey)
    assert code == VALID
    assert "signed with the key given on the command line" in text
    other = NoteSigner(f"{AUD}/log/2026", SigningKey.generate()).verifier.vkey
    code, text = command.text(marketplace.url, "--key", other)
    assert code == UNUSABLE
    assert "follows a log with another key" in text
    command.state.unlink()
    code, report = command.json(marketplace.url, "--key", other)
    assert code == INVALID
    assert {finding["code"] for finding in report["findings"]} == {"E_POLICY", "E_CP_SIG"}


@contextlib.contextmanager
def two_views(folder: Path) -> Iterator[tuple[LiveMarketplace, LiveMarketplace]]:
    """Two marketplaces with one key, which diverge from a common past."""
    clock = MovedClock()
    with live_marketplace(folder / "one", clock=clock) as marketplace:
        add(marketplace, "a", "b")
    engines.copy(folder / "one", folder / "two")
    (folder / "two" / "port").unlink()
    with (
        live_marketplace(folder / "one", clock=clock) as one,
        live_marketplace(folder / "two", clock=clock) as two,
    ):
        yield one, two


def test_two_trees_of_one_size_are_kept_as_evidence(tmp_path: Path, command: Command) -> None:
    with two_views(tmp_path) as (one, two):
        add(one, "seen")
        add(two, "unseen")
        assert command.text(one.url)[0] == VALID
        code, report = command.json(two.url)
        assert (code, report["result"]) == (INVALID, "inconsistent")
        (finding,) = report["findings"]
        assert (finding["subject"], finding["code"]) == (f"{AUD}/log/2026 4", "E_SPLIT_VIEW")
        (folder,) = command.evidence
        assert report["evidence"] == [str(folder)]
        notes = [(folder / name).read_bytes() for name in ("older.note", "newer.note")]
        assert notes[0] == httpx.get(f"{one.url}/log/checkpoint", trust_env=False).content
        assert notes[1] == httpx.get(f"{two.url}/log/checkpoint", trust_env=False).content
        assert not (folder / "proof").exists()
        about = json.loads((folder / "about.json").read_text())
        assert (about["code"], about["url"]) == ("E_SPLIT_VIEW", two.url)
        # It is reported again at each poll, and written once.
        code, text = command.text(one.url)
        assert code == INVALID
        assert "E_SPLIT_VIEW" in text
        assert "contradicts itself" in text
        assert len(command.evidence) == 1


def test_a_later_tree_with_another_past_is_kept_with_the_proof_that_failed(
    tmp_path: Path, command: Command
) -> None:
    with two_views(tmp_path) as (one, two):
        add(one, "seen")
        add(two, "unseen", *(str(n) for n in range(280)))
        assert command.text(one.url)[0] == VALID
        code, text = command.text(two.url)
        assert code == INVALID
        assert "E_CONSISTENCY" in text
        (folder,) = command.evidence
        assert str(folder) in text
        # The check of a third party with only the folder and the log's key.
        about = json.loads((folder / "about.json").read_text())
        keys = [NoteVerifier.parse(vkey) for vkey in about["keys"]]
        older = open_checkpoint((folder / "older.note").read_bytes(), keys)
        newer = open_checkpoint((folder / "newer.note").read_bytes(), keys)
        proof = read_consistency((folder / "proof").read_bytes())
        assert proof is not None
        assert (older.size, newer.size) == (4, 284)
        assert not verify_consistency(older.size, newer.size, proof, older.root, newer.root)
        with two.deps.store.read() as connection:
            reader_tile = tile_reader.read(connection, shards.newest(connection), Tile(0, 0, 4))
        assert reader_tile is not None
        h = [reader_tile[n : n + 32] for n in range(0, 128, 32)]
        root = node_hash(node_hash(h[0], h[1]), node_hash(h[2], h[3]))
        assert verify_consistency(older.size, newer.size, proof, root, newer.root)


def test_times_that_fall_are_found_in_a_real_log(
    marketplace: LiveMarketplace, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator who logs anything and signs it: only the order shows it."""
    add(marketplace, "a")
    original = Sequencer._end
    earlier = marketplace.clock.ms - 5_000

    def end(self: Sequencer, connection: Connection) -> tuple[Shard, int, int]:
        return (*original(self, connection)[:2], earlier)

    monkeypatch.setattr(Sequencer, "_end", end)
    add(marketplace, "b")
    code, report = command.json(marketplace.url)
    assert code == INVALID
    assert [(f["subject"], f["code"]) for f in report["findings"]] == [
        (f"{AUD}/log/2026 2", "E_LOG_TIME")
    ]


# The state file and the command line


def test_unusable_input_is_reported_and_not_changed(
    marketplace: LiveMarketplace, command: Command
) -> None:
    command.state.write_bytes(b"{}")
    code, report = command.json(marketplace.url)
    assert (code, report["result"]) == (UNUSABLE, "unusable")
    assert "--state" in report["detail"]
    assert command.state.read_bytes() == b"{}"
    command.state.unlink()
    command.state.mkdir()
    assert command.text(marketplace.url)[0] == UNUSABLE
    command.state.rmdir()
    command.state = command.state.parent / "nowhere" / "kept.json"
    code, text = command.text(marketplace.url)
    assert code == UNUSABLE
    assert "The monitor needs this file" in text
    for url in ("nothing", "ftp://127.0.0.1/", "http://", "file:///etc/passwd", "http://a?b"):
        code, text = command.text(url)
        assert code == UNUSABLE
        assert "not a web address" in text
    assert command.text(marketplace.url, "--key", "x")[0] == UNUSABLE


@pytest.mark.parametrize("interval", ["0", "nan", "x", "86401", "-5"])
def test_an_invalid_interval_is_refused(interval: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as report:
        main(["follow", "http://127.0.0.1:1", f"--interval={interval}"])
    assert report.value.code == 2
    assert "interval" in capsys.readouterr().err


def test_it_continues_until_it_is_asked_to_end(
    marketplace: LiveMarketplace, tmp_path: Path
) -> None:
    add(marketplace, "a")
    process = subprocess.Popen(
        [sys.executable, "-m", "diary.cli", "follow", marketplace.url, "--interval", "1",
         "--state", str(tmp_path / "kept.json")],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        assert any("2 leaves" in line for line in lines)
        add(marketplace, "b")
        assert any("3 leaves, 3 read, 1 of them now" in line for line in lines)
        process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
        assert process.wait(30) == VALID
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def test_a_log_that_cannot_be_reached_is_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        url = marketplace.url
        watch = open_monitor(url, [], tmp_path / "kept.json", Website(url))
        assert monitor_log(watch, lambda: False, lambda report: None) == VALID
    report: list[MonitorReport] = []
    with contextlib.ExitStack() as stack:

        def wait() -> bool:
            if len(report) == 2:
                stack.enter_context(live_marketplace(tmp_path / "data", clock=clock))
            return len(report) < 3

        assert monitor_log(watch, wait, report.append) == VALID
    assert [each.trouble is None for each in report] == [False, False, True]
    assert monitor_log(watch, lambda: False, report.append) == UNUSABLE
    assert "cannot be read" in (report[-1].trouble or "")
