"""The receipts of one check: each is opened once, and all are compared with one another.

A checkpoint is a signed statement about the whole log, whatever its source. So every checkpoint is
kept, and in the end all of them must be one history: one root for each size, each tree a prefix of
the newest, and times that never decrease. A contradiction is a finding about the log and never
voids a segment (`docs/protocol.md` §7.7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError, Finding
from diary.formats.encoding import b64_decode, b64_encode, b64url_decode, digest
from diary.log.checkpoint import Checkpoint, open_cosigned
from diary.log.leaf import Leaf, LeafType
from diary.log.merkle import verify_consistency
from diary.log.position import LogPosition, Origin
from diary.log.receipt import LoggedObject, Receipt, prove
from diary.log.shard_keys import KeyLeaf, extend_trust
from diary.log.signed_note import NoteVerifier
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy

#: A proof of consistency has at most twice as many hashes as a tree of 2^53 leaves is high.
MAX_CONSISTENCY = 8_192
_State = tuple[str, int]


@dataclass(frozen=True)
class ShardEnd:
    """The final size and root of an old shard, from the opening of a later one."""

    size: int
    root: bytes


class ReceiptSet:
    """Opens receipts with trusted keys and keeps their checkpoints and leaves.

    `verifiers` are the keys trusted from outside, one for each origin and all of logs of `aud`
    (E_POLICY otherwise); `keys` are receipts of key leaves, which may announce further keys. The
    quorum of `witnesses` is required of the newest checkpoints, to which all others must lead.
    """

    def __init__(
        self,
        aud: str,
        verifiers: Sequence[NoteVerifier],
        keys: Sequence[bytes] = (),
        witnesses: WitnessPolicy = NO_WITNESSES,
    ) -> None:
        if any(Origin.parse(verifier.name).aud != aud for verifier in verifiers):
            raise DiaryError(Code.E_POLICY, "a key is of another marketplace")
        if len({verifier.name for verifier in verifiers}) != len(set(verifiers)):
            raise DiaryError(Code.E_POLICY, "two keys for one log")
        self.findings: set[Finding] = set()
        self._witnesses = witnesses
        self._opened: dict[bytes, tuple[Checkpoint, bool]] = {}
        self._roots: defaultdict[_State, set[bytes]] = defaultdict(set)
        self._leaves: defaultdict[LogPosition, dict[bytes, int]] = defaultdict(dict)
        self._origins: dict[tuple[int, int], str] = {}
        self._finals: dict[str, set[ShardEnd]] = defaultdict(set)
        self.verifiers, results = extend_trust(verifiers, keys)
        for data, result in results.items():
            subject = f"keys/{digest(data)}"
            if isinstance(result, DiaryError):
                self.add_error(result, subject)
            else:
                self._note_key(result)

    def add_error(self, error: DiaryError, subject: str) -> None:
        """Add a finding about an object of the bundle, or about the log for a bad checkpoint."""
        kind = "log" if error.code is Code.E_CP_SIG else "bundle"
        self.findings.add(Finding(kind, subject, error.code, error.detail))  # type: ignore[arg-type]

    def open(
        self,
        data: bytes,
        type: LeafType,  # noqa: A002 - the leaf's own term
        object_digest: str | None = None,
    ) -> LoggedObject:
        """`diary.log.receipt.open_receipt` with the trusted keys; raises the same errors."""
        receipt = Receipt.parse(data)
        checkpoint = self.checkpoint(receipt.checkpoint)
        logged = prove(receipt, checkpoint, type=type, object_digest=object_digest)
        self._note_leaf(logged.position, logged.leaf, checkpoint.origin)
        return logged

    def checkpoint(self, data: bytes) -> Checkpoint:
        """Verify a checkpoint and keep it; the same bytes are verified once. Raises E_CP_SIG."""
        return self._open(data)[0]

    def _open(self, data: bytes) -> tuple[Checkpoint, bool]:
        """A checkpoint, and whether it reaches the quorum."""
        opened = self._opened.get(data)
        if opened is None:
            checkpoint, cosigners = open_cosigned(data, self.verifiers, self._witnesses)
            opened = self._opened[data] = (checkpoint, self._witnesses.is_met(cosigners))
            self._roots[checkpoint.origin, checkpoint.size].add(checkpoint.root)
        return opened

    def _note_key(self, leaf: KeyLeaf) -> None:
        checkpoint = leaf.logged.checkpoint
        self._roots[checkpoint.origin, checkpoint.size].add(checkpoint.root)
        self._note_leaf(leaf.logged.position, leaf.logged.leaf, checkpoint.origin)
        if leaf.is_opening:
            final = ShardEnd(leaf.key.prev_size, b64url_decode(leaf.key.prev_root, 32))
            self._finals[leaf.key.prev_origin].add(final)
            self._roots[leaf.key.prev_origin, final.size].add(final.root)

    def _note_leaf(self, position: LogPosition, leaf: Leaf, origin: str) -> None:
        self._leaves[position][leaf.hash()] = leaf.rt_ms
        self._origins[position.year, position.part] = origin

    def compare(
        self,
        checkpoints: Mapping[str, bytes] | None,
        proofs: Mapping[tuple[str, int], bytes],
    ) -> set[Finding]:
        """All findings about the log, once everything has been opened.

        `checkpoints` are the newest of each shard by the log's name, None without any to compare
        with; `proofs` are consistency proofs to them, by the log's name and the older size.
        """
        newest = self._newest(checkpoints)
        self._check_times()
        split = set(self._split())
        for state in split:
            self._log(Code.E_SPLIT_VIEW, state, "the log has shown two histories")
        if newest is not None:
            for state in sorted(set(self._roots) - split):
                (root,) = self._roots[state]
                self._check_consistency(state, root, newest, proofs)
        return self.findings

    def _newest(self, checkpoints: Mapping[str, bytes] | None) -> dict[str, Checkpoint] | None:
        if checkpoints is None:
            return None
        newest = {}
        for name, data in checkpoints.items():
            try:
                checkpoint, cosigned = self._open(data)
            except DiaryError as error:
                self.add_error(error, f"checkpoint/{name}")
                continue
            if Origin.parse(checkpoint.origin).name != name:
                wrong = DiaryError(Code.E_MANIFEST, "the checkpoint is of another log")
                self.add_error(wrong, f"checkpoint/{name}")
                continue
            newest[checkpoint.origin] = checkpoint
            if not cosigned:
                state = (checkpoint.origin, checkpoint.size)
                self._log(Code.E_QUORUM, state, "too few witnesses have cosigned the checkpoint")
        return newest

    def _split(self) -> Iterator[_State]:
        for state, roots in self._roots.items():
            if len(roots) > 1:
                yield state
        for origin, finals in self._finals.items():
            size = min(final.size for final in finals)
            for state in self._roots:
                if state[0] == origin and state[1] > size:
                    yield state
        largest: dict[str, int] = {}
        for origin, size in self._roots:
            largest[origin] = max(size, largest.get(origin, 0))
        for position, leaves in self._leaves.items():
            if len(leaves) > 1:
                # Proven in trees of different sizes, so no single state shows it.
                origin = self._origins[position.year, position.part]
                yield origin, largest[origin]

    def _check_times(self) -> None:
        latest = 0
        for position in sorted(self._leaves):
            for rt_ms in sorted(self._leaves[position].values()):
                if rt_ms < latest:
                    state = (self._origins[position.year, position.part], position.leaf)
                    self._log(Code.E_LOG_TIME, state, "it is older than a leaf before it")
                latest = max(latest, rt_ms)

    def _check_consistency(
        self,
        state: _State,
        root: bytes,
        newest: Mapping[str, Checkpoint],
        proofs: Mapping[tuple[str, int], bytes],
    ) -> None:
        origin, size = state
        last = newest.get(origin)
        if last is None or size > last.size:
            self._log(Code.E_CONSISTENCY, state, "no newer checkpoint to compare it with")
        elif size < last.size:
            data = proofs.get((Origin.parse(origin).name, size))
            proof = None if data is None else read_consistency(data)
            if proof is None:
                self._log(Code.E_CONSISTENCY, state, "no proof leads to the newest checkpoint")
            elif not verify_consistency(size, last.size, proof, root, last.root):
                self._log(Code.E_CONSISTENCY, state, "the newest checkpoint does not hold it")

    def _log(self, code: Code, state: _State, detail: str) -> None:
        self.findings.add(Finding("log", f"{state[0]} {state[1]}", code, detail))


def read_consistency(data: bytes) -> tuple[bytes, ...] | None:
    """The hashes of a proof file, one base64 line each; None for a malformed file."""
    if len(data) > MAX_CONSISTENCY or (data and not data.endswith(b"\n")):
        return None
    try:
        lines = data.decode("ascii").split("\n")[:-1]
        return tuple(b64_decode(line, 32) for line in lines)
    except (UnicodeDecodeError, DiaryError):
        return None


def write_consistency(proof: Sequence[bytes]) -> bytes:
    """The file of a consistency proof."""
    return "".join(b64_encode(node) + "\n" for node in proof).encode("ascii")
