"""Mutations of signed contents, signed again by a key of the attacker: any field of any object, and
the order and number of objects.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import Any

from diary.core.slots import covered_minutes
from diary.formats.encoding import b64url_encode, canonical, digest
from tests.mutations.attack import Attack, Mutator, into
from tests.mutations.plain_bytes import flip
from tests.mutations.record import Entry, Part, edit, payload_of, spelled, touch
from tests.mutations.tree import signature

MUTATORS: dict[str, Mutator] = {}
mutator = into(MUTATORS)
FOREIGN = ("beacons", "keys", "revokes", "reviews", "terms")


def odd(rng: Random, value: Any) -> Any:
    """Another value, near or far."""
    anything: tuple[Any, ...] = (
        None,
        True,
        False,
        0,
        1,
        -1,
        2**53 - 1,
        "",
        "x",
        [],
        {},
        [1],
        {"v": 1},
    )
    if isinstance(value, bool):
        return rng.choice((not value, None, 1, "true"))
    if isinstance(value, int) and rng.random() < 0.85:
        step = rng.choice((1, 1, 2, 60, 599, 600, 601, 1000, 2000, 2001, 5000, 86_400, 604_800))
        return value + rng.choice((-1, 1)) * step
    if isinstance(value, str) and rng.random() < 0.8:
        kinds = ("auto", "kept", "manual", "ok", "ended", "none", "locked", "masked", "active")
        changed = flip(rng, value.encode()).decode("ascii", "replace").replace("\ufffd", "\u00e9")
        return rng.choice(
            (changed, b64url_encode(rng.randbytes(32)), b64url_encode(rng.randbytes(16)), *kinds)
        )
    if isinstance(value, list) and value and rng.random() < 0.8:
        value = list(value)
        at = rng.randrange(len(value))
        value[at] = odd(rng, value[at])
        return rng.choice((value, value[1:], [*value, value[0]], value[::-1]))
    return deepcopy(rng.choice(anything))


def change_a_field(rng: Random, fields: dict[str, Any]) -> None:
    """Change, drop or add one member, at any depth."""
    while True:
        inner = [v for v in fields.values() if isinstance(v, dict) and v]
        if not inner or rng.random() < 0.6:
            break
        fields = rng.choice(inner)
    name = rng.choice(sorted(fields))
    how = rng.random()
    if how < 0.08:
        del fields[name]
    elif how < 0.14:
        fields[rng.choice(("more", "exp", "_sd", "v", "memo", "jti"))] = odd(rng, 1)
    else:
        fields[name] = odd(rng, fields[name])


def part(entry: Entry, name: str) -> Part | None:
    """A disclosure by its name."""
    assert entry.signed is not None
    return next((p for p in entry.signed.parts or () if p.name == name), None)


def fit_minutes(entry: Entry) -> None:
    """Rows and their number of active minutes, as its times require."""
    payload, rows = payload_of(entry), part(entry, "minutes")
    if rows is None:
        return
    covered = covered_minutes(payload["slot"], payload["t0"], payload["t1"])
    rows.value = [[1, 0, 0, 1, None] if each else None for each in covered]
    payload["active"] = sum(covered)
    seconds = payload["t1"] - payload["t0"]
    payload["awake"] = max(0, seconds * 1000)
    payload["up1"] = payload["up0"] + payload["awake"]


def some_device(attack: Attack, folder: str | None = None) -> Entry:
    """Control the device that signed the returned entry; sometimes the log as well."""
    signed = [e for e in attack.record.entries(folder) if e.signed is not None]
    if folder is None and attack.rng.random() < 0.7:
        found = attack.rng.choice(sorted({e.folder for e in signed}))
        signed = [e for e in signed if e.folder == found]
    entry = attack.rng.choice(signed)
    assert entry.signed is not None
    attack.device(by=entry.signed.by, log=attack.rng.random() < 0.2)
    return entry


def some_word(attack: Attack, folder: str | None = None) -> Entry:
    """Control the log; returns an entry of the marketplace."""
    record = attack.log(live=attack.rng.random() < 0.6)
    folder = folder or attack.rng.choice((*FOREIGN, "tombstones"))
    return attack.rng.choice([e for e in record.entries(folder) if e.obj is not None])


@mutator
def signed_field(attack: Attack) -> None:
    entry = some_device(attack)
    change_a_field(attack.rng, edit(entry))


@mutator
def segment_field(attack: Attack) -> None:
    entry = some_device(attack, "segments")
    change_a_field(attack.rng, edit(entry))


@mutator
def two_segment_fields(attack: Attack) -> None:
    entry = some_device(attack, "segments")
    for _ in range(2):
        change_a_field(attack.rng, edit(entry))
    if attack.rng.random() < 0.5 and all(
        isinstance(payload_of(entry).get(n), int) for n in ("slot", "t0", "t1", "up0")
    ):
        fit_minutes(entry)


@mutator
def disclosed_value(attack: Attack) -> None:
    entry = some_device(attack, attack.rng.choice(("segments", "segments", "amends", "retires")))
    assert touch(entry).signed is not None
    found = entry.signed.parts if entry.signed else None
    for each in found or ():
        if attack.rng.random() < 0.5:
            how = attack.rng.randrange(8)
            if how == 0:
                each.name = attack.rng.choice(("note", "memo", "shot_0", "shot_9", "", "_sd", "t0"))
            elif how == 1:
                each.salt = attack.rng.choice(
                    ("", b64url_encode(bytes(15)), 1, b64url_encode(bytes(16)))
                )
            elif how == 2:
                each.raw = attack.rng.choice(
                    ("AA", "~", b64url_encode(b"[1]"), b64url_encode(b"[1, 2, 3]"))
                )
            elif isinstance(each.value, dict) and each.value:
                change_a_field(attack.rng, each.value)
            else:
                each.value = odd(attack.rng, each.value)


@mutator
def parts_dropped_or_added(attack: Attack) -> None:
    entry = touch(some_device(attack, attack.rng.choice(("segments", "amends", "retires"))))
    assert entry.signed is not None
    rng, listed = attack.rng, entry.signed.parts or []
    how = rng.randrange(4)
    if how == 0 and listed:
        listed.remove(rng.choice(listed))
    elif how == 1 and listed:
        listed.append(replace(rng.choice(listed), salt=b64url_encode(rng.randbytes(16))))
    elif how == 2:
        name = rng.choice(("note", "memo", "minutes", "shot_1", "seq", "...", "head_7"))
        listed.append(Part(b64url_encode(rng.randbytes(16)), name, "More"))
    else:
        for each in listed:
            each.shown = rng.random() < 0.5


@mutator
def own_digests(attack: Attack) -> None:
    """`_sd` itself: unsorted, doubled, of another type."""
    entry = touch(some_device(attack, "segments"))
    assert entry.signed is not None
    names = [digest(each.text().encode()) for each in entry.signed.parts or ()]
    rng = attack.rng
    entry.signed.own_digests = True
    entry.signed.payload["_sd_alg"] = rng.choice(("sha-256", "sha-256", "sha-512", None))
    entry.signed.payload["_sd"] = rng.choice(
        (
            sorted(names, reverse=True),
            sorted([*names, *names[:1]]),
            sorted([*names, b64url_encode(rng.randbytes(32))]),
            sorted(names)[1:],
            "x",
            [1],
        )
    )


@mutator
def signed_spelling(attack: Attack) -> None:
    """The payload in a non-canonical spelling."""
    entry = touch(some_device(attack))
    assert entry.signed is not None
    data = spelled(entry.signed.payload)
    if entry.signed.parts is not None:
        texts = sorted(digest(each.text().encode()) for each in entry.signed.parts)
        data = canonical({**entry.signed.payload, "_sd": texts, "_sd_alg": "sha-256"})
    rng = attack.rng
    entry.signed.raw = rng.choice(
        (
            data.replace(b":", b": ", 1),
            data.replace(b'"v":1', b'"v":1.0'),
            data.replace(b'"v":1', b'"v":1,"v":1'),
            data.replace(b'"v":1', b'"v":1e0'),
            data.replace(b'"v":1', b'"v":9007199254740993'),
            data[:-1] + b',"z\xc3\xa9":1}',
            data[:-1] + b',"zz":1}',
            data + b"\n",
            b"[" + data + b"]",
            b"\xef\xbb\xbf" + data,
            data.replace(b'"v"', b'"\\u0076"'),
            data[:-1] + b',"zz":"\xed\xa0\x80"}',
            data[:-1] + b',"zz":' + b"[" * 40 + b"]" * 40 + b"}",
        )
    )


@mutator
def header(attack: Attack) -> None:
    entry = touch(some_device(attack))
    assert entry.signed is not None
    change_a_field(attack.rng, entry.signed.header)


@mutator
def foreign_signature(attack: Attack) -> None:
    """Signed by another key than in the header, or with another key in the header."""
    entry = touch(some_device(attack))
    signed = entry.signed
    assert signed is not None
    rng = attack.rng
    keys = attack.record.keys
    other = rng.choice([name for name in keys if name != signed.by])
    if rng.random() < 0.5:
        signed.header["kid"] = keys[other].kid
    else:
        signed.spoiled = rng.choice(
            (signature(keys["stranger"].seed, b"other"), bytes(64), rng.randbytes(64), b"")
        )
