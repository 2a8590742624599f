"""Leaves and receipts: the canonical form, the complete check."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import MAX_INT, b64_decode, b64_encode, b64url_encode, digest, sha256
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType, contract_attr
from diary.log.merkle import leaf_hash
from diary.log.receipt import MAX_RECEIPT, Receipt, open_receipt
from tests.diary.world import START, Log, Random, World

DIGESTS = st.binary(min_size=32, max_size=32).map(b64url_encode)
ATTR = contract_attr("c" * 22)
NAMED = {LeafType.DEVICE, LeafType.RETIRE, LeafType.REVOKE, LeafType.TERMS}


def attributes(kind: LeafType) -> st.SearchStrategy[str]:
    if kind is LeafType.BEACON:
        return st.integers(0, MAX_INT).map(str)
    if kind is LeafType.SEGMENT:
        return st.integers(0, 63).map(str)
    return DIGESTS if kind in NAMED else st.just("")


LEAVES = st.sampled_from(LeafType).flatmap(
    lambda kind: st.builds(Leaf, st.just(kind), DIGESTS, st.integers(0, MAX_INT), attributes(kind))
)


@given(LEAVES)
def test_a_leaf_round_trips(leaf: Leaf) -> None:
    assert Leaf.parse(leaf.data()) == leaf
    assert leaf.hash() == leaf_hash(leaf.data())


def test_a_leaf_is_five_lines() -> None:
    leaf = Leaf(LeafType.BEACON, digest(b"abc"), 1_795_510_740_000, "1795510800")
    assert leaf.data() == (
        b"wd-log/v1\nbeacon\nungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0\n"
        b"1795510740000\n1795510800\n"
    )


def test_the_attribute_of_terms_hides_the_contract() -> None:
    ctr = b64url_encode(bytes(16))
    assert contract_attr(ctr) == b64url_encode(sha256(ctr.encode()))


GOOD = Leaf(LeafType.SEGMENT, digest(b"x"), 7, "13").data()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:-1],
        GOOD + b"\n",
        GOOD.replace(b"wd-log/v1", b"wd-log/v2"),
        GOOD.replace(b"segment", b"Segment"),
        GOOD.replace(b"segment", b""),
        GOOD.replace(b"\n7\n", b"\n07\n"),
        GOOD.replace(b"\n7\n", b"\n-7\n"),
        GOOD.replace(b"\n7\n", b"\n9007199254740992\n"),
        GOOD.replace(digest(b"x").encode(), b"short"),
        GOOD.replace(b"\n13\n", b"\n\x07\n"),
        GOOD.replace(b"\n13\n", b"\na\n"),
        GOOD.replace(b"\n13\n", b"\n\n"),
        GOOD.replace(b"\n13\n", b"\n013\n"),
        GOOD.replace(b"\n13\n", b"\n-1\n"),
        GOOD.replace(b"\n13\n", b"\n64\n"),
        GOOD.replace(b"segment", b"review"),
        GOOD.replace(b"\n13\n", b"\n\n").replace(b"segment", b"beacon"),
        GOOD.replace(b"segment", b"device"),
        GOOD.replace(b"segment", b"terms"),
        GOOD.replace(b"segment", b"s\xc3\xa9gment"),
        GOOD.replace(b"\n", b"\r\n"),
    ],
)
def test_other_spellings_of_a_leaf_are_refused(data: bytes) -> None:
    with pytest.raises(DiaryError) as error:
        Leaf.parse(data)
    assert error.value.code is Code.E_FORMAT


@pytest.mark.parametrize("parts", range(64))
def test_the_leaf_of_a_segment_shows_the_parts_received(parts: int) -> None:
    leaf = Leaf.parse(GOOD.replace(b"\n13\n", b"\n%d\n" % parts))
    assert leaf.attrs == str(parts)


def logged(leaves: int = 6, at: int = 2, obj: bytes | None = b'{"v":1}') -> tuple[Log, bytes]:
    log, random = Log(), Random("leaves")
    for index in range(leaves):
        mine = index == at and obj is not None
        name = digest(obj or b"") if index == at else b64url_encode(random(32))
        log.append(Leaf(LeafType.TERMS, name, index, ATTR), obj if mine else None)
    return log, log.receipt(at)


def opened(log: Log, data: bytes, name: str | None = None) -> bytes | None:
    result = open_receipt(data, [log.signer.verifier], type=LeafType.TERMS, object_digest=name)
    return result.object


def refused(log: Log, data: bytes, name: str | None = None) -> Code:
    with pytest.raises(DiaryError) as error:
        opened(log, data, name)
    return error.value.code


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_a_receipt_round_trips_and_opens(place: tuple[int, int]) -> None:
    size, index = place
    log, data = logged(size, index)
    receipt = Receipt.parse(data)
    assert receipt.data() == data
    result = open_receipt(data, [log.signer.verifier], type=LeafType.TERMS)
    assert (result.leaf, result.index, result.object) == (log.leaves[index], index, b'{"v":1}')
    assert result.checkpoint.size == size
    assert opened(log, data, digest(b'{"v":1}')) == b'{"v":1}'


def test_a_receipt_is_a_tlog_proof_in_the_published_form() -> None:
    log, data = logged(3, 1)
    version, extra, index, *rest = data.decode().split("\n")
    assert version == "c2sp.org/tlog-proof@v1"
    leaf, obj = log.leaves[1].data(), b'\n{"v":1}'
    assert b64_decode(extra.removeprefix("extra ")) == leaf + obj
    assert index == "index 1"
    assert rest[:2] == [b64_encode(log.leaves[0].hash()), b64_encode(log.leaves[2].hash())]
    assert rest[2:6] == ["", log.origin, "3", b64_encode(log_root(log))]
    assert rest[6] == ""
    assert rest[7].startswith(f"— {log.origin} ")


def log_root(log: Log) -> bytes:
    result = open_receipt(
        log.receipt(0),
        [log.signer.verifier],
        type=LeafType.TERMS,
        object_digest=log.leaves[0].digest,
    )
    return result.checkpoint.root


@pytest.mark.parametrize("obj", [None, b'{"v":1}'])
def test_every_changed_byte_of_a_receipt_is_refused(obj: bytes | None) -> None:
    log, data = logged(obj=obj)
    name = log.leaves[2].digest
    for place in range(len(data)):
        for change in (1, 32, 128):
            changed = bytearray(data)
            changed[place] ^= change
            code = refused(log, bytes(changed), name)
            assert code in {Code.E_FORMAT, Code.E_CP_SIG, Code.E_INCLUSION}


def test_what_a_newer_checkpoint_adds_changes_nothing_of_meaning() -> None:
    log, data = logged()
    log.append(Leaf(LeafType.TERMS, digest(b"later"), 99, ATTR))
    newer = log.receipt(2)
    assert newer != data
    first, second = (
        open_receipt(d, [log.signer.verifier], type=LeafType.TERMS) for d in (data, newer)
    )
    assert replace(first, checkpoint=second.checkpoint) == second


def test_a_receipt_of_another_object_type_or_log_is_refused() -> None:
    log, data = logged()
    assert refused(log, data, digest(b"other")) is Code.E_INCLUSION
    stranger = Log("stranger")
    assert refused(stranger, data) is Code.E_CP_SIG
    elsewhere = Log(origin="elsewhere.example/log/2026")
    assert refused(elsewhere, data) is Code.E_CP_SIG
    with pytest.raises(DiaryError) as error:
        open_receipt(data, [log.signer.verifier], type=LeafType.BEACON)
    assert error.value.code is Code.E_INCLUSION


def test_an_object_is_not_trusted_but_compared() -> None:
    log, data = logged()
    receipt = Receipt.parse(data)
    assert refused(log, replace(receipt, object=b'{"v":2}').data()) is Code.E_INCLUSION
    assert refused(log, replace(receipt, object=b"").data()) is Code.E_INCLUSION
    # Without its object it still proves the leaf, for readers who know the digest.
    bare = replace(receipt, object=None).data()
    assert refused(log, bare) is Code.E_INCLUSION
    assert opened(log, bare, receipt.leaf.digest) is None


def test_a_leaf_of_another_position_or_time_is_refused() -> None:
    log, data = logged()
    receipt = Receipt.parse(data)
    later = replace(receipt.leaf, rt_ms=receipt.leaf.rt_ms + 1)
    for changed in (
        replace(receipt, leaf=later),
        replace(receipt, leaf=replace(receipt.leaf, attrs=b64url_encode(bytes(32)))),
        replace(receipt, index=3),
        replace(receipt, index=6),
        replace(receipt, proof=receipt.proof[:-1]),
        replace(receipt, proof=(*receipt.proof, bytes(32))),
        replace(receipt, proof=receipt.proof[::-1]),
    ):
        assert refused(log, changed.data()) is Code.E_INCLUSION


def test_a_checkpoint_of_an_empty_tree_proves_nothing() -> None:
    log, data = logged(1, 0)
    empty = log.signer.sign(Checkpoint(log.origin, 0, log.leaves[0].hash()).text())
    assert refused(log, replace(Receipt.parse(data), checkpoint=empty).data()) is Code.E_INCLUSION


LOG, DATA = logged()
EXTRA = DATA.split(b"\n")[1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        DATA.replace(b"@v1", b"@v2"),
        DATA.replace(b"\n\n", b"\n", 1).partition(b"\n\n")[0],
        DATA.replace(EXTRA + b"\n", b""),
        DATA.replace(EXTRA, b"extra "),
        DATA.replace(EXTRA, b"extra " + EXTRA.removeprefix(b"extra ").rstrip(b"=") + b"==="),
        DATA.replace(EXTRA, b"extra " + b64_encode(LOG.leaves[2].data()[:-1]).encode()),
        DATA.replace(EXTRA, b"extra " + b64_encode(LOG.leaves[2].data() + b"x").encode()),
        DATA.replace(b"index 2", b"index 02"),
        DATA.replace(b"index 2", b"index"),
        DATA.replace(b"index 2", b"Index 2"),
        DATA.replace(b"index 2\n", b"index 2\nAAAA\n"),
        b"\xff" + DATA,
        DATA.replace(b"index 2\n", b"index 2\n" + b"A" * MAX_RECEIPT + b"\n"),
    ],
)
def test_other_spellings_of_a_receipt_are_refused(data: bytes) -> None:
    assert refused(LOG, data) is Code.E_FORMAT


def test_a_receipt_without_a_proof_line_is_that_of_a_tree_of_one() -> None:
    log, data = logged(1, 0)
    assert Receipt.parse(data).proof == ()
    assert opened(log, data) == b'{"v":1}'


@given(st.binary(max_size=100))
def test_random_bytes_raise_only_diary_errors(data: bytes) -> None:
    prefix = b"c2sp.org/tlog-proof@v1\nextra "
    for candidate in (data, prefix + data, prefix + b64_encode(data).encode() + b"\nindex 0\n\n"):
        with pytest.raises(DiaryError):
            opened(LOG, candidate)


def test_a_receipt_of_the_simulated_marketplace_opens() -> None:
    world = World()
    world.log_segment(world.work(START))
    (place,) = world.logged.values()
    result = open_receipt(
        world.log.receipt(place),
        [world.log.signer.verifier],
        type=LeafType.SEGMENT,
        object_digest=next(iter(world.logged)),
    )
    assert result.object is None
