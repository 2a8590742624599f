"""npm jose reads every kind of our signed objects, and refuses changed ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode
from diary.objects import amendment, device_lifecycle, tombstone
from diary.objects.enrolment import parse_enrolment
from tests.diary.world import AUD, START, World
from tests.interop.program import Program
from tests.interop.samples import one_bit_off

pytestmark = pytest.mark.xdist_group("node")

WORLD = World()
KEY = WORLD.key
OTHER = SigningKey.from_seed(b"o" * 32)
HASH = b64url_encode(b"h" * 32)


def signed_part(data: bytes) -> bytes:
    """A signed object without its disclosures."""
    return data.partition(b"~")[0]


def segment() -> bytes:
    return World().work(START)


#: One of each kind that a device signs.
OBJECTS: dict[str, Callable[[], bytes]] = {
    "wd-device+jwt": lambda: WORLD.enrolment.data,
    "wd-segment+sd-jwt": segment,
    "wd-vouch+jwt": lambda: device_lifecycle.vouch(KEY, aud=AUD, sub=WORLD.sub, kid=OTHER.kid),
    "wd-retire+sd-jwt": lambda: device_lifecycle.retire(
        KEY,
        aud=AUD,
        sub=WORLD.sub,
        at=START * 1000,
        heads=[device_lifecycle.RetirementHead(WORLD.ctr, 3, HASH)],
        random=WORLD.random,
    ),
    "wd-amend+sd-jwt": lambda: amendment.amend(
        KEY, aud=AUD, segment=HASH, at=START * 1000, memo="Write more tests", random=WORLD.random
    ),
    "wd-tombstone+jwt": lambda: tombstone.tombstone(
        KEY, segment=HASH, digests=[HASH], scope=["memo"], reason="deleted", at=START * 1000
    ),
}


@pytest.mark.parametrize("typ", OBJECTS)
def test_it_verifies_and_reads_what_we_sign(node: Program, typ: str) -> None:
    data = signed_part(OBJECTS[typ]()).decode()
    result = node.ask("verify jws", jws=data, jwk=jwk(KEY.public))
    assert result["header"] == {"alg": "Ed25519", "kid": KEY.kid, "typ": typ}
    assert result["payload"]["v"] == 1
    assert node.refuses("verify jws", jws=data, jwk=jwk(OTHER.public))


@pytest.mark.parametrize("typ", OBJECTS)
def test_it_refuses_any_changed_byte(node: Program, typ: str) -> None:
    data = signed_part(OBJECTS[typ]())
    key = jwk(KEY.public)
    # An enrolment is long; every twelfth byte suffices.
    for at, changed in one_bit_off(data[:-1], 1 if len(data) < 2000 else 11):
        given = (changed + data[-1:]).decode()
        assert node.refuses("verify jws", jws=given, jwk=key), at


def test_an_enrolment_brings_the_key_that_verifies_it(node: Program) -> None:
    enrolment = parse_enrolment(WORLD.enrolment.data)
    data = enrolment.data.decode()
    own: dict[str, Any] = node.ask("verify jws", jws=data, jwk=jwk(KEY.public))["payload"]["jwk"]
    assert node.ask("thumbprint", jwk=own) == enrolment.kid
    assert node.ask("verify jws", jws=data, jwk=own)["header"]["kid"] == enrolment.kid


@pytest.mark.parametrize("seed", [b"a" * 32, b"b" * 32])
def test_it_gives_keys_the_same_names(node: Program, seed: bytes) -> None:
    key = SigningKey.from_seed(seed)
    assert node.ask("thumbprint", jwk=jwk(key.public)) == key.kid
