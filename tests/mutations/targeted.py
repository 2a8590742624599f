"""One mutation for each code: everything around it is signed again so that only the rule in
question fails. The attacker controls the device or the log, and the rest of the world continues
around the attack.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from diary.core.slots import DAY, SLOT, WEEK, week_of
from diary.formats.ed25519 import jwk
from diary.formats.encoding import b64url_encode, digest
from tests.diary.world import START
from tests.mutations.attack import Attack, Mutator
from tests.mutations.fields import fit_minutes
from tests.mutations.record import Entry, Part, Record, edit, made_up, payload_of, touch
from tests.mutations.tree import signature

MUTATORS: dict[str, Mutator] = {}


def aims_at(code: str) -> Callable[[Mutator], Mutator]:
    def note_it(function: Mutator) -> Mutator:
        MUTATORS[f"{code.lower()}__{function.__name__}"] = function
        return function

    return note_it


def auto(attack: Attack, *, shot: bool = False) -> Entry:
    """A recorded segment of the first computer without deletions."""
    record = attack.device(live=True)
    stones = [(e.signed.payload if e.signed else e.obj or {}) for e in record.entries("tombstones")]
    spoken = {stone["segment"] for stone in stones}
    found = [e for e in record.segments("desk", "auto") if e.old not in spoken]
    entry = attack.rng.choice([e for e in found if not shot or payload_of(e)["pics"]])
    return touch(entry)


def pictures(entry: Entry) -> list[Part]:
    assert entry.signed is not None
    return [p for p in entry.signed.parts or () if str(p.name).startswith("shot_")]


def put_in_time(record: Record, entry: Entry) -> None:
    """Its position in the log by its time."""
    for shard in record.shards:
        if any(e is entry for e in shard.entries):
            shard.entries.remove(entry)
    entries = record.shards[-1].entries
    if entry.rt_ms < entries[0].rt_ms:
        entries = record.shards[0].entries
    later = (i for i, e in enumerate(entries) if e.rt_ms > entry.rt_ms)
    last = len(entries) - (1 if entries[-1].folder == "keys" else 0)
    entries.insert(min(next(later, last), last), entry)


def word(attack: Attack, like: Entry, at_s: int, **fields: Any) -> Entry:
    """A further statement of the marketplace."""
    new = made_up(like, "more")
    edit(new).update(fields)
    new.rt_ms = at_s * 1000
    put_in_time(attack.record, new)
    return new


@aims_at("E_ALG")
def another_algorithm(attack: Attack) -> None:
    entry = auto(attack)
    assert entry.signed is not None
    entry.signed.header["alg"] = attack.rng.choice(("EdDSA", "none", "HS256", "ES256", ""))


@aims_at("E_TYP")
def another_type(attack: Attack) -> None:
    entry = auto(attack)
    assert entry.signed is not None
    entry.signed.header["typ"] = attack.rng.choice(("wd-amend+sd-jwt", "jwt", "wd-device+jwt"))


@aims_at("E_FORMAT")
def a_field_of_another_kind(attack: Attack) -> None:
    fields = edit(auto(attack))
    name = attack.rng.choice(sorted(fields))
    fields[name] = attack.rng.choice(([], {}, True, 2**53 - 1 if name == "v" else []))


@aims_at("E_SIG")
def signed_by_somebody_else(attack: Attack) -> None:
    record = attack.device(live=True)
    entry = touch(attack.rng.choice(record.entries(by="desk")[1:]))
    assert entry.signed is not None
    entry.signed.spoiled = signature(record.keys["stranger"].seed, b"x")


@aims_at("E_KID_UNKNOWN")
def of_somebody_else(attack: Attack) -> None:
    fields = edit(auto(attack))
    name, value = attack.rng.choice((("sub", b64url_encode(bytes(16))), ("aud", "other.example")))
    fields[name] = value


@aims_at("E_KEY_WEAK")
def a_weak_key(attack: Attack) -> None:
    record = attack.device(live=True)
    if attack.rng.random() < 0.5:
        device = touch(record.entries("devices")[0])
        low = attack.rng.choice((bytes(32), b"\1" + bytes(31), b"\xff" * 32))
        payload_of(device)["jwk"] = jwk(low)
    else:
        attack.owned.add("log")
        fields = edit(record.entries("keys")[0])
        signer = record.shards[1].signer
        weak = type(signer.verifier)(signer.name, bytes(32)).vkey
        fields["vkey"] = weak


@aims_at("E_DEVICE_UNLOGGED")
def enrolled_too_late(attack: Attack) -> None:
    record = attack.device(live=True, log=True)
    device = touch(record.entries("devices")[0])
    number = attack.rng.randrange(1, 6)
    device.rt_ms = (START + number * SLOT + 200) * 1000
    put_in_time(record, device)


@aims_at("E_INCLUSION")
def never_logged(attack: Attack) -> None:
    entry = auto(attack)
    entry.logged = False
    others = [e.receipt for e in attack.record.segments() if e is not entry]
    entry.receipt = attack.rng.choice((None, attack.rng.choice(others)))


@aims_at("E_NOT_RECEIVED")
def never_shown_to_the_marketplace(attack: Attack) -> None:
    """The freelancer withholds a part; the log states what it has received."""
    entry = auto(attack)
    assert entry.signed is not None
    bits = {"memo": 1, "minutes": 4, "shot_0": 8, "shot_1": 16}
    kept = attack.rng.choice([p for p in entry.signed.parts or () if p.name in bits])
    entry.attrs = str(int(entry.attrs) & ~bits[kept.name])
    if attack.rng.random() < 0.6:
        kept.shown = False
    if attack.rng.random() < 0.4:
        # Deleting it afterwards does not help, unless its time is deleted too.
        model = attack.record.entries("tombstones", "desk")[-1]
        new = made_up(model, "more")
        scope = {"memo": "memo", "minutes": "minutes"}.get(kept.name, "shot")
        scopes = ["shot", "time"] if scope == "shot" else [scope]
        payload_of(new).update(segment=entry.old, digests=[digest(kept.text().encode())])
        payload_of(new)["scope"] = scopes
        new.rt_ms += attack.rng.choice((1_000, 8 * DAY * 1000))
        put_in_time(attack.record, new)


@aims_at("E_FORK")
def sealed_twice(attack: Attack) -> None:
    entry = auto(attack)
    new = made_up(entry, "twice")
    payload_of(new)["os"] = "x"
    payload_of(new)["tz"] = attack.rng.choice(("UTC", "Asia/Tokyo"))
    record = attack.record
    new.rt_ms += attack.rng.randrange(0, 500_000)
    put_in_time(record, new)


@aims_at("E_GAP")
def one_left_out(attack: Attack) -> None:
    record = attack.device(live=True)
    gone = attack.rng.choice(record.segments("desk")[1:-1])
    gone.shown = False


@aims_at("E_PREV")
def another_before_it(attack: Attack) -> None:
    entry = auto(attack)
    others = attack.record.segments()
    payload_of(entry)["prev"] = attack.rng.choice(
        (b64url_encode(bytes(32)), *(e.old for e in others if e.old != payload_of(entry)["prev"]))
    )


@aims_at("E_SLOT_ALIGN")
def a_slot_at_an_odd_minute(attack: Attack) -> None:
    entry = auto(attack)
    fields = payload_of(entry)
    fields["slot"] += attack.rng.choice((-60, -1, 1, 60, 300))
    fit_minutes(entry)


@aims_at("E_TIME_RANGE")
def longer_than_awake(attack: Attack) -> None:
    fields = payload_of(auto(attack))
    fields["awake"] = max(0, fields["awake"] + attack.rng.choice((-2001, 2001, -60_000, 60_000)))


@aims_at("E_TIME_RANGE")
def longer_than_its_slot(attack: Attack) -> None:
    record = attack.device(live=True)
    entry = touch(attack.rng.choice(record.segments("desk", "manual")))
    fields = payload_of(entry)
    fields[attack.rng.choice(("t0", "t1"))] += attack.rng.choice((-601, 601, -1_200, 3_600))


@aims_at("E_TERMS")
def other_terms(attack: Attack) -> None:
    entry = auto(attack)
    older, newer = attack.record.entries("terms")
    fields = payload_of(entry)
    other = older if fields["terms"] == newer.old else newer
    fields["terms"] = attack.rng.choice((other.old, b64url_encode(bytes(32))))


@aims_at("E_TERMS")
def terms_written_afterwards(attack: Attack) -> None:
    """The marketplace tries to change the agreed terms."""
    rng = attack.rng
    record = attack.log(live=True)
    entry = rng.choice(record.entries("terms"))
    how = rng.randrange(4)
    if how == 0:
        edit(entry)["state"] = rng.choice(("paused", "ended"))
    elif how == 1:
        edit(entry)["from"] -= rng.choice((600, 5_000))
    elif how == 2:
        newer = deepcopy(entry.obj or {}) | {"from": START + 1_500, "limit_s": 60}
        word(attack, entry, START + rng.choice((1_000, 9_000)), **newer)
    else:
        touch(entry).rt_ms += rng.choice((600_000, 6_000_000))
        put_in_time(record, entry)


@aims_at("E_KIND")
def a_kind_that_was_not_agreed(attack: Attack) -> None:
    record = attack.log(live=True)
    for entry in record.entries("terms"):
        fields = edit(entry)
        fields[attack.rng.choice(("kept", "manual"))] = False
        fields["limit_s"] = attack.rng.choice((None, 7_000))


@aims_at("E_REVOKED")
def worked_on_after_the_revocation(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=True)
    (revoke,) = record.entries("revokes")
    kid = rng.choice(("desk", "laptop"))
    at = START + rng.randrange(1_000, 7_000)
    word(attack, revoke, at, kid=record.keys[kid].kid, at=at).attrs = record.keys[kid].kid
    if rng.random() < 0.5:
        for entry in record.entries("retires"):
            entry.logged = entry.shown = False


@aims_at("E_RETIRED")
def worked_on_after_signing_out(attack: Attack) -> None:
    """The device retires during its work, and names all of it, some of it or none."""
    rng = attack.rng
    record = attack.device(live=True)
    (like,) = record.entries("retires")
    new = made_up(like, "more")
    assert new.signed is not None
    work = record.segments("desk")
    number = rng.randrange(len(work) - 1)
    last = payload_of(work[number])
    value = {"ctr": last["ctr"], "seq": last["seq"], "h": work[number].old}
    new.signed.by, new.attrs = "desk", record.keys["desk"].kid
    new.signed.header["kid"] = new.attrs
    heads = [Part(b64url_encode(rng.randbytes(16)), "head_0", value)]
    new.signed.parts = heads if rng.random() < 0.7 else []
    new.rt_ms = work[number].rt_ms + rng.randrange(400_000)
    put_in_time(record, new)


@aims_at("E_LATE")
def written_in_after_the_lock(attack: Attack) -> None:
    record = attack.device(live=True)
    entry = touch(attack.rng.choice(record.segments("desk", "manual")))
    locks = week_of(payload_of(entry)["t0"]) + WEEK + 43_200
    entry.rt_ms = (locks + attack.rng.choice((0, 1, 3_600, 25 * DAY, 400 * DAY))) * 1000
    put_in_time(record, entry)


@aims_at("E_LATE")
def sent_much_too_late(attack: Attack) -> None:
    rng = attack.rng
    if rng.random() < 0.5:
        entry = auto(attack)
        days = 61
    else:
        record = attack.device(live=True)
        entry = touch(
            rng.choice(record.entries("amends", "desk") + record.entries("tombstones")[:1])
        )
        days = 8
    entry.rt_ms += (days * DAY + rng.randrange(DAY)) * 1000
    put_in_time(attack.record, entry)
