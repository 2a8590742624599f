"""One encoding per value: base64url, base64, decimal numbers and RFC 8785 JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import (
    MAX_DEPTH,
    MAX_INT,
    b64_decode,
    b64_encode,
    b64url_decode,
    b64url_encode,
    canonical,
    decimal,
    digest,
    parse_canonical,
    parse_value,
    sha256,
)

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INTEGERS = st.integers(-MAX_INT, MAX_INT)
SCALARS = st.none() | st.booleans() | INTEGERS | TEXT
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20
)


def refused(function: Any, *args: Any) -> None:
    with pytest.raises(DiaryError) as error:
        function(*args)
    assert error.value.code is Code.E_FORMAT


@given(st.binary(max_size=80))
def test_base64url_round_trips(data: bytes) -> None:
    text = b64url_encode(data)
    assert b64url_decode(text) == data
    assert b64url_decode(text, len(data)) == data
    assert "=" not in text
    refused(b64url_decode, text, len(data) + 1)


@given(st.text(alphabet="ABYZabyz0189-_+/= \n", max_size=12))
def test_base64url_has_one_spelling(text: str) -> None:
    try:
        data = b64url_decode(text)
    except DiaryError:
        return
    assert b64url_encode(data) == text


@pytest.mark.parametrize(
    "text",
    ["A", "AB", "AA=", "AA==", "A A", "AA\n", "+_8", "//8", "AAB", "é", "\ud800", None, 7, b"AA"],
)
def test_other_spellings_of_base64url_are_refused(text: object) -> None:
    refused(b64url_decode, text)


@given(st.binary(max_size=80))
def test_base64_round_trips(data: bytes) -> None:
    text = b64_encode(data)
    assert b64_decode(text, len(data)) == data
    refused(b64_decode, text, len(data) + 1)


@pytest.mark.parametrize("text", ["AA", "AB==", "AA==AA==", "-_8=", "AA==\n", "é", " AA=="])
def test_other_spellings_of_base64_are_refused(text: str) -> None:
    refused(b64_decode, text)


@given(st.integers(0, MAX_INT))
def test_decimal_round_trips(number: int) -> None:
    assert decimal(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "1.0", "٣", "²", str(MAX_INT + 1), "9" * 17],
)
def test_other_spellings_of_a_number_are_refused(text: str) -> None:
    refused(decimal, text)


@given(JSON)
def test_canonical_json_round_trips(value: Any) -> None:
    data = canonical(value)
    assert parse_value(data) == value
    assert canonical(parse_value(data)) == data


@given(JSON)
def test_the_form_equals_that_of_an_implementation_of_the_whole_rfc(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.text(st.characters(max_codepoint=0x2100, exclude_categories=["Cs"]), max_size=40))
def test_every_character_is_written_as_the_rfc_writes_it(text: str) -> None:
    assert canonical({"text": text}) == rfc8785.dumps({"text": text})


def test_control_characters_are_written_as_the_rfc_writes_them() -> None:
    text = "".join(map(chr, range(0xA1))) + "  ﻿￾􏿿"
    assert canonical(text) == rfc8785.dumps(text)


@given(JSON, st.booleans(), st.booleans())
def test_json_in_another_spelling_is_refused(value: Any, spaced: bool, escaped: bool) -> None:
    separators = (", ", ": ") if spaced else (",", ":")
    data = json.dumps(value, ensure_ascii=escaped, separators=separators).encode()
    if data == canonical(value):
        assert parse_value(data) == value
    else:
        refused(parse_value, data)


@given(st.dictionaries(KEYS, INTEGERS, min_size=2))
def test_keys_are_sorted_however_they_came(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(value) == canonical(turned)
    assert list(parse_canonical(canonical(value))) == sorted(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}{}",
        b" {}",
        b"{}\n",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b'{"b":{"a":1,"a":2}}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"\xc3\xa9":1}',
        b'{"\\u0061":1}',
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5000,
        b'"\\ud800"',
        b'"\\u00e9"',
        b'"\\/"',
        b'"\x00"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    ],
    ids=lambda data: repr(data[:20]),
)
def test_json_that_is_not_its_own_canonical_form_is_refused(data: bytes) -> None:
    refused(parse_value, data)


@pytest.mark.parametrize("data", [b"[]", b"1", b'"a"', b"null", b"true"])
def test_only_an_object_is_accepted(data: bytes) -> None:
    refused(parse_canonical, data)


@pytest.mark.parametrize(
    "value", [1.5, 1.0, {1: 2}, {"é": 1}, MAX_INT + 1, -MAX_INT - 1, "\ud800", b"x", {1}, [[[1.0]]]]
)
def test_values_outside_the_subset_have_no_canonical_form(value: object) -> None:
    refused(canonical, value)


def test_depth_is_bounded() -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert parse_value(canonical(deep)) == deep
    refused(canonical, [deep])
    refused(canonical, {"a": deep})


def test_published_examples() -> None:
    # RFC 8785 §3.2.3 sorts by UTF-16 units and does not escape printable characters.
    assert canonical({"b": '\u20ac$\u000f\nA\'B"\\\\"/', "a": [56, True, None]}) == (
        b'{"a":[56,true,null],"b":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    # FIPS 180-4, "abc".
    assert sha256(b"abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert digest(b"abc") == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"


@given(st.binary(max_size=200))
def test_random_bytes_raise_only_diary_errors(data: bytes) -> None:
    try:
        value = parse_value(data)
    except DiaryError:
        return
    assert canonical(value) == data
