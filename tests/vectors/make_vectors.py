"""Make the vectors in this folder, and the examples in `docs/protocol.md` from them:

    python -m tests.vectors.make_vectors

Everything comes from fixed seeds and Ed25519 is deterministic, so the same code makes the same
bytes; a test compares. Secret keys and seeds are in the files on purpose: they protect nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from diary.core.slots import SLOT, WEEK, number_in_week, week_of
from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64_encode, b64url_decode, b64url_encode, canonical, digest
from diary.formats.jws import parse as parse_jws
from diary.formats.sd_jwt import parse as parse_sdjwt
from diary.log import merkle
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType
from diary.log.policy import PolicyLog, write_policy
from diary.log.position import LogPosition
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner
from diary.log.witnessing.witnesses import NO_WITNESSES
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, Revoke, retire, vouch
from diary.objects.picture import Minutes
from diary.objects.picture_times import draw_value, pick_times, scheduled_times
from diary.objects.review_entry import ReviewEntry
from diary.objects.segment import TYP, parse
from diary.objects.tombstone import Tombstone, tombstone
from diary.verification.check import check
from diary.verification.credit import CreditEntry, activity_level, credit, parallel
from diary.verification.evidence import Evidence
from tests.diary.all_cases import CASES
from tests.diary.cases import common
from tests.diary.cases.common import plain
from tests.diary.state import files_of
from tests.diary.world import AUD, START, World
from tests.vectors import archive_vectors, bundle_vectors, log_vectors, odd_bundles, refusal_vectors
from tests.vectors.examples import DOCUMENTS, filled

FOLDER = Path(__file__).resolve().parent
#: Files that the script does not create.
BY_HAND = {
    "README.md",
    "__init__.py",
    "archive_vectors.py",
    "bundle_vectors.py",
    "examples.py",
    "log_vectors.py",
    "make_vectors.py",
    "odd_bundles.py",
    "refusal_vectors.py",
}


def the_day() -> World:
    """Three whole slots of recorded work, each with one picture."""
    world = World()
    world.day(3)
    return world


def make() -> dict[str, bytes]:
    """All files by their names below the folder, with forward slashes."""
    world = the_day()
    values: dict[str, Any] = {
        "canonical.json": canonical_json(),
        "base64url.json": base64url(),
        "keys.json": keys(),
        "enrolment.json": enrolment(world),
        "moment.json": moment(world),
        "beacon.json": carried(world.beacons[START]),
        "terms.json": carried(world.log.receipt(world.terms_at[0])),
        "segment.json": segment(world),
        "leaf.json": leaf(world),
        "merkle.json": tree(),
        "note.json": note(),
        "ledger.json": ledger(),
        "statements.json": statements(),
        "cases.json": cases(),
        "refusals.json": refusal_vectors.value(),
        **log_vectors.values(),
    }
    files = {name: pretty(value) for name, value in values.items()} | bundle_vectors.files()
    files["archives.json"] = archive_vectors.file()
    files["bundles/odd.json"] = pretty(odd_bundles.value())
    return files | {f"day/{name}": data for name, data in files_of(world).items()}


def pretty(value: Any) -> bytes:
    """JSON for people to read: not the canonical form."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def canonical_json() -> Any:
    accepted: list[Any] = [
        {},
        [],
        None,
        True,
        0,
        -1,
        2**53 - 1,
        1 - 2**53,
        "",
        "é€😀",
        '"\\/\b\f\n\r\t\x00\x1f\x7f',
        {"b": 1, "a": [1, {"z": None, "A": False}], "": "empty", "10": 2, "9": 1},
    ]
    refused = [
        (b"", "nothing"),
        (b" {}", "white space"),
        (b'{"b":1,"a":2}', "keys out of order"),
        (b'{"a":1,"a":1}', "a key twice"),
        (b'{"\xc3\xa9":1}', "a key that is not ASCII"),
        (b"1.0", "not a whole number"),
        (b"1e2", "not a whole number"),
        (b"-0", "minus nought"),
        (b"NaN", "not JSON"),
        (b"9007199254740992", "over 2^53-1"),
        (b"-9007199254740992", "over 2^53-1"),
        (b'"\\u00e9"', "an escape that is not needed"),
        (b'"\\u000A"', "an escape in another spelling"),
        (b'"\\/"', "an escape that is not needed"),
        (b'"\\ud800"', "half a surrogate pair"),
        (b'"\xff"', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "a byte order mark"),
        (b"[" * 18 + b"]" * 18, "nested more than 16 deep"),
    ]
    return {
        "accepted": [
            {
                "bytes": b64url_encode(canonical(value)),
                "text": canonical(value).decode(),
                "value": value,
            }
            for value in accepted
        ],
        "refused": [{"bytes": b64url_encode(data), "why": why} for data, why in refused],
    }


