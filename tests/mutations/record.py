"""The week as objects that an attacker can change: entries of the log, their contents, their
signers.

`Record` is taken from the honest world; a mutator changes a copy of it, and `tests.mutations.forge`
creates a bundle from the result, signing again with the attacker's keys.
"""

from __future__ import annotations

import json
from copy import copy, deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from diary.bundle.layout import MANIFEST
from diary.core.findings import DiaryError
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import (
    Json,
    b64url_decode,
    b64url_encode,
    canonical,
    digest,
    parse_canonical,
    parse_value,
)
from diary.log.leaf import Leaf, LeafType
from diary.log.position import Origin
from diary.log.receipt import Receipt
from diary.log.signed_note import NoteSigner
from tests.diary.world import Random, World
from tests.mutations.week import honest

FOLDERS = {
    LeafType.DEVICE: "devices",
    LeafType.VOUCH: "vouches",
    LeafType.RETIRE: "retires",
    LeafType.REVOKE: "revokes",
    LeafType.KEY: "keys",
    LeafType.BEACON: "beacons",
    LeafType.TERMS: "terms",
    LeafType.SEGMENT: "segments",
    LeafType.AMEND: "amends",
    LeafType.TOMBSTONE: "tombstones",
    LeafType.REVIEW: "reviews",
}


@dataclass
class Part:
    """A disclosure: [salt, name, value]. `text` replaces it with arbitrary text."""

    salt: Any
    name: Any
    value: Any
    shown: bool = True
    raw: str | None = None

    def text(self) -> str:
        return (
            b64url_encode(spelled([self.salt, self.name, self.value]))
            if self.raw is None
            else self.raw
        )


@dataclass
class Signed:
    """A JWS, or an SD-JWT if `parts` is a list. `by` names the key; `raw` is signed instead of the
    payload; `spoiled` replaces the signature; `extra` are unsigned disclosures.
    """

    by: str
    header: Json
    payload: Json
    parts: list[Part] | None
    extra: list[str] = field(default_factory=list)
    raw: bytes | None = None
    spoiled: bytes | None = None
    #: Keep the payload's `_sd`.
    own_digests: bool = False


@dataclass
class Entry:
    """One leaf and its object. `old` are the names that others may refer to; `data` the originally
    signed bytes; `size` an older tree for its receipt.
    """

    id: str
    folder: str
    type: str
    rt_ms: int
    attrs: str
    signed: Signed | None = None
    obj: Json | None = None
    raw_obj: bytes | None = None
    data: bytes | None = None
    old: str | None = None
    old_file: str | None = None
    logged: bool = True
    shown: bool = True
    leaf_digest: str | None = None
    receipt: bytes | None = None
    no_object: bool = False
    size: int | None = None
    #: Whether root and size in a key object are updated.
    fitting: bool = True
    changed: bool = False
    #: The original in the honest record; None for an invented entry.
    origin: str | None = None


@dataclass
class Shard:
    """A private log."""

    origin: str
    signer: NoteSigner
    entries: list[Entry]

    @property
    def name(self) -> str:
        return Origin.parse(self.origin).name


@dataclass
class Record:
    """Everything in the bundle, before it is written."""

    shards: list[Shard]
    keys: dict[str, SigningKey]
    blobs: dict[str, bytes]
    seeds: dict[str, bytes]
    aud: str
    ctr: str
    sub: str
    manifest: Json

    def copy(self) -> Record:
        shards = [replace(s, entries=[copy(e) for e in s.entries]) for s in self.shards]
        return replace(self, shards=shards, blobs=dict(self.blobs), keys=dict(self.keys))

    def entries(self, folder: str | None = None, by: str | None = None) -> list[Entry]:
        """All entries, or those of a folder or of a signer; in log order."""
        return [
            entry
            for shard in self.shards
            for entry in shard.entries
            if folder in (None, entry.folder)
            and (by is None or (entry.signed is not None and entry.signed.by == by))
        ]

    def shard_of(self, entry: Entry) -> Shard:
        return next(s for s in self.shards if any(e is entry for e in s.entries))

    def segments(self, by: str | None = None, kind: str | None = None) -> list[Entry]:
        found = self.entries("segments", by)
        return [e for e in found if kind in (None, payload_of(e).get("kind"))]

    def add_after(self, entry: Entry, new: Entry) -> None:
        shard = self.shard_of(entry)
        at = next(i for i, e in enumerate(shard.entries) if e is entry)
        shard.entries.insert(at + 1, new)

    def name_of(self, kid: str) -> str | None:
        return next((name for name, key in self.keys.items() if key.kid == kid), None)


def spelled(value: Any) -> bytes:
    """JSON as the protocol requires; values that it forbids, in Python's spelling."""
    try:
        return canonical(value)
    except DiaryError:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def payload_of(entry: Entry) -> Json:
    assert entry.signed is not None
    return entry.signed.payload


