"""One mutation for each code, continued: the log, beacons, picture times, parts, and warnings."""

from __future__ import annotations

from random import Random

from diary.core.slots import DAY, SLOT
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode
from diary.log.witnessing.cosignature import CosignatureSigner
from tests.diary.world import START
from tests.mutations.attack import Attack, Files
from tests.mutations.fields import fit_minutes, part
from tests.mutations.record import Entry, Part, Record, edit, made_up, payload_of, touch
from tests.mutations.targeted import aims_at, auto, pictures, put_in_time
from tests.mutations.tree import note


@aims_at("E_LOG_TIME")
def an_older_leaf_behind_a_newer_one(attack: Attack) -> None:
    record = attack.log(live=attack.rng.random() < 0.5)
    entry = touch(attack.rng.choice(record.entries()[8:]))
    entry.rt_ms -= attack.rng.choice((1_300_000, 10_000_000))


@aims_at("E_BEACON")
def a_beacon_that_does_not_count(attack: Attack) -> None:
    rng = attack.rng
    how = rng.randrange(4)
    if how == 0:
        fields = payload_of(auto(attack))
        fields["bcn"]["h"] = b64url_encode(rng.randbytes(32))
        return
    record = attack.log(live=True)
    entry = touch(rng.choice(record.entries("beacons")[2:]))
    if how == 1:
        entry.rt_ms += rng.choice((-700_000, 61_000))
    elif how == 2:
        entry.attrs = str(int(entry.attrs) + rng.choice((-SLOT, SLOT)))
    else:
        entry.shown = False


@aims_at("E_BEFORE_BEACON")
def a_beacon_of_a_later_slot(attack: Attack) -> None:
    entry = auto(attack)
    fields = payload_of(entry)
    beacons = {int(e.attrs): e for e in attack.record.entries("beacons")}
    later = attack.rng.choice([s for s in beacons if s > fields["slot"]] or [fields["slot"] + SLOT])
    fields["bcn"] = {"slot": later, "h": beacons[later].old_file if later in beacons else ""}
    if later not in beacons:
        fields["bcn"]["h"] = b64url_encode(bytes(32))
    assert entry.signed is not None
    # It could not have known that beacon yet: it is sent once the beacon exists.
    entry.rt_ms = max(entry.rt_ms, later * 1000)
    put_in_time(attack.record, entry)


@aims_at("E_AFTER_RECEIPT")
def sent_before_it_ended(attack: Attack) -> None:
    entry = auto(attack)
    entry.rt_ms = payload_of(entry)["t1"] * 1000 - attack.rng.choice((5_001, 60_000, 280_000))
    put_in_time(attack.record, entry)


def earlier_beacon(attack: Attack, rng: Random, record: Record, entry: Entry) -> None:
    fields = payload_of(entry)
    beacons = {int(e.attrs): e for e in record.entries("beacons")}
    older = rng.choice([slot for slot in sorted(beacons) if slot < fields["slot"]])
    fields["bcn"] = {"slot": older, "h": beacons[older].old_file}


@aims_at("E_BEACON_CHOICE")
def an_older_beacon(attack: Attack) -> None:
    earlier_beacon(attack, attack.rng, attack.record, auto(attack))


@aims_at("W_OFFLINE")
def an_older_beacon_for_kept_time(attack: Attack) -> None:
    record = attack.device(live=True)
    entry = touch(record.segments("desk", "kept")[0])
    earlier_beacon(attack, attack.rng, record, entry)


@aims_at("E_MOMENT")
def another_moment(attack: Attack) -> None:
    entry = auto(attack)
    fields = payload_of(entry)
    others = [payload_of(e)["mom"] for e in attack.record.segments() if payload_of(e)["mom"]]
    how = attack.rng.randrange(3)
    if how == 0:
        fields["mom"] = attack.rng.choice([m for m in others if m != fields["mom"]])
    elif how == 1:
        fields["mom"] = attack.rng.choice((None, b64url_encode(bytes(32))))
    else:
        assert entry.signed is not None
        for each in pictures(entry):
            entry.signed.parts = [p for p in entry.signed.parts or () if p is not each]
        fields.update(pics=0, shot_at=[])
        fields["shot"] = attack.rng.choice(("none", "ok", "ended"))


@aims_at("E_SHOT_TIME")
def a_picture_at_another_moment(attack: Attack) -> None:
    entry = auto(attack, shot=True)
    times = payload_of(entry)["shot_at"]
    times[0] += attack.rng.choice((-1_000, -60_000, 11_000, 60_000, 700_000))
    times.sort()


@aims_at("E_DISC_UNMATCHED")
def a_disclosure_of_nothing(attack: Attack) -> None:
    entry = auto(attack)
    assert entry.signed is not None
    mine = Part(b64url_encode(attack.rng.randbytes(16)), "memo", "Mine").text()
    entry.signed.extra.append(attack.rng.choice((mine, "AA", "x y")))