def base64url() -> Any:
    accepted = [b"", b"\x00", b"\xff", b"\xfb\xff", b"\x00\x00\x00", b"diary"]
    refused = ["A", "AB", "AA==", "AA=", "+_8", "//8", "AA\n", " AA", "AAB", "é"]
    return {
        "accepted": [{"hex": data.hex(), "text": b64url_encode(data)} for data in accepted],
        "refused": refused,
    }


def keys() -> Any:
    p, order = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
    y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
    weak = [0, 1, p - 1, y8, p - y8]
    encodings = [(y | sign << 255).to_bytes(32, "little") for y in weak for sign in (0, 1)]
    encodings += [(p + n).to_bytes(32, "little") for n in (0, 1, 3)]
    listed = []
    for n in range(3):
        key, message = SigningKey.from_seed(bytes([n]) * 32), b"message %d" % n
        listed.append(
            {
                "seed": key.seed.hex(),
                "public": key.public.hex(),
                "jwk": jwk(key.public),
                "kid": key.kid,
                "message": message.decode(),
                "signature": key.sign(message).hex(),
            }
        )
    key = SigningKey.from_seed(bytes(32))
    good = key.sign(b"message 0")
    s = int.from_bytes(good[32:], "little")
    wrong = {
        "S + L": good[:32] + (s + order).to_bytes(32, "little"),
        "R of small order": encodings[2] + good[32:],
        "R not reduced": encodings[-1] + good[32:],
        "a changed bit": bytes([good[0] ^ 1]) + good[1:],
        "too short": good[:63],
    }
    return {
        "keys": listed,
        "refused_public_keys": [data.hex() for data in encodings],
        "refused_signatures": [
            {"public": key.public.hex(), "message": "message 0", "signature": s.hex(), "why": why}
            for why, s in wrong.items()
        ],
    }


def enrolment(world: World) -> Any:
    signed = parse_jws(world.enrolment.data, "wd-device+jwt")
    return {
        "signing_key_seed": world.key.seed.hex(),
        "moment_seed": world.seed.hex(),
        "header": {"alg": "Ed25519", "kid": signed.kid, "typ": signed.typ},
        "payload": signed.payload,
        "jws": world.enrolment.data.decode(),
        "digest": world.enrolment.digest,
    }


def moment(world: World) -> Any:
    week = week_of(START)
    slots = [week, week + SLOT, START, START + SLOT, week + WEEK - SLOT, week + WEEK]
    value, beacon = world.moments.value(START), world.beacon_value(START)
    assert value is not None
    return {
        "seed": world.seed.hex(),
        "weeks": [
            {"week": week + n * WEEK, "anchor": world.enrolment.anchors[n]} for n in (0, 1, 55)
        ],
        "values": [
            {
                "slot": slot,
                "place": number_in_week(slot),
                "value": b64url_encode(world.moments.value(slot) or b""),
            }
            for slot in slots
        ],
        "slot": START,
        "value": b64url_encode(value),
        "beacon": b64url_encode(beacon),
        "draws": list(pick_times(value, beacon, START)),
        "moments": [
            {
                "t0": t0,
                "count": count,
                "due": list(scheduled_times(value, beacon, START, t0, count)),
            }
            for t0 in (START, START + 1, START + 300, START + 590, START + 600)
            for count in (0, 1, 2, 3)
        ],
        "draws_with_an_older_beacon": list(
            pick_times(value, draw_value(beacon, START - SLOT, START), START)
        ),
    }


def carried(receipt: bytes) -> Any:
    """A receipt that carries its object."""
    opened = Receipt.parse(receipt)
    data = opened.object or b""
    return {
        "file": receipt.decode(),
        "file_digest": digest(receipt),
        "extra": (opened.leaf.data() + b"\n" + data).decode(),
        "text": data.decode(),
        "digest": digest(data),
    }


def segment(world: World) -> Any:
    data = world.segments[0]
    opened = parse_sdjwt(data, TYP)
    return {
        "sdjwt": data.decode(),
        "header": {"alg": "Ed25519", "kid": opened.jws.kid, "typ": opened.jws.typ},
        "payload": opened.jws.payload,
        "disclosures": [
            {"text": part.text, "digest": part.digest, "name": part.name, "value": part.value}
            for part in opened.disclosures
        ],
        "hash": opened.jws.digest,
    }