def touch(entry: Entry) -> Entry:
    """Copy it, so that it can be changed."""
    if not entry.changed:
        entry.signed, entry.obj = deepcopy(entry.signed), deepcopy(entry.obj)
        entry.changed = True
    return entry


def edit(entry: Entry) -> Json:
    """The fields of its signed payload, or of the marketplace's object, for changes."""
    touch(entry)
    fields = entry.obj if entry.signed is None else entry.signed.payload
    assert fields is not None
    return fields


def made_up(entry: Entry, name: str) -> Entry:
    """Another one like it, without references."""
    new = copy(entry)
    new.changed = False
    new.id, new.old, new.old_file, new.origin = f"{entry.id}/{name}", None, None, None
    return touch(new)


def take_apart(data: bytes, by: str) -> Signed:
    """A signed object as its fields."""
    head, *texts = data.split(b"~")
    header, payload, _ = head.split(b".")
    fields = parse_canonical(b64url_decode(payload.decode()))
    parts = None
    if texts:
        fields.pop("_sd")
        fields.pop("_sd_alg")
        parts = [Part(*parse_value(b64url_decode(text.decode()))) for text in texts[:-1]]
    return Signed(by, parse_canonical(b64url_decode(header.decode())), fields, parts)


@cache
def honest_record() -> Record:
    """The week of `tests.mutations.week`. Never change it: take a copy."""
    week = honest()
    worlds = {"desk": week.desk, "laptop": week.laptop}
    keys = {name: world.key for name, world in worlds.items()}
    keys["stranger"] = SigningKey.from_seed(Random("a stranger's key")(32))
    signed = _signed(worlds)
    shards = []
    for log in week.desk.shards():
        entries = []
        for index, leaf in enumerate(log.leaves):
            receipt = log.receipt(log.offset + index)
            entries.append(_entry(leaf, log.objects[index], receipt, signed, week.files))
        shards.append(Shard(log.origin, log.signer, entries))
    _beacon_files(week.desk, shards)
    return Record(
        shards=shards,
        keys=keys,
        blobs={n.removeprefix("blobs/"): d for n, d in week.files.items() if n[:6] == "blobs/"},
        seeds={name: world.seed for name, world in worlds.items()},
        aud=week.desk.terms.aud,
        ctr=week.desk.ctr,
        sub=week.desk.sub,
        manifest=parse_canonical(week.files[MANIFEST]),
    )


def _signed(worlds: dict[str, World]) -> dict[str, tuple[str, bytes]]:
    """The signed contents, by digest, with signer and all parts."""
    kids = {world.key.kid: name for name, world in worlds.items()}
    found: dict[str, tuple[str, bytes]] = {}
    for name, world in worlds.items():
        for data in (world.enrolment.data, *world.segments):
            found[digest(data.partition(b"~")[0])] = (name, data)
    for listed in worlds["desk"].statements.values():
        for said, _ in listed:
            if said is not None:
                jws = said.partition(b"~")[0]
                header = parse_canonical(b64url_decode(jws.split(b".")[0].decode()))
                found[digest(jws)] = (kids[header["kid"]], said)
    return found


def _entry(
    leaf: Leaf,
    obj: bytes | None,
    receipt: bytes,
    signed: dict[str, tuple[str, bytes]],
    files: dict[str, bytes],
) -> Entry:
    folder = FOLDERS[leaf.type]
    entry = Entry(
        id=f"{folder}/{leaf.digest}",
        folder=folder,
        type=leaf.type.value,
        rt_ms=leaf.rt_ms,
        attrs=leaf.attrs,
        obj=None if obj is None else parse_canonical(obj),
        old=leaf.digest,
        receipt=receipt,
        origin=leaf.digest,
    )
    if leaf.digest in signed:
        by, data = signed[leaf.digest]
        entry.signed = take_apart(data, by)
        # Deleted parts, which an honest exporter withholds.
        shown = next(d for d in files.values() if d.partition(b"~")[0] == data.partition(b"~")[0])
        texts = {text.decode() for text in shown.split(b"~")[1:]}
        for part in entry.signed.parts or ():
            part.shown = part.text() in texts
        entry.data = shown
    return entry


def _beacon_files(world: World, shards: list[Shard]) -> None:
    files = {Receipt.parse(data).leaf.digest: data for data in world.beacons.values()}
    for shard in shards:
        for entry in shard.entries:
            if entry.folder == "beacons":
                entry.receipt = files[entry.old or ""]
                entry.old_file = digest(entry.receipt)


def fits(fields: Json, index: int, root: bytes) -> Json:
    """The object of a key, with other values about its predecessor."""
    return {**fields, "prev_size": index, "prev_root": b64url_encode(root)}


def is_opening(entry: Entry, shard: Shard) -> bool:
    return entry.obj is not None and entry.obj.get("origin") == shard.origin
