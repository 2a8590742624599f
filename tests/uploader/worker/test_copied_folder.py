"""A copied state folder: two or three computers with one key; no second is lost or paid twice."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from diary.core.slots import SLOT, slot_of
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from diary.verification.credit import CreditEntry, credit
from marketplace.records.statements import deletions
from tests.marketplace.live_marketplace import AUD
from tests.uploader import proxy as faults
from tests.uploader.client_under_test import ClientUnderTest
from tests.uploader.proxy import Exchange, FaultProxy
from uploader.store.index.rows import UploadState
from uploader.worker.chain_reconciliation import MAX_RESIGNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Pair = tuple[ClientUnderTest, FaultProxy]
    Copier = Callable[[ClientUnderTest], ClientUnderTest]


@pytest.fixture
def copy() -> Iterator[Copier]:
    """Copies a client with its folder and its keyring. Both are open afterwards."""
    made: list[ClientUnderTest] = []

    def of(client: ClientUnderTest) -> ClientUnderTest:
        client.close()
        folder = client.base.with_name(f"copy-{len(made)}")
        shutil.copytree(client.base, folder)
        client.restart()
        other = ClientUnderTest(folder, client.marketplace, client.contract, keyring=client.keyring)
        other.member = client.member
        other.signed_in()
        made.append(other)
        return other

    yield of
    for other in made:
        other.close()


def rows(client: ClientUnderTest) -> dict[str, tuple[bytes, set[str]]]:
    """The marketplace's segments, each with its current findings."""
    person = client.marketplace.account(client.contract.freelancer)
    begin = client.clock.ms // 1000 - 86_400
    found = client.marketplace.deps.review.diary(
        person, client.contract.ctr, begin, client.clock.ms // 1000 + 1
    )
    return {row.hash: (data, {f.code.value for f in codes}) for row, data, codes in found}


def paid_s(client: ClientUnderTest) -> int:
    """The seconds that the marketplace's ledger pays, by the rules of the protocol."""
    entries, kinds = [], rows(client)
    for index, (name, (data, codes)) in enumerate(kinds.items()):
        body = parse(data).segment
        pays = not codes & {"E_FORK", "E_PREV"}
        entries.append(CreditEntry(name, index, body.kind, body.t0, body.t1, pays))
    return sum(share.payable for share in credit(entries).values())


def recorded_s(*sealed: bytes) -> int:
    """The seconds that any of these segments covers."""
    return len({s for d in sealed for s in range(parse(d).segment.t0, parse(d).segment.t1)})


def facts(client: ClientUnderTest) -> dict[str, dict[str, int]]:
    return {fact.code.value: dict(fact.params) for fact in client.outbox.incident_list.facts()}


def all_done(client: ClientUnderTest) -> bool:
    found = client.outbox._index.rows()
    return bool(found) and all(row.state is UploadState.DONE and not row.unpaying for row in found)


def at(client: ClientUnderTest, begin: int, end: int, **how: Any) -> bytes:
    """Seal [begin, end) seconds after now; time passes to the end."""
    base = client.clock.ms // 1000
    made = client.work(base + begin, base + end, pictures=0, **how)
    return made