def leaf(world: World) -> Any:
    listed = [
        Leaf(LeafType.SEGMENT, parse(world.segments[0]).hash, (START + 603) * 1000, "13"),
        Leaf(LeafType.DEVICE, world.enrolment.digest, (START - 500) * 1000, world.enrolment.kid),
        Leaf(LeafType.BEACON, digest(b"{}"), 0, str(START)),
    ]
    return [
        {**asdict(each), "text": each.data().decode(), "hash": b64_encode(each.hash())}
        for each in listed
    ]


def tree() -> Any:
    nodes: dict[tuple[int, int], bytes] = {}

    def read(level_: int, position: int) -> bytes:
        return nodes[level_, position]

    leaves = [b"leaf %d" % n for n in range(17)]
    for index, data in enumerate(leaves):
        for at, position, value in merkle.new_nodes(index, merkle.leaf_hash(data), read):
            nodes[at, position] = value
    places = [(0, 1), (0, 2), (1, 2), (2, 3), (4, 7), (6, 7), (0, 8), (8, 9), (13, 17), (16, 17)]
    return {
        "leaves": [data.decode() for data in leaves],
        "roots": [b64_encode(merkle.root(size, read)) for size in range(18)],
        "proofs": [
            {
                "index": index,
                "size": size,
                "proof": [b64_encode(h) for h in merkle.inclusion_proof(index, size, read)],
            }
            for index, size in places
        ],
    }


def note() -> Any:
    signer = NoteSigner("workdiary.localhost/log/2026", SigningKey.from_seed(b"n" * 32))
    text = Checkpoint(signer.name, 17, merkle.leaf_hash(b"root")).text()
    return {
        "seed": signer.key.seed.hex(),
        "vkey": signer.verifier.vkey,
        "text": text,
        "note": signer.sign(text).decode(),
    }


def _contracts() -> list[CreditEntry]:
    """Two contracts of one client, one of another client, and another freelancer."""
    shop: dict[str, Any] = {"sub": "ana", "client": "acme", "ctr": "shop", "limit_s": 500}
    books: dict[str, Any] = {"sub": "ana", "client": "acme", "ctr": "books", "limit_s": 500}
    harbour: dict[str, Any] = {"sub": "ana", "client": "lines", "ctr": "harbour"}
    return [
        CreditEntry("i", 1, "auto", START, START + 400, **shop),
        CreditEntry("j", 2, "auto", START + 100, START + 500, **books),
        CreditEntry("k", 3, "auto", START + 500, START + 600, **harbour),
        CreditEntry("l", 4, "auto", START + 450, START + 550, **harbour),
        CreditEntry("m", 5, "auto", START + 600, START + 900, **books),
        CreditEntry("n", 6, "auto", START + 900, START + 1100, **shop),
        CreditEntry("o", 7, "auto", START + 850, START + 950, **harbour, pays=False),
        CreditEntry("p", 8, "auto", START + 890, START + 891, **harbour, given_back=True),
        CreditEntry("q", 9, "auto", START, START + 600, sub="ben", client="acme", ctr="pages"),
        CreditEntry("r", None, "auto", START + 1099, START + 1200, **books),
        CreditEntry("s", None, "auto", START + 1199, START + 1300, **harbour),
    ]


def _deleted() -> list[CreditEntry]:
    """Deleted time in two shards of a log: a segment over its limit, and those of another contract,
    another limit and another client before and after the tombstone.
    """
    shop: dict[str, Any] = {"sub": "ana", "client": "acme", "ctr": "shop"}
    books: dict[str, Any] = {"sub": "ana", "client": "acme", "ctr": "books"}
    harbour: dict[str, Any] = {"sub": "ana", "client": "lines", "ctr": "harbour"}

    def gone(place: LogPosition | None) -> dict[str, Any]:
        return {**shop, "given_back": True, "given_back_at": place}

    early, late = LogPosition(2026, 1, 90), LogPosition(2026, 2, 6)
    return [
        CreditEntry(
            "A", LogPosition(2026, 1, 10), "auto", START, START + 400, limit_s=0, **gone(late)
        ),
        CreditEntry("B", LogPosition(2026, 1, 11), "auto", START + 300, START + 500, **books),
        CreditEntry(
            "C", LogPosition(2026, 1, 95), "auto", START + 50, START + 100, limit_s=900, **shop
        ),
        CreditEntry("D", LogPosition(2026, 2, 5), "auto", START, START + 50, **harbour),
        CreditEntry(
            "E", LogPosition(2026, 2, 7), "manual", START, START + 600, limit_s=900, **books
        ),
        CreditEntry("F", LogPosition(2026, 2, 8), "auto", START + 100, START + 120, **harbour),
        # The first deletion is long ago, the other has no leaf yet; one was of unpaid time.
        CreditEntry("G", LogPosition(2026, 1, 20), "auto", START + 600, START + 800, **gone(early)),
        CreditEntry("H", LogPosition(2026, 1, 30), "auto", START + 700, START + 900, **gone(None)),
        CreditEntry(
            "I", LogPosition(2026, 1, 40), "auto", START + 550, START + 720, **books, pays=False
        ),
        CreditEntry("J", LogPosition(2026, 1, 89), "auto", START + 600, START + 650, **books),
        CreditEntry("K", LogPosition(2026, 1, 91), "auto", START + 640, START + 750, **books),
        CreditEntry("L", None, "auto", START + 600, START + 1000, **books),
        CreditEntry("M", None, "auto", START + 950, START + 1100, **gone(LogPosition(2026, 2, 9))),
        CreditEntry("N", None, "auto", START + 950, START + 1200, **books),
    ]


