"""Mutations by the operator of the log: its statements, leaves, trees, checkpoints and keys."""

from __future__ import annotations

from dataclasses import replace

from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from tests.mutations.attack import Attack, Files, Mutator, into
from tests.mutations.fields import (
    change_a_field,
    some_word,
)
from tests.mutations.record import edit, made_up, spelled, touch
from tests.mutations.tree import note

MUTATORS: dict[str, Mutator] = {}
mutator = into(MUTATORS)


@mutator
def said_field(attack: Attack) -> None:
    entry = some_word(attack)
    change_a_field(attack.rng, edit(entry))
    entry.fitting = attack.rng.random() < 0.5


@mutator
def said_spelling(attack: Attack) -> None:
    entry = some_word(attack)
    data = spelled(entry.obj)
    entry.raw_obj = attack.rng.choice(
        (data + b" ", data.replace(b":1", b":01", 1), b"", b"[]", b"null", data[1:], data + b"\n")
    )
    entry.changed = True


@mutator
def leaf_field(attack: Attack) -> None:
    """A leaf with other contents for its object."""
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.5)
    entry = touch(rng.choice(record.entries()))
    how = rng.randrange(4)
    if how == 0:
        entry.rt_ms = max(0, entry.rt_ms + rng.choice((-1, 1)) * 10 ** rng.randint(0, 11))
    elif how == 1:
        kids = [key.kid for key in record.keys.values()]
        entry.attrs = rng.choice(("", "0", "7", *kids, b64url_encode(rng.randbytes(32)), "x y"))
    elif how == 2:
        entry.type = rng.choice([*(kind.value for kind in LeafType), "payment"])
    else:
        other = rng.choice(record.entries())
        entry.leaf_digest = rng.choice((other.old, b64url_encode(rng.randbytes(32)), "x"))


@mutator
def log_without_a_leaf(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.5)
    entry = touch(rng.choice(record.entries()))
    entry.logged = False
    if rng.random() < 0.5:
        entry.receipt = None
    entry.shown = rng.random() < 0.7


@mutator
def log_in_another_order(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.5)
    entries = rng.choice(record.shards).entries
    entry = entries.pop(rng.randrange(len(entries)))
    at = rng.randrange(len(entries) + 1)
    entries.insert(at, entry)
    if rng.random() < 0.5:
        entry.rt_ms = entries[max(0, at - 1)].rt_ms


@mutator
def log_with_a_leaf_twice(attack: Attack) -> None:
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.5)
    entry = rng.choice(record.entries())
    record.add_after(rng.choice(record.entries()), made_up(entry, "again"))


@mutator
def log_time_moved(attack: Attack) -> None:
    """All times from one leaf on, or of one kind."""
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.6)
    entries = record.entries()
    begin = rng.randrange(len(entries))
    shift = rng.choice((-1, 1)) * rng.choice((1, 1_000, 6_000, 60_000, 600_000, 86_400_000 * 61))
    kind = rng.choice((None, entries[begin].folder))
    for entry in entries[begin:]:
        if kind in (None, entry.folder):
            entry.rt_ms = max(0, entry.rt_ms + shift)


@mutator
def older_trees(attack: Attack) -> None:
    """Receipts under older checkpoints, as they were once issued."""
    record = attack.log(live=True)
    for entry in record.entries():
        if entry.folder != "beacons" and attack.rng.random() < 0.4:
            entry.size = attack.rng.randrange(1, 45)


@mutator
def beacons_as_they_were(attack: Attack) -> None:
    """The log is rebuilt, and the beacons of the old one are shown."""
    rng = attack.rng
    record = attack.log()
    entry = rng.choice(record.entries())
    if rng.random() < 0.5:
        touch(entry).rt_ms += rng.choice((-1, 1))
    else:
        record.add_after(entry, made_up(rng.choice(record.entries("reviews")), "secret"))
    for beacon in record.entries("beacons"):
        touch(beacon).shown = False
    honest_files = {e.old_file: e for e in record.entries("beacons")}

    def put(files: Files) -> None:
        for name, each in honest_files.items():
            if each.receipt is not None:
                files[f"beacons/{each.attrs}-{name}.tlog-proof"] = each.receipt

    attack.files(put)


@mutator
def checkpoint_made_up(attack: Attack) -> None:
    """A signed newest checkpoint of another or a larger tree."""
    rng = attack.rng
    record = attack.log(live=True)
    shard = rng.choice(record.shards)

    def put(files: Files) -> None:
        name = f"checkpoint/{shard.name}"
        text = files[name].decode().partition("\n\n")[0].split("\n")
        how = rng.randrange(5)
        if how == 0:
            text[2] = "A" * 42 + "o="
        elif how == 1:
            text[1] = str(max(0, int(text[1]) + rng.choice((-20, -1, 1, 10**15))))
        elif how == 2:
            text[0] = rng.choice(record.shards).origin
        elif how == 3:
            text.insert(rng.randrange(4), rng.choice(("more", "", " x")))
        else:
            text[rng.randrange(3)] = "x"
        files[name] = note(shard, "\n".join(text) + "\n")

    attack.files(put)


@mutator
def log_of_a_stranger(attack: Attack) -> None:
    """Everything in a log with another key, of the same name or another."""
    rng = attack.rng
    record = attack.log(live=rng.random() < 0.7)
    shard = rng.choice(record.shards)
    shard.signer = replace(shard.signer, key=record.keys["stranger"])
    if rng.random() < 0.4:
        attack.unknown_key()
    if rng.random() < 0.3:
        for entry in record.entries("keys"):
            edit(entry)["vkey"] = shard.signer.verifier.vkey


@mutator
def key_object(attack: Attack) -> None:
    """The contents of a change of keys."""
    rng = attack.rng
    record = attack.log(live=True)
    entry = rng.choice(record.entries("keys"))
    fields = edit(entry)
    stranger = replace(record.shards[1].signer, key=record.keys["stranger"]).verifier.vkey
    weak = stranger.rpartition("+")[0]
    name, value = rng.choice(
        (
            ("prev_size", 1),
            ("prev_root", b64url_encode(rng.randbytes(32))),
            ("vkey", stranger),
            ("vkey", f"{weak}+AQ=="),
            ("origin", "workdiary.localhost/log/2025"),
            ("origin", "other.example/log/2027"),
            ("prev_origin", "workdiary.localhost/log/2026-2"),
            ("origin", "x"),
            ("v", 2),
        )
    )
    fields[name] = value
    entry.fitting = rng.random() < 0.4


@mutator
def old_shard_goes_on(attack: Attack) -> None:
    record = attack.log(live=True)
    source = attack.rng.choice(record.entries("reviews"))
    new = made_up(source, "secret")
    new.obj = {**(new.obj or {}), "at": 5}
    record.shards[0].entries.append(new)
    if attack.rng.random() < 0.5:
        for entry in record.entries("keys"):
            entry.fitting = False
