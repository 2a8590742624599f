"""Our signatures and their verification match the published vectors."""

from __future__ import annotations

import pytest

from diary.formats.ed25519 import SigningKey, verify
from tests.interop.published import (
    Signature,
    cctv,
    rfc_8032,
    sign_input,
    with_third_party,
)


def agrees(case: Signature) -> None:
    key = SigningKey.from_seed(case.seed)
    assert (key.public, key.sign(case.message)) == (case.public, case.signature), case.name
    assert verify(case.public, case.signature, case.message), case.name
    assert not verify(case.public, case.signature, case.message + b"x"), case.name


@pytest.mark.parametrize("case", rfc_8032(), ids=lambda case: case.name)
def test_the_examples_of_the_rfc(case: Signature) -> None:
    agrees(case)


def test_the_signatures_of_the_original_implementation() -> None:
    cases = sign_input()
    assert len(cases) == 1024
    for number, case in enumerate(cases):
        agrees(case)
        at = number % 64
        changed = bytearray(case.signature)
        changed[at] ^= 1 << number % 8
        assert not verify(case.public, bytes(changed), case.message), case.name


#: Vectors that our rule refuses. All of them satisfy the most lenient rule (cofactored, any
#: encoding); ours requires a canonical public key and R, neither of small order, and the equation
#: without the cofactor, which a residue of low order breaks.
REFUSED = {
    "low_order_A",
    "low_order_R",
    "low_order_residue",
    "non_canonical_A",
    "non_canonical_R",
}


@with_third_party
def test_every_edge_case_of_cctv_is_decided_by_the_one_rule() -> None:
    cases = cctv()
    assert len(cases) == 914
    accepted = 0
    for case in cases:
        expected = REFUSED.isdisjoint(case["flags"] or [])
        public, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        assert verify(public, signature, case["msg"].encode()) is expected, case
        accepted += expected
    assert 0 < accepted < len(cases)
