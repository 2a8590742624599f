"""npm @sigstore/verify verifies our receipts like those of Sigstore's own log."""

from __future__ import annotations

from typing import Any

import pytest

from diary.formats.ed25519 import jwk
from diary.formats.encoding import b64_decode
from diary.log import merkle
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteVerifier, key_id
from tests.diary.world import ORIGIN, Log, World
from tests.interop.program import Program
from tests.interop.samples import (
    SIZES,
    b64,
    b64s,
    changed_proofs,
    log_of,
    one_bit_off,
    root_of,
)

pytestmark = pytest.mark.xdist_group("node")


def known(verifier: NoteVerifier) -> dict[str, Any]:
    """The log in the library's format."""
    ident = key_id(verifier.name, verifier.public)
    return {"origin": verifier.name, "jwk": jwk(verifier.public), "id": b64(ident)}


def question(log: Log, index: int) -> dict[str, Any]:
    size = len(log.leaves)
    return {
        "leaf": b64(log.leaves[index].data()),
        "index": index,
        "proof": b64s(merkle.inclusion_proof(index, size, log.read)),
    }


def with_head(log: Log, index: int) -> dict[str, Any]:
    return question(log, index) | {"size": len(log.leaves), "root": b64(root_of(log))}


@pytest.mark.parametrize("size", SIZES)
def test_it_finds_every_leaf_included(node: Program, size: int) -> None:
    log = log_of(size)
    for index in range(size):
        assert node.ask("verify inclusion", **with_head(log, index))


@pytest.mark.parametrize(("size", "index"), [(2, 0), (7, 6), (13, 5), (16, 0)])
def test_it_refuses_an_inclusion_with_any_byte_changed(
    node: Program, size: int, index: int
) -> None:
    good = with_head(log_of(size), index)
    for name in ("leaf", "root"):
        for at, changed in one_bit_off(b64_decode(good[name])):
            assert node.refuses("verify inclusion", **good | {name: b64(changed)}), (name, at)
    for how, wrong in changed_proofs([b64_decode(one) for one in good["proof"]]):
        assert node.refuses("verify inclusion", **good | {"proof": b64s(wrong)}), how


@pytest.mark.parametrize("size", [2, 3, 8, 13])
def test_both_give_the_same_result_for_every_index_in_every_tree(node: Program, size: int) -> None:
    log = log_of(size)
    for index in range(size):
        good = with_head(log, index)
        proof = [b64_decode(one) for one in good["proof"]]
        for other in range(size + 4):
            for place in range(other + 1):
                ours = merkle.verify_inclusion(
                    log.leaves[index].hash(), place, other, proof, root_of(log)
                )
                given = good | {"size": other, "index": place}
                assert node.refuses("verify inclusion", **given) is not ours, (index, place, other)


def test_it_opens_our_checkpoints(node: Program) -> None:
    for size in SIZES:
        log = log_of(size)
        result = node.ask(
            "open checkpoint", note=b64(log.checkpoint()), **known(log.signer.verifier)
        )
        assert result == {"origin": ORIGIN, "size": size, "root": b64(root_of(log))}


def test_it_refuses_a_checkpoint_whose_text_or_signature_was_changed(node: Program) -> None:
    log = log_of(17)
    note, log_key = log.checkpoint(), known(log.signer.verifier)
    text = note.index(b"\n\n") + 1
    # It decodes base64 as leniently as JavaScript, so only whole bytes are changed.
    line = note[text + 1 :].decode()
    *words, signature = line.split(" ")
    for at, changed in one_bit_off(note[:text]):
        given = b64(changed + note[text:])
        assert node.refuses("open checkpoint", note=given, **log_key), at
    for at, changed in one_bit_off(b64_decode(signature[:-1])):
        given = b64(note[: text + 1] + f"{' '.join(words)} {b64(changed)}\n".encode())
        assert node.refuses("open checkpoint", note=given, **log_key), at
    assert not node.refuses("open checkpoint", note=b64(note), **log_key)
    assert node.refuses("open checkpoint", note=b64(note), **known(Log("b").signer.verifier))


def test_it_finds_every_receipt_of_a_day_good_and_none_for_another_leaf(node: Program) -> None:
    world = World()
    world.day()
    log_key = known(world.log.signer.verifier)
    receipts = [Receipt.parse(world.log.receipt(n)) for n in range(len(world.log.leaves))]
    for receipt, other in zip(receipts, [*receipts[1:], receipts[0]], strict=True):
        given = {
            "index": receipt.index,
            "proof": b64s(receipt.proof),
            "note": b64(receipt.checkpoint),
        } | log_key
        assert node.ask("verify receipt", leaf=b64(receipt.leaf.data()), **given)
        assert node.refuses("verify receipt", leaf=b64(other.leaf.data()), **given)
