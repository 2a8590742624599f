"""The examples of RFC 9901: equal digests, and the cases in which we are stricter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diary.core.findings import Code
from diary.formats import sd_jwt
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_decode, b64url_encode, canonical, digest
from diary.formats.jws import sign
from tests.interop.program import Program
from tests.interop.published import kept
from tests.interop.sdjwts import Reader, npm_sd_jwt, pypi_sd_jwt

pytestmark = pytest.mark.xdist_group("node")

RFC = kept("rfc9901")
TYP = "wd-test+sd-jwt"
KEY = SigningKey.from_seed(b"9" * 32)


@pytest.fixture(params=["@sd-jwt/core", "sd-jwt"])
def reader(request: pytest.FixtureRequest, node: Program) -> Reader:
    return npm_sd_jwt(node) if request.param == "@sd-jwt/core" else pypi_sd_jwt


def presented(shown: list[str], digests: list[str], **payload: Any) -> bytes:
    """The RFC's disclosures under digests that our key signed (its own examples are ES256)."""
    body = {"_sd": sorted(digests), "_sd_alg": "sha-256", **payload}
    return "~".join([sign(body, TYP, KEY).decode(), *shown, ""]).encode()


def test_every_digest_is_that_of_the_rfc() -> None:
    user = RFC["user"]
    cases = [*user["properties"], *user["nationalities"], RFC["element"]]
    for case in cases:
        assert digest(case["disclosure"].encode()) == case["digest"]
    first = RFC["spellings"]["disclosures"][0]
    assert digest(first.encode()) == RFC["spellings"]["digest_of_the_first"]
    assert len(cases) == 11


def test_the_libraries_read_the_claims_of_the_user(reader: Reader) -> None:
    user = RFC["user"]
    properties, elements = user["properties"], user["nationalities"]
    shown = [case["disclosure"] for case in (*properties, *elements)]
    data = presented(
        shown,
        [case["digest"] for case in properties],
        nationalities=[{"...": case["digest"]} for case in elements],
    )
    claims = {case["name"]: case["value"] for case in properties}
    assert reader(data, KEY.public) == claims | {"nationalities": ["US", "DE"]}
    # Its JSON has spaces: we accept canonical JSON only, so each part counts as withheld.
    read = sd_jwt.parse(data, TYP)
    assert [problem.code for problem in read.problems] == [Code.E_DISC_UNMATCHED] * len(shown)
    assert read.withheld == tuple(sorted(case["digest"] for case in properties))


def test_the_same_claims_in_our_one_spelling_are_read_by_all(reader: Reader) -> None:
    claims = {case["name"]: case["value"] for case in RFC["user"]["properties"]}
    texts = [
        b64url_encode(canonical(json.loads(b64url_decode(case["disclosure"]))))
        for case in RFC["user"]["properties"]
    ]
    data = presented(texts, [digest(text.encode()) for text in texts])
    assert reader(data, KEY.public) == claims
    read = sd_jwt.parse(data, TYP)
    assert {part.name: part.value for part in read.disclosures} == claims
    assert (read.problems, read.withheld) == ((), ())


def test_four_spellings_of_one_claim_are_all_read_by_the_libraries(reader: Reader) -> None:
    for text in RFC["spellings"]["disclosures"]:
        data = presented([text], [digest(text.encode())])
        assert reader(data, KEY.public) == {"family_name": "Möbius"}
        # Three are not canonical, and the salt of all four is no base64url of 16 bytes.
        assert sd_jwt.parse(data, TYP).disclosures == ()
