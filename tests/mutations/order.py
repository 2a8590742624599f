"""Mutations of the order, number and time of objects, and several at once."""

from __future__ import annotations

from typing import Any

from diary.formats.ed25519 import SigningKey, jwk
from diary.formats.encoding import b64url_encode, canonical, digest
from tests.mutations.attack import Attack, Files, Mutator, into
from tests.mutations.fields import (
    change_a_field,
    fit_minutes,
    part,
    signed_field,
    some_device,
)
from tests.mutations.plain_bytes import flip, pick
from tests.mutations.record import Entry, Part, Signed, edit, made_up, payload_of, touch
from tests.mutations.tree import Tree

MUTATORS: dict[str, Mutator] = {}
mutator = into(MUTATORS)


@mutator
def segments_in_another_order(attack: Attack) -> None:
    """Numbers and times contradict each other."""
    rng = attack.rng
    attack.device(log=rng.random() < 0.2)
    a, b = rng.sample(attack.record.segments("desk"), 2)
    for name in rng.choice((("seq",), ("prev",), ("seq", "prev"), ("bcn",), ("terms",), ("mom",))):
        first, second = edit(a), edit(b)
        first[name], second[name] = second[name], first[name]


@mutator
def segment_left_out(attack: Attack) -> None:
    """Never sealed; later ones are renumbered, or not."""
    rng = attack.rng
    record = attack.device(live=True)
    segments = record.segments("desk")
    at = rng.randrange(len(segments))
    gone = segments[at]
    gone.logged = gone.shown = False
    for entry in record.entries():
        if entry.folder in ("amends", "tombstones") and gone.old in _words(entry):
            entry.logged = entry.shown = False
    if rng.random() < 0.6:
        before = payload_of(gone)["prev"]
        for entry in segments[at + 1 :]:
            fields = edit(entry)
            fields["seq"] -= 1
            if fields["prev"] == gone.old:
                fields["prev"] = before


def _words(entry: Entry) -> list[Any]:
    fields = entry.obj if entry.signed is None else entry.signed.payload
    return list((fields or {}).values())


@mutator
def fork(attack: Attack) -> None:
    """Another segment of the same number, logged after, before, or not at all."""
    rng = attack.rng
    record = attack.device(live=rng.random() < 0.8)
    entry = rng.choice(record.segments("desk"))
    new = made_up(entry, "fork")
    how = rng.randrange(3)
    if how == 0:
        memo = part(new, "memo")
        assert memo is not None
        memo.value, memo.shown = "Another story", True
    elif how == 1:
        payload_of(new)["app"] = {"ver": "9", "os": "linux"}
    else:
        payload_of(new)["t1"] = max(payload_of(new)["t1"] - 60, payload_of(new)["t0"] + 1)
        fit_minutes(new)
    new.receipt = None
    new.logged = rng.random() < 0.8
    if rng.random() < 0.5:
        record.add_after(entry, new)
    else:
        shard = record.shard_of(entry)
        at = next(i for i, e in enumerate(shard.entries) if e is entry)
        shard.entries.insert(at, new)
        new.rt_ms = max(shard.entries[max(0, at - 1)].rt_ms, payload_of(new)["t1"] * 1000)


@mutator
def times_of_a_segment(attack: Attack) -> None:
    """Longer, shorter, or at another time, with all its fields."""
    rng = attack.rng
    entry = some_device(attack, "segments")
    fields = edit(entry)
    shift = rng.choice((-1, 1)) * rng.choice((1, 5, 6, 60, 300, 599, 600, 601, 3600))
    how = rng.randrange(4)
    if how in (0, 2):
        fields["t0"] += shift
    if how in (1, 2):
        fields["t1"] += shift
    if how == 2 and rng.random() < 0.5:
        fields["slot"] += shift
    if how == 3:
        fields["slot"] += shift
    fit_minutes(entry)


@mutator
def backdated(attack: Attack) -> None:
    """An object with an earlier position and time in the log."""
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.7)
    if rng.random() < 0.3:
        attack.owned.add("desk")
    folder = rng.choice(
        ("devices", "terms", "amends", "tombstones", "vouches", "revokes", "segments")
    )
    entry = touch(rng.choice(record.entries(folder)))
    entries = record.shard_of(entry).entries
    at = next(i for i, e in enumerate(entries) if e is entry)
    entries.pop(at)
    before = rng.randrange(max(1, at))
    entries.insert(before, entry)
    if rng.random() < 0.8 and before:
        entry.rt_ms = entries[before - 1].rt_ms


