"""The decisions of a witness: C2SP tlog-witness, `add-checkpoint`, without I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diary.core.findings import DiaryError
from diary.formats.encoding import b64_decode, decimal
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.merkle import EMPTY_ROOT, verify_consistency
from diary.log.signed_note import MAX_NOTE, NoteVerifier, read_note

#: Bytes of a request: a note after at most 63 hashes.
MAX_REQUEST = MAX_NOTE + 4_096
_MAX_PROOF = 63


class RefusalError(Exception):
    """A request is refused with this HTTP status; with 409, `size` is the one that the witness has
    cosigned. `signed` is true if the log signed a checkpoint that contradicts its history.
    """

    def __init__(
        self, status: int, reason: str, size: int | None = None, *, signed: bool = False
    ) -> None:
        self.status = status
        self.size = size
        self.signed = signed
        super().__init__(reason)


@dataclass(frozen=True)
class AddCheckpoint:
    """A parsed request: the proof leads from `old` leaves to the checkpoint `note`, whose text
    names `origin`.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    origin: str

    @classmethod
    def parse(cls, data: bytes) -> AddCheckpoint:
        """Read the body of a request. Raises RefusalError(400)."""
        head, blank, note = data.partition(b"\n\n")
        try:
            if not blank or len(data) > MAX_REQUEST:
                raise RefusalError(400, "there is no checkpoint after an empty line")
            first, *hashes = head.decode("ascii").split("\n")
            if not first.startswith("old ") or len(hashes) > _MAX_PROOF:
                raise RefusalError(400, "the old size or the proof is malformed")
            proof = tuple(b64_decode(line, 32) for line in hashes)
            origin = read_note(note, ())[0].split("\n", 1)[0]
            return cls(decimal(first.removeprefix("old ")), proof, note, origin)
        except (DiaryError, UnicodeDecodeError) as error:
            raise RefusalError(400, "the request is malformed") from error


def check_request(
    request: AddCheckpoint,
    logs: Mapping[str, Sequence[NoteVerifier]],
    latest: Checkpoint | None,
) -> Checkpoint:
    """The checkpoint of a request, if the witness may cosign it.

    `logs` are the keys of each known origin; `latest` is the last cosigned checkpoint of the
    request's origin. Raises RefusalError: 404 for an unknown origin, 403 for a missing or wrong
    signature, 400 for an old size over the new one, 409 for one that is not the last cosigned, 422
    for a checkpoint that does not continue it.
    """
    if request.origin not in logs:
        raise RefusalError(404, "the origin is unknown")
    try:
        new = open_checkpoint(request.note, logs[request.origin])
    except DiaryError as error:
        raise RefusalError(403, "no known key of the log has signed") from error
    if request.old > new.size:
        raise RefusalError(400, "the old size is larger than the new one")
    size = latest.size if latest else 0
    if request.old != size:
        raise RefusalError(409, "another size was cosigned last", size)
    if not _continues(latest, new, request.proof):
        raise RefusalError(422, "the checkpoint does not continue the last one", signed=True)
    return new


def _continues(latest: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with the last one."""
    if new.size == 0:
        return new.root == EMPTY_ROOT and not proof
    if latest is None or latest.size == 0:
        # Every tree begins with the empty one.
        return not proof
    return verify_consistency(latest.size, new.size, proof, latest.root, new.root)
