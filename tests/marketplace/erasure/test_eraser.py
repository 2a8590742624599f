"""Deleted data is nowhere: not in a record, not on the disk, not after a crash."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, select

from diary.core.slots import DAY, SLOT
from diary.core.vocabulary import Scope
from diary.formats.encoding import digest
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.segment import parse
from diary.objects.tombstone import parse_object, tombstone
from marketplace.contracts.queries import Contract
from marketplace.storage import schema
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.engines import engines
from tests.marketplace.later_statements import amended, deleted, digest_of, found_in
from tests.marketplace.live_marketplace import (
    START,
    UTC,
    LiveMarketplace,
    MovedClock,
    live_marketplace,
)
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked
from tests.marketplace.stored_bytes import replace_bytes

MEMO = "Bought the domain of the secret project"


def folder_of(marketplace: LiveMarketplace) -> Path:
    return marketplace.deps.config.data_dir


def secrets_of(device: SimulatedDevice, data: bytes, *names: str) -> list[bytes]:
    """Bytes that must not remain: disclosures, their beginnings (the salt), pictures."""
    found = []
    for text in data.split(b"~")[1:-1]:
        if digest(text) in {digest_of(data, name) for name in names}:
            found += [text, text[:32]]
    sealed = parse(data)
    for name in names:
        if name.startswith("shot_"):
            shot = sealed.pictures[int(name[5:])]
            found += [device.blobs[part.sha256] for part in (shot.blob, shot.thumb)]
    return found


def assert_gone(marketplace: LiveMarketplace, secrets: list[bytes]) -> None:
    for secret in secrets:
        assert found_in(folder_of(marketplace), secret) == []


@pytest.fixture
def sent(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> bytes:
    (data,) = worked(
        marketplace, device, contract.ctr, START, memo=MEMO, picture=lambda: webp(640, 400)
    )
    device.send(data)
    return data


def test_erased_bytes_are_in_no_file_and_the_digest_that_remains_reveals_nothing(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    names = ("memo", "minutes", "shot_0")
    secrets = secrets_of(device, sent, *names)
    for secret in secrets:
        assert found_in(folder_of(marketplace), secret), "it was there before"
    change = amended(device, sent, f"{MEMO}, really")
    device.post_statement("amends", change)
    memo = change.split(b"~")[1]
    assert found_in(folder_of(marketplace), memo)
    statement = deleted(device, sent, *names, scope=["memo", "minutes", "shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    assert_gone(marketplace, secrets)
    assert found_in(folder_of(marketplace), memo), "nobody has deleted that one"
    again = deleted_memo(device, sent, change)
    assert device.post_statement("tombstones", again).status_code == 201
    assert_gone(marketplace, [memo])
    shot = parse(sent).pictures[0]
    for part in (shot.blob, shot.thumb):
        assert device.call("HEAD", f"/v1/blobs/{part.sha256}").status_code == 404
        with marketplace.deps.store.read() as connection:
            tables = (schema.blob, schema.blob_owner, schema.segment_blob)
            for table in tables:
                rows = connection.execute(select(table).where(table.c.sha256 == part.sha256))
                assert rows.all() == []
    # Only the digest of salt and value remains; without the salt, guesses cannot be tested.
    left = device.call("GET", f"/v1/segments/{parse(sent).hash}").content
    assert parse(left).sdjwt.withheld == tuple(sorted(digest_of(sent, name) for name in names))
    assert parse(left).hash == parse(sent).hash
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.failing == ()


def deleted_memo(device: SimulatedDevice, data: bytes, change: bytes) -> bytes:
    """A tombstone for the memo of an amendment."""
    return tombstone(
        device.key, segment=parse(data).hash, digests=[digest(change.split(b"~")[1])],
        scope=["memo"], reason="deleted", at=START,
    )  # fmt: skip


def test_what_is_erased_stays_erased_when_the_client_sends_it_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes
) -> None:
    secrets = secrets_of(device, sent, "memo", "shot_0")
    device.post_statement(
        "tombstones", deleted(device, sent, "memo", "shot_0", scope=["memo", "shot", "time"])
    )
    assert device.put_segment(sent).status_code == 200
    assert_gone(marketplace, secrets)
    picture = device.blobs[parse(sent).pictures[0].blob.sha256]
    answer = device.put_blob(picture)
    assert (answer.status_code, answer.json()["code"]) == (410, "blob_erased")
    assert_gone(marketplace, secrets)


def test_a_picture_that_another_record_or_person_needs_stays(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    same = webp(320, 200)
    first, second = worked(marketplace, device, contract.ctr, START, count=2, picture=lambda: same)
    for data in (first, second):
        device.send(data)
    blobs = marketplace.deps.blobs
    device.post_statement("tombstones", deleted(device, first, "shot_0", scope=["shot", "time"]))
    assert blobs.has(digest(same))
    day = marketplace.day(contract.client, contract.ctr)
    assert [slot.picture is None for slot in day.slots] == [True, False]
    other = enrolled(marketplace.contract("Another"))
    assert other.put_blob(same).status_code == 201
    device.sign_in()
    device.post_statement("tombstones", deleted(device, second, "shot_0", scope=["shot", "time"]))
    assert blobs.has(digest(same)), "somebody else has sent it too"
    assert device.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 404
    assert other.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 200


def test_a_file_without_a_row_is_swept_away_and_a_picture_without_a_segment_is_not(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes
) -> None:
    stray = webp()
    blobs = marketplace.deps.blobs
    replace_bytes(blobs, digest(stray), stray)
    early = webp()
    assert device.put_blob(early).status_code == 201, "its record comes later"
    marketplace.deps.retention.run_once()
    assert not blobs.has(digest(stray))
    assert device.call("HEAD", f"/v1/blobs/{digest(early)}").status_code == 200
    shot = parse(sent).pictures[0]
    assert blobs.has(shot.blob.sha256)


def test_the_sweep_leaves_a_picture_whose_row_is_on_its_way(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The upload has stored its file and waits for its row, while the sweep looks for files."""
    data, stored, swept = webp(), threading.Event(), threading.Event()
    blobs, store = marketplace.deps.blobs, marketplace.deps.store
    hold = store.picture_locks.hold

    @contextlib.contextmanager
    def observed(key: str) -> Iterator[None]:
        # The sweep is the second one to ask.
        if stored.is_set():
            swept.set()
        with hold(key):
            yield

    def write(job: Callable[[Connection], object]) -> Future[Any]:
        if blobs.has(digest(data)) and not stored.is_set():
            stored.set()
            assert swept.wait(60)
        return type(store).write(store, job)

    monkeypatch.setattr(store.picture_locks, "hold", observed)
    monkeypatch.setattr(store, "write", write)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(device.put_blob, data)
        assert stored.wait(60)
        marketplace.deps.retention._eraser.sweep()
        assert sent.result(60).status_code == 201
    assert blobs.read(digest(data)) == data