def ledger() -> Any:
    base = [
        CreditEntry("a", 5, "auto", START, START + 600, limit_s=1000),
        CreditEntry("b", 3, "auto", START + 500, START + 700, limit_s=1000),
        CreditEntry("c", 9, "kept", START + 700, START + 1300, limit_s=1000),
        CreditEntry("d", 7, "auto", START + 1300, START + 1400, limit_s=1000, pays=False),
        CreditEntry("e", 8, "manual", START + 1400, START + 1500, limit_s=1000, given_back=True),
        CreditEntry("f", None, "auto", START + 1250, START + 1600),
    ]
    next_week = week_of(START) + WEEK
    edge = [
        CreditEntry("g", 1, "auto", next_week - 600, next_week, limit_s=500),
        CreditEntry("h", 2, "auto", next_week, next_week + 600, limit_s=500),
    ]
    allowed = [replace(entry, allowed=entry.hash in ("a", "g")) for entry in (*base, *edge)]
    no_time = [replace(entry, limit_s=0) for entry in base]
    lists = [base, edge, no_time, _contracts(), _deleted(), allowed]
    busy, quiet = (1, 0, 0, 0, None), (0, 0, 0, 0, None)
    blank = (None,) * 5
    cells: list[list[Minutes]] = [
        [(busy,) * 7 + (quiet,) * 3],
        [(busy,) * 3 + (quiet,) * 4 + (None,) * 3],
        [(busy,) + (None,) * 9, (quiet,) + (None,) * 9],
        [(blank,) * 10],
    ]
    return {
        "credits": [
            {
                "entries": [asdict(entry) for entry in entries],
                "shares": {name: asdict(share) for name, share in credit(entries).items()},
                "parallel": sorted(parallel(entries)),
            }
            for entries in lists
        ],
        "levels": [{"minutes": minutes, "text": str(activity_level(minutes))} for minutes in cells],
    }


def statements() -> Any:
    """One of each later statement, and a change of the log's keys."""
    world = World()
    (first,) = world.day(1)
    random, key = world.random, world.key
    other = plain().sibling(START - 390)
    signed = {
        "vouch": vouch(key, aud=AUD, sub=world.sub, kid=other.key.kid),
        "retire": retire(
            key,
            aud=AUD,
            sub=world.sub,
            at=START + SLOT + 60,
            heads=[
                RetirementHead(world.ctr, 0, first.hash),
                RetirementHead(b64url_encode(bytes(16)), 7, b64url_encode(bytes(32))),
            ],
            random=random,
        ),
        "amend": amend(
            key,
            aud=AUD,
            segment=first.hash,
            at=START + SLOT + 60,
            memo="Write better tests",
            random=random,
        ),
        "tombstone": tombstone(
            key,
            segment=first.hash,
            digests=common.digest_of(first, "shot_0"),
            scope=["shot", "time"],
            reason="deleted",
            at=START + SLOT + 60,
        ),
    }
    erased = common.digest_of(first, "shot_0")
    texts = {
        "revoke": Revoke(key.kid, START + SLOT + 60, "lost").data(),
        "tombstone": Tombstone(
            None, first.hash, tuple(erased), ("shot",), "retention", START + 180 * 86_400
        ).data(),
        "review": ReviewEntry(
            AUD, world.ctr, START + SLOT + 60, "client", "approve", (first.hash,), None
        ).data(),
    }
    log, announcement, opening = world.log.follow(common.NEXT_ORIGIN, START + SLOT + 90)
    return {
        "public": key.public.hex(),
        "segment": first.hash,
        "signed": {name: _signed(data) for name, data in signed.items()},
        "marketplace": {
            name: {"text": data.decode(), "digest": digest(data)} for name, data in texts.items()
        },
        "keys": {
            "trusted": world.log.signer.verifier.vkey,
            "announced": log.signer.verifier.vkey,
            "announcement": carried(log.receipt(announcement)),
            "opening": carried(log.receipt(opening)),
        },
    }


