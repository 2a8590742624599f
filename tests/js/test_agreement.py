"""Where languages and libraries differ, the JavaScript and the Python verifier agree: both accept
and refuse the same unusual numbers, keys, texts and signatures.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.findings import DiaryError
from diary.formats.ed25519 import verify
from diary.formats.encoding import (
    MAX_INT,
    b64_encode,
    b64url_decode,
    b64url_encode,
    canonical,
    parse_value,
)
from diary.log.checkpoint import open_checkpoint
from diary.log.merkle import leaf_hash, node_hash
from diary.log.signed_note import NoteVerifier
from tests.js.engines import Engine, call, call_all
from tests.vectors.make_vectors import FOLDER

TEXTS = [
    b'{"__proto__":1}',
    b'{"__proto__":{"a":1},"a":2}',
    b'{"a":2,"__proto__":{"a":1}}',
    b'{"constructor":1,"hasOwnProperty":2,"toString":null}',
    b'{"a":1,"a":2}',
    b'{"1":1,"10":2,"2":3}',
    b'{"10":2,"2":3,"1":1}',
    b'{"B":1,"a":2}',
    b'{"a":2,"B":1}',
    b"-0",
    b"-1",
    b"00",
    b"+1",
    b"0x10",
    b"1e0",
    b"1E3",
    b"1e400",
    b"1.0",
    b"1e-7",
    b"9007199254740991",
    b"9007199254740992",
    b"9007199254740993",
    b"-9007199254740991",
    b"-9007199254740993",
    b"99999999999999999999999999999999999",
    b"Infinity",
    b"-Infinity",
    b"NaN",
    b"undefined",
    b"true",
    b"True",
    b"null\n",
    b"",
    b'"\xc3\xa9"',
    b'"\xed\xa0\x80"',
    b'"\\ud800"',
    b'"\\ud83d\\ude00"',
    b'"\xf0\x9f\x98\x80"',
    b'"\\udc00\\ud800"',
    b'"\xef\xbb\xbf"',
    b'\xef\xbb\xbf""',
    b'"\xe2\x80\xa8\xe2\x80\xa9"',
    b'"\\u2028"',
    b'"\x7f"',
    b'"\\u007f"',
    b'"\x00"',
    b'"\\u0000"',
    b'"\\u001F"',
    b'"\\u001f"',
    b'"\\b\\f\\n\\r\\t"',
    b'"\\/"',
    b'"/"',
    b'"\xc0\x80"',
    b'"\xf4\x90\x80\x80"',
    b'"\xef\xbf\xbe\xef\xbf\xbf"',
    b"[" * 16 + b"]" * 16,
    b"[" * 17 + b"]" * 17,
    b"[" * 18 + b"]" * 18,
    b'{"a":' * 16 + b"1" + b"}" * 16,
    b'{"a":' * 17 + b"1" + b"}" * 17,
    b"[" * 50_000,
    b"[" * 30_000 + b"]" * 30_000,
    b'[1,"a",null,true,{"a":[]}]',
    b"[1,]",
    b"[,1]",
    b"'a'",
    b"// a\n1",
]

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(max_codepoint=126), max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


def as_python_says(data: bytes) -> Any:
    try:
        return {"value": parse_value(data)}
    except DiaryError as error:
        return error.code.value


def test_the_same_json_is_refused(engine: Engine) -> None:
    reported = call_all(engine, "parse", [{"bytes": b64url_encode(data)} for data in TEXTS])
    for data, result in zip(TEXTS, reported, strict=True):
        assert result == as_python_says(data), data[:60]
    assert 20 < reported.count("E_FORMAT") < len(TEXTS) - 10


@given(st.data())
def test_the_same_changed_json_is_refused(engine: Engine, draw: st.DataObject) -> None:
    data = bytearray(canonical(draw.draw(JSON)))
    for _ in range(draw.draw(st.integers(0, 2))):
        at = draw.draw(st.integers(0, len(data)))
        data[at : at + draw.draw(st.integers(0, 2))] = draw.draw(
            st.binary(max_size=2)
            | st.sampled_from([b"-", b"0", b".0", b"e1", b" ", b"\\u00e9", b'"__proto__":0,', b","])
        )
    (result,) = call_all(engine, "parse", [{"bytes": b64url_encode(bytes(data))}])
    assert result == as_python_says(bytes(data))


@given(st.text("AZaz09-_+/= \n", max_size=12))
def test_the_same_base64url_is_refused(engine: Engine, text: str) -> None:
    (result,) = call_all(engine, "unb64u", [{"text": text}])
    try:
        assert result == b64url_decode(text).hex()
    except DiaryError:
        assert result == "E_FORMAT"


VECTORS: dict[str, str] = json.loads((FOLDER / "note.json").read_bytes())
#: Including Unicode white space, of which each language recognises a different set.
ODD = "+ \t\x0b\x1c\x1f\x85\xa0\u1680\u180e\u2003\u200b\u2028\u3000\ufeff\u00e9\U0001f600\n—"


@given(st.data())
def test_the_same_notes_are_refused(engine: Engine, draw: st.DataObject) -> None:
    note = VECTORS["note"]
    stranger = f"— {draw.draw(st.text(ODD + 'ab', max_size=3))} {b64_encode(b'abcdef')}\n"
    made = draw.draw(st.sampled_from([note + stranger, stranger + note, note]))
    at = draw.draw(st.integers(0, len(made)))
    made = made[:at] + draw.draw(st.sampled_from(["", *ODD])) + made[at:]
    (result,) = call_all(engine, "checkpoint", [{"note": made, "vkeys": [VECTORS["vkey"]]}])
    try:
        known = open_checkpoint(made.encode(), [NoteVerifier.parse(VECTORS["vkey"])]).text()
    except DiaryError as error:
        known = error.code.value
    assert result == known


def test_sha256_at_every_length_of_several_blocks(engine: Engine) -> None:
    data = [hashlib.sha512(bytes([n % 256])).digest() * 19 for n in range(1_200)]
    made = [one[:length] for length, one in enumerate(data)]
    reported = call_all(engine, "sha256", [{"data": b64url_encode(each)} for each in made])
    for each, result in zip(made, reported, strict=True):
        assert result == [hashlib.sha256(each).hexdigest()] * 2, len(each)
    # FIPS 180-4 examples.
    (result,) = call_all(engine, "sha256", [{"data": b64url_encode(b"abc")}])
    assert result[0] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


_THIRD_PARTY = os.environ.get("WORKDIARY_THIRD_PARTY_VECTORS")


@pytest.mark.skipif(
    _THIRD_PARTY is None,
    reason="needs the C2SP/CCTV edge cases: WORKDIARY_THIRD_PARTY_VECTORS is not set",
)
def test_the_same_odd_signatures_are_refused(engine: Engine) -> None:
    cases = json.loads((Path(_THIRD_PARTY or "") / "cctv_ed25519.json").read_text("utf-8"))
    asked = [
        {
            "key": case["key"],
            "signature": case["sig"],
            "message": b64url_encode(case["msg"].encode()),
        }
        for case in cases
    ]
    reported = call_all(engine, "verify", asked)
    for case, result in zip(cases, reported, strict=True):
        key, signature = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"])
        assert result is verify(key, signature, case["msg"].encode()), case
    assert 0 < sum(reported) < len(cases) > 900


@pytest.mark.skipif(
    _THIRD_PARTY is None,
    reason="needs transparency-dev's proofs: WORKDIARY_THIRD_PARTY_VECTORS is not set",
)
def test_the_proofs_of_another_implementation_good_and_bad(engine: Engine) -> None:
    folder = Path(_THIRD_PARTY or "") / "merkle-proofs" / "testdata"
    seen = {True: 0, False: 0}
    for file in sorted(folder.rglob("*.json")):
        case = json.loads(file.read_text("utf-8"))
        proof = case["proof"] or []
        if "leafIdx" in case:
            asked = {"index": case["leafIdx"], "size": case["treeSize"], "root": case["root"] or ""}
            asked["leaf_hash"] = case["leafHash"] or ""
            (good,) = call_all(engine, "inclusion", [{**asked, "proof": proof}])
        else:
            asked = {"old": case["size1"], "size": case["size2"], "proof": proof}
            asked |= {"old_root": case["root1"] or "", "root": case["root2"] or ""}
            (good,) = call_all(engine, "consistency", [asked])
        assert good is not case["wantErr"], f"{file}: {case['desc']}"
        seen[good] += 1
    assert seen[True] >= 10
    assert seen[False] >= 100


def test_a_tree_may_be_larger_than_32_bits(engine: Engine) -> None:
    # A path of one sibling: leaf 2^40 is the last of 2^40 + 1, beside the whole tree before it.
    size = 2**40 + 1
    leaf, left = "leaf", b64_encode(b"\1" * 32)
    root = b64_encode(node_hash(b"\1" * 32, leaf_hash(leaf.encode())))
    asked = {"leaf": leaf, "proof": [left], "root": root}
    assert call(engine, "inclusion", index=size - 1, size=size, **asked)
    assert not call(engine, "inclusion", index=size - 2, size=size, **asked)