def test_a_file_that_is_sent_again_while_it_is_erased_is_stored_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = webp()
    blobs = marketplace.deps.blobs
    replace_bytes(blobs, digest(data), data)
    arriving = folder_of(marketplace) / "blobs" / "arriving"
    with ThreadPoolExecutor(1) as pool:
        sent: list[Future[httpx.Response]] = []
        erase = blobs.erase

        def erase_late(sha: str) -> None:
            sent.append(pool.submit(device.put_blob, data))
            wait_for(
                lambda: sent[0].done() or any(path.stat().st_size for path in arriving.iterdir()),
                what="the upload",
            )
            erase(sha)

        monkeypatch.setattr(blobs, "erase", erase_late)
        marketplace.deps.retention.run_once()
        assert sent[0].result(60).status_code == 201
    assert blobs.read(digest(data)) == data


@pytest.mark.sqlite_only("the write-ahead log is a file")
def test_a_reader_of_an_older_state_delays_the_scrubbing_only(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes
) -> None:
    secrets = secrets_of(device, sent, "memo")
    with marketplace.deps.store.read() as connection:
        connection.execute(select(schema.segment)).all()
        statement = deleted(device, sent, "memo", scope=["memo"])
        assert device.post_statement("tombstones", statement).status_code == 201
        assert found_in(folder_of(marketplace), secrets[0]), "the reader still sees the older state"
    marketplace.deps.retention.run_once()
    assert_gone(marketplace, secrets)


# Retention


def test_pictures_are_kept_as_long_as_agreed_and_then_erased(marketplace: LiveMarketplace) -> None:
    contract = marketplace.contract(retention_days=30)
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    first, second = worked(marketplace, device, contract.ctr, START, count=2)
    for data in (first, second):
        device.send(data)
    secrets = secrets_of(device, first, "shot_0")
    # Both arrived three seconds after the end of the second one's slot.
    uploaded_s = START + 2 * SLOT + 3
    marketplace.clock.to(uploaded_s + 30 * DAY - 1)
    assert marketplace.deps.retention.run_once() == 0
    marketplace.clock.to(uploaded_s + 30 * DAY)
    assert marketplace.deps.retention.run_once() == 2
    assert marketplace.deps.retention.run_once() == 0, "once is enough"
    assert_gone(marketplace, secrets)
    day = marketplace.day(contract.client, contract.ctr)
    assert [c.no_picture.code if c.no_picture else "" for c in day.slots] == ["expired"] * 2
    assert day.totals.payable_s == 1_200, "retention never takes time"
    assert day.badge.ok
    with marketplace.deps.store.read() as connection:
        row = connection.execute(select(schema.statement).order_by(schema.statement.c.idx)).first()
    assert row is not None
    proof = httpx.get(f"{marketplace.url}/log/proof/{row.digest}", trust_env=False, verify=False)
    logged = open_receipt(
        proof.content, [device.verifier], type=LeafType.TOMBSTONE, object_digest=row.digest
    )
    word = parse_object(logged.object or b"")
    assert (word.segment, word.scope, word.reason) == (parse(first).hash, ("shot",), "retention")
    assert word.digests == (digest_of(first, "shot_0"),)
    detail = marketplace.deps.review.slot(
        marketplace.account(contract.client), contract.ctr, START, UTC
    )
    assert [(d.what, d.by) for d in detail.segments[0].deletions] == [
        ("Picture erased", "the marketplace")
    ]
    device.http.close()


