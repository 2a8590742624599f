"""What a bundle should have shown: the log's own leaves beside the bundle's files
(`docs/protocol.md` §9.6).

Leaves are hashes, but some name whom they are about: revocations and retirements the device,
beacons the slot, terms the contract. So every leaf is read, each proven by a signed checkpoint that
continues those of the bundle. What concerns the bundle and is not in it is a finding; terms are
fetched as well, so that the totals rest on all of them. Other leaves (segments, amendments,
tombstones, reviews) do not name what they are about: those that are not in the bundle are counted.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from diary.bundle.check import CheckedBundle
from diary.bundle.layout import PROOF, parse_name
from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import digest
from diary.log.checkpoint import open_checkpoint
from diary.log.leaf import Leaf, LeafType, contract_attr
from diary.log.leaf_rules import LeafChecker, ShardLeafChecker
from diary.log.monitor import LogMonitor, PollResult, Source
from diary.log.monitor_state import KnownShard, MonitorState
from diary.log.position import LogPosition, Origin
from diary.log.receipt import Receipt
from diary.log.shard_keys import extend_trust
from diary.verification.evidence import LoggedTerms, count_terms

#: Leaves that do not name what they are about, with their folder, and what a check does not know
#: where the log has more of them than the bundle.
_UNNAMED = {
    LeafType.AMEND: ("amends", ("amendments",)),
    LeafType.REVIEW: ("reviews", ("reviews",)),
    LeafType.SEGMENT: ("segments", ("forks", "other_contracts")),
    LeafType.TOMBSTONE: ("tombstones", ("tombstones",)),
}
#: Leaves that name the device or the contract, with folder and ending of their file.
_NAMED = {
    LeafType.RETIRE: ("retires", "sdjwt", "the log holds a retirement of this device"),
    LeafType.REVOKE: ("revokes", PROOF, "the log holds a revocation of this device"),
    LeafType.TERMS: ("terms", PROOF, "the log holds terms of this contract"),
}


@dataclass
class LogLeaves:
    """What the log holds beyond a bundle that has the objects `shown` (folder and digest of each):
    by object the first leaf that names whom it is about, with its place; how many leaves of each
    other kind. `findings` are about the log itself.
    """

    shown: set[tuple[str, str]]
    named: dict[tuple[LeafType, str], tuple[Leaf, LogPosition]] = field(default_factory=dict)
    unnamed: Counter[LeafType] = field(default_factory=Counter)
    findings: set[Finding] = field(default_factory=set)

    def leaf(self, leaf: Leaf, place: LogPosition) -> None:
        """Take a leaf in."""
        if leaf.type in _NAMED and (_NAMED[leaf.type][0], leaf.digest) not in self.shown:
            self.named.setdefault((leaf.type, leaf.digest), (leaf, place))
        elif leaf.type in _UNNAMED and (_UNNAMED[leaf.type][0], leaf.digest) not in self.shown:
            self.unnamed[leaf.type] += 1

    @property
    def not_known(self) -> list[str]:
        """What a check does not know in view of the other leaves, in the words of `not_checked`."""
        return sorted({name for kind in self.unnamed for name in _UNNAMED[kind][1]})

    def left_out(self, opened: CheckedBundle) -> list[tuple[Leaf, LogPosition, str]]:
        """The leaves that concern the bundle and whose object it does not have, with the name that
        its file would have.
        """
        segments = opened.report.segments.values()
        whom = {
            LeafType.RETIRE: {checked.sealed.kid for checked in segments},
            LeafType.REVOKE: set(opened.report.keys.devices),
            LeafType.TERMS: {contract_attr(ctr) for ctr in _contracts(opened)},
        }
        found = []
        for (kind, name), (leaf, place) in self.named.items():
            folder, ending, _ = _NAMED[kind]
            # Terms hold from a time that is not before their leaf: later ones bind nothing here.
            late = kind is LeafType.TERMS and _is_later(opened, leaf)
            if leaf.attrs in whom[kind] and not late:
                found.append((leaf, place, f"{folder}/{name}.{ending}"))
        return found


def _is_later(opened: CheckedBundle, leaf: Leaf) -> bool:
    return opened.end is not None and leaf.rt_ms >= opened.end * 1000


def _shown(opened: CheckedBundle) -> set[tuple[str, str]]:
    """Folder and digest of every object in the bundle."""
    named = (parse_name(name) for name in opened.held)
    return {(each.folder, each.parts[-1]) for each in named if each is not None and each.parts}


class _CollectingLeafChecker(LeafChecker):
    """Reads leaves as a follower does, and hears what they are about."""

    def __init__(self, heard: LogLeaves) -> None:
        super().__init__()
        self._heard = heard

    def shard(self, origin: str, known: KnownShard, *, first: bool) -> ShardLeafChecker:
        """Go on reading a shard."""
        return _CollectingShardChecker(self._objects, origin, known, first=first, heard=self._heard)


class _CollectingShardChecker(ShardLeafChecker):
    def __init__(
        self, objects: set[bytes], origin: str, known: KnownShard, *, first: bool, heard: LogLeaves
    ) -> None:
        super().__init__(objects, origin, known, first=first)
        self._heard = heard

    def leaf(self, index: int, data: bytes) -> None:
        """Read a leaf."""
        super().leaf(index, data)
        with contextlib.suppress(DiaryError):
            self._heard.leaf(Leaf.parse(data), Origin.parse(self._origin).position(index))


def collect_leaves(opened: CheckedBundle, source: Source) -> LogLeaves:
    """Read the whole log, in a history that continues the bundle's checkpoints.

    Raises what `source` raises, AnswerError for an answer that says nothing.
    """
    heard, visit = LogLeaves(_shown(opened)), PollResult()
    verifiers, _ = extend_trust(opened.keys, source.keys())
    vkeys = tuple(verifier.vkey for verifier in verifiers)
    shards = {}
    for name, note in opened.checkpoints.items():
        with contextlib.suppress(DiaryError):
            if Origin.parse(open_checkpoint(note, verifiers).origin).name == name:
                shards[name] = KnownShard(note)
    follower = LogMonitor(MonitorState(vkeys, opened.outside, vkeys, shards))
    follower.leaf_checker = _CollectingLeafChecker(heard)
    follower.poll(source, visit)
    heard.findings = set(visit.findings)
    return heard


def terms_left_out(
    opened: CheckedBundle, heard: LogLeaves, receipt_of: Callable[[str], bytes | None]
) -> tuple[list[LoggedTerms], bool]:
    """The terms that count and that the bundle does not have, and whether all of them could be had.
    `receipt_of` gives the receipt of a digest with the object inside. The leaf was proven by the
    log's tiles, so that the digest is all that is compared here.
    """
    found, whole = [], True
    for leaf, place, _ in heard.left_out(opened):
        if leaf.type is not LeafType.TERMS:
            continue
        try:
            data = Receipt.parse(receipt_of(leaf.digest) or b"").object or b""
        except DiaryError:
            whole = False
            continue
        if digest(data) != leaf.digest:
            whole = False
            continue
        # Void terms count for nothing, wherever they are.
        with contextlib.suppress(DiaryError):
            found.append(count_terms(opened.aud, leaf, place, data))
    return found, whole


def with_log(opened: CheckedBundle, heard: LogLeaves) -> CheckedBundle:
    """The bundle with what the log adds to its findings."""
    left_out = [
        Finding(
            "bundle", name, Code.E_MANIFEST, f"{_NAMED[leaf.type][2]} that the bundle does not have"
        )
        for leaf, _, name in heard.left_out(opened)
    ]
    findings = {(f.kind, f.subject, f.code): f for f in opened.findings}
    for finding in sorted([*heard.findings, *left_out]):
        findings.setdefault((finding.kind, finding.subject, finding.code), finding)
    files = {finding.subject: finding.subject for finding in left_out}
    return replace(
        opened, findings=tuple(sorted(findings.values())), files={**files, **opened.files}
    )


def _contracts(opened: CheckedBundle) -> set[str]:
    found = {checked.sealed.segment.ctr for checked in opened.report.segments.values()}
    return found | ({opened.ctr} if opened.ctr else set())