@pytest.mark.parametrize("before", [0, 1, 2], ids=["before-the-first", "after-one", "after-two"])
def test_a_copy_that_seals_first_costs_the_original_nothing(
    at_work: Pair, copy: Copier, before: int
) -> None:
    original, _ = at_work
    made = original.many(before, pictures=0) if before else []
    original.drain()
    other = copy(original)
    original.fetch_what_work_needs()
    other.fetch_what_work_needs()
    # The copy seals the beginning of the segment that the original continues to record.
    theirs = at(other, 1, 3)
    other.clock.to(other.clock.ms // 1000 + 4)
    other.drain()
    mine = [at(original, -3, 1)]
    original.clock.to(original.clock.ms // 1000 + 2)
    original.drain()
    mine += [at(original, 0, 2)]
    original.clock.to(original.clock.ms // 1000 + 3)
    original.drain()
    every = [*made, theirs, *mine]
    assert paid_s(original) == recorded_s(*every)
    assert all_done(original)
    assert all_done(other)
    assert facts(original)["copied_folder"] == {"seconds": 4, "unpaid_s": 0}
    assert "copied_folder" not in facts(other)
    lost = parse(mine[0])
    for ending in (".sdjwt", ".tlog-proof", ".findings.json"):
        assert (original.root / "evidence" / f"{lost.hash}{ending}").exists(), ending
    assert original.worker is not None
    assert original.worker.status.problem is None


def test_segments_after_a_lost_number_are_signed_again_too(at_work: Pair, copy: Copier) -> None:
    """As left by a version that ignored the marketplace's findings."""
    original, proxy = at_work
    other = copy(original)
    other.fetch_what_work_needs()
    original.fetch_what_work_needs()
    base = original.clock.ms // 1000
    mine = [original.work(base + 1 + 2 * i, base + 3 + 2 * i, pictures=0) for i in range(3)]
    theirs = [other.work(base + 1, base + 2, pictures=0)]
    original.clock.to(base + 10)
    other.drain()

    def blind(body: bytes) -> bytes:
        return json.dumps({**json.loads(body), "findings": [], "head": None}).encode()

    proxy.applies = lambda e: e.method == "PUT" and "/v1/segments/" in e.path
    proxy.always = faults.mangled(blind)
    original.drain()
    assert {row.unpaying for row in original.outbox._index.rows()} == {()}
    proxy.always = None
    # The receipts are here; the findings come with the next start, which asks for all again.
    hashes = {row.hash for row in original.outbox._index.rows()}
    assert {code for name in hashes for code in rows(original)[name][1]} >= {"E_FORK", "E_PREV"}
    for row in original.outbox._index.rows():
        answer = original.client.put_segment(row.hash, original.outbox.queue.read(row) or b"")
        opened = Receipt.parse(answer.receipt)
        original.outbox.queue.done(
            row,
            answer.receipt,
            answer.findings,
            log_index=opened.index,
            rt_ms=opened.leaf.rt_ms,
        )
    original.restart()
    original.fetch_what_work_needs()
    original.drain()
    assert paid_s(original) == recorded_s(*mine, *theirs)
    assert all_done(original)


@pytest.mark.parametrize("copies", [1, 2], ids=["two", "three"])
def test_copies_that_record_side_by_side_for_hours_lose_nothing(
    at_work: Pair, copy: Copier, copies: int
) -> None:
    original, _ = at_work
    offices = [original, *(copy(original) for _ in range(copies))]
    made: list[bytes] = []
    for turn in range(6):
        for client in offices:
            client.fetch_what_work_needs()
        base = original.clock.ms // 1000
        # All of them record; the times overlap in part.
        for index, client in enumerate(offices):
            made.append(client.work(base + 1 + index, base + 6 + index, pictures=0))
        original.clock.to(base + 20)
        # The order changes.
        order = offices[turn % len(offices) :] + offices[: turn % len(offices)]
        for client in order:
            client.drain()
        original.clock.to(original.clock.ms // 1000 + 400)
    for client in offices:
        client.fetch_what_work_needs()
        client.drain()
        assert all_done(client)
    assert paid_s(original) == recorded_s(*made)
    # One leaf for each recorded segment, and at most one more for each that lost its number.
    assert len(rows(original)) <= len(made) * len(offices)


def test_two_copies_that_were_both_offline_agree_in_the_end(at_work: Pair, copy: Copier) -> None:
    original, _ = at_work
    other = copy(original)
    for client in (original, other):
        client.fetch_what_work_needs()
    base = original.clock.ms // 1000
    made = [client.work(base + 1 + 2 * i, base + 3 + 2 * i, pictures=0)
            for i in range(8) for client in (original, other)]  # fmt: skip
    original.clock.to(base + 40)
    # They alternate, so that each sees what the other has just sent.
    for _ in range(200):
        for client in (original, other):
            assert client.worker is not None
            client.watch.wait(client.worker.step())
        if all(not client.outbox.queue.counts().waiting for client in (original, other)):
            break
    assert all_done(original)
    assert all_done(other)
    assert paid_s(original) == recorded_s(*made)


def test_the_client_signs_again_a_bounded_number_of_times_for_reported_forks(
    at_work: Pair,
) -> None:
    client, proxy = at_work

    def finds(exchange: Exchange) -> None:
        reply = exchange.forward()
        answer = json.loads(reply.body)
        name = exchange.path.rpartition("/")[2]
        answer["findings"] = [{"subject": name, "code": "E_FORK", "detail": ""}]
        body = json.dumps(answer).encode()
        exchange.reply(faults.Reply(reply.status, reply.headers, body))

    proxy.applies = lambda e: e.method == "PUT" and "/v1/segments/" in e.path
    proxy.always = finds
    client.many(1, pictures=0)
    client.drain()
    assert len(proxy.puts("segments")) == MAX_RESIGNS + 1
    (row,) = client.outbox._index.rows()
    assert (row.state, row.unpaying) == (UploadState.DONE, ("E_FORK",))
    assert facts(client)["copied_folder"]["unpaid_s"] == 2


def test_time_that_was_given_back_is_not_signed_again(at_work: Pair, copy: Copier) -> None:
    original, _ = at_work
    other = copy(original)
    for client in (original, other):
        client.fetch_what_work_needs()
    base = original.clock.ms // 1000
    mine = parse(original.work(base + 1, base + 3, pictures=0))
    theirs = other.work(base + 10, base + 12, pictures=0)
    original.clock.to(base + 20)
    original.changes.delete(mine.hash, {"time"})
    other.drain()
    original.drain()
    assert paid_s_without_given_back(original) == recorded_s(theirs)


def test_a_deleted_picture_goes_from_the_earlier_form_too(at_work: Pair, copy: Copier) -> None:
    original, _ = at_work
    other = copy(original)
    slot = slot_of(original.clock.ms // 1000) + SLOT
    original.marketplace.advance_to(slot)
    for client in (original, other):
        client.fetch_what_work_needs()
    lost = parse(original.work(slot, slot + SLOT, memo="A secret"))
    other.work(slot, slot + 1)
    original.clock.to(slot + SLOT)
    other.drain()
    original.drain()
    anew = next(r for r in original.outbox._index.rows() if r.t0 == slot)
    assert anew.hash != lost.hash
    shown = {part.sha256 for shot in lost.pictures.values() for part in (shot.blob, shot.thumb)}
    held = original.marketplace.deps.blobs
    assert shown
    assert all(held.has(sha) for sha in shown)
    original.changes.delete(anew.hash, {"shot", "memo"})
    original.drain()
    assert not any(held.has(sha) for sha in shown)
    kept = (original.root / "evidence" / f"{lost.hash}.sdjwt").read_bytes()
    for data in (kept, rows(original)[lost.hash][0], rows(original)[anew.hash][0]):
        assert not parse(data).pictures
        assert parse(data).memo is None


def paid_s_without_given_back(client: ClientUnderTest) -> int:
    name = client.contract.ctr
    now_s = client.clock.ms // 1000
    with client.marketplace.deps.store.read() as connection:
        gone = deletions(connection, AUD, list(rows(client)))
    entries = []
    for index, (hash_, (data, codes)) in enumerate(rows(client).items()):
        body = parse(data).segment
        back = any(one.releases_time for one in gone.get(hash_, ()))
        pays = not codes & {"E_FORK", "E_PREV"}
        entries.append(CreditEntry(hash_, index, body.kind, body.t0, body.t1, pays, back))
    assert client.outbox.totals(now_s, name)[0] == 0
    return sum(share.payable for share in credit(entries).values())


def test_a_run_that_began_before_the_copy_sealed_is_sealed_behind_it(
    at_work: Pair, copy: Copier
) -> None:
    """The heads are compared while the original still records: its open segment is not lost."""
    original, _ = at_work
    other = copy(original)
    for client in (original, other):
        client.fetch_what_work_needs()
    begin = original.clock.ms // 1000
    theirs = other.work(begin + 1, begin + 3, pictures=0)
    other.clock.to(begin + 4)
    other.drain()
    assert original.worker is not None
    original.watch.wait(301)
    original.worker.step()  # the copy's head is known now, and the run continues
    mine = original.work(begin + 1, begin + 9, pictures=0)
    original.clock.to(begin + 10)
    original.drain()
    assert original.outbox.head(original.contract.ctr).last_t1 == begin + 9
    assert paid_s(original) == recorded_s(mine, theirs) == 8
    assert all_done(original)
