"""Mutations by an attacker without a key who knows the bundle's format: objects left out, parts
moved, another manifest or policy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from diary.bundle.layout import MANIFEST, POLICY
from diary.core.findings import DiaryError
from diary.formats.encoding import b64url_encode, canonical, parse_canonical
from tests.mutations.attack import Attack, Files, Mutator, into
from tests.mutations.plain_bytes import again, cut, flip, insert, letter, lines, pick, refit

MUTATORS: dict[str, Mutator] = {}
mutator = into(MUTATORS)


@mutator
def segments_withheld(attack: Attack) -> None:
    """From the beginning, from the end, or some."""
    rng = attack.rng

    def put(files: Files) -> None:
        how = rng.randrange(3)
        record = attack.record
        by = rng.choice(("desk", "laptop"))
        names = [entry.old for entry in record.segments(by)]
        some = rng.randrange(len(names) + 1)
        gone = names[:some] if how == 0 else names[some:] if how == 1 else rng.sample(names, some)
        for name in [n for n in files if any(h is not None and h in n for h in gone)]:
            del files[name]

    attack.files(put)


@mutator
def parts_withheld(attack: Attack) -> None:
    rng = attack.rng

    def put(files: Files) -> None:
        for name in [n for n in files if n.endswith(".sdjwt")]:
            if rng.random() < 0.3:
                head, *texts, _ = files[name].split(b"~")
                kept = [text for text in texts if rng.random() < 0.5]
                rng.shuffle(kept)
                files[name] = b"~".join([head, *kept, b""])

    attack.files(put)


@mutator
def said_things_withheld(attack: Attack) -> None:
    """Statements about the segments, of one kind or all."""
    rng = attack.rng
    folders = ("amends", "tombstones", "revokes", "retires", "vouches", "reviews", "blobs")

    def put(files: Files) -> None:
        gone = rng.sample(folders, rng.randint(1, len(folders)))
        for name in [n for n in files if n.partition("/")[0] in gone]:
            if rng.random() < 0.8:
                del files[name]

    attack.files(put)


@mutator
def foreign_disclosure(attack: Attack) -> None:
    rng = attack.rng

    def put(files: Files) -> None:
        name = pick(rng, files, "segments", "amends", "retires", ending=".sdjwt")
        other = pick(rng, files, "segments", ending=".sdjwt")
        text = rng.choice(
            (
                files[other].split(b"~")[1],
                b64url_encode(
                    canonical([b64url_encode(rng.randbytes(16)), "memo", "Mine"])
                ).encode(),
                b64url_encode(canonical([b64url_encode(rng.randbytes(16)), "t1", 1])).encode(),
                b"",
                b"AA",
                rng.randbytes(8),
            )
        )
        files[name] += text + b"~"

    attack.files(put)


@mutator
def disclosure_twice(attack: Attack) -> None:
    rng = attack.rng

    def put(files: Files) -> None:
        name = pick(rng, files, "segments", ending=".sdjwt")
        found = files[name].split(b"~")
        if len(found) > 2:
            files[name] += rng.choice(found[1:-1]) + b"~"

    attack.files(put)


@mutator
def picture_changed(attack: Attack) -> None:
    rng = attack.rng

    def put(files: Files) -> None:
        name = pick(rng, files, "blobs")
        files[name] = rng.choice((flip, cut, insert, again))(rng, files[name])

    attack.files(put)


@mutator
def picture_missing(attack: Attack) -> None:
    attack.files(lambda files: files.pop(pick(attack.rng, files, "blobs")))


@mutator
def receipts_exchanged(attack: Attack) -> None:
    rng = attack.rng

    def put(files: Files) -> None:
        folders = ("segments", "devices", "amends", "vouches", "retires", "tombstones")
        a = pick(rng, files, *folders, ending=".tlog-proof")
        b = pick(rng, files, *folders, ending=".tlog-proof")
        files[a], files[b] = files[b], files[a]

    attack.files(put)


@mutator
def proof_of_consistency(attack: Attack) -> None:
    rng = attack.rng
    refit(attack)

    def put(files: Files) -> None:
        name = pick(rng, files, "consistency")
        how = rng.randrange(4)
        if how == 0:
            del files[name]
        elif how == 1:
            files[name] = files[pick(rng, files, "consistency")]
        elif how == 2:
            files[name] = lines(rng, files[name])
        else:
            files[pick(rng, files, "checkpoint")] = files[pick(rng, files, "checkpoint")]

    attack.files(put)


@mutator
def manifest_fields(attack: Attack) -> None:
    rng = attack.rng
    attack.refit = False

    def put(files: Files) -> None:
        try:
            made = parse_canonical(files[MANIFEST])
        except DiaryError:
            return
        field = rng.choice(sorted(made))
        new: Any = rng.choice(
            (None, 0, -1, 604_800 * 7, "", "x", [], {}, b64url_encode(rng.randbytes(16)), True)
        )
        if field == "files" and rng.random() < 0.7:
            listed = dict(made["files"])
            name = rng.choice((*sorted(listed), MANIFEST, "__proto__"))
            listed[name] = rng.choice((b64url_encode(rng.randbytes(32)), "", None))
            made["files"] = listed
        elif rng.random() < 0.2:
            del made[field]
        else:
            made[field] = new
        files[MANIFEST] = canonical(made)

    attack.files(put)


@mutator
def policy_text(attack: Attack) -> None:
    rng = attack.rng
    if rng.random() < 0.5:
        attack.unknown_key()

    def put(files: Files) -> None:
        policy = files[POLICY]
        stranger = attack.record.keys["stranger"]
        signer = replace(attack.record.shards[0].signer, key=stranger)
        files[POLICY] = rng.choice(
            (
                f"log {signer.verifier.vkey}\nquorum none\n".encode(),
                policy + b"witness w x+y\n",
                policy.replace(b"quorum none", b"quorum any"),
                lines(rng, policy),
                letter(rng, policy),
                b"",
                policy + policy,
                policy.split(b"\n")[0] + b"\nquorum none\n",
                b"# \xff\n" + policy,
            )
        )

    attack.files(put)


@mutator
def asked_otherwise(attack: Attack) -> None:
    """Unchanged files with other check options."""
    rng = attack.rng
    other = b64url_encode(rng.randbytes(16))
    first = attack.asked.first or 0
    stranger = replace(attack.record.shards[0].signer, key=attack.record.keys["stranger"])
    attack.asked = rng.choice(
        (
            replace(attack.asked, ctr=other),
            replace(attack.asked, sub=other),
            replace(attack.asked, first=first + rng.randrange(400_000)),
            replace(attack.asked, end=first + rng.randrange(400_000)),
            replace(attack.asked, keys=(stranger.verifier,)),
            replace(attack.asked, keys=(attack.record.shards[1].signer.verifier,)),
            replace(attack.asked, keys=tuple(s.signer.verifier for s in attack.record.shards)),
            replace(attack.asked, keys=(*attack.asked.keys, stranger.verifier)),
            replace(attack.asked, keys=()),
        )
    )
