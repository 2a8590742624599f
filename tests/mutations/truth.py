"""Everything that was really signed and logged in the world of a mutation, by anyone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from diary.formats.encoding import Json, digest
from diary.log.position import Origin
from tests.mutations.attack import DEVICES, LOG, Attack
from tests.mutations.forge import Forge
from tests.mutations.record import Entry, Signed, honest_record

Place = tuple[str, int]


@dataclass
class Leaf:
    """An entry of the log."""

    place: Place
    rt_ms: int
    obj: Json | None
    attrs: str = ""


@dataclass
class Truth:
    """All signed and logged objects in the end, by their names."""

    #: Fields and parts of each segment, and its signer.
    segments: dict[str, tuple[str, Json, dict[str, Any]]] = field(default_factory=dict)
    leaves: dict[str, list[Leaf]] = field(default_factory=lambda: defaultdict(list))
    devices: dict[str, str] = field(default_factory=dict)
    #: Later memos of a segment, by digest of the amendment.
    memos: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Segments whose time an unchanged tombstone deleted.
    given_back: set[str] = field(default_factory=set)
    terms: dict[str, tuple[Json, Leaf]] = field(default_factory=dict)
    beacons: dict[str, tuple[Json, Leaf]] = field(default_factory=dict)
    revoked: dict[str, Place] = field(default_factory=dict)
    #: The position of the retirement of each device.
    retired: dict[str, Place] = field(default_factory=dict)
    heads: dict[str, list[tuple[Place, str]]] = field(default_factory=lambda: defaultdict(list))


@cache
def truth_of_the_week() -> Truth:
    forge = Forge(honest_record().copy(), DEVICES, relog=True)
    forge.forge()
    return truth_of(forge)


def truth_of(forge: Forge) -> Truth:
    """Objects that the forge has signed and logged."""
    truth = Truth()
    placed: dict[int, Place] = {}
    for tree in forge.trees.values():
        name = Origin.parse(tree.shard.origin).name
        for index, entry in enumerate(tree.entries):
            placed[id(entry)] = (name, index)
    files = {}
    for entry in forge.record.entries():
        made = forge.make(entry)
        leaf = None
        if id(entry) in placed:
            leaf = Leaf(placed[id(entry)], entry.rt_ms, entry.obj, entry.attrs)
            truth.leaves[entry.leaf_digest or made.name].append(leaf)
        if entry.folder == "beacons":
            file = forge._receipt(entry)
            files[digest(file or b"")] = (entry, leaf)
        _note(truth, entry, made.name, made.payload, leaf, forge)
    for name, (entry, leaf) in files.items():
        if leaf is not None and entry.obj is not None:
            truth.beacons[name] = (entry.obj, leaf)
    return truth


def _note(
    truth: Truth, entry: Entry, name: str, payload: Json | None, leaf: Leaf | None, forge: Forge
) -> None:
    if entry.signed is not None and payload is not None:
        _note_signed(truth, entry, entry.signed, name, payload)
        if entry.folder == "devices":
            truth.devices.setdefault(forge.record.keys[entry.signed.by].kid, name)
        elif leaf is not None:
            _note_statement(truth, entry, entry.signed, payload, leaf, forge)
    elif leaf is not None and entry.obj is not None:
        if entry.folder == "terms":
            truth.terms[name] = (entry.obj, leaf)
        elif entry.folder == "revokes":
            kid = str(entry.obj.get("kid"))
            truth.revoked[kid] = min(truth.revoked.get(kid, leaf.place), leaf.place)


def _note_signed(truth: Truth, entry: Entry, signed: Signed, name: str, payload: Json) -> None:
    parts = {p.name: p.value for p in signed.parts or () if isinstance(p.name, str)}
    if entry.folder == "segments" and signed.spoiled is None:
        truth.segments[name] = (signed.by, payload, parts)
    elif entry.folder == "amends":
        truth.memos[str(payload.get("segment"))].append(parts.get("memo", ""))
    elif entry.folder == "tombstones" and entry.shown and entry.logged and not entry.changed:
        truth.given_back |= {payload["segment"]} if "time" in payload["scope"] else set()


def _note_statement(
    truth: Truth, entry: Entry, signed: Signed, payload: Json, leaf: Leaf, forge: Forge
) -> None:
    if entry.folder == "retires":
        kid = str(signed.header.get("kid"))
        truth.retired[kid] = max(truth.retired.get(kid, leaf.place), leaf.place)
        for part in signed.parts or ():
            if isinstance(part.value, dict):
                h = str(part.value.get("h"))
                new = forge._new_names(part.value)
                truth.heads[signed.by].append((leaf.place, new.get(h, h)))


def seen_by(attack: Attack, forge: Forge | None) -> Truth:
    """Everything signed and logged in this mutation's world."""
    week = truth_of_the_week()
    if forge is None:
        return week
    made = truth_of(forge)
    if attack.live:
        return made
    # The week's signatures remain; the attacker's additions are signed with the attacker's key.
    made.segments = {**week.segments, **made.segments}
    made.devices = week.devices | made.devices
    if LOG not in attack.owned:
        made.leaves, made.terms, made.beacons = week.leaves, week.terms, week.beacons
        made.revoked, made.heads, made.retired = week.revoked, week.heads, week.retired
    for name, memos in week.memos.items():
        made.memos[name] += memos
    return made
