"""C2SP tlog-checkpoint: origin, tree size and root hash of the log, as a signed note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diary.core.findings import Code, DiaryError
from diary.formats.encoding import b64_decode, b64_encode, decimal
from diary.log.signed_note import NoteVerifier, open_note


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: `size` leaves under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text; WD-1 logs write no extension lines."""
        return f"{self.origin}\n{self.size}\n{b64_encode(self.root)}\n"


def open_checkpoint(data: bytes, verifiers: Sequence[NoteVerifier]) -> Checkpoint:
    """Verify and read a signed checkpoint. Raises E_CP_SIG.

    The signing key's name must be the origin, so that one log's key cannot sign for another.
    Extension lines are ignored, as the specification asks.
    """
    text, signer = open_note(data, verifiers)
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or "" in lines:
        raise DiaryError(Code.E_CP_SIG, "the checkpoint has not its three lines")
    try:
        checkpoint = Checkpoint(lines[0], decimal(lines[1]), b64_decode(lines[2], 32))
    except DiaryError as error:
        raise DiaryError(Code.E_CP_SIG, f"the checkpoint: {error.detail}") from error
    if checkpoint.origin != signer.name:
        raise DiaryError(Code.E_CP_SIG, "the checkpoint is of another log than its key")
    return checkpoint