@mutator
def new_statement(attack: Attack) -> None:
    """One more amendment, tombstone, vouch or retirement, by an entitled signer or not."""
    rng = attack.rng
    by = rng.choice(("desk", "desk", "laptop"))
    record = attack.device(by=by, log=rng.random() < 0.2)
    segment = rng.choice(record.segments())
    fields: dict[str, Any] = {"v": 1, "segment": segment.old, "at": 1_795_520_000}
    parts: list[Part] | None = None
    kind = rng.choice(("amend", "tombstone", "vouch", "retire"))
    typ = {"amend": "amend+sd-jwt", "retire": "retire+sd-jwt"}.get(kind, f"{kind}+jwt")
    attrs = ""
    if kind == "amend":
        fields["aud"] = record.aud
        parts = [Part(b64url_encode(rng.randbytes(16)), "memo", "Something else")]
    elif kind == "tombstone":
        scope = rng.choice((["time"], ["memo"], ["shot", "time"], ["shot"], ["time", "memo"], []))
        assert segment.signed is not None
        texts = [digest(p.text().encode()) for p in segment.signed.parts or ()]
        fields |= {"digests": sorted(rng.sample(texts, 1)), "scope": scope, "reason": "deleted"}
    elif kind == "vouch":
        kid = rng.choice([key.kid for key in record.keys.values()])
        fields = {"v": 1, "aud": record.aud, "sub": record.sub, "kid": kid}
    else:
        fields = {"v": 1, "aud": record.aud, "sub": record.sub, "at": 1_795_520_000}
        body = payload_of(segment)
        head = {"ctr": body["ctr"], "seq": body["seq"], "h": segment.old}
        parts = [Part(b64url_encode(rng.randbytes(16)), "head_0", head)]
        attrs = record.keys[by].kid
    signer = by if rng.random() < 0.85 else rng.choice(("stranger", "desk", "laptop"))
    made = Signed(
        by, {"alg": "Ed25519", "kid": record.keys[signer].kid, "typ": f"wd-{typ}"}, fields, parts
    )
    folder = {"amend": "amends", "tombstone": "tombstones", "vouch": "vouches"}.get(kind, "retires")
    after = rng.choice(record.entries()[8:])
    late = rng.choice((0, 0, 0, 10**9))
    new = Entry(f"new/{folder}", folder, kind, after.rt_ms + late, attrs, made, changed=True)
    record.add_after(after, new)


@mutator
def device_made_up(attack: Attack) -> None:
    """The log enrols its own device in the freelancer's name, which records."""
    rng = attack.rng
    record = attack.log(live=True)
    attack.owned.add("ghost")
    ghost = SigningKey.from_seed(rng.randbytes(32))
    record.keys["ghost"] = ghost
    model = record.entries("devices")[1]
    device = made_up(model, "ghost")
    assert device.signed is not None
    device.signed.by = "ghost"
    device.signed.header["kid"] = device.attrs = ghost.kid
    device.signed.payload["jwk"] = jwk(ghost.public)
    device.old = b64url_encode(rng.randbytes(32))
    if rng.random() < 0.2:
        device.signed.payload["sub"] = b64url_encode(rng.randbytes(16))
    enrolled = rng.choice((record.entries("devices")[0], model))
    record.add_after(enrolled, device)
    device.rt_ms = enrolled.rt_ms
    segment = rng.choice(record.segments("laptop"))
    work = made_up(segment, "ghost")
    assert work.signed is not None
    work.signed.by = "ghost"
    work.signed.header["kid"] = ghost.kid
    work.signed.payload |= {"seq": rng.choice((0, 3)), "prev": device.old}
    if rng.random() < 0.5:
        work.signed.payload |= {"t1": work.signed.payload["t0"] + 300}
        fit_minutes(work)
    record.add_after(segment, work)


@mutator
def week_at_another_time(attack: Attack) -> None:
    """Freelancer and marketplace move a whole week."""
    rng = attack.rng
    record = attack.both()
    shift = rng.choice((-1, 1)) * rng.choice((1, 5, 60, 600, 1200, 86_400, 604_800))
    for entry in record.entries():
        entry.rt_ms += shift * 1000
        fields = edit(entry)
        for name in ("slot", "t0", "t1", "from", "at"):
            if isinstance(fields.get(name), int):
                fields[name] += shift
        if isinstance(fields.get("bcn"), dict):
            fields["bcn"]["slot"] += shift
        if entry.folder == "beacons":
            entry.attrs = str(fields["slot"])


@mutator
def collusion(attack: Attack) -> None:
    """All keys, several changes at once."""
    rng = attack.rng
    record = attack.both()
    for _ in range(rng.randint(2, 4)):
        entry = rng.choice(record.entries())
        how = rng.randrange(4)
        if how == 0:
            change_a_field(rng, edit(entry))
        elif how == 1:
            touch(entry).rt_ms += rng.randrange(-4_000_000, 4_000_000)
        elif how == 2:
            entry.logged = False
        else:
            record.add_after(rng.choice(record.entries()), made_up(entry, str(rng.random())))


@mutator
def receipt_by_another_tree(attack: Attack) -> None:
    """A receipt from a private tree of the log."""
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.5)
    shard = rng.choice(record.shards)
    candidates = [e for e in shard.entries if e.folder in ("segments", "terms", "reviews")]
    entry = rng.choice(candidates)
    tree = Tree(shard)
    data = canonical(entry.obj) if entry.obj is not None else None
    for i in range(rng.randint(0, 6)):
        tree.append(f"wd-log/v1\nsegment\n{digest(str(i).encode())}\n{i}\n\n".encode(), entry)
    rt = rng.choice((entry.rt_ms, 0, entry.rt_ms - 7_000_000))
    leaf = f"wd-log/v1\n{entry.type}\n{entry.old}\n{rt}\n{entry.attrs}\n".encode()
    tree.append(leaf, entry)
    touch(entry).logged = False
    entry.receipt = tree.receipt(len(tree.leaves) - 1, data)


@mutator
def picture_signed_otherwise(attack: Attack) -> None:
    """A device that names other pictures."""
    rng = attack.rng
    entry = some_device(attack, "segments")
    assert touch(entry).signed is not None
    shot = part(entry, rng.choice(("shot_0", "shot_1"))) or part(entry, "shot_0")
    if shot is None:
        payload_of(entry).update(pics=1, shot_at=[payload_of(entry)["t0"] * 1000])
        return
    change_a_field(rng, shot.value)


@mutator
def file_in_a_bundle_signed_again(attack: Attack) -> None:
    """Structure and bytes together."""
    signed_field(attack)
    rng = attack.rng

    def put(files: Files) -> None:
        name = pick(rng, files, "segments", "terms", "beacons", "devices")
        files[name] = flip(rng, files[name])

    attack.refit = rng.random() < 0.5
    attack.files(put)
