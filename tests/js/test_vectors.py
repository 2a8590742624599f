"""The JavaScript verifier has the same results for the vectors as the Python one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diary.formats.encoding import b64url_encode
from tests.js.engines import Engine, FailedError, call, call_all
from tests.vectors.make_vectors import FOLDER

CASES: dict[str, Any] = json.loads((FOLDER / "cases.json").read_bytes())
ASKED = [
    "aud",
    "vkeys",
    "keys",
    "devices",
    "vouches",
    "retires",
    "revokes",
    "terms",
    "beacons",
    "segments",
    "amends",
    "tombstones",
    "reviews",
    "blobs",
    "checkpoints",
    "consistency",
    "partial",
    "ctr",
    "sub",
    "period",
]


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_bytes())


def test_no_vectors_are_left_out() -> None:
    here = Path(__file__).read_text("utf-8")
    # Only monitors of a log read tiles, not the page: "tiles.json".
    assert [path.name for path in FOLDER.glob("*.json") if f'"{path.name}"' not in here] == []


def test_canonical_json(engine: Engine) -> None:
    vectors = read("canonical.json")
    for case in vectors["accepted"]:
        assert call(engine, "canonical", value=case["value"]) == case["bytes"]
        assert call(engine, "parse", bytes=case["bytes"]) == {"value": case["value"]}
    for case in vectors["refused"]:
        with pytest.raises(FailedError, match="E_FORMAT"):
            call(engine, "parse", bytes=case["bytes"])


def test_base64url(engine: Engine) -> None:
    vectors = read("base64url.json")
    for case in vectors["accepted"]:
        assert call(engine, "unb64u", text=case["text"]) == case["hex"]
    for text in vectors["refused"]:
        with pytest.raises(FailedError, match="E_FORMAT"):
            call(engine, "unb64u", text=text)


def test_archives(engine: Engine) -> None:
    vectors = read("archives.json")
    reported = call_all(engine, "files_of", [{"data": case["zip"]} for case in vectors])
    for case, files in zip(vectors, reported, strict=True):
        assert (files if files is None else dict(files)) == case["files"], case["name"]


def test_refusals(engine: Engine) -> None:
    vectors = read("refusals.json")
    asked = [{**case, "vkey": vectors["vkey"]} for case in vectors["cases"]]
    for case, reported in zip(asked, call_all(engine, "refusal", asked), strict=True):
        assert reported == case["code"], (case["reader"], case["name"])


def test_keys(engine: Engine) -> None:
    vectors = read("keys.json")

    def verify(case: Any) -> Any:
        key, message = case["public"], b64url_encode(case["message"].encode())
        return call(engine, "verify", key=key, signature=case["signature"], message=message)

    for case in vectors["keys"]:
        assert call(engine, "thumbprint", jwk=case["jwk"]) == case["kid"]
        assert verify(case)
    for text in vectors["refused_public_keys"]:
        assert not call(engine, "good_point", key=text)
    for case in vectors["refused_signatures"]:
        assert not verify(case), case["why"]


def test_enrolment_and_picture_times(engine: Engine) -> None:
    signed, vectors = read("enrolment.json"), read("moment.json")
    places = [week["week"] for week in vectors["weeks"]]
    places += [case["slot"] for case in vectors["values"]]
    first, last = signed["payload"]["week0"], places[2]
    outside = [first - 600, last + 7 * 86_400]
    device = call(engine, "enrolment", jws=signed["jws"], slots=places + outside)
    assert (device["digest"], device["kid"]) == (signed["digest"], signed["header"]["kid"])
    assert device["anchors"] == signed["payload"]["anchors"]
    assert device["covered"][-2:] == [None, None]
    anchors = dict(zip(places, device["covered"], strict=False))
    for week in vectors["weeks"]:
        assert anchors[week["week"]] == week["anchor"]
    for case in vectors["values"]:
        slot = case["slot"]
        asked = {"slot": slot, "anchor": anchors[slot]}
        assert call(engine, "meets", value=case["value"], **asked)
        assert not call(engine, "meets", value=b64url_encode(bytes(32)), **asked)
    fixed = {name: vectors[name] for name in ("value", "beacon", "slot")}
    assert call(engine, "draws", **fixed) == vectors["draws"]
    older = fixed | {"beacon": b64url_encode(bytes(32))}
    assert call(engine, "draws", **older) == vectors["draws_with_an_older_beacon"]
    for case in vectors["moments"]:
        due = call(engine, "moments", **fixed, t0=case["t0"], count=case["count"])
        assert due == case["due"]


def test_segment(engine: Engine) -> None:
    vectors = read("segment.json")
    sealed = call(engine, "segment", sdjwt=vectors["sdjwt"])
    assert (sealed["hash"], sealed["kid"]) == (vectors["hash"], vectors["header"]["kid"])
    assert sealed["payload"] == vectors["payload"]
    assert sealed["disclosures"] == vectors["disclosures"]
    assert (sealed["withheld"], sealed["problems"]) == ([], [])


@pytest.mark.parametrize("name", ["beacon.json", "terms.json"])
def test_receipts_that_carry_their_object(engine: Engine, name: str) -> None:
    vectors = read(name)
    opened = call(engine, "receipt", file=vectors["file"])
    assert f"{opened['leaf']}\n{opened['object']}" == vectors["extra"]
    assert opened["object"] == vectors["text"]


def test_leaves_and_trees(engine: Engine) -> None:
    for case in read("leaf.json"):
        reported = call(engine, "leaf", text=case["text"])
        assert reported | {"text": case["text"]} == case
    vectors = read("merkle.json")
    for case in vectors["proofs"]:
        index, size, proof = case["index"], case["size"], case["proof"]
        asked = {"leaf": vectors["leaves"][index], "root": vectors["roots"][size]}
        assert call(engine, "inclusion", index=index, size=size, proof=proof, **asked)
        asked["root"] = vectors["roots"][size - 1]
        assert not call(engine, "inclusion", index=index, size=size, proof=proof, **asked)


def test_consistency(engine: Engine) -> None:
    vectors = read("consistency.json")
    for case in vectors["accepted"] + vectors["refused"]:
        asked = {"old": case["old"], "size": case["new"], "proof": case["proof"]}
        asked |= {"old_root": case["old_root"], "root": case["new_root"]}
        assert call(engine, "consistency", **asked) is ("why" not in case), case.get("why")


def test_policy(engine: Engine) -> None:
    vectors = read("policy.json")
    for case in vectors["accepted"]:
        reported = call(engine, "policy", text=case["text"])
        assert reported == [log["vkey"] for log in case["logs"]]
    for case in vectors["refused"]:
        with pytest.raises(FailedError, match="E_POLICY"):
            call(engine, "policy", text=case["text"])


def test_witnesses(engine: Engine) -> None:
    for case in read("witnesses.json"):
        code = call(engine, "witnesses", policy=case["policy"], file=case["receipt"])
        assert code == case["code"], case["why"]


def test_log_keys(engine: Engine) -> None:
    vectors = read("logkey.json")
    for given, trusted in (("given", "trusted"), ("given_newest", "trusted_from_newest")):
        reported = call(engine, "trust", vkeys=vectors[given], receipts=vectors["receipts"])
        assert reported == vectors[trusted]
    for text, receipt in zip(vectors["objects"], vectors["receipts"], strict=True):
        assert call(engine, "receipt", file=receipt)["object"] == text


def test_later_statements(engine: Engine) -> None:
    vectors = read("statements.json")
    for kind, case in vectors["signed"].items():
        reported = call(engine, "signed", kind=kind, text=case["text"], key=vectors["public"])
        assert (reported["kid"], reported["typ"]) == (case["header"]["kid"], case["header"]["typ"])
        assert (reported["digest"], reported["payload"]) == (case["digest"], case["payload"])
        shown = {part["digest"]: part["value"][2] for part in case["disclosures"]}
        assert {part["digest"]: part["value"] for part in reported["disclosures"]} == shown
    for kind, case in vectors["marketplace"].items():
        reported = call(engine, "marketplaceObject", kind=kind, text=case["text"])
        # All members except the version are read, by their names.
        assert reported == {k: v for k, v in json.loads(case["text"]).items() if k != "v"}
    keys = vectors["keys"]
    files = [keys["opening"]["file"], keys["announcement"]["file"]]
    reported = call(engine, "trust", vkeys=[keys["trusted"]], receipts=files)
    assert reported == [keys["trusted"], keys["announced"]]
    for name in ("announcement", "opening"):
        opened = call(engine, "receipt", file=keys[name]["file"])
        assert f"{opened['leaf']}\n{opened['object']}" == keys[name]["extra"]


def test_note(engine: Engine) -> None:
    vectors = read("note.json")
    assert call(engine, "vkey", vkey=vectors["vkey"]) == vectors["vkey"]
    opened = call(engine, "checkpoint", note=vectors["note"], vkeys=[vectors["vkey"]])
    assert opened == vectors["text"]


def test_ledger(engine: Engine) -> None:
    vectors = read("ledger.json")
    for case in vectors["credits"]:
        reported = call(engine, "credit", entries=case["entries"])
        assert reported == {"shares": case["shares"], "parallel": case["parallel"]}
    for case in vectors["levels"]:
        assert call(engine, "level", minutes=case["minutes"]) == case["text"]


def texts_of(value: Any) -> dict[str, str]:
    """The texts of a case."""
    if isinstance(value, str):
        return {value: CASES["texts"][value]} if value in CASES["texts"] else {}
    listed = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name: text for each in listed for name, text in texts_of(each).items()}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_each_case_has_its_findings(engine: Engine, case: Any) -> None:
    asked = {name: case[name] for name in ASKED} | {"policy": case.get("policy")}
    report = call(engine, "check", texts=texts_of(asked), **asked)
    assert report["findings"] == case["findings"]
    assert report["checked"] == case["checked"]