@aims_at("E_DISC_DUP")
def a_disclosure_twice(attack: Attack) -> None:
    entry = auto(attack)
    assert entry.signed is not None
    listed = entry.signed.parts or []
    if attack.rng.random() < 0.5:
        entry.signed.extra.append(listed[0].text())
    else:
        name = attack.rng.choice(("t1", "memo", "seq", "..."))
        listed.append(Part(b64url_encode(attack.rng.randbytes(16)), name, "More"))


@aims_at("E_SHOT_HASH")
def another_picture(attack: Attack) -> None:
    record = attack.device(live=True)
    name = attack.rng.choice(sorted(record.blobs))
    data = record.blobs[name]
    record.blobs[name] = attack.rng.choice((data + b"x", data[:-1], b"", attack.rng.randbytes(80)))


@aims_at("W_BLOB_MISSING")
def a_picture_that_never_came(attack: Attack) -> None:
    record = attack.device(live=True)
    del record.blobs[attack.rng.choice(sorted(record.blobs))]


@aims_at("E_CP_SIG")
def a_checkpoint_signed_otherwise(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=True)
    shard = rng.choice(record.shards)

    def put(files: Files) -> None:
        name = rng.choice([n for n in sorted(files) if n.endswith("proof") or n[:5] == "check"])
        head, blank, tail = files[name].rpartition(b"\n\n")
        text = head if name[:5] == "check" else head.rpartition(b"\n\n")[2]
        made = note(shard, text.decode() + "\n").rpartition(b"\n\n")[2]
        odd = made.replace(made[-20:-18], b"AA")
        more = rng.choice((odd, tail + odd, tail + tail, tail[:-1], b"", b"\n", tail + b"x\n"))
        files[name] = head + blank + more

    attack.files(put)


@aims_at("E_CONSISTENCY")
def a_newest_checkpoint_of_another_tree(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=True)
    shard = rng.choice(record.shards)

    def put(files: Files) -> None:
        name = f"checkpoint/{shard.name}"
        size = int(files[name].split(b"\n")[1])
        new = rng.choice((size - 1, size + 1, 1, size * 2))
        files[name] = note(shard, f"{shard.origin}\n{new}\n{'A' * 42}E=\n")

    attack.files(put)


@aims_at("E_SPLIT_VIEW")
def two_histories(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=True)
    shard = rng.choice(record.shards)

    def put(files: Files) -> None:
        name = f"checkpoint/{shard.name}"
        size = int(files[name].split(b"\n")[1])
        files[name] = note(shard, f"{shard.origin}\n{size}\n{'A' * 42}E=\n")

    attack.files(put)


@aims_at("E_POLICY")
def an_announcement_that_does_not_count(attack: Attack) -> None:
    entry = attack.rng.choice(attack.log(live=True).entries("keys"))
    edit(entry)["prev_size"] = attack.rng.choice((0, 1, 20))
    entry.fitting = False
    if attack.rng.random() < 0.5:
        # Not the last leaf of the old shard, so not at the stated position.
        entry.logged = False


@aims_at("E_QUORUM")
def a_witness_that_has_not_cosigned(attack: Attack) -> None:
    attack.log(live=True)
    key = SigningKey.from_seed(attack.rng.randbytes(32))
    witness = CosignatureSigner("witness.example/one", key).verifier.vkey

    def put(files: Files) -> None:
        lines = f"witness one {witness}\nquorum one\n".encode()
        files["policy.txt"] = files["policy.txt"].replace(b"quorum none\n", lines)

    attack.files(put)


@aims_at("E_MANIFEST")
def of_another_week(attack: Attack) -> None:
    """The device's segment is outside the requested period."""
    entry = auto(attack)
    fields = payload_of(entry)
    fields["t0"] += attack.rng.choice((-1, 1)) * 7 * DAY
    fields["t1"] = fields["t0"] + 600
    fields["slot"] = fields["t0"]
    fit_minutes(entry)


@aims_at("W_OVERLAP")
def seconds_twice(attack: Attack) -> None:
    record = attack.device(live=True)
    entry = touch(record.segments("desk", "manual")[attack.rng.randrange(2)])
    fields = payload_of(entry)
    shift = attack.rng.choice((1, 2, 3)) * -SLOT
    for name in ("slot", "t0", "t1"):
        fields[name] += shift


@aims_at("W_PARALLEL")
def the_same_seconds_for_two_clients(attack: Attack) -> None:
    """Both clients' terms are in force at once, which never happens on one contract."""
    record = attack.both()
    older, newer = record.entries("terms")
    agreed = edit(newer)
    agreed["client"] = b64url_encode(attack.rng.randbytes(16))
    agreed["from"] = (older.obj or {})["from"]
    newer.rt_ms = older.rt_ms + 1
    put_in_time(record, newer)
    entry = touch(record.segments("desk", "manual")[0])
    fields = payload_of(entry)
    shift = attack.rng.choice((2, 3)) * SLOT
    for name in ("slot", "t0", "t1"):
        fields[name] += shift
    entry.rt_ms += shift * 1000
    put_in_time(record, entry)


