"""Bundles that differ from `bundles/week.zip` in a few files, each with its findings: one for each
sentence of `docs/protocol.md` §9.4 that two readers could interpret differently.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.manifest import Manifest
from diary.bundle.reader import BundleFiles
from diary.core.findings import DiaryError
from diary.core.slots import WEEK
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64_encode, b64url_encode, digest, parse_canonical
from diary.log.receipt import Receipt
from diary.log.witnessing.cosignature import CosignatureSigner
from tests.diary.weeks import full_world
from tests.diary.world import START

Files = dict[str, bytes]
#: A change of the files, and whether a key is given from outside.
Change = tuple[Callable[[Files], object], bool]

_WITNESSES = [
    CosignatureSigner(f"witness.example/w{n}", SigningKey.from_seed(bytes([100 + n]) * 32))
    for n in (1, 2)
]
_OTHER = b64url_encode(bytes(32))


@functools.cache
def _week() -> tuple[Any, Files]:
    world = full_world()
    return world, world.bundle()


def _first(files: Files, folder: str, ending: str = "") -> str:
    return min(n for n in files if n.startswith(f"{folder}/") and n.endswith(ending))


def _rename(files: Files, old: str, new: str) -> None:
    files[new] = files.pop(old)


def _manifest(files: Files, **changes: Any) -> None:
    files["manifest.json"] = replace(Manifest.parse(files["manifest.json"]), **changes).data()


def _listing_itself(files: Files) -> None:
    """In the order of RFC 8785, so that only the name is wrong."""
    old = files["manifest.json"]
    names = sorted([*parse_canonical(old)["files"], "manifest.json"])
    before = names[names.index("manifest.json") - 1]
    at = old.index(b",", old.index(f'"{before}":'.encode())) + 1
    files["manifest.json"] = old[:at] + f'"manifest.json":"{_OTHER}",'.encode() + old[at:]


def _without_object(files: Files, folder: str) -> None:
    """The receipt of an object of the marketplace, without the object."""
    name = _first(files, folder, ".tlog-proof")
    files[name] = replace(Receipt.parse(files[name]), object=None).data()


def _without_object_as_empty(files: Files) -> None:
    """The same under the name of an empty object."""
    _without_object(files, "terms")
    _rename(files, _first(files, "terms"), f"terms/{digest(b'')}.tlog-proof")


def _another_slot(files: Files) -> None:
    name = _first(files, "beacons")
    _rename(files, name, "beacons/7-" + name.partition("-")[2])


def _unreferenced(files: Files) -> None:
    files[f"blobs/{_OTHER}"] = b"RIFF"


def _segment_under_another_name(files: Files) -> None:
    name = _first(files, "segments", ".sdjwt")
    kid = name.split("/")[1]
    for ending in (".sdjwt", ".tlog-proof"):
        _rename(files, name.removesuffix(".sdjwt") + ending, f"segments/{kid}/{_OTHER}{ending}")


def _enrolment_under_another_kid(files: Files) -> None:
    for ending in (".jws", ".tlog-proof"):
        _rename(files, _first(files, "devices", ending), f"devices/{_OTHER}{ending}")


def _another_checkpoint_name(files: Files) -> None:
    _rename(files, _first(files, "checkpoint"), "checkpoint/2027")


def _unreadable_segment(files: Files) -> None:
    name = _first(files, "segments", ".sdjwt")
    files[name] = b"x" + files[name]


def _weak_policy(files: Files) -> None:
    weak = bytes([1, 1]) + bytes(31)
    files["policy.txt"] = b"log a+00000000+" + b64_encode(weak).encode() + b"\nquorum none\n"


def _witnessed(files: Files, *signers: CosignatureSigner) -> None:
    """A policy that requires one of two witnesses, and these cosignatures of the newest
    checkpoint.
    """
    names = [f"witness {n} {s.verifier.vkey}\n" for n, s in zip("AB", _WITNESSES, strict=True)]
    group = "group g any A B\nquorum g\n"
    policy = files["policy.txt"].replace(b"quorum none\n", "".join([*names, group]).encode())
    name = _first(files, "checkpoint")
    text = files[name].decode().partition("\n\n")[0] + "\n"
    note = files[name] + b"".join(signer.sign(text, START) for signer in signers)
    files |= {"policy.txt": policy, name: note}
    there = {n: digest(files[n]) for n in Manifest.parse(files["manifest.json"]).files}
    files["manifest.json"] = replace(Manifest.parse(files["manifest.json"]), files=there).data()


CHANGES: dict[str, Change] = {
    "a quorum that a witness reaches": (lambda f: _witnessed(f, _WITNESSES[0]), False),
    "a quorum that no witness reaches": (lambda f: _witnessed(f), False),
    "a quorum that no witness reaches, with a key": (lambda f: _witnessed(f), True),
    "no policy, without a key": (lambda f: f.pop("policy.txt"), False),
    "no policy, with a key": (lambda f: f.pop("policy.txt"), True),
    "a policy with a weak key, without a key": (_weak_policy, False),
    "a policy with a weak key, with a key": (_weak_policy, True),
    "a manifest that lists itself": (_listing_itself, True),
    "no manifest": (lambda f: f.pop("manifest.json"), True),
    "no manifest and no segment": (
        lambda f: [f.pop(n) for n in list(f) if n[:8] in {"manifest", "segments"}],
        True,
    ),
    "a manifest of a later week as well": (
        lambda f: _manifest(f, end=Manifest.parse(f["manifest.json"]).end + WEEK),
        True,
    ),
    "a manifest of the week after": (
        lambda f: _manifest(
            f,
            first=Manifest.parse(f["manifest.json"]).end,
            end=Manifest.parse(f["manifest.json"]).end + WEEK,
        ),
        True,
    ),
    "terms without their object": (lambda f: _without_object(f, "terms"), True),
    "a review without its object": (lambda f: _without_object(f, "reviews"), True),
    "terms without their object, named as one of no bytes": (_without_object_as_empty, True),
    "a receipt without its segment": (lambda f: f.pop(_first(f, "segments", ".sdjwt")), True),
    "a segment without its receipt": (lambda f: f.pop(_first(f, "segments", "-proof")), True),
    "a beacon of another slot in its name": (_another_slot, True),
    "an unreferenced picture that is not its name": (_unreferenced, True),
    "a segment under another hash": (_segment_under_another_name, True),
    "a segment that cannot be read": (_unreadable_segment, True),
    "an enrolment under another kid": (_enrolment_under_another_kid, True),
    "a checkpoint under the name of another log": (_another_checkpoint_name, True),
    "a name of no bundle": (lambda f: f.update({"notes.txt": b"x"}), True),
}


def reported(files: Files, asked: CheckOptions) -> Any:
    """The findings of a verifier, or the code if nothing can be checked."""
    try:
        opened = check_bundle(BundleFiles(files), asked)
    except DiaryError as error:
        return error.code.value
    return [
        [finding.kind, finding.subject, finding.code.value, opened.file_of(finding)]
        for finding in opened.findings
    ]


def value() -> Any:
    """The vectors."""
    world, honest = _week()
    key = world.shards()[0].signer.verifier
    made = []
    for name, (change, keyed) in CHANGES.items():
        files = dict(honest)
        change(files)
        keys = [key] if keyed else []
        made.append(
            {
                "name": name,
                "keys": [each.vkey for each in keys],
                "without": sorted(honest.keys() - files.keys()),
                "with": {
                    n: b64url_encode(data)
                    for n, data in sorted(files.items())
                    if honest.get(n) != data
                },
                "found": reported(files, CheckOptions(keys=keys)),
            }
        )
    return made
