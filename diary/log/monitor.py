"""Monitors a log from outside: checks that it is one append-only history.

A `Source` fetches the files. Its errors are raised to the caller, and `LogMonitor.state` keeps
everything verified before. Rules kept (`docs/protocol.md` §7): every checkpoint must be
consistent with the largest verified one; every leaf is read, once; trusted keys are those given and
those that a trusted log has announced. Two signed notes that contradict each other are evidence and
are returned as received.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from diary.core.findings import Code, DiaryError, Finding, SubjectKind
from diary.formats.encoding import b64url_encode
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.leaf_rules import LeafChecker
from diary.log.merkle import EMPTY_ROOT, root, verify_consistency
from diary.log.monitor_state import KnownShard, MonitorState
from diary.log.policy import PolicyLog, parse_policy
from diary.log.position import Origin
from diary.log.shard_keys import KeyLeaf, extend_trust
from diary.log.signed_note import NoteVerifier
from diary.log.tiles import Tile, TileReader


class Source(Protocol):
    """The published parts of a log. Any exception may report that a part is not available."""

    def policy(self) -> bytes:
        """The policy file."""

    def keys(self) -> Sequence[bytes]:
        """The receipts of announcements and openings."""

    def checkpoint(self, name: str) -> bytes:
        """The newest signed checkpoint of a shard."""

    def tile(self, name: str, tile: Tile) -> bytes:
        """A tile's file of a shard."""


class AnswerError(Exception):
    """The answer is not one of this log; the text describes it."""


@dataclass(frozen=True)
class Inconsistency:
    """Two signed notes that cannot both be true, and the proof that failed, if one was given."""

    finding: Finding
    older: bytes
    newer: bytes
    proof: tuple[bytes, ...] | None = None


@dataclass
class PollResult:
    """The result of one poll. `remarks` are sentences about irregularities that the protocol
    allows; `read` is the number of new leaves of each log.
    """

    findings: set[Finding] = field(default_factory=set)
    inconsistencies: list[Inconsistency] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    #: Leaves of type `key` that were read: origin, index, digest.
    key_leaves: list[tuple[str, int, str]] = field(default_factory=list)

    def add_log_finding(self, origin: str, index: int, code: Code, detail: str) -> Finding:
        """Note a finding about a log, at a size or at the index of a leaf."""
        return self.add("log", f"{origin} {index}", code, detail)

    def add(self, kind: SubjectKind, subject: str, code: Code, detail: str) -> Finding:
        """Note a finding."""
        finding = Finding(kind, subject, code, detail)
        self.findings.add(finding)
        return finding


def initial_state(policy: bytes, given: Sequence[NoteVerifier]) -> MonitorState:
    """The state before the first poll: the keys given by a person, or else those of the policy,
    which are trusted on first use. Raises E_POLICY.
    """
    verifiers = given or parse_policy(policy).verifiers
    vkeys = tuple(verifier.vkey for verifier in verifiers)
    return MonitorState(given=vkeys, outside=bool(given), keys=vkeys)


