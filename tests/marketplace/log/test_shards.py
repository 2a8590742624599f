"""The log in shards: change of keys, validity of old shards, crashes, and upgrade."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, text

from diary.core.slots import SLOT
from diary.formats.encoding import digest
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.leaf import LeafType
from diary.log.merkle import root
from diary.log.policy import parse_policy
from diary.log.position import LogPosition, Origin
from diary.log.receipt import open_receipt
from diary.log.shard_keys import KeyLeaf, extend_trust
from diary.objects.segment import parse
from marketplace.cli import main
from marketplace.composition import lock, open_services
from marketplace.contracts.queries import Contract
from marketplace.core.config import Config
from marketplace.http.services import Services
from marketplace.log import shards
from marketplace.log.audit import audit_log
from marketplace.log.log import LogEntry, checkpoint, find, key_receipts, receipt, receipts
from marketplace.storage import schema
from tests.marketplace.live_marketplace import (
    AUD,
    START,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.published import add, get, leaves, present, row_count
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.storage.former_revision import to_revision

ROOT = Path(__file__).resolve().parents[3]
#: 2026-12-31 23:59:00 UTC.
YEARS_END = 1_798_761_540


def assert_linked(deps: Services) -> None:
    """Each shard but the last ends with one announcement, each but the first begins with an
    opening.
    """
    with deps.store.read() as connection:
        all_shards = shards.read(connection)
        proofs = key_receipts(connection)
        assert audit_log(deps.store.read, deps.log.verifiers) == []
        verifiers, results = extend_trust([all_shards[0].verifier], proofs)
        assert list(verifiers) == [shard.verifier for shard in all_shards]
        assert len(proofs) == 2 * (len(all_shards) - 1)
        for number, proof in enumerate(proofs):
            leaf = results[proof]
            assert isinstance(leaf, KeyLeaf)
            old, new = all_shards[number // 2], all_shards[number // 2 + 1]
            assert (leaf.key.origin, leaf.key.vkey) == (new.origin, new.vkey)
            assert leaf.key.prev_origin == old.origin
            final = checkpoint(connection, old)
            assert final is not None
            assert old.size == final[0]
            assert leaf.is_opening is (number % 2 == 1)
            if leaf.is_opening:
                assert leaf.key.prev_size == old.size
                assert leaf.logged.position == Origin.parse(new.origin).position(0)
            else:
                assert leaf.logged.index == old.size - 1 == leaf.key.prev_size
        query = select(schema.leaf.c.idx).order_by(schema.leaf.c.idx)
        rows = connection.execute(query).scalars().all()
        assert rows == list(range(len(rows))), "no row is missing between the shards"


@pytest.fixture
def keys(marketplace: LiveMarketplace) -> Path:
    return marketplace.deps.config.keys


def names_of(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("log*")}


# The change of shards


def test_a_change_announces_the_new_key_and_opens_with_what_the_old_one_came_to(
    marketplace: LiveMarketplace,
) -> None:
    add(marketplace, "a", "b")
    before = present(marketplace)[0]
    new = marketplace.deps.log.rotate()
    assert new.origin == f"{AUD}/log/2026-2"
    assert marketplace.deps.log.verifier == new.verifier != before.verifier
    assert_linked(marketplace.deps)
    old_leaves, new_leaves = leaves(marketplace, before), leaves(marketplace, new)
    assert [leaf.type for leaf in old_leaves] == [
        LeafType.BEACON, LeafType.REVIEW, LeafType.REVIEW, LeafType.KEY,
    ]  # fmt: skip
    assert [leaf.type for leaf in new_leaves] == [LeafType.KEY]
    assert [leaf.attrs for leaf in (old_leaves[-1], new_leaves[0])] == ["", ""]


def test_the_old_key_is_destroyed_and_the_final_checkpoint_kept(
    marketplace: LiveMarketplace, keys: Path
) -> None:
    assert names_of(keys) == {"log-2026.key"}
    add(marketplace, "a")
    old = present(marketplace)[0]
    marketplace.deps.log.rotate()
    assert names_of(keys) == {"log-2026-2.key"}
    final = get(marketplace, "/log/2026/checkpoint").content
    add(marketplace, "b")
    marketplace.deps.log.rotate()
    assert names_of(keys) == {"log-2026-3.key"}
    assert get(marketplace, "/log/2026/checkpoint").content == final
    opened = open_checkpoint(final, [old.verifier])
    assert (opened.origin, opened.size) == (f"{AUD}/log/2026", 3)
    assert_linked(marketplace.deps)


def test_the_row_of_a_leaf_is_counted_over_all_shards() -> None:
    old = shards.Shard(1, f"{AUD}/log/2026", "", first=0, size=5)
    new = shards.Shard(2, f"{AUD}/log/2026-2", "", first=5, size=None)
    for index, row in (
        (LogPosition(2026, 1, 4), 4),
        (LogPosition(2026, 2, 0), 5),
        (LogPosition(2026, 2, 3), 8),
    ):
        assert shards.row_of((old, new), index) == row
        assert shards.holding((old, new), row).name == index.name


def test_retries_and_proofs_of_an_old_shard_continue_working(marketplace: LiveMarketplace) -> None:
    first = marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"a"))).result()
    marketplace.deps.log.rotate()
    add(marketplace, "b")
    again = marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"a"))).result()
    assert (again.index, again.rt_ms, again.fresh) == (first.index, first.rt_ms, False)
    old, new = present(marketplace)
    for name, shard, index in (("a", old, 1), ("b", new, 1)):
        proof = get(marketplace, f"/log/proof/{digest(name.encode())}").content
        logged = open_receipt(
            proof, [old.verifier, new.verifier], type=LeafType.REVIEW,
            object_digest=digest(name.encode()),
        )  # fmt: skip
        assert logged.position == Origin.parse(shard.origin).position(index)
    with marketplace.deps.store.read() as connection:
        proofs = receipts(connection, range(row_count(marketplace)))
        assert len(proofs) == row_count(marketplace)
        row = find(connection, digest(b"b"))
        assert row is not None
        assert receipt(connection, row) == proofs[row]


def test_the_new_year_opens_a_new_shard_with_the_first_leaf_in_it(tmp_path: Path) -> None:
    clock = MovedClock(YEARS_END)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        marketplace.advance_to(YEARS_END + 60)  # logged in the old year
        assert [shard.name for shard in present(marketplace)] == ["2026"]
        clock.to(YEARS_END + 59.999)
        add(marketplace, "last of the year")
        assert [shard.name for shard in present(marketplace)] == ["2026"]
        clock.to(YEARS_END + 60)
        add(marketplace, "first of the year")
        assert [shard.name for shard in present(marketplace)] == ["2026", "2027"]
        assert [leaf.type for leaf in leaves(marketplace, present(marketplace)[1])] == [
            LeafType.KEY, LeafType.REVIEW,
        ]  # fmt: skip
        assert_linked(marketplace.deps)
        # A second shard of a year gets a number; the next year gets its own name.
        assert marketplace.deps.log.rotate().name == "2027-2"
        clock.to(dt.datetime(2029, 3, 1, tzinfo=dt.UTC).timestamp())
        add(marketplace, "years later")
        assert [s.name for s in present(marketplace)] == ["2026", "2027", "2027-2", "2029"]
        assert_linked(marketplace.deps)


def test_a_retry_alone_does_not_open_the_new_years_shard(tmp_path: Path) -> None:
    clock = MovedClock(YEARS_END)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        add(marketplace, "a")
        clock.to(YEARS_END + 100)
        known = marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"a"))).result()
        assert not known.fresh


def test_a_clock_that_was_set_back_neither_opens_an_older_year_nor_lets_times_fall(
    tmp_path: Path,
) -> None:
    clock = MovedClock(YEARS_END + 120)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        add(marketplace, "a")
        clock.to(YEARS_END)
        add(marketplace, "b")
        assert marketplace.deps.log.rotate().name == "2027-2"
        add(marketplace, "c")
        times = [
            leaf.rt_ms for shard in present(marketplace) for leaf in leaves(marketplace, shard)
        ]
        assert times == sorted(times)
        assert len(set(times)) == 1
        assert_linked(marketplace.deps)


def test_a_demo_changes_shards_by_its_own_time(tmp_path: Path) -> None:
    clock = MovedClock(YEARS_END - 86_400)
    with live_marketplace(
        tmp_path / "data", clock=clock, name="demo.test", speed=600
    ) as marketplace:
        assert [shard.origin for shard in present(marketplace)] == ["demo.test/log/2026"]
        clock.to(YEARS_END - 86_400 + 145)  # a day and ten minutes of the demo
        add(marketplace, "a")
        assert [shard.name for shard in present(marketplace)] == ["2026", "2027"]


def test_appending_while_shards_change_gets_one_order(marketplace: LiveMarketplace) -> None:
    jobs = []
    for number in range(60):
        jobs.append(marketplace.deps.log.append(LogEntry(LeafType.REVIEW, digest(b"%d" % number))))
        if number % 20 == 10:
            marketplace.deps.log.rotate()
    placed = [job.result() for job in jobs]
    assert len({p.index for p in placed}) == 60
    assert len(present(marketplace)) == 4
    assert_linked(marketplace.deps)
    assert sum(len(leaves(marketplace, shard)) for shard in present(marketplace)) == row_count(
        marketplace
    )


def test_a_change_that_cannot_be_written_changes_nothing(
    marketplace: LiveMarketplace, keys: Path
) -> None:
    add(marketplace, "a")
    clash = keys / "log-2026-2.key"
    clash.write_text("not a key\n")
    with pytest.raises(Exception, match="damaged"):
        marketplace.deps.log.rotate()
    add(marketplace, "b")
    assert [shard.name for shard in present(marketplace)] == ["2026"]
    clash.unlink()
    marketplace.deps.log.rotate()
    add(marketplace, "c")
    assert_linked(marketplace.deps)


def test_work_continues_over_a_change_and_the_pages_check_all_of_it(
    marketplace: LiveMarketplace, contract: Contract, device: SimulatedDevice
) -> None:
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    device.send(first)
    marketplace.deps.log.rotate()
    about = get(marketplace, "/.well-known/workdiary").json()["log"]
    new = present(marketplace)[1]
    assert about == {"origin": new.origin, "vkey": new.vkey}
    # A client that has read the announcement.
    device.verifier = new.verifier
    assert device.send(second)["findings"] == []
    day = marketplace.day(contract.client, contract.ctr)
    assert [slot.failing for slot in day.slots] == [(), ()]
    assert day.badge.general == ()
    for data, shard in ((first, present(marketplace)[0]), (second, new)):
        begin = parse(data).segment.slot
        slot = marketplace.deps.review.slot(
            marketplace.account(contract.client), contract.ctr, begin, dt.UTC  # type: ignore[arg-type]
        )  # fmt: skip
        (detail,) = slot.segments
        assert detail.log_origin == shard.origin
        assert detail.log_index < detail.log_size
    stored = device.call(
        "GET", "/v1/diary", params={"contract": contract.ctr, "from": START, "to": START + 2 * SLOT}
    ).json()["segments"]
    keys = [shard.verifier for shard in present(marketplace)]
    for each in stored:
        logged = open_receipt(
            each["receipt"].encode(), keys, type=LeafType.SEGMENT, object_digest=each["hash"]
        )
        assert logged.index == each["index"]


# Crashes


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which Windows lacks")
def test_killed_anywhere_in_a_change_it_has_happened_wholly_or_not_at_all(tmp_path: Path) -> None:
    """A process dies at each statement and each file operation of the change, in turn."""
    clock = MovedClock()
    with live_marketplace(tmp_path / "original", clock=clock) as marketplace:
        add(marketplace, "a")
    copies = tmp_path / "copies"
    done = subprocess.run(
        [sys.executable, "-m", "tests.marketplace.rotate_child",
         str(tmp_path / "original"), str(copies)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = []
    for folder in sorted(copies.iterdir(), key=lambda path: int(path.name)):
        config = Config(folder, AUD, "http://127.0.0.1:1")
        with lock(folder), open_services(config, clock) as deps:
            assert_linked(deps)
            with deps.store.read() as connection:
                count = len(shards.read(connection))
            outcomes.append(count)
            if count == 2:
                assert names_of(config.keys) == {"log-2026-2.key"}, "the old key must be gone"
            else:
                assert "log-2026.key" in names_of(config.keys)
            # Unfinished changes have no effect.
            assert deps.log.rotate().name == f"2026-{count + 1}"
            deps.log.append(LogEntry(LeafType.REVIEW, digest(b"b"))).result()
            assert_linked(deps)
    assert outcomes == sorted(outcomes), "once it has happened it stays"
    assert outcomes.count(1) >= 10
    assert outcomes.count(2) >= 3


# Upgrade


@pytest.mark.sqlite_only("no PostgreSQL database has a former revision")
def test_a_log_from_before_the_shards_becomes_the_first_of_them(tmp_path: Path) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        add(marketplace, "a", "b", "c")
        before = get(marketplace, "/log/checkpoint").content
        vkey = marketplace.deps.log.verifier.vkey
    to_revision(tmp_path / "data" / "marketplace.sqlite", "0001")
    keys = tmp_path / "data" / "keys"
    (keys / "log-2026.key").rename(keys / "log.key")
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        assert get(marketplace, "/log/checkpoint").content == before
        assert marketplace.deps.log.verifier.vkey == vkey
        assert names_of(keys) == {"log-2026.key"}
        add(marketplace, "d")
        marketplace.deps.log.rotate()
        assert_linked(marketplace.deps)


def test_the_operator_changes_the_key_of_a_stopped_and_of_a_running_marketplace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    assert main(["setup", "--data-dir", str(folder)]) == 0
    assert main(["rotate-log", "--data-dir", str(folder)]) == 0
    output = capsys.readouterr().out
    assert "continues as workdiary.localhost/log/" in output
    assert "-2 with a new key" in output
    config = Config(folder, AUD, "http://127.0.0.1:1")
    with lock(folder), open_services(config) as deps, deps.store.read() as connection:
        assert len(shards.read(connection)) == 2
    process = subprocess.Popen(
        [sys.executable, "-m", "marketplace", "serve", "--data-dir", str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("marketplace: ")
        assert main(["rotate-log", "--data-dir", str(folder)]) == 0
        assert "-3 with a new key" in capsys.readouterr().out
        door = json.loads((folder / "admin.json").read_text())
        logs = parse_policy(
            httpx.get(f"{door['url']}/log/policy", trust_env=False, verify=False).content
        ).logs
        assert len(logs) == 3
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def test_an_unsigned_or_foreign_final_checkpoint_is_named(marketplace: LiveMarketplace) -> None:
    add(marketplace, "a")
    marketplace.deps.log.rotate()
    old, new = present(marketplace)
    with marketplace.deps.store.read() as connection:
        final, other = checkpoint(connection, old), checkpoint(connection, new)
        assert audit_log(marketplace.deps.store.read, marketplace.deps.log.verifiers) == []
        codes = {f.code.value for f in audit_log(marketplace.deps.store.read, [new.verifier])}
        assert codes == {"E_CP_SIG"}
    assert final is not None
    assert other is not None
    marketplace.deps.store.write(
        lambda c: c.execute(
            text("UPDATE checkpoint SET note = :n WHERE shard = 1 AND size = :s"),
            {"n": other[1], "s": final[0]},
        )
    ).result()
    with marketplace.deps.store.read() as connection:
        assert {
            f.code.value
            for f in audit_log(marketplace.deps.store.read, marketplace.deps.log.verifiers)
        } == {"E_CP_SIG"}


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_a_log_is_audited_in_chunks_of_leaves(
    marketplace: LiveMarketplace, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("marketplace.log.audit._CHUNK", chunk)
    deps = marketplace.deps
    add(marketplace, *"abcdefg")
    deps.log.rotate()
    add(marketplace, "h")
    assert audit_log(deps.store.read, deps.log.verifiers) == []
    rested: list[None] = []
    for idx in range(7):
        change = text(f"UPDATE leaf SET attrs = attrs || '0' WHERE idx = {idx}")
        deps.store.write(lambda c, change=change: c.execute(change)).result()  # type: ignore[misc]
        found = audit_log(deps.store.read, deps.log.verifiers, lambda: rested.append(None))
        assert f"leaf {idx} is not as it was logged" in {f.detail for f in found}
        assert {f.code.value for f in found} == {"E_INCLUSION"}
    assert rested


def test_a_leaf_that_is_missing_or_unsigned_is_named(marketplace: LiveMarketplace) -> None:
    add(marketplace, *"abc")
    deps = marketplace.deps
    with deps.store.read() as connection:
        last = connection.execute(text("SELECT max(idx) FROM leaf")).scalar_one()
        row = connection.execute(text("SELECT * FROM leaf WHERE idx = :i"), {"i": last}).one()
    more = text("INSERT INTO leaf VALUES (:idx, :type, :digest, :rt_ms, :attrs, :object)")
    values = {**row._mapping, "idx": last + 1, "digest": row.digest[::-1]}
    deps.store.write(lambda c: c.execute(more, values)).result()
    found = audit_log(deps.store.read, deps.log.verifiers)
    assert [f.detail for f in found] == ["2026 has unsigned leaves"]
    gone = text(f"DELETE FROM leaf WHERE idx >= {last}")
    deps.store.write(lambda c: c.execute(gone)).result()
    assert audit_log(deps.store.read, deps.log.verifiers) != []


def test_the_root_of_a_small_tree_by_hand(marketplace: LiveMarketplace) -> None:
    """The served entries alone give the signed root."""
    from diary.log.merkle import new_nodes

    add(marketplace, "a", "b")
    nodes: dict[tuple[int, int], bytes] = {}
    (shard,) = present(marketplace)
    listed = leaves(marketplace, shard)
    for index, leaf in enumerate(listed):
        for level, pos, value in new_nodes(index, leaf.hash(), lambda *at: nodes[at]):
            nodes[level, pos] = value
    signed = open_checkpoint(get(marketplace, "/log/checkpoint").content, [shard.verifier])
    assert signed == Checkpoint(shard.origin, 3, root(3, lambda *at: nodes[at]))
