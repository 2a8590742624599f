"""Monitoring a log: honest logs, split views, and invalid answers."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest

from diary.core.findings import Code, DiaryError
from diary.core.slots import SLOT
from diary.formats.encoding import b64url_encode, canonical, digest, parse_canonical
from diary.log import merkle
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.leaf_rules import LeafChecker
from diary.log.merkle import verify_consistency
from diary.log.monitor import AnswerError
from diary.log.monitor_state import MonitorState
from tests.diary.log.published_log import (
    SLOT_S,
    Site,
    again,
    codes,
    follower,
    honest,
    visit,
)
from tests.diary.world import AUD, Log


def test_an_honest_log_is_one_history_at_each_poll() -> None:
    site = honest()
    watcher = follower(site)
    assert not watcher.state.outside
    for new in (0, 1, 300, 7):
        for _ in range(new):
            site.add()
        found = visit(watcher, site)
        assert found.findings == set()
        assert found.remarks == []
        assert found.read.get(site.logs[0].origin, 0) == (6 if new == 0 else new)
        watcher = again(watcher)
    known = watcher.state.shards["2026"]
    assert known.scanned == len(site.logs[0].leaves) == 314
    assert watcher.state.checkpoint("2026") == Checkpoint(
        site.logs[0].origin, 314, merkle.root(314, site.logs[0].read)
    )


def test_what_was_read_is_not_fetched_again() -> None:
    site = honest(700)
    watcher = follower(site)
    visit(watcher, site)
    assert "2026/tile/entries/000" in site.asked
    site.asked.clear()
    visit(watcher, site)
    assert [address for address in site.asked if "tile" in address] == []
    site.add()
    site.asked.clear()
    visit(watcher, site)
    bundles = [address for address in site.asked if "entries" in address]
    assert bundles == ["2026/tile/entries/002.p/190"]


def test_trust_goes_to_announced_keys_and_all_shards_are_read() -> None:
    site = honest()
    watcher = follower(site, site.logs[0].signer.verifier)
    assert watcher.state.outside
    assert codes(visit(watcher, site)) == set()
    for name in ("2026-2", "2027"):
        site.succeed(name)
        site.add()
    found = visit(again(watcher), site)
    assert codes(found) == set()
    assert found.read == {
        f"{AUD}/log/2026": 1, f"{AUD}/log/2026-2": 3, f"{AUD}/log/2027": 2,
    }  # fmt: skip


def test_a_reader_with_a_newer_key_cannot_read_the_older_logs() -> None:
    site = honest()
    site.succeed("2027")
    watcher = follower(site, site.logs[1].signer.verifier)
    found = visit(watcher, site)
    assert codes(found) == set()
    assert [remark for remark in found.remarks if "older than the key given" in remark]
    assert set(watcher.state.shards) == {"2027"}


def split(site: Site) -> Site:
    """The same log with the same key and a different leaf in its past."""
    other = deepcopy(site)
    log = other.logs[-1]
    leaves, objects = log.leaves, log.objects
    log.nodes, log.leaves, log.objects = {}, [], []
    for index, (leaf, obj) in enumerate(zip(leaves, objects, strict=True)):
        changed = replace(leaf, digest=digest(b"another")) if index == 2 else leaf
        log.append(changed, obj)
    return other


def test_two_trees_of_one_size_are_a_split_view_and_both_notes_are_handed_over() -> None:
    site = honest()
    other = split(site)
    watcher = follower(site)
    visit(watcher, site)
    found = visit(watcher, other)
    assert codes(found) == {(f"{AUD}/log/2026 6", "E_SPLIT_VIEW")}
    (evidence,) = found.inconsistencies
    assert (evidence.older, evidence.newer) == (
        site.logs[0].checkpoint(), other.logs[0].checkpoint(),
    )  # fmt: skip
    assert evidence.proof is None
    # The first view remains the reference, and the finding is reported in every later poll.
    assert watcher.state.shards["2026"].note == site.logs[0].checkpoint()
    assert codes(visit(watcher, site)) == set()
    assert [f.code for f in again(watcher).state.findings] == [Code.E_SPLIT_VIEW]


@pytest.mark.parametrize("grown", [1, 250, 300])
def test_a_later_tree_that_does_not_begin_with_the_known_one_is_shown_by_its_own_proof(
    grown: int,
) -> None:
    site = honest()
    other = split(site)
    for _ in range(grown):
        other.add()
    watcher = follower(site)
    visit(watcher, site)
    found = visit(watcher, other)
    assert codes(found) == {(f"{AUD}/log/2026 6", "E_CONSISTENCY")}
    (evidence,) = found.inconsistencies
    assert evidence.proof is not None
    log = other.logs[0]
    size = len(log.leaves)
    # The proof fits the new root, so the two roots cannot belong to one history.
    old = merkle.root(6, log.read)
    new = merkle.root(size, log.read)
    assert verify_consistency(6, size, evidence.proof, old, new)
    seen = merkle.root(6, site.logs[0].read)
    assert not verify_consistency(6, size, evidence.proof, seen, new)
    assert watcher.state.shards["2026"].note == site.logs[0].checkpoint()


def test_a_smaller_tree_is_a_cache_if_it_is_the_beginning_and_evidence_if_not() -> None:
    small, large = honest(), honest(40)
    watcher = follower(large)
    visit(watcher, large)
    large.instead["2026/checkpoint"] = lambda _: small.logs[0].checkpoint()
    assert codes(visit(watcher, large)) == set()
    assert watcher.state.shards["2026"].note == large.of("2026").checkpoint()
    other = split(small)
    large.instead["2026/checkpoint"] = lambda _: other.logs[0].checkpoint()
    found = visit(watcher, large)
    assert codes(found) == {(f"{AUD}/log/2026 6", "E_CONSISTENCY")}
    (evidence,) = found.inconsistencies
    assert evidence.older == other.logs[0].checkpoint()
    assert evidence.newer == large.of("2026").checkpoint()


@pytest.mark.parametrize("address", ["2026/tile/0/000.p/46", "2026/tile/entries/000.p/46"])
def test_tiles_that_are_not_of_the_signed_tree_are_a_finding_and_nothing_is_kept(
    address: str,
) -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    for _ in range(40):
        site.add()
    site.instead[address] = lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:]
    found = visit(watcher, site)
    assert codes(found) == {(f"{AUD}/log/2026 46", "E_INCLUSION")}
    assert watcher.state.shards["2026"].scanned == 6
    assert len(found.inconsistencies) == (1 if "tile/0" in address else 0)


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("2026/checkpoint", lambda _: b""),
        ("2026/checkpoint", lambda _: b"<html>sign in</html>"),
        ("2026/tile/0/000.p/6", lambda data: data[:-1]),
        ("2026/tile/0/000.p/6", lambda _: b""),
        ("2026/tile/entries/000.p/6", lambda data: data + b"\0"),
        ("policy", lambda _: b"<html>"),
    ],
)
def test_an_answer_without_content_is_no_finding(
    address: str, change: Callable[[bytes], bytes]
) -> None:
    site = honest()
    watcher = follower(site)
    site.instead[address] = change
    with pytest.raises(AnswerError):
        visit(watcher, site)
    assert watcher.state.findings == ()
    site.instead.clear()
    assert codes(visit(watcher, site)) == set()
    assert watcher.state.shards["2026"].scanned == 6


def test_a_checkpoint_that_another_key_signed_is_a_finding() -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    forger = Log("forger")
    site.instead["2026/checkpoint"] = lambda _: forger.checkpoint()
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2026", "E_CP_SIG")}
    signature_changed = site.logs[0].checkpoint()[:-10] + b"AAAAAAAA=\n"
    site.instead["2026/checkpoint"] = lambda _: signature_changed
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2026", "E_CP_SIG")}


def test_a_time_that_falls_is_a_finding_also_from_run_to_run_and_shard_to_shard() -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    site.now_ms -= 1
    index = site.add()
    found = visit(again(watcher), site)
    assert codes(found) == {(f"{AUD}/log/2026 {index}", "E_LOG_TIME")}
    site = honest()
    watcher = follower(site)
    site.succeed("2027")
    site.now_ms -= 1
    site.add()
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2027 1", "E_LOG_TIME")}


def test_an_invalid_leaf_is_a_finding() -> None:
    site = honest()
    watcher = follower(site)
    log = site.logs[0]
    index = log.append(log.leaves[-1])

    class Odd(Leaf):
        def data(self) -> bytes:
            return b"anything\n"

    odd = Odd(LeafType.REVIEW, digest(b"odd"), site.now_ms)
    log.leaves.pop()
    log.nodes = {}
    leaves, log.leaves, log.objects = [*log.leaves, odd], [], []
    for leaf in leaves:
        log.append(leaf)
    assert codes(visit(watcher, site)) == {(f"{AUD}/log/2026 {index}", "E_FORMAT")}


def test_a_second_leaf_of_an_object_is_reported_and_not_held_against_the_log() -> None:
    site = honest()
    for _ in range(7):
        site.add(LeafType.TERMS, b"terms", b64url_encode(bytes(32)))
    found = visit(follower(site), site)
    assert found.findings == set()
    assert len([remark for remark in found.remarks if "the first counts" in remark]) == 5


@pytest.mark.parametrize(("early_s", "void"), [(121, True), (120, False), (0, False), (-1, True)])
def test_a_beacon_out_of_its_time_is_reported(early_s: int, void: bool) -> None:
    site = honest()
    slot = SLOT_S + SLOT
    site.now_ms = (slot - early_s) * 1000
    site.beacon(slot)
    found = visit(follower(site), site)
    assert found.findings == set()
    assert bool(found.remarks) is void


def test_only_the_first_beacon_of_all_may_come_in_its_slot() -> None:
    for late, void in ((SLOT * 1000 - 1, False), (SLOT * 1000, True)):
        site = Site(now_ms=SLOT_S * 1000 + late)
        site.open("2026")
        site.beacon(SLOT_S)
        found = visit(follower(site), site)
        assert (found.findings, bool(found.remarks)) == (set(), void)


def test_two_beacons_for_one_slot_are_a_finding() -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    index = site.beacon(SLOT_S, b"another")
    assert codes(visit(again(watcher), site)) == {(f"{AUD}/log/2026 {index}", "E_BEACON")}
    # The next shard must not publish another one either.
    site = honest()
    site.now_ms = SLOT_S * 1000
    site.succeed("2027")
    site.beacon(SLOT_S, b"another")
    assert codes(visit(follower(site), site)) == {(f"{AUD}/log/2027 1", "E_BEACON")}


# The state


def test_a_state_reads_as_it_was_written() -> None:
    site = honest()
    site.succeed("2027")
    watcher = follower(site)
    visit(watcher, site)
    site.now_ms -= 1
    site.add()
    visit(watcher, site)
    state = watcher.state
    assert MonitorState.parse(state.data()) == state
    assert len(state.findings) == 1


def changed(data: bytes, **values: object) -> bytes:
    return canonical({**parse_canonical(data), **values})


def test_a_state_that_was_changed_is_refused() -> None:
    site = honest()
    watcher = follower(site)
    visit(watcher, site)
    data = watcher.state.data()
    shards = parse_canonical(data)["shards"]
    one = shards["2026"]
    other = Log("another").signer.verifier.vkey
    foreign = Log("another", "elsewhere/log/2026").signer.verifier.vkey
    vkey = watcher.state.keys[0]
    for bad in (
        b"",
        b"{}",
        data[:-1],
        changed(data, v=2),
        changed(data, keys=[]),
        changed(data, keys=[other]),
        changed(data, keys=[vkey, other]),
        changed(data, keys=[vkey, foreign]),
        changed(data, keys=[1]),
        changed(data, keys="x"),
        changed(data, outside=1),
        changed(data, shards=[]),
        changed(data, shards={"2026": 1}),
        changed(data, shards={"2027": one}),
        changed(data, shards={"2026": {**one, "scanned": -1}}),
        changed(data, shards={"2026": {**one, "slot": -2}}),
        changed(data, shards={"2026": {**one, "note": one["note"].replace("\n6\n", "\n7\n")}}),
        changed(data, findings=[1]),
        changed(data, findings=[{"kind": "log", "subject": "a", "code": "E_X", "detail": ""}]),
        changed(data, findings=[{"kind": "x", "subject": "a", "code": "E_LOG_TIME", "detail": ""}]),
    ):
        with pytest.raises(DiaryError):
            MonitorState.parse(bad)


def test_the_leaf_checker_keeps_its_state_across_shards() -> None:
    scan = LeafChecker()
    site = honest()
    site.succeed("2027")
    watcher = follower(site)
    watcher.leaf_checker = scan
    site.add(LeafType.TERMS, b"terms", b64url_encode(bytes(32)))
    visit(watcher, site)
    site.add(LeafType.TERMS, b"terms", b64url_encode(bytes(32)))
    found = visit(watcher, site)
    assert len(found.remarks) == 1


def test_an_empty_log_has_no_checkpoint() -> None:
    site = Site()
    site.open("2026")
    watcher = follower(site)
    assert codes(visit(watcher, site)) == set()
    assert watcher.state.shards == {}
