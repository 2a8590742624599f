"""A state folder is copied while in use, and a client starts on the copy."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from diary.core.findings import Code
from diary.log.receipt import Receipt
from diary.objects.segment import SealedSegment, parse
from diary.verification.credit import CreditEntry, credit
from scripts.dev.processes import ClientProcess
from tests.desktop_fixtures.target import Target
from tests.desktop_fixtures.waiting import wait_for
from tests.end2end.running_system import RunningSystem

pytestmark = pytest.mark.xdist_group("end2end-2")


def copy_while_it_runs(system: RunningSystem, client: ClientProcess, name: str) -> Path:
    """Copy the state folder of a running client at one instant."""
    target = system.folder / name / "client"
    os.kill(client.pid, signal.SIGSTOP)
    try:
        shutil.copytree(system.folder / "client", target)
    finally:
        os.kill(client.pid, signal.SIGCONT)
    return target


def start_copy(system: RunningSystem, folder: Path) -> ClientProcess:
    """A client on a copied folder; the keyring holds the same keys for it."""
    env = {**os.environ, **system.desktop.env, "PYTHONUNBUFFERED": "1"}
    copy = ClientProcess(folder, env, system.links.marketplace, "no-code-is-needed")
    copy.wait_line("ready")
    return copy


def segments_of(folder: Path) -> list[SealedSegment]:
    return [parse(path.read_bytes()) for path in sorted(folder.glob("*/segments/*/*.sdjwt"))]


def all_sent(folder: Path) -> bool:
    """Whether every segment of a state folder has a receipt for its own bytes."""
    sealed = sorted(folder.glob("*/segments/*/*.sdjwt"))
    receipts = [path.with_suffix(".tlog-proof") for path in sealed]
    return bool(sealed) and all(
        receipt.exists() and Receipt.parse(receipt.read_bytes()).leaf.digest == parse_hash(path)
        for path, receipt in zip(sealed, receipts, strict=True)
    )


def parse_hash(path: Path) -> str:
    return parse(path.read_bytes()).hash


def wait_typing(target: Target, folder: Path) -> None:
    """Wait until a copy has sealed and sent the segments from its journal; the scripted user works
    meanwhile, so that no time is idle.
    """

    def sent() -> bool:
        target.type("more work", delay_ms=20)
        sealed = "crash" in {one.segment.end for one in segments_of(folder)}
        return sealed and all_sent(folder)

    wait_for(sent, timeout=180, every=1.0, what=f"{folder} to be sent")


def at_the_marketplace(system: RunningSystem) -> list[tuple[CreditEntry, SealedSegment, set[str]]]:
    """The segments in the marketplace's database, in log order, with their findings."""
    path = system.folder / "market" / "data" / "marketplace.sqlite"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT hash, idx, data FROM segment ORDER BY idx").fetchall()
        found = db.execute("SELECT segment, code FROM finding").fetchall()
    result = []
    for name, index, data in rows:
        sealed, codes = parse(data), {code for segment, code in found if segment == name}
        body = sealed.segment
        pays = not any(Code(code).costs_pay for code in codes)
        entry = CreditEntry(name, index, body.kind, body.t0, body.t1, pays)
        result.append((entry, sealed, codes))
    return result


def paid_s(system: RunningSystem) -> int:
    shares = credit([entry for entry, *_ in at_the_marketplace(system)])
    return sum(share.payable for share in shares.values())


def covered_s(sealed: list[SealedSegment]) -> int:
    return len({s for one in sealed for s in range(one.segment.t0, one.segment.t1)})


def test_a_copy_that_was_only_started_costs_the_original_no_second(system: RunningSystem) -> None:
    client = system.open_client()
    system.gui.start_recording("On the original")
    target = Target(system.desktop, "WORK")
    target.type("some work", delay_ms=30)
    system.wait_mid_slot()
    folder = copy_while_it_runs(system, client, "copy")
    copy = start_copy(system, folder)
    try:
        # It seals the journaled segment under the number that the original will use.
        wait_typing(target, folder)
    finally:
        copy.stop()
    system.stop_recording()
    own = system.folder / "client"

    def lost(of: Path = own) -> list[Path]:
        return sorted(of.glob("*/evidence/*.sdjwt"))

    wait_for(lost, timeout=120, what="the fork to be found")

    def logged(of: Path) -> set[str]:
        """The segments in the evidence that have a receipt."""
        return {parse_hash(path) for path in lost(of) if path.with_suffix(".tlog-proof").exists()}

    def settled() -> bool:
        """Whether everything is sent, and each refused segment is kept as evidence. The copy has
        one too if a slot ended just before it was made.
        """
        refused = {
            sealed.hash
            for _, sealed, codes in at_the_marketplace(system)
            if codes & {"E_FORK", "E_PREV"}
        }
        return all_sent(own) and logged(own) == refused - logged(folder)

    wait_for(settled, timeout=120, what="everything to be sent")
    held = at_the_marketplace(system)
    every = [sealed for _, sealed, _ in held]
    # One that was sealed before the fork was found, and not sent until then, is only here.
    unsent = {parse_hash(path) for path in lost()} - logged(own)
    assert unsent.isdisjoint(sealed.hash for sealed in every)
    assert paid_s(system) == covered_s(every)
    # Each segment that lost its number was sealed again in a later epoch.
    anew = {(s.segment.t0, s.segment.t1): s.segment.epoch for s in system.sealed()}
    for path in lost():
        body = parse(path.read_bytes()).segment
        assert anew[body.t0, body.t1] > body.epoch


def test_two_copies_that_record_side_by_side_lose_nothing(system: RunningSystem) -> None:
    """The copy has its own journal then, and continues as soon as it is started."""
    client = system.open_client()
    system.gui.start_recording("On all of them")
    target = Target(system.desktop, "WORK")
    system.wait_mid_slot()
    folders = [copy_while_it_runs(system, client, f"copy-{n}") for n in range(2)]
    copies = []
    try:
        # Three of them share one key; the two copies start at different times of the slot.
        for folder in folders:
            copies.append(start_copy(system, folder))
            wait_typing(target, folder)
        system.stop_recording()
        own = system.folder / "client"
        for folder in (own, *folders):
            wait_for(partial(all_sent, folder), timeout=180, what=f"{folder} to be sent")
    finally:
        for copy in copies:
            copy.stop()
    held = at_the_marketplace(system)
    assert paid_s(system) == covered_s([sealed for _, sealed, _ in held])
    ours = system.sealed()
    for before, after in itertools.pairwise(ours):
        assert after.segment.seq > before.segment.seq