@aims_at("W_EPOCH")
def a_restored_backup(attack: Attack) -> None:
    record = attack.device(live=True)
    segments = record.segments("desk")
    begin = attack.rng.randrange(1, len(segments))
    for entry in segments[begin:]:
        edit(entry)["epoch"] = 1


@aims_at("W_CLOCK_JUMP")
def a_clock_that_was_moved(attack: Attack) -> None:
    fields = payload_of(auto(attack))
    jump = attack.rng.choice((-2_001, 2_001, 50_000, 3_600_000))
    fields["up0"] += jump
    fields["up1"] += jump


@aims_at("W_DEVICE_SWITCH")
def another_device_in_between(attack: Attack) -> None:
    """The laptop seals the first computer's recording, in its own chain."""
    rng = attack.rng
    record = attack.both()
    slots = [START + number * SLOT for number in (7, 8, 12)]
    mine = [e for e in record.segments("desk", "auto") if payload_of(e)["slot"] in slots]
    entry = touch(rng.choice(mine))
    assert entry.signed is not None
    fields = payload_of(entry)
    before = rng.choice(record.segments("laptop"))
    entry.signed.by = "laptop"
    entry.signed.header["kid"] = record.keys["laptop"].kid
    fields.update(seq=payload_of(before)["seq"] + 1, prev=before.old)


@aims_at("W_LATE")
def sent_late(attack: Attack) -> None:
    entry = auto(attack)
    entry.rt_ms = (payload_of(entry)["slot"] + SLOT + 1_800 + attack.rng.randrange(1, 9_000)) * 1000
    put_in_time(attack.record, entry)


@aims_at("W_SHOT_MISSING")
def a_picture_that_failed(attack: Attack) -> None:
    entry = auto(attack, shot=True)
    assert entry.signed is not None
    for each in pictures(entry)[-1:]:
        entry.signed.parts = [p for p in entry.signed.parts or () if p is not each]
    payload_of(entry)["pics"] -= 1
    payload_of(entry)["shot_at"].pop()
    payload_of(entry)["shot"] = attack.rng.choice(("locked", "denied", "error"))


@aims_at("N_MASKED")
def masked(attack: Attack) -> None:
    entry = auto(attack, shot=True)
    for each in pictures(entry):
        each.value["redacted"] = [[0, 0, 5, 5]]


@aims_at("W_WITHHELD")
def a_part_withheld(attack: Attack) -> None:
    entry = auto(attack)
    assert entry.signed is not None
    attack.rng.choice(entry.signed.parts or []).shown = False


@aims_at("W_UNVOUCHED")
def nobody_vouched(attack: Attack) -> None:
    record = attack.device(live=True)
    (entry,) = record.entries("vouches")
    if attack.rng.random() < 0.5:
        entry.logged = entry.shown = False
    else:
        edit(entry)["kid"] = attack.rng.choice([key.kid for key in record.keys.values()][:1])


@aims_at("W_OVERLAP")
def seconds_over_the_limit_given_back(attack: Attack) -> None:
    """The same seconds under the device's terms and under newer ones without a limit, then a
    deletion of those that the old limit does not pay.
    """
    record = attack.both()
    *_, terms = record.entries("terms")
    edit(terms)["limit_s"] = attack.rng.choice((0, 3_000, 5_000))
    first = next(e for e in reversed(record.segments("desk", "auto")))
    second = record.segments("desk", "manual")[-1]
    body = payload_of(first)
    newer = made_up(terms, "newer")
    newer.old = b64url_encode(attack.rng.randbytes(32))
    edit(newer).update({"limit_s": None, "from": body["t0"]})
    newer.rt_ms = body["t0"] * 1000 - attack.rng.randrange(1_000, 20_000)
    put_in_time(record, newer)
    edit(second).update({name: body[name] for name in ("slot", "t0", "t1")}, terms=newer.old)
    model = next(e for e in record.entries("tombstones", "desk"))
    stone = made_up(model, "more")
    payload_of(stone).update(segment=first.old, digests=[], scope=["time"])
    stone.rt_ms += attack.rng.randrange(1, 50_000)
    put_in_time(record, stone)


@aims_at("N_DELETED")
def time_given_back(attack: Attack) -> None:
    record = attack.device(live=True)
    model = next(e for e in record.entries("tombstones", "desk"))
    spoken = {payload_of(e)["segment"] for e in record.entries("tombstones", "desk")}
    stones = [(e.obj or {}).get("segment") for e in record.entries("tombstones")]
    free = [e for e in record.segments() if e.old not in spoken and e.old not in stones]
    target = attack.rng.choice(free)
    new = made_up(model, "more")
    text = part(target, "memo")
    assert text is not None
    payload_of(new).update(segment=target.old, digests=[], scope=["time"])
    new.rt_ms += attack.rng.randrange(50_000)
    put_in_time(record, new)