def _signed(data: bytes) -> Any:
    """A signed object in its parts."""
    head, *parts = data.split(b"~")
    header, payload, _ = head.split(b".")
    return {
        "text": data.decode(),
        "header": json.loads(b64url_decode(header.decode())),
        "payload": json.loads(b64url_decode(payload.decode())),
        "digest": digest(head),
        "disclosures": [
            {
                "text": part.decode(),
                "digest": digest(part),
                "value": json.loads(b64url_decode(part.decode())),
            }
            for part in parts
            if part
        ],
    }


def cases() -> Any:
    """Evidence with its findings. Files that many cases share are stored once, by their digest."""
    texts: dict[str, str] = {}

    def put(data: bytes) -> str:
        texts[digest(data)] = data.decode()
        return digest(data)

    listed = [written(name, build(), put) for name, _, build in CASES]
    return {"texts": dict(sorted(texts.items())), "cases": listed}


def _policy_of(evidence: Evidence) -> dict[str, str]:
    """The policy of evidence with witnesses."""
    if evidence.witnesses == NO_WITNESSES:
        return {}
    logs = [PolicyLog(verifier) for verifier in evidence.verifiers]
    return {"policy": write_policy(logs, evidence.witnesses).decode()}


def written(name: str, evidence: Evidence, put: Any) -> Any:
    """One case with its findings; texts are named by digest."""
    report = check(evidence)
    shots = [shot for each in report.segments.values() for shot in each.sealed.pictures.values()]
    shas = [blob.sha256 for shot in shots for blob in (shot.blob, shot.thumb)]
    blobs = None
    if evidence.blob is not None:
        found = {sha: evidence.blob(sha) for sha in shas}
        blobs = {
            sha: {"length": facts.length, "digest": facts.digest}
            for sha, facts in sorted(found.items())
            if facts is not None
        }

    def pairs(listed: Any) -> list[Any]:
        return [[None if data is None else put(data), put(receipt)] for data, receipt in listed]

    return {
        "name": name,
        "aud": evidence.aud,
        "vkeys": [verifier.vkey for verifier in evidence.verifiers],
        **_policy_of(evidence),
        "keys": [put(receipt) for receipt in evidence.keys],
        "devices": pairs(evidence.devices),
        "vouches": pairs(evidence.vouches),
        "retires": pairs(evidence.retires),
        "revokes": [put(receipt) for receipt in evidence.revokes],
        "terms": [put(receipt) for receipt in evidence.terms],
        "beacons": {h: put(data) for h, data in evidence.beacons.items()},
        "segments": {
            h: [put(data), None if receipt is None else put(receipt)]
            for h, (data, receipt) in evidence.segments.items()
        },
        "amends": pairs(evidence.amends),
        "tombstones": pairs(evidence.tombstones),
        "reviews": [put(receipt) for receipt in evidence.reviews],
        "blobs": blobs,
        "checkpoints": None
        if evidence.checkpoints is None
        else {name: put(data) for name, data in sorted(evidence.checkpoints.items())},
        "consistency": [
            [name, size, put(data)] for (name, size), data in sorted(evidence.consistency.items())
        ],
        "partial": evidence.partial,
        "ctr": evidence.ctr,
        "sub": evidence.sub,
        "period": evidence.period,
        "findings": sorted({(f.kind, f.subject, f.code.value) for f in report.findings}),
        "checked": {
            h: {
                "place": checked.position,
                "assurance": checked.assurance,
                "pays": checked.entry().pays,
                "codes": sorted(code.value for code in checked.codes),
                "memo": checked.shown.memo,
                "credit": asdict(report.credits[h]),
            }
            for h, checked in report.segments.items()
        },
    }


def main() -> None:
    """Write all files and the examples in the documents; remove obsolete files."""
    files = make()
    for path in sorted(FOLDER.rglob("*")):
        name = path.relative_to(FOLDER).as_posix()
        made_here = path.is_file() and "__pycache__" not in path.parts and name not in BY_HAND
        if made_here and name not in files:
            path.unlink()
    for name, data in files.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for document in DOCUMENTS:
        document.write_text(filled(document.read_text("utf-8"), files), "utf-8")


if __name__ == "__main__":
    main()
