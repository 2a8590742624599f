"""SD-JWT, compared with an independent library."""

from __future__ import annotations

import itertools
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from diary.core.findings import Code, DiaryError
from diary.formats import sd_jwt
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import MAX_INT, b64url_encode, canonical, digest
from diary.formats.jws import sign, verify_jws
from tests.diary.world import Random

TYP = "wd-test+sd-jwt"
KEY = SigningKey.from_seed(b"s" * 32)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | st.text("aé€😀", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz"), inner, max_size=3),
    max_leaves=5,
)
PARTS = st.dictionaries(st.text("abcd", min_size=1), VALUES, max_size=5)


def private_jwk() -> JWK:
    return JWK(**jwk(KEY.public), d=b64url_encode(KEY.seed))


def oracle(data: bytes) -> Any:
    """The library's result for a presentation; raises its refusal."""
    verifier = SDJWTVerifier(data.decode(), lambda _issuer, _header: private_jwk())
    return verifier.get_verified_payload()


def issued(payload: dict[str, Any], parts: dict[str, Any]) -> bytes:
    return sd_jwt.issue(payload, list(parts.items()), TYP, KEY, Random("salts"))


def text_of(salt: object, *rest: object) -> str:
    return b64url_encode(canonical([salt, *rest]))


SALT = b64url_encode(bytes(16))


def with_texts(texts: list[str], shown: list[str] | None = None, **payload: Any) -> bytes:
    """A signed payload with digests of any texts, some of them disclosed."""
    body = {"_sd": sorted({digest(t.encode()) for t in texts}), "_sd_alg": "sha-256", **payload}
    head = sign(body, TYP, KEY).decode()
    return "~".join([head, *(texts if shown is None else shown), ""]).encode()


def problems(data: bytes) -> list[Code]:
    return [problem.code for problem in sd_jwt.parse(data, TYP).problems]


def shown_of(data: bytes) -> dict[str, Any]:
    return {part.name: part.value for part in sd_jwt.parse(data, TYP).disclosures}


@given(PARTS)
def test_a_library_reads_what_we_issue(parts: dict[str, Any]) -> None:
    data = issued({"v": 1, "aud": "x"}, parts)
    assert oracle(data) == {"v": 1, "aud": "x", **parts}


@given(PARTS, st.data())
def test_parts_may_be_withheld(parts: dict[str, Any], draw: st.DataObject) -> None:
    data = issued({"v": 1}, parts)
    head, *texts, _ = data.split(b"~")
    kept = draw.draw(st.lists(st.sampled_from(texts), unique=True) if texts else st.just([]))
    bare = b"~".join([head, *kept, b""])
    opened = sd_jwt.parse(bare, TYP)
    verify_jws(opened.jws, KEY.public)
    assert not opened.problems
    assert len(opened.withheld) == len(texts) - len(kept)
    assert oracle(bare) == {"v": 1, **shown_of(bare)}
    assert shown_of(bare).items() <= parts.items()


@given(PARTS)
def test_we_read_what_a_library_issues(parts: dict[str, Any]) -> None:
    claims = {SDObj(name): value for name, value in parts.items()}
    issuer = SDJWTIssuer(
        {"v": 1, **claims},
        private_jwk(),
        sign_alg="Ed25519",
        extra_header_parameters={"typ": TYP, "kid": KEY.kid},
    )
    signed, *texts, _ = issuer.sd_jwt_issuance.split("~")
    # Its JSON has spaces and its header another order: valid SD-JWT, but not canonical.
    with pytest.raises(DiaryError) as error:
        sd_jwt.parse(issuer.sd_jwt_issuance.encode(), TYP)
    assert error.value.code is Code.E_FORMAT
    assert signed.count(".") == 2
    # The same parts in canonical form are accepted.
    ours = [b64url_encode(canonical(disclosure)) for disclosure in _decoded(texts)]
    assert shown_of(with_texts(ours, v=1)) == parts


def _decoded(texts: list[str]) -> list[Any]:
    return [json.loads(urlsafe_b64decode(text + "==")) for text in texts]


@given(PARTS)
def test_the_text_round_trips_in_the_order_of_the_digests(parts: dict[str, Any]) -> None:
    data = issued({"v": 1}, parts)
    head, *texts, _ = data.split(b"~")
    for order in itertools.islice(itertools.permutations(texts), 6):
        opened = sd_jwt.parse(b"~".join([head, *order, b""]), TYP)
        assert opened.text() == data
        assert [part.digest for part in opened.disclosures] == opened.jws.payload["_sd"]


def test_salts_differ_so_that_a_digest_reveals_nothing() -> None:
    data = issued({}, {"a": 1, "b": 1})
    salts = {item[0] for item in _decoded([t.decode() for t in data.split(b"~")[1:-1]])}
    assert len(salts) == 2


