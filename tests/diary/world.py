"""A small honest world for tests: a log, a device, terms, beacons and segments that verify.

It is deterministic: keys and salts come from a seed. Tests can change everything before the check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from diary.bundle.layout import MANIFEST, POLICY
from diary.bundle.manifest import Manifest
from diary.bundle.writer import File, beacon_file, signed_files, statement_file, with_history
from diary.core.slots import SLOT, WEEK, covered_minutes, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_decode, b64url_encode, digest
from diary.log import merkle
from diary.log.checkpoint import Checkpoint
from diary.log.leaf import Leaf, LeafType, contract_attr
from diary.log.policy import PolicyLog, write_policy
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.receipt_set import write_consistency
from diary.log.shard_keys import LogKey
from diary.log.signed_note import NoteSigner
from diary.objects.beacon import Beacon
from diary.objects.enrolment import Enrolment, enrol, parse_enrolment
from diary.objects.picture import UNMEASURED, Blob, Minutes, Picture, rows_with_input
from diary.objects.picture_times import PictureScheduler, draw_value, scheduled_times
from diary.objects.received_parts import received_parts
from diary.objects.segment import BeaconRef, SealedSegment, Segment, parse, seal
from diary.objects.terms import Terms
from diary.verification.evidence import BlobFacts, Evidence

AUD = "workdiary.localhost"
ORIGIN = f"{AUD}/log/2026"
#: Tuesday 2026-11-24 09:00:00 UTC.
START = 1_795_510_800
BOOT = b64url_encode(b"boot" * 4)
CLIENT = b64url_encode(b"clients" * 2 + b"id")
#: A point of P-256: the public key of the secret 7.
_AUTH = derive_private_key(7, SECP256R1()).public_key().public_numbers()
AUTH_JWK = {
    "crv": "P-256",
    "kty": "EC",
    "x": b64url_encode(_AUTH.x.to_bytes(32, "big")),
    "y": b64url_encode(_AUTH.y.to_bytes(32, "big")),
}


class Random:
    """Deterministic bytes."""

    def __init__(self, seed: str) -> None:
        self._stream = self._blocks(seed)

    @staticmethod
    def _blocks(seed: str) -> Iterator[bytes]:
        count = 0
        while True:
            yield hashlib.sha256(f"{seed}/{count}".encode()).digest()
            count += 1

    def __call__(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += next(self._stream)
        return data[:size]


class Log:
    """An RFC 6962 log in memory that signs its checkpoints.

    `before` is the previous shard, from which positions continue.
    """

    def __init__(self, seed: str = "log", origin: str = ORIGIN, before: Log | None = None) -> None:
        self.origin = origin
        self.before = before
        self.offset: int = 0 if before is None else before.offset + len(before.leaves)
        self.signer = NoteSigner(origin, SigningKey.from_seed(Random(seed)(32)))
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.leaves: list[Leaf] = []
        self.objects: list[bytes | None] = []

    def read(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]

    def append(self, leaf: Leaf, obj: bytes | None = None) -> int:
        index = len(self.leaves)
        for level, position, value in merkle.new_nodes(index, leaf.hash(), self.read):
            self.nodes[level, position] = value
        self.leaves.append(leaf)
        self.objects.append(obj)
        return self.offset + index

    def root(self, size: int | None = None) -> bytes:
        return merkle.root(len(self.leaves) if size is None else size, self.read)

    def checkpoint(self, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        return self.signer.sign(Checkpoint(self.origin, size, self.root(size)).text())

    def follow(
        self, origin: str, at_s: float, seed: str = "next", final: bytes | None = None
    ) -> tuple[Log, int, int]:
        """Open the next shard; returns it and the positions of announcement and opening. `final` is
        the root of this shard that the opening claims.
        """
        new = Log(seed, origin)
        size = len(self.leaves)
        announced = LogKey(
            origin, new.signer.verifier.vkey, self.origin, size, b64url_encode(self.root())
        ).data()
        leaf = Leaf(LeafType.KEY, digest(announced), round(at_s * 1000))
        announcement = self.append(leaf, announced)
        opened = replace(
            LogKey.parse(announced),
            prev_size=size + 1,
            prev_root=b64url_encode(final or self.root()),
        ).data()
        new = Log(seed, origin, self)
        opening = new.append(Leaf(LeafType.KEY, digest(opened), round(at_s * 1000)), opened)
        return new, announcement, opening

    def receipt(self, position: int) -> bytes:
        if self.before is not None and position < self.offset:
            return self.before.receipt(position)
        index = position - self.offset
        proof = merkle.inclusion_proof(index, len(self.leaves), self.read)
        leaf, obj = self.leaves[index], self.objects[index]
        return Receipt(leaf, obj, index, tuple(proof), self.checkpoint()).data()


@cache
def _enrolment(key_seed: bytes, seed: bytes, sub: str, week0: int, name: str) -> bytes:
    # 56 weeks of hashes: the slow part of a world, and always equal.
    key = SigningKey.from_seed(key_seed)
    return enrol(
        key,
        key.public,
        aud=AUD,
        sub=sub,
        auth_jwk=AUTH_JWK,
        week0=week0,
        seed=seed,
        name=name,
        store="os",
        nonce="nonce",
    )


@dataclass
class World:
    """One freelancer with one device and one contract at one marketplace."""

    random: Random = field(default_factory=lambda: Random("world"))
    log: Log = field(default_factory=Log)
    shots: int = 1
    limit_s: int | None = None
    week0: int = week_of(START)
    name: str = "desk"
    genesis_s: float = START - SLOT - 60
    picture_bytes: int = 500

    def __post_init__(self) -> None:
        self.key = SigningKey.from_seed(self.random(32))
        self.seed = self.random(32)
        self.sub, self.ctr = b64url_encode(self.random(16)), b64url_encode(self.random(16))
        self.beacons: dict[int, bytes] = {}
        self.add_beacon(START - SLOT, self.genesis_s)
        self.enrolment = self.enrol()
        self.moments = PictureScheduler(self.seed, self.enrolment.week0)
        self.enrolled_at = self.log_object(
            LeafType.DEVICE, self.enrolment.digest, START - 500, self.enrolment.kid
        )
        self.terms = Terms(
            aud=AUD,
            ctr=self.ctr,
            sub=self.sub,
            client=CLIENT,
            from_s=START - 300,
            shots=self.shots,
            limit_s=self.limit_s,
        )
        self.terms_at = [self.log_terms(self.terms, START - 400)]
        self.segments: list[bytes] = []
        self.logged: dict[str, int] = {}
        self.blobs: dict[str, bytes] = {}
        #: Later statements, by their folder in a bundle: the object (None for the marketplace's)
        #: and its position in the log.
        self.statements: dict[str, list[tuple[bytes | None, int]]] = {}

    def enrol(self) -> Enrolment:
        return parse_enrolment(
            _enrolment(self.key.seed, self.seed, self.sub, self.week0, self.name)
        )

    def log_object(
        self, kind: LeafType, name: str, at_s: float, attrs: str = "", obj: bytes | None = None
    ) -> int:
        return self.log.append(Leaf(kind, name, round(at_s * 1000), attrs), obj)

    def log_terms(self, terms: Terms, at_s: float) -> int:
        data = terms.data()
        attr = contract_attr(terms.ctr)
        return self.log_object(LeafType.TERMS, digest(data), at_s, attr, data)

    def add_beacon(self, slot: int, at_s: float | None = None, val: bytes = b"") -> bytes:
        data = Beacon(slot, val or self.random(32)).data()
        at = slot - 60 if at_s is None else at_s
        index = self.log_object(LeafType.BEACON, digest(data), at, str(slot), data)
        self.beacons[slot] = self.log.receipt(index)
        return self.beacons[slot]

    def beacon_value(self, slot: int) -> bytes:
        obj = Receipt.parse(self.beacons[slot]).object
        assert obj is not None
        return Beacon.parse(obj).val

    def webp(self, size: int) -> bytes:
        """Bytes that begin like a WebP file, which is enough here."""
        return b"RIFF" + (size - 8).to_bytes(4, "little") + b"WEBP" + self.random(size - 12)

    def picture(self, at_ms: int) -> Picture:
        full, thumb = self.webp(self.picture_bytes), self.webp(50)
        for data in (full, thumb):
            self.blobs[digest(data)] = data
        return Picture(
            at=at_ms,
            blob=Blob("image/webp", len(full), digest(full)),
            w=1920,
            h=1080,
            screen="all",
            thumb=Blob("image/webp", len(thumb), digest(thumb)),
        )

    def body(self, slot: int, t0: int | None = None, t1: int | None = None) -> Segment:
        """The signed fields of an honest segment, before its pictures are known."""
        start = slot if t0 is None else t0
        end = slot + SLOT if t1 is None else t1
        if slot not in self.beacons:
            self.add_beacon(slot)
        value = self.moments.value(slot)
        return Segment(
            aud=AUD,
            sub=self.sub,
            ctr=self.ctr,
            terms=self.terms.digest,
            kind="auto",
            seq=len(self.segments),
            epoch=0,
            prev=parse(self.segments[-1]).hash if self.segments else self.enrolment.digest,
            slot=slot,
            t0=start,
            t1=end,
            up0=(start - START) * 1000 + 10_000_000,
            up1=(end - START) * 1000 + 10_000_000,
            awake=(end - start) * 1000,
            off=0,
            boot=BOOT,
            bcn=BeaconRef(slot, digest(self.beacons[slot])),
            mom=None if value is None else b64url_encode(value),
            active=0,
            input="ok",
            pics=0,
            shot="ended",
            end="slot",
            tz="Europe/Madrid",
            app="0.1.0",
            os="linux",
        )

    def work(
        self,
        slot: int,
        t0: int | None = None,
        t1: int | None = None,
        /,
        *,
        late_ms: int = 0,
        memo: str = "Write tests",
        **changes: Any,
    ) -> bytes:
        """Seal the next segment, with its pictures (taken `late_ms` after their times)."""
        body = self.body(slot, t0, t1)
        due: tuple[int, ...] = ()
        if body.mom is not None:
            value = b64url_decode(body.mom)
            used = changes.get("bcn") or body.bcn
            assert used is not None
            drawn = draw_value(self.beacon_value(slot), used.slot, slot)
            due = scheduled_times(value, drawn, slot, body.t0, self.terms.shots)
        shots = [self.picture(d + late_ms) for d in due if d < body.t1 * 1000]
        minutes = self.minutes(body)
        body = replace(
            body,
            active=rows_with_input(minutes),
            pics=len(shots),
            shot="none"
            if not self.terms.shots
            else "ok"
            if len(shots) == self.terms.shots
            else "ended",
        )
        return self.seal(replace(body, **changes), memo, minutes, shots)

    def manual(self, slot: int, memo: str = "By hand") -> bytes:
        """Seal the next segment as manually entered time."""
        body = replace(
            self.body(slot),
            kind="manual",
            up0=None,
            up1=None,
            awake=None,
            boot=None,
            bcn=None,
            mom=None,
            active=None,
            input="unavailable",
            shot="none",
        )
        return self.seal(body, memo, None, [])

    def seal(
        self, body: Segment, memo: str, minutes: Minutes | None, shots: list[Picture]
    ) -> bytes:
        """Sign a segment of any fields and store it."""
        data = seal(
            body, memo=memo, minutes=minutes, shots=shots, signer=self.key, random=self.random
        )
        self.segments.append(data)
        return data

    def minutes(self, body: Segment) -> Minutes:
        covered = covered_minutes(body.slot, body.t0, body.t1)
        rows: list[Any] = []
        for i, inside in enumerate(covered):
            if not inside:
                rows.append(None)
            elif body.input != "ok":
                rows.append(UNMEASURED)
            else:
                rows.append((10 * i, i, 0, i, None))
        return tuple(rows)

    def parts_of(self, sealed: SealedSegment) -> int:
        """The parts of a segment that an honest marketplace has received."""
        return received_parts(sealed, lambda b: self.blob(b.sha256) == BlobFacts(b.bytes, b.sha256))

    def log_segment(self, data: bytes, at_s: float | None = None, parts: int | None = None) -> int:
        sealed = parse(data)
        at = sealed.segment.t1 + 3 if at_s is None else at_s
        following = sealed.segment.slot - sealed.segment.slot % SLOT + SLOT
        due_ms = (following - 60) * 1000
        if following not in self.beacons and self.log.leaves[-1].rt_ms <= due_ms <= at * 1000:
            self.add_beacon(following)
        mask = self.parts_of(sealed) if parts is None else parts
        self.logged[sealed.hash] = self.log_object(LeafType.SEGMENT, sealed.hash, at, str(mask))
        return self.logged[sealed.hash]

    def day(self, slots: int = 3) -> list[SealedSegment]:
        """Work and log `slots` whole slots from START on."""
        for i in range(slots):
            self.log_segment(self.work(START + i * SLOT))
        return [parse(data) for data in self.segments]

    def blob(self, sha: str) -> BlobFacts | None:
        return BlobFacts.of(self.blobs.get(sha))

    def evidence(self, **changes: Any) -> Evidence:
        """Everything that an honest exporter includes."""
        segments: dict[str, tuple[bytes, bytes | None]] = {}
        for data in self.segments:
            name = parse(data).hash
            at = self.logged.get(name)
            segments[name] = (data, None if at is None else self.log.receipt(at))
        evidence = Evidence(
            aud=AUD,
            verifiers=(self.log.signer.verifier,),
            devices=[(self.enrolment.data, self.log.receipt(self.enrolled_at))],
            terms=[self.log.receipt(at) for at in self.terms_at],
            beacons={digest(data): data for data in self.beacons.values()},
            segments=segments,
            blob=self.blob,
        )
        for folder, listed in self.statements.items():
            found: list[Any] = [(data, self.log.receipt(at)) for data, at in listed]
            if folder in ("keys", "revokes", "reviews"):
                found = [receipt for _, receipt in found]
            changes.setdefault(folder, found)
        return replace(evidence, **changes)

    def log_signed(
        self, folder: str, kind: LeafType, data: bytes, at_s: float, attrs: str = ""
    ) -> int:
        """Log a device's signed statement and include it."""
        name = digest(data.partition(b"~")[0])
        at = self.log_object(kind, name, at_s, attrs)
        self.statements.setdefault(folder, []).append((data, at))
        return at

    def log_unsigned(
        self, folder: str, kind: LeafType, obj: bytes, at_s: float, attrs: str = ""
    ) -> int:
        """Log a statement of the marketplace and include it."""
        at = self.log_object(kind, digest(obj), at_s, attrs, obj)
        self.statements.setdefault(folder, []).append((None, at))
        return at

    def history(self) -> dict[str, Any]:
        """For `evidence`: the newest checkpoints, and the proofs that lead to them."""
        checkpoints, proofs = {}, {}
        shard: Log | None = self.log
        while shard is not None:
            name, size = Origin.parse(shard.origin).name, len(shard.leaves)
            checkpoints[name] = shard.checkpoint()
            for old in range(1, size):
                proof = merkle.consistency_proof(old, size, shard.read)
                proofs[name, old] = write_consistency(proof)
            shard = shard.before
        return {"checkpoints": checkpoints, "consistency": proofs}

    def sibling(self, at_s: float, seed: str = "sibling", sub: str | None = None) -> World:
        """Another device, of the same freelancer unless `sub` is given, on the same contract."""
        other = copy(self)
        other.random = Random(seed)
        other.key = SigningKey.from_seed(other.random(32))
        other.seed = other.random(32)
        other.sub = sub or self.sub
        other.enrolment = other.enrol()
        other.moments = PictureScheduler(other.seed, other.enrolment.week0)
        other.enrolled_at = other.log_object(
            LeafType.DEVICE, other.enrolment.digest, at_s, other.enrolment.kid
        )
        other.segments, other.logged = [], {}
        return other

    def on_contract(self, at_s: float, **changes: Any) -> World:
        """The same device on another contract, whose terms also have `changes`."""
        other = copy(self)
        other.random = Random("contract")
        other.ctr = b64url_encode(other.random(16))
        other.terms = replace(self.terms, ctr=other.ctr, **changes)
        other.terms_at = [other.log_terms(other.terms, at_s)]
        other.segments, other.logged, other.statements = [], {}, {}
        return other

    def together(self, *others: World, **changes: Any) -> Evidence:
        """The evidence of this device and of others, or of its other contracts."""
        all_of_them = [each.evidence() for each in (self, *others)]
        mine = self.evidence(**changes)
        return replace(
            mine,
            devices=list(dict.fromkeys(pair for each in all_of_them for pair in each.devices)),
            terms=list(dict.fromkeys(receipt for each in all_of_them for receipt in each.terms)),
            segments={h: pair for each in all_of_them for h, pair in each.segments.items()},
        )

    def shards(self) -> list[Log]:
        """The shards of the log, oldest first."""
        found = [self.log]
        while found[0].before is not None:
            found.insert(0, found[0].before)
        return found

    def bundle(self, evidence: Evidence | None = None, *, weeks: int = 1) -> dict[str, bytes]:
        """The files of an honest bundle of the week of START, and of `weeks` - 1 after it."""
        shards = {Origin.parse(log.origin).name: log for log in self.shards()}

        def prove(name: str, old: int, new: int) -> bytes:
            log = shards[name]
            return write_consistency(merkle.consistency_proof(old, new, log.read))

        checkpoints = {name: log.checkpoint() for name, log in shards.items()}
        files: dict[str, bytes] = {
            POLICY: write_policy([PolicyLog(log.signer.verifier) for log in shards.values()])
        }
        for name, data in with_history(
            evidence_files(evidence or self.evidence()), checkpoints, prove
        ):
            assert isinstance(data, bytes)
            files[name] = data
        files |= {f"blobs/{sha}": data for sha, data in self.blobs.items()}
        return files | {MANIFEST: self.manifest(files, weeks=weeks).data()}

    def manifest(self, files: dict[str, bytes], *, weeks: int = 1) -> Manifest:
        """The manifest that fits some files."""
        digests = {name: digest(data) for name, data in files.items() if name != MANIFEST}
        first, made = week_of(START), START + WEEK
        return Manifest(AUD, self.ctr, self.sub, first, first + weeks * WEEK, made, digests)


def evidence_files(evidence: Evidence) -> Iterator[File]:
    """All evidence without pictures, under the names in a bundle."""
    for folder in ("devices", "vouches", "retires", "amends"):
        for data, receipt in getattr(evidence, folder):
            yield from signed_files(folder, data, receipt)
    for folder in ("keys", "terms", "revokes", "reviews"):
        for receipt in getattr(evidence, folder):
            yield statement_file(folder, receipt)
    for signed, receipt in evidence.tombstones:
        if signed is None:
            yield statement_file("tombstones", receipt)
        else:
            yield from signed_files("tombstones", signed, receipt)
    for data in evidence.beacons.values():
        yield beacon_file(data)
    for data, proof in evidence.segments.values():
        yield from signed_files("segments", data, proof)
