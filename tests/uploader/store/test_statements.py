"""Statements about sealed work reach the marketplace after their segment, in order, and once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import WEEK, week_of
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from tests.marketplace.live_marketplace import START
from tests.uploader import proxy as faults
from tests.uploader.proxy import FaultProxy
from uploader.errors import Problem
from uploader.store.index.rows import UploadState

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def posts(proxy: FaultProxy) -> list[str]:
    wanted = ("amends", "tombstones", "retires", "vouches")
    return [path for method, path in proxy.requests if path.rpartition("/")[2] in wanted]


@pytest.mark.parametrize("when", ["before the upload", "after the upload"])
def test_a_deleted_picture_is_gone_on_both_sides(at_work: Pair, when: str) -> None:
    client, proxy = at_work
    one, two = (parse(data) for data in client.many(2, pictures=1))
    if when == "after the upload":
        client.drain()
    client.changes.delete(one.hash, {"shot"})
    client.drain()
    blobs = client.marketplace.deps.blobs
    for shot in one.pictures.values():
        for part in (shot.blob, shot.thumb):
            assert not blobs.has(part.sha256)
            assert not (client.root / "blobs" / part.sha256).exists()
    assert all(blobs.has(shot.blob.sha256) for shot in two.pictures.values())
    stored = {name: parse(data) for name, data in client.stored().items()}
    assert stored[one.hash].pictures == {}
    assert stored[one.hash].sdjwt.jws.data == one.sdjwt.jws.data
    assert stored[two.hash].pictures == two.pictures
    (statement,) = client.outbox.statements.about(one.hash)
    receipt = Receipt.parse((client.root / f"{statement.name}.tlog-proof").read_bytes())
    assert receipt.leaf.digest == statement.digest
    assert statement.state is UploadState.DONE
    order = [path for method, path in proxy.requests if method in {"PUT", "POST"}]
    at = {path.rpartition("/")[2]: place for place, path in enumerate(order)}
    assert at[one.hash] < at["tombstones"]


def test_another_memo_arrives_after_its_segment_and_in_order(at_work: Pair) -> None:
    client, proxy = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=0))
    for memo in ("second", "third", "fourth"):
        client.changes.change_memo(one.hash, memo)
    client.drain()
    statements = client.outbox.statements.about(one.hash)
    files = [
        (client.root / f"{statement.name}.tlog-proof").read_bytes() for statement in statements
    ]
    places = [Receipt.parse(data).index for data in files]
    assert places == sorted(places)
    assert len(posts(proxy)) == 3


def test_a_lost_answer_is_asked_for_again_with_the_same_bytes(at_work: Pair) -> None:
    client, proxy = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=0))
    client.drain()
    client.changes.change_memo(one.hash, "second")
    client.changes.change_memo(one.hash, "third")
    proxy.applies = lambda exchange: exchange.path == "/v1/amends"
    proxy.plan.append(faults.reply_lost)
    client.drain()
    bodies = [each.body for each in proxy.seen if each.path == "/v1/amends"]
    assert len(bodies) == 3
    assert len(set(bodies)) == 2
    # The second was sent only after the first had its receipt.
    assert bodies[0] == bodies[1]
    client.restart()
    assert client.outbox.statements.waiting() == []
    assert {statement.state for statement in client.outbox.statements.about(one.hash)} == {
        UploadState.DONE
    }


def test_what_the_marketplace_will_not_take_is_kept_shown_and_without_effect(
    at_work: Pair,
) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=0))
    client.drain()
    client.changes.change_memo(one.hash, "too late")
    assert client.outbox.recent_memos(client.contract.ctr) == ("too late",)
    client.clock.to(week_of(START) + 3 * WEEK)
    client.drain()
    assert [t.code for t in client.outbox.incidents()] == [Problem.REFUSED]
    assert client.outbox.recent_memos(client.contract.ctr) == ("Write tests",)
    (refused,) = (client.root / "amends").glob("*.refused.json")
    assert "E_LATE" in json.loads(refused.read_bytes())["detail"]
    client.restart()
    assert client.outbox.statements.waiting() == []
    assert client.outbox.recent_memos(client.contract.ctr) == ("Write tests",)


def test_time_given_back_offline_but_sent_too_late_stays_counted(at_work: Pair) -> None:
    client, _ = at_work
    (one,) = (parse(data) for data in client.many(1, pictures=0))
    client.drain()
    client.changes.delete(one.hash, {"memo", "time"})
    ctr = client.contract.ctr
    assert client.outbox.totals(START, ctr) == (0, 0)
    client.clock.to(week_of(START) + 3 * WEEK)
    client.drain()
    assert client.outbox.totals(START, ctr) == (one.segment.seconds, one.segment.seconds)
    assert parse(client.stored()[one.hash]).memo is None


def test_upcoming_terms_are_known_before_they_begin(at_work: Pair) -> None:
    client, proxy = at_work
    old = client.outbox.contract(client.contract.ctr).terms
    new = client.marketplace.deps.contracts.set_terms(client.contract, limit_s=7200)
    assert new.from_s * 1000 > client.clock.ms
    worker = client.worker
    assert worker is not None
    worker.refresh()
    worker.step()
    assert client.outbox.contract(client.contract.ctr).terms == old
    client.clock.to(new.from_s)
    proxy.always = faults.reset_at_once
    assert client.outbox.contract(client.contract.ctr).terms == new
