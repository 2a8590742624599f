"""What is deleted is nowhere any more: not in a record, not on the disk, not after a crash."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

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
from tests.marketplace.after import amended, deleted, digest_of, found_in
from tests.marketplace.desk import Desk, webp, worked
from tests.marketplace.stand import START, UTC, MovedClock, Stand, stand

MEMO = "Bought the domain of the secret project"


def folder_of(market: Stand) -> Path:
    return market.deps.config.data_dir


def secrets_of(desk: Desk, data: bytes, *names: str) -> list[bytes]:
    """Bytes of which none may be left: disclosures, their beginnings (the salt), pictures."""
    found = []
    for text in data.split(b"~")[1:-1]:
        if digest(text) in {digest_of(data, name) for name in names}:
            found += [text, text[:32]]
    sealed = parse(data)
    for name in names:
        if name.startswith("shot_"):
            shot = sealed.pictures[int(name[5:])]
            found += [desk.blobs[part.sha256] for part in (shot.blob, shot.thumb)]
    return found


def assert_gone(market: Stand, secrets: list[bytes]) -> None:
    for secret in secrets:
        assert found_in(folder_of(market), secret) == []


@pytest.fixture
def sent(market: Stand, desk: Desk, contract: Contract) -> bytes:
    (data,) = worked(market, desk, contract.ctr, START, memo=MEMO, picture=lambda: webp(640, 400))
    desk.send(data)
    return data


def test_erased_bytes_are_in_no_file_and_the_digest_that_is_left_says_nothing(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    names = ("memo", "minutes", "shot_0")
    secrets = secrets_of(desk, sent, *names)
    for secret in secrets:
        assert found_in(folder_of(market), secret), "it was there before"
    change = amended(desk, sent, f"{MEMO}, really")
    desk.say("amends", change)
    memo = change.split(b"~")[1]
    assert found_in(folder_of(market), memo)
    said = deleted(desk, sent, *names, scope=["memo", "minutes", "shot", "time"])
    assert desk.say("tombstones", said).status_code == 201
    assert_gone(market, secrets)
    assert found_in(folder_of(market), memo), "nobody has deleted that one"
    again = deleted_memo(desk, sent, change)
    assert desk.say("tombstones", again).status_code == 201
    assert_gone(market, [memo])
    shot = parse(sent).pictures[0]
    for part in (shot.blob, shot.thumb):
        assert desk.call("HEAD", f"/v1/blobs/{part.sha256}").status_code == 404
        with market.deps.store.read() as connection:
            tables = (schema.blob, schema.blob_owner, schema.segment_blob)
            for table in tables:
                rows = connection.execute(select(table).where(table.c.sha256 == part.sha256))
                assert rows.all() == []
    # What is left is the digest of salt and value; with the salt gone, no guess can be tried.
    left = desk.call("GET", f"/v1/segments/{parse(sent).hash}").content
    assert parse(left).sdjwt.withheld == tuple(sorted(digest_of(sent, name) for name in names))
    assert parse(left).hash == parse(sent).hash
    (cell,) = market.day(contract.client, contract.ctr).cells
    assert cell.failing == ()


def deleted_memo(desk: Desk, data: bytes, change: bytes) -> bytes:
    """A tombstone for the memo of an amendment."""
    return tombstone(
        desk.key, segment=parse(data).hash, digests=[digest(change.split(b"~")[1])],
        scope=["memo"], reason="deleted", at=START,
    )  # fmt: skip


def test_what_is_erased_stays_erased_when_the_client_sends_it_again(
    market: Stand, desk: Desk, sent: bytes
) -> None:
    secrets = secrets_of(desk, sent, "memo", "shot_0")
    desk.say("tombstones", deleted(desk, sent, "memo", "shot_0", scope=["memo", "shot", "time"]))
    assert desk.put_segment(sent).status_code == 200
    assert_gone(market, secrets)
    picture = desk.blobs[parse(sent).pictures[0].blob.sha256]
    answer = desk.put_blob(picture)
    assert (answer.status_code, answer.json()["code"]) == (410, "blob_erased")
    assert_gone(market, secrets)


def test_a_picture_that_another_record_or_person_needs_stays(
    market: Stand, desk: Desk, contract: Contract, enrolled: Callable[[Contract], Desk]
) -> None:
    same = webp(320, 200)
    first, second = worked(market, desk, contract.ctr, START, count=2, picture=lambda: same)
    for data in (first, second):
        desk.send(data)
    path = market.deps.blobs.path(digest(same))
    desk.say("tombstones", deleted(desk, first, "shot_0", scope=["shot", "time"]))
    assert path.exists()
    day = market.day(contract.client, contract.ctr)
    assert [cell.picture is None for cell in day.cells] == [True, False]
    other = enrolled(market.contract("Another"))
    assert other.put_blob(same).status_code == 201
    desk.sign_in()
    desk.say("tombstones", deleted(desk, second, "shot_0", scope=["shot", "time"]))
    assert path.exists(), "somebody else has sent it too"
    assert desk.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 404
    assert other.call("HEAD", f"/v1/blobs/{digest(same)}").status_code == 200


def test_a_file_without_a_row_is_swept_away_and_a_picture_on_its_way_is_not(
    market: Stand, desk: Desk, sent: bytes
) -> None:
    stray = webp()
    path = market.deps.blobs.path(digest(stray))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(stray)
    early = webp()
    assert desk.put_blob(early).status_code == 201, "its record comes later"
    market.deps.retention.run_once()
    assert path.exists(), "its row may be on the way"
    market.deps.retention.run_once()
    assert not path.exists()
    assert desk.call("HEAD", f"/v1/blobs/{digest(early)}").status_code == 200
    shot = parse(sent).pictures[0]
    assert market.deps.blobs.path(shot.blob.sha256).exists()


def test_a_reader_of_an_older_state_delays_the_scrubbing_only(
    market: Stand, desk: Desk, sent: bytes
) -> None:
    secrets = secrets_of(desk, sent, "memo")
    with market.deps.store.read() as connection:
        connection.execute(select(schema.segment)).all()
        said = deleted(desk, sent, "memo", scope=["memo"])
        assert desk.say("tombstones", said).status_code == 201
        assert found_in(folder_of(market), secrets[0]), "the reader still sees the older state"
    market.deps.retention.run_once()
    assert_gone(market, secrets)


# Retention


def test_pictures_are_kept_as_long_as_agreed_and_then_erased(market: Stand) -> None:
    contract = market.contract(retention_days=30)
    desk = Desk(market.url, market.deps.clock.real_s)
    desk.enrol(market.code(contract.freelancer))
    first, second = worked(market, desk, contract.ctr, START, count=2)
    for data in (first, second):
        desk.send(data)
    secrets = secrets_of(desk, first, "shot_0")
    # Both came three seconds after the end of the second one's slot.
    came = START + 2 * SLOT + 3
    market.clock.to(came + 30 * DAY - 1)
    assert market.deps.retention.run_once() == 0
    market.clock.to(came + 30 * DAY)
    assert market.deps.retention.run_once() == 2
    assert market.deps.retention.run_once() == 0, "once is enough"
    assert_gone(market, secrets)
    day = market.day(contract.client, contract.ctr)
    assert [c.no_picture.code if c.no_picture else "" for c in day.cells] == ["expired"] * 2
    assert day.totals.payable_s == 1_200, "retention never takes time"
    assert day.badge.ok
    with market.deps.store.read() as connection:
        row = connection.execute(select(schema.deed).order_by(schema.deed.c.idx)).first()
    assert row is not None
    proof = httpx.get(f"{market.url}/log/proof/{row.digest}", trust_env=False, verify=False)
    logged = open_receipt(
        proof.content, [desk.verifier], type=LeafType.TOMBSTONE, object_digest=row.digest
    )
    word = parse_object(logged.object or b"")
    assert (word.segment, word.scope, word.reason) == (parse(first).hash, ("shot",), "retention")
    assert word.digests == (digest_of(first, "shot_0"),)
    detail = market.deps.review.slot(market.account(contract.client), contract.ctr, START, UTC)
    assert [(d.what, d.by) for d in detail.segments[0].deletions] == [
        ("Picture erased", "the marketplace")
    ]
    desk.http.close()


def test_each_record_is_kept_by_its_own_terms(market: Stand) -> None:
    contract = market.contract(retention_days=100)
    desk = Desk(market.url, market.deps.clock.real_s)
    desk.enrol(market.code(contract.freelancer))
    (first,) = worked(market, desk, contract.ctr, START)
    terms = market.deps.people.set_terms(contract, retention_days=1)
    market.clock.to(max(terms.from_s, market.clock.ms / 1000))
    (second,) = worked(market, desk, contract.ctr, START + SLOT)
    for data in (first, second):
        desk.send(data)
    market.clock.to(START + 3 * DAY)
    assert market.deps.retention.run_once() == 1
    cells = market.day(contract.client, contract.ctr).cells
    assert [cell.picture is None for cell in cells] == [False, True]
    desk.http.close()


def test_the_marketplace_erases_what_the_law_asks_for_and_never_takes_time(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    change = amended(desk, sent, "Another secret")
    desk.say("amends", change)
    secrets = [*secrets_of(desk, sent, "memo", "minutes", "shot_0"), change.split(b"~")[1]]
    name = parse(sent).hash
    erase = market.deps.retention.erase
    everything: tuple[Scope, ...] = ("memo", "minutes", "shot")
    assert erase(name, everything, "erasure")
    assert not erase(name, everything, "erasure"), "there is nothing left"
    assert not erase(digest(b"unknown"), everything, "erasure")
    assert_gone(market, secrets)
    day = market.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.badge.ok) == (600, True)
    (cell,) = day.cells
    assert (cell.memo, cell.no_memo) == (None, "Memo deleted")
    assert cell.no_picture is not None
    assert cell.no_picture.code == "erased"


def test_a_running_marketplace_does_its_rounds_by_itself(tmp_path: Path) -> None:
    clock = MovedClock()
    with stand(tmp_path / "data", clock=clock) as market:
        contract = market.contract(retention_days=1)
        desk = Desk(market.url, market.deps.clock.real_s)
        desk.enrol(market.code(contract.freelancer))
        (data,) = worked(market, desk, contract.ctr, START)
        desk.send(data)
        desk.http.close()
    clock.to(START + 2 * DAY)
    with stand(tmp_path / "data", clock=clock) as market:
        path = market.deps.blobs.path(parse(data).pictures[0].blob.sha256)
        wait_for(lambda: not path.exists(), what="the first round")


# Crashes

CHILD = Path(__file__).parents[1] / "erase_child.py"


@pytest.mark.parametrize("moment", ["logged", "given_up", "unlinked", "cut"])
def test_killed_between_log_and_erasure_it_finishes_at_the_next_start(
    tmp_path: Path, moment: str
) -> None:
    folder = tmp_path / "data"
    clock = MovedClock()
    with stand(folder, clock=clock) as market:
        contract = market.contract()
        desk = Desk(market.url, market.deps.clock.real_s)
        desk.enrol(market.code(contract.freelancer))
        (data,) = worked(market, desk, contract.ctr, START, memo=MEMO)
        desk.send(data)
        desk.http.close()
    secrets = secrets_of(desk, data, "memo", "shot_0")
    said = tmp_path / "said"
    said.write_bytes(deleted(desk, data, "memo", "shot_0", scope=["memo", "shot", "time"]))
    argv = [sys.executable, str(CHILD), str(folder), contract.freelancer, str(said), moment]
    ended = subprocess.run(
        [*argv, str(clock.ms)], capture_output=True, text=True, check=False, cwd=Path.cwd()
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert any(found_in(folder, secret) for secret in secrets), "it was killed before the end"
    with stand(folder, clock=clock) as market:
        assert_gone(market, secrets)
        day = market.day(contract.client, contract.ctr)
        assert (day.totals.given_back_s, day.badge.ok) == (600, True)
        desk = replace(desk, url=market.url)
        desk.sign_in()
        assert desk.say("tombstones", said.read_bytes()).status_code == 200
        desk.http.close()