class LogMonitor:
    """Polls one log repeatedly. The caller keeps `state` between the polls."""

    def __init__(self, state: MonitorState) -> None:
        self.state = state
        self.leaf_checker = LeafChecker()
        #: The size of each shard and the number of key leaves at its last comparison.
        self.compared: dict[str, tuple[int, int]] = {}

    def poll(self, source: Source, result: PollResult) -> None:
        """Read everything that is new and add the results to `result`; `state` also has the
        findings of earlier polls.

        Raises the errors of `source`, and AnswerError for an answer that is not one of the log.
        """
        try:
            self._poll_shards(source, result)
        finally:
            known = dict.fromkeys((*self.state.findings, *sorted(result.findings)))
            self.state = replace(self.state, findings=tuple(known))

    def _poll_shards(self, source: Source, result: PollResult) -> None:
        # Shards may change between the two fetches; then both are fetched once more.
        policy, receipts = self._fetch(source)
        verifiers, leaves = self._trust(receipts)
        if {each.verifier for each in policy} != set(verifiers):
            policy, receipts = self._fetch(source)
            verifiers, leaves = self._trust(receipts)
        self._compare_policy(policy, verifiers, result)
        listed = {each.verifier.name for each in policy}
        before = KnownShard(b"")
        for number, verifier in enumerate(each for each in verifiers if each.name in listed):
            shard = _ShardPoll(self, source, verifier, leaves, result)
            first = number == 0 and verifier.name == policy[0].verifier.name
            shard.poll(before, first=first)
            before = shard.known or before
        if result.key_leaves:
            published = _published(self._trust(source.keys())[1])
            for origin, index, name in result.key_leaves:
                if (origin, index, name) not in published:
                    detail = "a key object that is not published, or elsewhere"
                    result.add_log_finding(origin, index, Code.E_POLICY, detail)

    def _fetch(self, source: Source) -> tuple[tuple[PolicyLog, ...], Sequence[bytes]]:
        try:
            return parse_policy(source.policy()).logs, source.keys()
        except DiaryError as error:
            raise AnswerError(error.detail) from error

    def _trust(self, receipts: Sequence[bytes]) -> tuple[tuple[NoteVerifier, ...], list[KeyLeaf]]:
        verifiers, results = extend_trust(self.state.verifiers, receipts)
        self.state = replace(self.state, keys=tuple(each.vkey for each in verifiers))
        return verifiers, [leaf for leaf in results.values() if isinstance(leaf, KeyLeaf)]

    def _compare_policy(
        self, policy: Iterable[PolicyLog], verifiers: Sequence[NoteVerifier], result: PollResult
    ) -> None:
        trusted = {verifier.name: verifier for verifier in verifiers}
        oldest = Origin.parse(verifiers[0].name)
        listed = set()
        for each in policy:
            origin = Origin.parse(each.verifier.name)
            listed.add(each.verifier.name)
            if each.verifier in verifiers:
                continue
            if origin.aud == oldest.aud and origin.shard < oldest.shard:
                result.remarks.append(f"{each.verifier.name} is older than the key given: not read")
            elif each.verifier.name in trusted:
                result.add("log", each.verifier.name, Code.E_POLICY, "the log has another key now")
            else:
                detail = "its key is neither given nor announced"
                result.add("log", each.verifier.name, Code.E_POLICY, detail)
        for name in trusted.keys() - listed:
            result.add("log", name, Code.E_POLICY, "the policy no longer names this log")

    def set_shard(self, name: str, known: KnownShard) -> None:
        """Store the state of a shard."""
        self.state = replace(self.state, shards={**self.state.shards, name: known})


