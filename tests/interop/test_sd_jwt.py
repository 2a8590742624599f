"""npm @sd-jwt/core and PyPI sd-jwt read our segments, complete and with withheld parts."""

from __future__ import annotations

import itertools
from typing import Any, TypeVar

import pytest

from diary.core.slots import SLOT
from diary.formats import sd_jwt
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode
from diary.objects import amendment, device_lifecycle
from diary.objects.device_lifecycle import RetirementHead
from diary.objects.segment import TYP
from tests.diary.world import AUD, START, World
from tests.interop.program import Program
from tests.interop.samples import one_bit_off
from tests.interop.sdjwts import Reader, npm_sd_jwt, pypi_sd_jwt, reads

pytestmark = pytest.mark.xdist_group("node")

HASH = b64url_encode(b"h" * 32)
T = TypeVar("T")


@pytest.fixture(params=["@sd-jwt/core", "sd-jwt"])
def reader(request: pytest.FixtureRequest, node: Program) -> Reader:
    return npm_sd_jwt(node) if request.param == "@sd-jwt/core" else pypi_sd_jwt


def subsets(parts: list[T]) -> list[list[T]]:
    return [
        list(chosen)
        for count in range(len(parts) + 1)
        for chosen in itertools.combinations(parts, count)
    ]


def expected(data: bytes, typ: str) -> dict[str, Any]:
    """The payload as we read it, with the disclosed values."""
    read = sd_jwt.parse(data, typ)
    assert read.problems == ()
    payload = {k: v for k, v in read.jws.payload.items() if k not in {"_sd", "_sd_alg"}}
    return payload | {part.name: part.value for part in read.disclosures}


def everything() -> list[tuple[str, World, bytes]]:
    """One of each kind of SD-JWT: (type, world of its key, data)."""
    world = World(shots=2)
    made = [
        (TYP, world, world.work(START)),
        (TYP, world, world.manual(START + SLOT)),
    ]
    heads = [RetirementHead(world.ctr, 1, HASH), RetirementHead(b64url_encode(bytes(16)), 9, HASH)]
    at = START * 1000
    retire = device_lifecycle.retire(
        world.key, aud=AUD, sub=world.sub, at=at, heads=heads, random=world.random
    )
    made.append((device_lifecycle.RETIRE_TYP, world, retire))
    amend = amendment.amend(
        world.key, aud=AUD, segment=HASH, at=at, memo="Größer, 日本", random=world.random
    )
    made.append((amendment.TYP, world, amend))
    return made


EVERYTHING = everything()
IDS = [f"{typ}-{n}" for n, (typ, _, _) in enumerate(EVERYTHING)]


@pytest.mark.parametrize(("typ", "world", "data"), EVERYTHING, ids=IDS)
def test_it_reads_what_we_read_with_every_choice_of_parts(
    reader: Reader, typ: str, world: World, data: bytes
) -> None:
    head, *parts, _ = data.split(b"~")
    for shown in subsets(parts):
        presented = b"~".join([head, *shown, b""])
        assert reader(presented, world.key.public) == expected(presented, typ)
        # The order of the parts has no meaning.
        turned = b"~".join([head, *shown[::-1], b""])
        assert reader(turned, world.key.public) == expected(presented, typ)


def test_it_reads_a_whole_day(reader: Reader) -> None:
    world = World()
    for sealed in world.day():
        data = sealed.sdjwt.text()
        assert reader(data, world.key.public) == expected(data, TYP)


def test_it_refuses_another_key(reader: Reader) -> None:
    _, _, data = EVERYTHING[0]
    assert reads(reader, data, SigningKey.from_seed(b"o" * 32).public) is None


@pytest.mark.parametrize(("typ", "world", "data"), EVERYTHING, ids=IDS)
def test_it_refuses_any_changed_byte_or_shows_less(
    reader: Reader, typ: str, world: World, data: bytes
) -> None:
    honest = expected(data, typ)
    signed = data.index(b"~")
    # The last character of a part may carry bits that base64url ignores; we check them.
    loose = {at - 1 for at in range(signed + 1) if data[at : at + 1] in b".~"}
    for at, changed in one_bit_off(data, 1 if len(data) < 2000 else 3):
        result = reads(reader, changed, world.key.public)
        if at > signed:
            # A part that matches no digest is refused or left out, never shown.
            assert result is None or (result != honest and result.items() <= honest.items()), at
        else:
            assert result is None or (at in loose and result == honest), at


def test_it_presents_parts_as_we_do(node: Program) -> None:
    for typ, world, data in EVERYTHING:
        head, *parts, _ = data.split(b"~")
        names = [part.name for part in sd_jwt.parse(data, typ).disclosures]
        result = node.ask("verify sd-jwt", sdjwt=data.decode(), jwk=jwk(world.key.public))
        assert sorted(result["names"]) == sorted(names)
        for chosen in subsets(names):
            presented = node.ask("present sd-jwt", sdjwt=data.decode(), names=chosen).encode()
            assert presented.split(b"~")[0] == head
            shown = [part.name for part in sd_jwt.parse(presented, typ).disclosures]
            assert sorted(shown) == sorted(chosen)
            assert set(presented.split(b"~")[1:-1]) <= set(parts)
