"""The trusted keys of a check, and its findings about the log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diary.core.findings import Code, DiaryError, Finding
from diary.log.position import LogPosition, Origin
from diary.log.receipt_set import MAX_CONSISTENCY, ReceiptSet, read_consistency, write_consistency
from diary.verification.check import check
from tests.diary.cases import reviews_and_log
from tests.diary.world import AUD, ORIGIN, Log, World


@pytest.mark.parametrize(
    "origins",
    [
        ["other.example/log/2026"],
        [f"{AUD}/log/new"],
        [f"{AUD}/log/2026-1"],
        [f"{AUD}/log/2026-02"],
        [f"{AUD}/log"],
        ["example.com"],
    ],
)
def test_only_keys_of_this_marketplaces_logs_are_trusted(origins: list[str]) -> None:
    with pytest.raises(DiaryError) as error:
        ReceiptSet(AUD, [Log(origin=origin).signer.verifier for origin in origins])
    assert error.value.code is Code.E_POLICY


def test_a_log_has_one_key() -> None:
    keys = [Log(seed).signer.verifier for seed in ("a", "b")]
    with pytest.raises(DiaryError) as error:
        ReceiptSet(AUD, keys)
    assert error.value.code is Code.E_POLICY
    assert ReceiptSet(AUD, [keys[0], keys[0]]).verifiers == (keys[0],)


def test_shards_are_ordered_by_year_and_part() -> None:
    names = ["2026", "2026-2", "2026-10", "2027"]
    places = [Origin.parse(f"{AUD}/log/{name}").position(3) for name in names]
    assert places == sorted(places)
    assert [place.name for place in places] == names
    assert (
        LogPosition(2026, 1, 9)
        < LogPosition(2026, 1, 10)
        < LogPosition(2026, 2, 0)
        < LogPosition(2027, 1, 0)
    )


def test_a_proof_file_round_trips() -> None:
    hashes = (bytes(32), b"x" * 32)
    assert read_consistency(write_consistency(hashes)) == hashes
    assert read_consistency(b"") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"AAAA\n",
        b"\xff\n",
        write_consistency([bytes(32)])[:-1],
        write_consistency([bytes(32)]).replace(b"=", b""),
        write_consistency([bytes(32)] * 200),
    ],
)
def test_invalid_proof_file(data: bytes) -> None:
    assert len(data) <= MAX_CONSISTENCY or len(data) == 200 * 45
    assert read_consistency(data) is None


def test_a_finding_about_the_log_names_its_state() -> None:
    findings = check(reviews_and_log.two_roots_for_one_size()).findings
    assert [(f.kind, f.subject) for f in findings] == [("log", f"{ORIGIN} 2")]
    findings = check(reviews_and_log.a_leaf_that_is_older_than_the_one_before_it()).findings
    world = World(shots=0)
    world.day(1)
    assert [(f.kind, f.subject) for f in findings] == [("log", f"{ORIGIN} {len(world.log.leaves)}")]


def test_a_finding_about_the_log_never_costs_pay() -> None:
    for make in (
        reviews_and_log.two_roots_for_one_size,
        reviews_and_log.a_checkpoint_without_a_proof,
        reviews_and_log.a_leaf_that_is_older_than_the_one_before_it,
        reviews_and_log.an_old_log_that_ended_otherwise_than_the_new_one_says,
    ):
        for checked in check(make()).segments.values():
            assert checked.entry().pays


def test_a_checkpoint_that_is_met_often_is_verified_once() -> None:
    world = World(shots=0)
    view = ReceiptSet(AUD, [world.log.signer.verifier])
    data = world.log.checkpoint()
    assert view.checkpoint(data) is view.checkpoint(data)


def test_a_bad_checkpoint_is_bad_each_time() -> None:
    view = ReceiptSet(AUD, [Log("other").signer.verifier])
    for _ in range(2):
        with pytest.raises(DiaryError):
            view.checkpoint(World(shots=0).log.checkpoint())


def test_a_changed_proof_is_found_whichever_it_is() -> None:
    world = World(shots=0)
    world.day(2)
    history = world.history()
    evidence = world.evidence(**history)
    sizes = {size for _, size in history["consistency"]}
    used = {
        size
        for size in sizes
        if check(
            replace(
                evidence,
                consistency={k: v for k, v in history["consistency"].items() if k[1] != size},
            )
        ).findings
    }
    # One for each beacon; the other receipts are under the newest checkpoint.
    assert len(used) == len(world.beacons)
    for size in used:
        found = check(
            replace(evidence, consistency={**history["consistency"], ("2026", size): b"x\n"})
        ).findings
        wanted = Finding("log", f"{ORIGIN} {size}", Code.E_CONSISTENCY)
        assert [(f.kind, f.subject, f.code) for f in found] == [
            (wanted.kind, wanted.subject, wanted.code)
        ]
