"""What a bundle should have shown: the log's own leaves beside the bundle's files
(`docs/protocol.md` §9.6).

Leaves are hashes, but some say whom they are about: revocations name the device, beacons the slot,
terms the contract. So every leaf is read, each proven by a signed checkpoint that continues those
of the bundle, and what concerns the bundle and is not in it is told; a second beacon for a slot is
a finding about the log itself. Which record a tombstone is about the log does not say: those that
are not in the bundle are only counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from diary.bundle import Opened
from diary.checkpoint import open_checkpoint
from diary.errors import Code, DiaryError, Finding
from diary.follow import Follower, Source, Visit
from diary.followed import Known, State
from diary.layout import PROOF, parse_name
from diary.leaf import Leaf, LeafType, contract_attr
from diary.logkey import extend_trust
from diary.place import Origin
from diary.scan import Scan, ShardScan


@dataclass
class Heard:
    """What the log says that may concern a bundle: the digests by whom they are about."""

    revokes: dict[str, set[str]] = field(default_factory=dict)
    terms: dict[str, set[str]] = field(default_factory=dict)
    tombstones: set[str] = field(default_factory=set)

    def leaf(self, leaf: Leaf) -> None:
        """Take a leaf in."""
        about = {LeafType.REVOKE: self.revokes, LeafType.TERMS: self.terms}.get(leaf.type)
        if about is not None:
            about.setdefault(leaf.attrs, set()).add(leaf.digest)
        elif leaf.type is LeafType.TOMBSTONE:
            self.tombstones.add(leaf.digest)


class _Listening(Scan):
    """Reads leaves as a follower does, and hears what they are about."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard

    def shard(self, origin: str, known: Known, *, first: bool) -> ShardScan:
        """Go on reading a shard."""
        return _Reading(self._objects, origin, known, first=first, heard=self._heard)


class _Reading(ShardScan):
    def __init__(
        self, objects: set[bytes], origin: str, known: Known, *, first: bool, heard: Heard
    ) -> None:
        super().__init__(objects, origin, known, first=first)
        self._heard = heard

    def leaf(self, index: int, data: bytes) -> None:
        """Read a leaf."""
        super().leaf(index, data)
        with contextlib.suppress(DiaryError):
            self._heard.leaf(Leaf.parse(data))


def compare(opened: Opened, source: Source) -> tuple[Opened, int]:
    """The bundle with what the log adds to its findings, and how many tombstones the log holds that
    are not in it.

    Raises what `source` raises, AnswerError for an answer that says nothing.
    """
    heard, visit = Heard(), Visit()
    verifiers, _ = extend_trust(opened.keys, source.keys())
    vkeys = tuple(verifier.vkey for verifier in verifiers)
    shards = {}
    for name, note in opened.checkpoints.items():
        with contextlib.suppress(DiaryError):
            if Origin.parse(open_checkpoint(note, verifiers).origin).name == name:
                shards[name] = Known(note)
    follower = Follower(State(vkeys, opened.outside, vkeys, shards))
    follower.scan = _Listening(heard)
    follower.visit(source, visit)
    shown: dict[str, set[str]] = {"revokes": set(), "terms": set(), "tombstones": set()}
    for name in opened.files.values():
        named = parse_name(name)
        if named is not None and named.folder in shown:
            shown[named.folder].add(named.parts[-1])
    concerning = {
        "revokes": _about(heard.revokes, opened.report.keys.devices),
        "terms": _about(heard.terms, [contract_attr(ctr) for ctr in _contracts(opened)]),
    }
    withheld = [
        Finding("bundle", f"{folder}/{digest}.{PROOF}", Code.E_MANIFEST, _DETAILS[folder])
        for folder, digests in concerning.items()
        for digest in digests - shown[folder]
    ]
    findings = {(f.kind, f.subject, f.code): f for f in opened.findings}
    for finding in sorted([*visit.findings, *withheld]):
        findings.setdefault((finding.kind, finding.subject, finding.code), finding)
    files = {finding.subject: finding.subject for finding in withheld}
    more = replace(
        opened, findings=tuple(sorted(findings.values())), files={**files, **opened.files}
    )
    return more, len(heard.tombstones - shown["tombstones"])


_DETAILS = {
    "revokes": "the log holds a revocation that the bundle does not show",
    "terms": "the log holds terms of this contract that the bundle does not show",
}


def _about(digests: Mapping[str, set[str]], whom: Iterable[str]) -> set[str]:
    return {digest for each in whom for digest in digests.get(each, ())}


def _contracts(opened: Opened) -> set[str]:
    found = {checked.sealed.segment.ctr for checked in opened.report.segments.values()}
    return found | ({opened.ctr} if opened.ctr else set())
