"""The vectors are up to date, and a check of them has the stated results."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from diary.cli.__main__ import main
from diary.cli.common import VALID
from diary.core.findings import DiaryError
from diary.formats.ed25519 import SigningKey, is_canonical_point, thumbprint, verify
from diary.formats.encoding import (
    b64_decode,
    b64_encode,
    b64url_decode,
    b64url_encode,
    canonical,
    digest,
    parse_value,
)
from diary.log import merkle
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.policy import parse_policy
from diary.log.receipt import Receipt, open_receipt
from diary.log.shard_keys import LogKey, extend_trust
from diary.log.signed_note import NoteVerifier
from diary.log.tiles import Tile, entry_bundle, parse_bundle
from diary.log.witnessing.witnesses import NO_WITNESSES
from diary.objects.enrolment import parse_enrolment
from diary.objects.picture_times import (
    HashChainVerifier,
    PictureScheduler,
    pick_times,
    scheduled_times,
)
from diary.objects.segment import parse
from diary.verification.check import check
from diary.verification.credit import CreditEntry, activity_level, credit, parallel
from diary.verification.evidence import BlobFacts, Evidence
from tests.diary.hash_tiles import hash_tile
from tests.vectors import archive_vectors, refusal_vectors
from tests.vectors.examples import DOCUMENTS, EXAMPLE, filled
from tests.vectors.make_vectors import BY_HAND, FOLDER, make

CASES: dict[str, Any] = json.loads((FOLDER / "cases.json").read_bytes())


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_bytes())


def test_the_files_are_what_the_script_makes() -> None:
    made = make()
    there = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in FOLDER.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert set(there) - set(made) == BY_HAND
    for name, data in made.items():
        assert there.get(name) == data, name


def test_the_examples_of_the_specification_are_the_vectors() -> None:
    for path in DOCUMENTS:
        document = path.read_text("utf-8")
        assert filled(document, make()) == document
        assert document.count("<!-- example: ") == len(EXAMPLE.findall(document))
    assert DOCUMENTS[0].read_text("utf-8").count("<!-- example: ") > 10


def test_canonical_json() -> None:
    vectors = read("canonical.json")
    for case in vectors["accepted"]:
        data = b64url_decode(case["bytes"])
        assert canonical(case["value"]) == data == case["text"].encode()
        assert parse_value(data) == case["value"]
    for case in vectors["refused"]:
        with pytest.raises(DiaryError):
            parse_value(b64url_decode(case["bytes"]))


def test_base64url() -> None:
    vectors = read("base64url.json")
    for case in vectors["accepted"]:
        assert b64url_decode(case["text"]) == bytes.fromhex(case["hex"])
    for text in vectors["refused"]:
        with pytest.raises(DiaryError):
            b64url_decode(text)


def test_keys() -> None:
    vectors = read("keys.json")
    for case in vectors["keys"]:
        key = SigningKey.from_seed(bytes.fromhex(case["seed"]))
        message = case["message"].encode()
        assert (key.public.hex(), key.kid) == (case["public"], thumbprint(case["jwk"]))
        assert key.kid == case["kid"]
        assert verify(key.public, bytes.fromhex(case["signature"]), message)
    for text in vectors["refused_public_keys"]:
        assert not is_canonical_point(bytes.fromhex(text))
    for case in vectors["refused_signatures"]:
        public, signature = bytes.fromhex(case["public"]), bytes.fromhex(case["signature"])
        assert not verify(public, signature, case["message"].encode()), case["why"]


def test_enrolment_and_picture_times() -> None:
    signed, vectors = read("enrolment.json"), read("moment.json")
    device = parse_enrolment(signed["jws"].encode())
    assert (device.digest, device.kid) == (signed["digest"], signed["header"]["kid"])
    assert list(device.anchors) == signed["payload"]["anchors"]
    for week in vectors["weeks"]:
        assert device.anchor_of(week["week"]) == week["anchor"]
    chain = PictureScheduler(bytes.fromhex(vectors["seed"]), device.week0)
    for case in vectors["values"]:
        value, slot = b64url_decode(case["value"], 32), case["slot"]
        assert chain.value(slot) == value
        anchor = device.anchor_of(slot)
        assert anchor is not None
        assert HashChainVerifier().verify(value, slot, b64url_decode(anchor))
    value, beacon = b64url_decode(vectors["value"]), b64url_decode(vectors["beacon"])
    assert list(pick_times(value, beacon, vectors["slot"])) == vectors["draws"]
    assert (
        list(pick_times(value, bytes(32), vectors["slot"])) == vectors["draws_with_an_older_beacon"]
    )
    for case in vectors["moments"]:
        due = scheduled_times(value, beacon, vectors["slot"], case["t0"], case["count"])
        assert list(due) == case["due"]


def test_segment() -> None:
    vectors = read("segment.json")
    sealed = parse(vectors["sdjwt"].encode())
    assert (sealed.hash, sealed.kid) == (vectors["hash"], vectors["header"]["kid"])
    assert sealed.sdjwt.jws.payload == vectors["payload"]
    shown = {part["name"]: part["value"] for part in vectors["disclosures"]}
    assert {part.name: part.value for part in sealed.sdjwt.disclosures} == shown
    assert [part["digest"] for part in vectors["disclosures"]] == vectors["payload"]["_sd"]


def test_leaves_and_trees() -> None:
    for case in read("leaf.json"):
        parsed = Leaf.parse(case["text"].encode())
        assert (parsed.type, parsed.digest, parsed.rt_ms) == (
            case["type"],
            case["digest"],
            case["rt_ms"],
        )
        assert b64_encode(parsed.hash()) == case["hash"]
    vectors = read("merkle.json")
    hashes = [merkle.leaf_hash(text.encode()) for text in vectors["leaves"]]
    for case in vectors["proofs"]:
        proof = [b64_decode(text, 32) for text in case["proof"]]
        root = b64_decode(vectors["roots"][case["size"]], 32)
        index = case["index"]
        assert merkle.verify_inclusion(hashes[index], index, case["size"], proof, root)
    assert b64_decode(vectors["roots"][0]) == merkle.EMPTY_ROOT


def test_consistency() -> None:
    for case in (vectors := read("consistency.json"))["accepted"] + vectors["refused"]:
        proof = [b64_decode(text) for text in case["proof"]]
        roots = b64_decode(case["old_root"]), b64_decode(case["new_root"])
        good = merkle.verify_consistency(case["old"], case["new"], proof, *roots)
        assert good is ("why" not in case), case.get("why")


def test_tiles() -> None:
    vectors = read("tiles.json")
    for case in vectors["paths"]:
        tile = Tile(case["level"], case["number"], case["width"])
        assert tile.path == case["path"]
        assert Tile.parse(case["path"]) == tile
    for path in vectors["refused_paths"]:
        with pytest.raises(DiaryError):
            Tile.parse(path)
    for case in vectors["refused_bundles"]:
        with pytest.raises(DiaryError):
            parse_bundle(b64url_decode(case["bytes"]), case["width"])
    size = vectors["size"]
    entries = [b"leaf %d" % n for n in range(size)]
    nodes: dict[tuple[int, int], bytes] = {}
    for index, entry in enumerate(entries):
        for level_, place, value in merkle.new_nodes(
            index, merkle.leaf_hash(entry), lambda *at: nodes[at]
        ):
            nodes[level_, place] = value
    assert b64_encode(merkle.root(size, lambda *at: nodes[at])) == vectors["root"]
    for case in vectors["tiles"]:
        tile = Tile.parse(case["path"])
        if tile.level is None:
            data = entry_bundle(entries[tile.number * 256 :][: tile.width])
            assert parse_bundle(data, tile.width) == entries[tile.number * 256 :][: tile.width]
        else:
            data = hash_tile(tile, lambda *at: nodes[at])
        assert (len(data), digest(data)) == (case["length"], case["digest"])
        assert b64url_decode(case.get("bytes", b64url_encode(data))) == data


def test_log_keys() -> None:
    vectors = read("logkey.json")
    receipts = [text.encode() for text in vectors["receipts"]]
    for given, trusted in (("given", "trusted"), ("given_newest", "trusted_from_newest")):
        verifiers = [NoteVerifier.parse(vkey) for vkey in vectors[given]]
        assert [v.vkey for v in extend_trust(verifiers, receipts)[0]] == vectors[trusted]
    for text, receipt in zip(vectors["objects"], receipts, strict=True):
        assert LogKey.parse(text.encode()).data() == text.encode()
        assert Receipt.parse(receipt).object == text.encode()


def test_policy() -> None:
    vectors = read("policy.json")
    for case in vectors["accepted"]:
        logs = parse_policy(case["text"].encode()).logs
        reported = [{"vkey": each.verifier.vkey, "url": each.url} for each in logs]
        assert reported == case["logs"]
    for case in vectors["refused"]:
        with pytest.raises(DiaryError):
            parse_policy(case["text"].encode())


def test_witnesses() -> None:
    for case in read("witnesses.json"):
        policy = parse_policy(case["policy"].encode())
        try:
            open_receipt(
                case["receipt"].encode(),
                policy.verifiers,
                type=LeafType.BEACON,
                witnesses=policy.witnesses,
            )
            code = None
        except DiaryError as error:
            code = error.code.value
        assert code == case["code"], case["why"]


def test_archives() -> None:
    vectors = {case["name"]: case for case in read("archives.json")}
    assert list(vectors) == [name for name, _, _ in archive_vectors.ARCHIVES]
    for name, data, fate in archive_vectors.ARCHIVES:
        assert vectors[name]["zip"] == b64url_encode(data)
        assert archive_vectors.files_of(data) == vectors[name]["files"], name
        assert archive_vectors.fate_of(vectors[name]["files"]) == fate, name


def test_refusals() -> None:
    cases = read("refusals.json")["cases"]
    assert len(cases) == len(refusal_vectors.ROWS)
    for case, (name, reader, data, code) in zip(cases, refusal_vectors.ROWS, strict=True):
        assert (case["name"], case["bytes"], case["code"]) == (name, b64url_encode(data), code)
        assert refusal_vectors.refusal_of(reader, data) == code, (reader, name)


def test_odd_bundles() -> None:
    """The results that the specification's sentences require, beside the exact findings."""
    found = {case["name"]: case["found"] for case in read("bundles/odd.json")}
    week = read("bundles/week.json")["findings"]
    expected: dict[str, Any] = {
        "a quorum that a witness reaches": set(),
        "a quorum that no witness reaches": {"E_QUORUM"},
        "a quorum that no witness reaches, with a key": {"E_QUORUM"},
        "no policy, without a key": "E_POLICY",
        "no policy, with a key": {"E_MANIFEST", "E_POLICY"},
        "a policy with a weak key, without a key": "E_POLICY",
        "a policy with a weak key, with a key": {"E_MANIFEST", "E_POLICY"},
        "a manifest that lists itself": {"E_MANIFEST"},
        "no manifest": {"E_MANIFEST"},
        "no manifest and no segment": "E_MANIFEST",
        "a manifest of a later week as well": set(),
        "a manifest of the week after": {"E_MANIFEST", "E_GAP"},
        "terms without their object": {"E_INCLUSION", "E_MANIFEST", "E_TERMS"},
        "a review without its object": {"E_INCLUSION", "E_MANIFEST"},
        "terms without their object, named as one of no bytes": {
            *("E_INCLUSION", "E_MANIFEST", "E_TERMS")
        },
        "a receipt without its segment": {"E_MANIFEST", "E_GAP"},
        "a segment without its receipt": {"E_MANIFEST", "E_INCLUSION"},
        "a beacon of another slot in its name": {"E_MANIFEST"},
        "an unreferenced picture that is not its name": {"E_MANIFEST"},
        "a segment under another hash": {"E_MANIFEST", "E_SIG", "E_GAP"},
        "a segment that cannot be read": {"E_MANIFEST", "E_FORMAT", "E_GAP"},
        "an enrolment under another kid": {"E_MANIFEST"},
        "a checkpoint under the name of another log": {"E_MANIFEST", "E_CONSISTENCY"},
        "a name of no bundle": {"E_MANIFEST"},
    }
    assert {each["code"] for each in week} == {"N_DELETED"}
    assert found.keys() == expected.keys()
    for name, reported in found.items():
        codes = (
            reported
            if isinstance(reported, str)
            else {each[2] for each in reported} - {"N_DELETED"}
        )
        assert codes == expected[name], name


