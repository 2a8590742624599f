"""C2SP tlog-checkpoint: origin, tree size and root hash of the log, as a signed note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64_decode, b64_encode, decimal
from diary.log.signed_note import NoteVerifier, read_note
from diary.log.witnessing.cosignature import CosignatureVerifier
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: `size` leaves under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text; WD-1 logs write no extension lines."""
        return f"{self.origin}\n{self.size}\n{b64_encode(self.root)}\n"


def open_checkpoint(
    data: bytes, verifiers: Sequence[NoteVerifier], witnesses: WitnessPolicy = NO_WITNESSES
) -> Checkpoint:
    """Verify and read a signed checkpoint. Raises E_CP_SIG, or E_QUORUM if too few of the witnesses
    have cosigned it.
    """
    checkpoint, cosigners = open_cosigned(data, verifiers, witnesses)
    if not witnesses.is_met(cosigners):
        raise DiaryError(Code.E_QUORUM, "too few witnesses have cosigned the checkpoint")
    return checkpoint


def open_cosigned(
    data: bytes, verifiers: Sequence[NoteVerifier], witnesses: WitnessPolicy
) -> tuple[Checkpoint, frozenset[CosignatureVerifier]]:
    """Verify and read a signed checkpoint; with the known witnesses that have cosigned it, which
    may be too few. Raises E_CP_SIG, also for a wrong cosignature of a known witness (C2SP
    signed-note, "Signatures").

    The signing key's name must be the origin, so that one log's key cannot sign for another.
    Extension lines are ignored, as the specification asks.
    """
    keys: list[NoteVerifier | CosignatureVerifier] = [*verifiers]
    keys += [witness.verifier for witness in witnesses.witnesses]
    text, signers = read_note(data, keys)
    logs = [signer for signer in signers if isinstance(signer, NoteVerifier)]
    if not logs:
        raise DiaryError(Code.E_CP_SIG, "no known key has signed")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines:
        raise DiaryError(Code.E_CP_SIG, "the checkpoint has not its three lines")
    try:
        checkpoint = Checkpoint(lines[0], decimal(lines[1]), b64_decode(lines[2], 32))
    except DiaryError as error:
        raise DiaryError(Code.E_CP_SIG, f"the checkpoint: {error.detail}") from error
    if checkpoint.origin != logs[0].name:
        raise DiaryError(Code.E_CP_SIG, "the checkpoint is of another log than its key")
    cosigners = frozenset(each for each in signers if isinstance(each, CosignatureVerifier))
    return checkpoint, cosigners