def test_each_record_is_kept_by_its_own_terms(marketplace: LiveMarketplace) -> None:
    contract = marketplace.contract(retention_days=100)
    device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
    device.enrol(marketplace.code(contract.freelancer))
    (first,) = worked(marketplace, device, contract.ctr, START)
    terms = marketplace.deps.contracts.set_terms(contract, retention_days=1)
    marketplace.clock.to(max(terms.from_s, marketplace.clock.ms / 1000))
    (second,) = worked(marketplace, device, contract.ctr, START + SLOT)
    for data in (first, second):
        device.send(data)
    marketplace.clock.to(START + 3 * DAY)
    assert marketplace.deps.retention.run_once() == 1
    slots = marketplace.day(contract.client, contract.ctr).slots
    assert [slot.picture is None for slot in slots] == [False, True]
    device.http.close()


def test_the_marketplace_erases_parts_for_legal_reasons_and_never_takes_time(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    change = amended(device, sent, "Another secret")
    device.post_statement("amends", change)
    secrets = [*secrets_of(device, sent, "memo", "minutes", "shot_0"), change.split(b"~")[1]]
    name = parse(sent).hash
    erase = marketplace.deps.retention.erase
    everything: tuple[Scope, ...] = ("memo", "minutes", "shot")
    assert erase(name, everything, "erasure")
    assert not erase(name, everything, "erasure"), "there is nothing left"
    assert not erase(digest(b"unknown"), everything, "erasure")
    assert_gone(marketplace, secrets)
    day = marketplace.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.badge.ok) == (600, True)
    (slot,) = day.slots
    assert (slot.memo, slot.no_memo) == (None, "Memo deleted")
    assert slot.no_picture is not None
    assert slot.no_picture.code == "erased"


def test_a_running_marketplace_does_its_rounds_by_itself(tmp_path: Path) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        contract = marketplace.contract(retention_days=1)
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        (data,) = worked(marketplace, device, contract.ctr, START)
        device.send(data)
        device.http.close()
    clock.to(START + 2 * DAY)
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        blobs, sha = marketplace.deps.blobs, parse(data).pictures[0].blob.sha256
        wait_for(lambda: not blobs.has(sha), what="the first round")


# Crashes

CHILD = Path(__file__).parents[1] / "erase_child.py"


@pytest.mark.parametrize("moment", ["logged", "given_up", "unlinked", "cut"])
def test_killed_between_log_and_erasure_it_finishes_at_the_next_start(
    tmp_path: Path, moment: str
) -> None:
    folder = tmp_path / "data"
    clock = MovedClock()
    with live_marketplace(folder, clock=clock) as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        (data,) = worked(marketplace, device, contract.ctr, START, memo=MEMO)
        device.send(data)
        device.http.close()
    secrets = secrets_of(device, data, "memo", "shot_0")
    statement = tmp_path / "statement"
    statement.write_bytes(deleted(device, data, "memo", "shot_0", scope=["memo", "shot", "time"]))
    argv = [sys.executable, str(CHILD), str(folder), contract.freelancer, str(statement), moment]
    ended = subprocess.run(
        [*argv, str(clock.ms)],
        env=engines.environment(folder),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path.cwd(),
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    # After the cut, only SQLite's write-ahead log has them still.
    if moment != "cut" or engines.name == "sqlite":
        assert any(found_in(folder, secret) for secret in secrets), "it was killed before the end"
    with live_marketplace(folder, clock=clock) as marketplace:
        assert_gone(marketplace, secrets)
        marketplace.deps.checks.check_unchecked()
        day = marketplace.day(contract.client, contract.ctr)
        assert (day.totals.given_back_s, day.badge.ok) == (600, True)
        device = replace(device, url=marketplace.url)
        device.sign_in()
        assert device.post_statement("tombstones", statement.read_bytes()).status_code == 200
        device.http.close()