def test_note() -> None:
    vectors = read("note.json")
    verifier = NoteVerifier.parse(vectors["vkey"])
    opened = open_checkpoint(vectors["note"].encode(), [verifier])
    assert opened.text() == vectors["text"]


def test_ledger() -> None:
    vectors = read("ledger.json")
    for case in vectors["credits"]:
        entries = [CreditEntry(**entry) for entry in case["entries"]]
        shares = credit(entries)
        assert sorted(parallel(entries)) == case["parallel"]
        assert {name: vars(share) for name, share in shares.items()} == case["shares"]
    for case in vectors["levels"]:
        assert str(activity_level(case["minutes"])) == case["text"]


def test_the_day_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(FOLDER / "day"), "--json"]) == VALID
    reported = json.loads(capsys.readouterr().out)
    assert (reported["findings"], [s["assurance"] for s in reported["segments"]]) == ([], ["A"] * 3)
    first = (FOLDER / "day" / reported["segments"][0]["file"]).read_text("ascii")
    assert first == read("segment.json")["sdjwt"]


def evidence_of(case: Any) -> Evidence:
    def text(name: str) -> bytes:
        return str(CASES["texts"][name]).encode()

    def texts(names: Any) -> list[bytes]:
        return [text(name) for name in names]

    def pairs(listed: Any) -> Any:
        return [(None if data is None else text(data), text(receipt)) for data, receipt in listed]

    blobs = case["blobs"]
    return Evidence(
        aud=case["aud"],
        verifiers=[NoteVerifier.parse(vkey) for vkey in case["vkeys"]],
        keys=texts(case["keys"]),
        devices=pairs(case["devices"]),
        vouches=pairs(case["vouches"]),
        retires=pairs(case["retires"]),
        revokes=texts(case["revokes"]),
        terms=texts(case["terms"]),
        amends=pairs(case["amends"]),
        tombstones=pairs(case["tombstones"]),
        reviews=texts(case["reviews"]),
        checkpoints=None
        if case["checkpoints"] is None
        else {name: text(data) for name, data in case["checkpoints"].items()},
        witnesses=parse_policy(case["policy"].encode()).witnesses
        if "policy" in case
        else NO_WITNESSES,
        consistency={(name, size): text(data) for name, size, data in case["consistency"]},
        ctr=case["ctr"],
        sub=case["sub"],
        period=None if case["period"] is None else tuple(case["period"]),
        beacons={h: text(name) for h, name in case["beacons"].items()},
        segments={
            h: (text(data), None if receipt is None else text(receipt))
            for h, (data, receipt) in case["segments"].items()
        },
        blob=None
        if blobs is None
        else lambda sha: BlobFacts(**blobs[sha]) if sha in blobs else None,
        partial=case["partial"],
    )


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_each_case_has_its_findings(case: Any) -> None:
    report = check(evidence_of(case))
    found = sorted({(f.kind, f.subject, f.code.value) for f in report.findings})
    assert [list(finding) for finding in found] == case["findings"]
    assert {
        name: {
            "place": None if checked.position is None else list(checked.position),
            "assurance": checked.assurance,
            "pays": checked.entry().pays,
            "codes": sorted(checked.codes),
            "memo": checked.shown.memo,
            "credit": asdict(report.credits[name]),
        }
        for name, checked in report.segments.items()
    } == case["checked"]


def test_texts_lie_under_their_own_digest() -> None:
    for name, text in CASES["texts"].items():
        assert digest(text.encode()) == name
