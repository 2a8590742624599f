"""For any byte changed in storage, the page shows the code of the fault after the next audit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select, update

from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked
from tests.marketplace.stored_bytes import replace_bytes


@dataclass
class Kept:
    """A stored day of three slots, and a method to change one of its bytes."""

    marketplace: LiveMarketplace
    contract: Contract
    segments: list[bytes]

    def codes(self) -> set[str]:
        """All codes on the day page after an audit."""
        assert self.marketplace.deps.audit.run_pass()
        badge = self.marketplace.day(self.contract.client, self.contract.ctr).badge
        found = [*badge.general, *(f for slot in badge.failing for f in slot.findings)]
        assert (badge.ok) == (not found)
        return {finding.code for finding in found}

    def slot_codes(self) -> set[str]:
        """All codes on the page of the first slot after an audit."""
        assert self.marketplace.deps.audit.run_pass()
        client = self.marketplace.account(self.contract.client)
        detail = self.marketplace.deps.review.slot(client, self.contract.ctr, START, UTC)
        return {finding.code for finding in detail.findings}

    def value(self, table: Table, column: str, **where: object) -> object:
        query = select(table.c[column])
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.marketplace.deps.store.read() as connection:
            return connection.execute(query).scalar_one()

    def set(self, table: Table, column: str, value: object, **where: object) -> None:
        statement = update(table).values({column: value})
        for name, wanted in where.items():
            statement = statement.where(table.c[name] == wanted)

        def job(connection: Connection) -> None:
            assert connection.execute(statement).rowcount == 1

        self.marketplace.deps.store.write(job).result()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as marketplace:
        contract = marketplace.contract()
        device = SimulatedDevice(marketplace.url, marketplace.deps.clock.real_s)
        device.enrol(marketplace.code(contract.freelancer))
        device.sign_in()
        segments = worked(marketplace, device, contract.ctr, START, count=3)
        for data in segments:
            device.send(data)
        device.http.close()
        made = Kept(marketplace, contract, segments)
        assert made.codes() == set()
        yield made
        assert made.codes() == set(), "a test did not put back what it changed"


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]


def part_of(data: bytes, part: str) -> int:
    """An offset inside a part of a stored segment."""
    jws = data.index(b"~")
    first, second = data.index(b"."), data.index(b".", data.index(b".") + 1)
    return {
        "header": first // 2,
        "payload": (first + second) // 2,
        "signature": (second + jws) // 2,
        "disclosure": jws + 40,
    }[part]


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        ("header", {"E_FORMAT", "E_ALG", "E_TYP", "E_KID_UNKNOWN"}),
        ("payload", {"E_FORMAT", "E_SIG"}),
        ("signature", {"E_FORMAT", "E_SIG"}),
        ("disclosure", {"E_DISC_UNMATCHED"}),
    ],
)
def test_a_byte_changed_in_a_stored_segment_is_named(
    kept: Kept, part: str, codes: set[str]
) -> None:
    name = parse(kept.segments[0]).hash
    good = kept.segments[0]
    kept.set(schema.segment, "data", flipped(good, part_of(good, part)), hash=name)
    try:
        assert kept.codes() & codes
        assert kept.slot_codes() & codes
    finally:
        kept.set(schema.segment, "data", good, hash=name)


def test_the_metrics_have_the_results_of_the_last_audit(kept: Kept) -> None:
    def figures() -> dict[str, float]:
        text = kept.marketplace.deps.metrics.text().decode()
        lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in lines}

    name = parse(kept.segments[0]).hash
    good = kept.segments[0]
    assert figures()["workdiary_audit_log_findings"] == 0
    kept.set(schema.segment, "data", flipped(good, part_of(good, "disclosure")), hash=name)
    try:
        kept.codes()
        found = figures()
        assert found['workdiary_stored_findings{code="E_DISC_UNMATCHED"}'] == 1
        ended = kept.marketplace.deps.clock.real_s()
        assert found["workdiary_audit_end_timestamp_seconds"] == ended
    finally:
        kept.set(schema.segment, "data", good, hash=name)
    node = {"level": 0, "pos": 0}
    signed = kept.value(schema.node, "hash", **node)
    assert isinstance(signed, bytes)
    kept.set(schema.node, "hash", flipped(signed, 7), **node)
    try:
        kept.codes()
        assert figures()["workdiary_audit_log_findings"] > 0
    finally:
        kept.set(schema.node, "hash", signed, **node)
    kept.codes()
    assert figures()["workdiary_audit_log_findings"] == 0


def test_the_metrics_have_no_age_before_the_first_audit(marketplace: LiveMarketplace) -> None:
    text = marketplace.deps.metrics.text().decode()
    assert "workdiary_audit_end_timestamp_seconds" not in text
    assert "workdiary_audit_log_findings 0.0" in text


def test_a_segment_that_cannot_be_read_any_more_is_still_on_the_page(kept: Kept) -> None:
    name = parse(kept.segments[0]).hash
    kept.set(schema.segment, "data", b"\xff\x00nothing", hash=name)
    try:
        assert kept.marketplace.deps.audit.run_pass()
        day = kept.marketplace.day(kept.contract.client, kept.contract.ctr)
        assert [slot.seconds for slot in day.slots] == [600, 600, 600]
        assert day.totals.unpaid_s == 600
        assert day.slots[0].no_picture is not None
        assert day.slots[0].no_picture.code == "unreadable"
        assert "E_FORMAT" in kept.slot_codes()
    finally:
        kept.set(schema.segment, "data", kept.segments[0], hash=name)


def test_another_signed_segment_in_its_place_is_named(kept: Kept) -> None:
    first, second = (parse(data).hash for data in kept.segments[:2])
    kept.set(schema.segment, "data", kept.segments[1], hash=first)
    try:
        assert "E_SIG" in kept.codes()
    finally:
        kept.set(schema.segment, "data", kept.segments[0], hash=first)
    assert first != second


@pytest.mark.parametrize("which", ["blob", "thumb"])
def test_a_byte_changed_in_a_stored_picture_is_named_and_the_picture_not_shown(
    kept: Kept, which: str
) -> None:
    sealed = parse(kept.segments[0])
    shot = sealed.pictures[0]
    blobs, sha = kept.marketplace.deps.blobs, getattr(shot, which).sha256
    good = blobs.read(sha)
    assert good is not None
    replace_bytes(blobs, sha, flipped(good, len(good) // 2))
    try:
        assert kept.codes() == {"E_SHOT_HASH"}
        assert "E_SHOT_HASH" in kept.slot_codes()
        # A picture never affects pay.
        assert (
            kept.marketplace.day(kept.contract.client, kept.contract.ctr).totals.payable_s == 1800
        )
        address = "pictures" if which == "blob" else "thumbs"
        with kept.marketplace.browser(kept.contract.client) as browser:
            answer = browser.get(f"/{address}/{sealed.hash}/0")
        assert answer.status_code == 410
        assert answer.json()["code"] == "picture_changed"
    finally:
        replace_bytes(blobs, sha, good)


@pytest.mark.parametrize("column", ["digest", "rt_ms", "type", "attrs"])
def test_a_changed_leaf_is_named(kept: Kept, column: str) -> None:
    name = parse(kept.segments[0]).hash
    index = kept.value(schema.segment, "idx", hash=name)
    good = kept.value(schema.leaf, column, idx=index)
    bad: object = good + 1 if isinstance(good, int) else "review" if column == "type" else "x"
    kept.set(schema.leaf, column, bad, idx=index)
    try:
        assert "E_INCLUSION" in kept.codes()
        assert "E_INCLUSION" in kept.slot_codes()
    finally:
        kept.set(schema.leaf, column, good, idx=index)


def test_a_byte_changed_in_any_node_of_the_log_is_named(kept: Kept) -> None:
    with kept.marketplace.deps.store.read() as connection:
        nodes = connection.execute(select(schema.node)).all()
    assert len(nodes) > 8
    for node in nodes:
        kept.set(schema.node, "hash", flipped(node.hash, 7), level=node.level, pos=node.pos)
        try:
            assert "E_INCLUSION" in kept.codes()
        finally:
            kept.set(schema.node, "hash", node.hash, level=node.level, pos=node.pos)


def test_a_byte_changed_anywhere_in_the_checkpoint_is_named(kept: Kept) -> None:
    with kept.marketplace.deps.store.read() as connection:
        _, size, note = connection.execute(
            select(schema.checkpoint).order_by(schema.checkpoint.c.size.desc()).limit(1)
        ).one()
    for at in range(0, len(note), 9):
        kept.set(schema.checkpoint, "note", flipped(note, at), size=size)
        try:
            assert "E_CP_SIG" in kept.codes()
            assert "E_CP_SIG" in kept.slot_codes()
        finally:
            kept.set(schema.checkpoint, "note", note, size=size)


def test_a_changed_beacon_file_is_named(kept: Kept) -> None:
    good = kept.value(schema.beacon, "file", slot=START)
    assert isinstance(good, bytes)
    kept.set(schema.beacon, "file", flipped(good, 50), slot=START)
    try:
        assert "E_BEACON" in kept.codes()
    finally:
        kept.set(schema.beacon, "file", good, slot=START)


def test_a_changed_enrolment_is_named(kept: Kept) -> None:
    kid = parse(kept.segments[0]).kid
    good = kept.value(schema.device, "jws", kid=kid)
    assert isinstance(good, bytes)
    kept.set(schema.device, "jws", flipped(good, len(good) // 2), kid=kid)
    try:
        assert {"E_DEVICE_UNLOGGED", "E_KID_UNKNOWN"} <= kept.codes()
    finally:
        kept.set(schema.device, "jws", good, kid=kid)


def test_changed_terms_are_named(kept: Kept) -> None:
    index = kept.value(schema.terms, "idx", ctr=kept.contract.ctr)
    good = kept.value(schema.leaf, "object", idx=index)
    assert isinstance(good, bytes)
    values = json.loads(good)
    bad = json.dumps({**values, "shots": 3}, separators=(",", ":"), sort_keys=True).encode()
    kept.set(schema.leaf, "object", bad, idx=index)
    try:
        assert {"E_TERMS", "E_INCLUSION"} <= kept.codes()
    finally:
        kept.set(schema.leaf, "object", good, idx=index)


@pytest.mark.parametrize(
    ("column", "bad"), [("t1", START + 601), ("t0", START - 1), ("seq", 7), ("epoch", 1)]
)
def test_a_changed_entry_of_the_index_is_named(kept: Kept, column: str, bad: int) -> None:
    name = parse(kept.segments[0]).hash
    good = kept.value(schema.segment, column, hash=name)
    kept.set(schema.segment, column, bad, hash=name)
    try:
        assert "E_FORMAT" in kept.codes()
    finally:
        kept.set(schema.segment, column, good, hash=name)


@given(data=st.data())
def test_a_changed_bit_of_any_stored_segment_is_found(kept: Kept, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 2))
    good = kept.segments[number]
    at, bit = data.draw(st.integers(0, len(good) - 1)), data.draw(st.integers(0, 7))
    name = parse(good).hash
    kept.set(schema.segment, "data", flipped(good, at, bit), hash=name)
    try:
        assert kept.codes()
    finally:
        kept.set(schema.segment, "data", good, hash=name)