PART = text_of(SALT, "memo", "x")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (with_texts([PART]), []),
        (with_texts([], [PART]), [Code.E_DISC_UNMATCHED]),
        (with_texts([PART], [PART, PART]), [Code.E_DISC_DUP]),
        (with_texts([PART, text_of(SALT, "memo", "y")]), [Code.E_DISC_DUP]),
        (with_texts([text_of(SALT, "v", 2)], v=1), [Code.E_DISC_DUP]),
        (with_texts([text_of(SALT, "_sd", [])]), [Code.E_DISC_DUP]),
        (with_texts([text_of(SALT, "...", 1)]), [Code.E_DISC_DUP]),
        (with_texts([text_of(SALT, "memo")]), [Code.E_DISC_UNMATCHED]),
        (with_texts([text_of(SALT, 7, "x")]), [Code.E_DISC_UNMATCHED]),
        (with_texts([text_of(SALT, "memo", "x", 1)]), [Code.E_DISC_UNMATCHED]),
        (with_texts([text_of("AAAA", "memo", "x")]), [Code.E_DISC_UNMATCHED]),
        (with_texts([text_of(None, "memo", "x")]), [Code.E_DISC_UNMATCHED]),
        (with_texts([b64url_encode(b'{"a":1}')]), [Code.E_DISC_UNMATCHED]),
        (with_texts([b64url_encode(b'["x", "memo", 1]')]), [Code.E_DISC_UNMATCHED]),
        (with_texts([PART + "="]), [Code.E_DISC_UNMATCHED]),
        (with_texts([PART], [PART, ""]), [Code.E_DISC_UNMATCHED]),
        (with_texts([], ["é"]), [Code.E_DISC_UNMATCHED]),
    ],
)
def test_a_disclosure_that_does_not_fit_is_named_and_counts_as_absent(
    data: bytes, expected: list[Code]
) -> None:
    assert problems(data) == expected
    assert set(shown_of(data)) <= {"memo"}


def test_the_first_of_two_disclosures_of_a_name_counts() -> None:
    texts = [text_of(SALT, "memo", value) for value in ("x", "y")]
    assert shown_of(with_texts(texts)) == {"memo": "x"}
    assert shown_of(with_texts(texts, texts[::-1])) == {"memo": "y"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        with_texts([PART])[:-1],
        with_texts([PART]) + b"x",
        with_texts([], _sd_alg="sha-512"),
        with_texts([], _sd=None),
        with_texts([], _sd=[7]),
        with_texts([], _sd=["short"]),
        with_texts([], _sd=[b64url_encode(b"\1" * 32), b64url_encode(b"\0" * 32)]),
        with_texts([], _sd=[b64url_encode(b"\1" * 32)] * 2),
        sign({}, TYP, KEY) + b"~",
        with_texts([]) + b"A" * sd_jwt.MAX_SDJWT + b"~",
    ],
)
def test_a_signed_part_that_is_no_sd_jwt_is_refused(data: bytes) -> None:
    with pytest.raises(DiaryError) as error:
        sd_jwt.parse(data, TYP)
    assert error.value.code is Code.E_FORMAT


def test_an_object_that_is_too_long_is_not_issued() -> None:
    with pytest.raises(DiaryError) as error:
        issued({}, dict.fromkeys("abcd", "x" * 13000))
    assert error.value.code is Code.E_FORMAT


@given(PARTS, st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_seen(parts: dict[str, Any], place: int, change: int) -> None:
    data = issued({"v": 1}, {"memo": "x", **parts})
    changed = bytearray(data)
    changed[place % len(data)] ^= change
    try:
        opened = sd_jwt.parse(bytes(changed), TYP)
        verify_jws(opened.jws, KEY.public)
    except DiaryError:
        return
    assert opened.problems
    assert opened.withheld


@given(st.binary(max_size=120))
def test_random_bytes_raise_only_diary_errors(data: bytes) -> None:
    with pytest.raises(DiaryError):
        sd_jwt.parse(data, TYP)


def test_removed_disclosures_are_withheld_and_nothing_else_changes() -> None:
    data = issued({"a": 1}, {"b": 2, "c": 3})
    opened = sd_jwt.parse(data, TYP)
    gone, kept = opened.disclosures
    left = sd_jwt.remove_disclosures(data, {gone.digest})
    assert sd_jwt.remove_disclosures(left, {gone.digest}) == left
    shown = sd_jwt.parse(left, TYP)
    assert (shown.disclosures, shown.withheld) == ((kept,), (gone.digest,))
    assert oracle(left) == {"a": 1, kept.name: kept.value}
    assert sd_jwt.remove_disclosures(data, set()) == data


def test_disclosures_are_removed_from_a_damaged_record() -> None:
    text = text_of(SALT, "b", 2)
    damaged = f"not a token~{text}~malformed".encode()
    left = sd_jwt.remove_disclosures(damaged, {digest(text.encode())})
    assert left == b"not a token~malformed"
