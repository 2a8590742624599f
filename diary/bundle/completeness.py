"""Comparison of a bundle with the leaves of the log: objects that the bundle leaves out
(`docs/protocol.md` §9.6).

Leaves are hashes, but some name their subject: revocations and retirements the device, beacons the
slot, terms the contract. Every leaf is read and proven by a signed checkpoint that continues those
of the bundle. An object that concerns the bundle and is not in it is a finding; missing terms are
fetched, so that the totals rest on all of them. Other leaves (segments, amendments, tombstones,
reviews) do not name their subject: those that are not in the bundle are counted.
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

#: Leaves that do not name their subject: their folder, and the entries of `not_checked` that remain
#: if the log has more of them than the bundle.
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
    """The leaves of the log whose objects are not in the bundle. `shown` are the objects of the
    bundle (folder and digest), `named` the first leaf and its position of each object that names
    its subject, `unnamed` the number of other leaves of each kind. `findings` are about the log
    itself.
    """

    shown: set[tuple[str, str]]
    named: dict[tuple[LeafType, str], tuple[Leaf, LogPosition]] = field(default_factory=dict)
    unnamed: Counter[LeafType] = field(default_factory=Counter)
    findings: set[Finding] = field(default_factory=set)

    def leaf(self, leaf: Leaf, position: LogPosition) -> None:
        """Add a leaf."""
        if leaf.type in _NAMED and (_NAMED[leaf.type][0], leaf.digest) not in self.shown:
            self.named.setdefault((leaf.type, leaf.digest), (leaf, position))
        elif leaf.type in _UNNAMED and (_UNNAMED[leaf.type][0], leaf.digest) not in self.shown:
            self.unnamed[leaf.type] += 1

    @property
    def not_known(self) -> list[str]:
        """The entries of `not_checked` that follow from the unnamed leaves, sorted."""
        return sorted({name for kind in self.unnamed for name in _UNNAMED[kind][1]})

    def left_out(self, opened: CheckedBundle) -> list[tuple[Leaf, LogPosition, str]]:
        """The leaves that concern the bundle and whose object it does not have, each with the file
        name of that object in a bundle.
        """
        segments = opened.report.segments.values()
        whom = {
            LeafType.RETIRE: {checked.sealed.kid for checked in segments},
            LeafType.REVOKE: set(opened.report.keys.devices),
            LeafType.TERMS: {contract_attr(ctr) for ctr in _contracts(opened)},
        }
        found = []
        for (kind, name), (leaf, position) in self.named.items():
            folder, ending, _ = _NAMED[kind]
            # Terms begin at or after the time of their leaf, so later leaves do not affect the
            # bundle.
            late = kind is LeafType.TERMS and _is_later(opened, leaf)
            if leaf.attrs in whom[kind] and not late:
                found.append((leaf, position, f"{folder}/{name}.{ending}"))
        return found


def _is_later(opened: CheckedBundle, leaf: Leaf) -> bool:
    return opened.end is not None and leaf.rt_ms >= opened.end * 1000


def _shown(opened: CheckedBundle) -> set[tuple[str, str]]:
    """Folder and digest of every object in the bundle."""
    named = (parse_name(name) for name in opened.held)
    return {(each.folder, each.parts[-1]) for each in named if each is not None and each.parts}


class _CollectingLeafChecker(LeafChecker):
    """A leaf checker that also collects the leaves."""

    def __init__(self, log_leaves: LogLeaves) -> None:
        super().__init__()
        self._log_leaves = log_leaves

    def shard(self, origin: str, known: KnownShard, *, first: bool) -> ShardLeafChecker:
        """Continue with a shard."""
        return _CollectingShardChecker(
            self._objects, origin, known, first=first, log_leaves=self._log_leaves
        )


class _CollectingShardChecker(ShardLeafChecker):
    def __init__(
        self,
        objects: set[bytes],
        origin: str,
        known: KnownShard,
        *,
        first: bool,
        log_leaves: LogLeaves,
    ) -> None:
        super().__init__(objects, origin, known, first=first)
        self._log_leaves = log_leaves

    def leaf(self, index: int, data: bytes) -> None:
        """Read a leaf."""
        super().leaf(index, data)
        with contextlib.suppress(DiaryError):
            self._log_leaves.leaf(Leaf.parse(data), Origin.parse(self._origin).position(index))


def collect_leaves(opened: CheckedBundle, source: Source) -> LogLeaves:
    """Read the whole log, in a history that continues the bundle's checkpoints.

    Raises the errors of `source`, and AnswerError for an answer that is not one of the log.
    """
    log_leaves, result = LogLeaves(_shown(opened)), PollResult()
    verifiers, _ = extend_trust(opened.keys, source.keys())
    vkeys = tuple(verifier.vkey for verifier in verifiers)
    shards = {}
    for name, note in opened.checkpoints.items():
        with contextlib.suppress(DiaryError):
            if Origin.parse(open_checkpoint(note, verifiers).origin).name == name:
                shards[name] = KnownShard(note)
    follower = LogMonitor(MonitorState(vkeys, opened.outside, vkeys, shards))
    follower.leaf_checker = _CollectingLeafChecker(log_leaves)
    follower.poll(source, result)
    log_leaves.findings = set(result.findings)
    return log_leaves


def terms_left_out(
    opened: CheckedBundle, log_leaves: LogLeaves, receipt_of: Callable[[str], bytes | None]
) -> tuple[list[LoggedTerms], bool]:
    """The counted terms that the bundle does not have, and whether all of them could be fetched.
    `receipt_of` returns the receipt of a digest with the object inside. The log's tiles have proven
    the leaf, so only the digest is compared here.
    """
    found, whole = [], True
    for leaf, position, _ in log_leaves.left_out(opened):
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
        # Void terms do not count.
        with contextlib.suppress(DiaryError):
            found.append(count_terms(opened.aud, leaf, position, data))
    return found, whole


def with_log(opened: CheckedBundle, log_leaves: LogLeaves) -> CheckedBundle:
    """The bundle with the findings that follow from the log."""
    left_out = [
        Finding(
            "bundle", name, Code.E_MANIFEST, f"{_NAMED[leaf.type][2]} that the bundle does not have"
        )
        for leaf, _, name in log_leaves.left_out(opened)
    ]
    findings = {(f.kind, f.subject, f.code): f for f in opened.findings}
    for finding in sorted([*log_leaves.findings, *left_out]):
        findings.setdefault((finding.kind, finding.subject, finding.code), finding)
    files = {finding.subject: finding.subject for finding in left_out}
    return replace(
        opened, findings=tuple(sorted(findings.values())), files={**files, **opened.files}
    )


def _contracts(opened: CheckedBundle) -> set[str]:
    found = {checked.sealed.segment.ctr for checked in opened.report.segments.values()}
    return found | ({opened.ctr} if opened.ctr else set())