class _ShardPoll:
    """One poll of one shard."""

    def __init__(
        self,
        follower: LogMonitor,
        source: Source,
        verifier: NoteVerifier,
        leaves: Sequence[KeyLeaf],
        result: PollResult,
    ) -> None:
        self._follower = follower
        self._source = source
        self._verifier = verifier
        self._leaves = leaves
        self._result = result
        self._name = Origin.parse(verifier.name).name

    @property
    def known(self) -> KnownShard | None:
        """The shard's state so far."""
        return self._follower.state.shards.get(self._name)

    def poll(self, before: KnownShard, *, first: bool) -> None:
        """Fetch, compare, read. `before` is the state of the shard before this one."""
        data = self._source.checkpoint(self._name)
        new = self._open(data)
        if new is None or new.size == 0:
            return
        old = self._follower.state.checkpoint(self._name)
        reader = TileReader(new, lambda tile: self._source.tile(self._name, tile))
        try:
            if old is not None and not self._one_history(old, new, data, reader):
                return
            if old is None or new.size > old.size:
                known = self.known or KnownShard(data, rt_ms=before.rt_ms, slot=before.slot)
                self._follower.set_shard(self._name, replace(known, note=data))
            elif new.size < old.size:
                return  # an older state of the same history: a cache, not a statement
            self._compare_with_keys(new, reader)
            self._read(new, reader, first=first)
        except DiaryError as error:
            if error.code is Code.E_FORMAT:
                raise AnswerError(f"{self._verifier.name}: {error.detail}") from error
            finding = self._note(new.size, error.code, error.detail)
            known_note = self.known
            if known_note is not None and known_note.note != data:
                self._result.inconsistencies.append(Inconsistency(finding, known_note.note, data))

    def _open(self, data: bytes) -> Checkpoint | None:
        name = self._verifier.name
        if not data.startswith(f"{name}\n".encode()):
            raise AnswerError(f"{name}: the answer is not a checkpoint of this log")
        try:
            return open_checkpoint(data, [self._verifier])
        except DiaryError as error:
            self._result.add("log", name, error.code, error.detail)
            return None

    def _one_history(
        self, old: Checkpoint, new: Checkpoint, data: bytes, reader: TileReader
    ) -> bool:
        """Whether both are states of one tree; if not, they are kept as evidence."""
        known = self.known
        notes = (known.note if known else b"", data)
        if old.size == new.size:
            if old.root == new.root:
                return True
            detail = "it has signed two trees of one size"
            finding = self._note(new.size, Code.E_SPLIT_VIEW, detail)
            self._result.inconsistencies.append(Inconsistency(finding, *notes))
            return False
        if old.size < new.size:
            small, large, ordered = old, new, notes
        else:
            small, large, ordered = new, old, notes[::-1]
            reader = TileReader(old, lambda tile: self._source.tile(self._name, tile))
        proof = reader.consistency(small.size)
        if verify_consistency(small.size, large.size, proof, small.root, large.root):
            return True
        detail = f"its tree of {large.size} leaves does not begin with this one"
        finding = self._note(small.size, Code.E_CONSISTENCY, detail)
        self._result.inconsistencies.append(Inconsistency(finding, *ordered, tuple(proof)))
        return False

    def _compare_with_keys(self, new: Checkpoint, reader: TileReader) -> None:
        """Compare the root and the final size in announcements and openings with the shard."""
        key_leaves = [
            leaf
            for leaf in self._leaves
            if leaf.key.prev_origin == new.origin and leaf.key.prev_size <= new.size
        ]
        compared = (new.size, len(key_leaves))
        if self._follower.compared.get(self._name) == compared:
            return
        for leaf in key_leaves:
            key = leaf.key
            size = key.prev_size
            top = root(size, reader.node) if size else EMPTY_ROOT
            if b64url_encode(top) != key.prev_root:
                self._note(size, Code.E_CONSISTENCY, "a key's leaf names another root of it")
            final = size if leaf.is_opening else size + 1
            if new.size > final:
                self._note(new.size, Code.E_SPLIT_VIEW, "it continues after it was closed")
        self._follower.compared[self._name] = compared

    def _read(self, new: Checkpoint, reader: TileReader, *, first: bool) -> None:
        known = self.known
        if known is None or known.scanned >= new.size:
            return
        read = self._follower.leaf_checker.shard(new.origin, known, first=first)
        for index, entry in reader.entries(known.scanned):
            read.leaf(index, entry)
        self._result.findings |= read.findings
        self._result.remarks += read.remarks
        self._result.key_leaves += read.key_leaves
        self._result.read[new.origin] = new.size - known.scanned
        self._follower.set_shard(self._name, replace(read.known, scanned=new.size))

    def _note(self, index: int, code: Code, detail: str) -> Finding:
        return self._result.add_log_finding(self._verifier.name, index, code, detail)


def _published(leaves: Sequence[KeyLeaf]) -> set[tuple[str, int, str]]:
    return {
        (leaf.logged.checkpoint.origin, leaf.logged.index, leaf.logged.leaf.digest)
        for leaf in leaves
    }
