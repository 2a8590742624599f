"""Logs of many sizes, created by our code, as input for third-party software."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import cache

from diary.formats.encoding import digest
from diary.log import merkle
from diary.log.leaf import Leaf, LeafType
from tests.diary.world import START, Log

#: Sizes with different tree shapes: powers of two, their neighbours, and some between.
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 32, 33, 64, 100)


def b64(data: bytes) -> str:
    """Base64 with padding, as used in the programs' JSON."""
    return b64encode(data).decode()


def b64s(data: Iterable[bytes]) -> list[str]:
    """The same for a list."""
    return [b64(one) for one in data]


@cache
def log_of(size: int) -> Log:
    """A log of that many leaves; the leaves are the same at every size."""
    log = Log()
    for n in range(size):
        log.append(Leaf(LeafType.SEGMENT, digest(b"object %d" % n), (START + n) * 1000, "13"))
    return log


def leaves_of(log: Log) -> list[bytes]:
    """The leaves' bytes."""
    return [leaf.data() for leaf in log.leaves]


def root_of(log: Log, size: int | None = None) -> bytes:
    """The root of the log, or of its first leaves."""
    return merkle.root(len(log.leaves) if size is None else size, log.read)


def one_bit_off(data: bytes, step: int = 1) -> Iterator[tuple[int, bytes]]:
    """The data with one bit of every `step`-th byte changed: (offset, changed)."""
    for at in range(0, len(data), step):
        yield at, data[:at] + bytes([data[at] ^ 1 << at % 7]) + data[at + 1 :]


def changed_proofs(proof: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """The proof with each byte changed, and with too many or too few hashes: (change, proof)."""
    for index, node in enumerate(proof):
        for at, changed in one_bit_off(node):
            yield f"byte {at} of hash {index}", [*proof[:index], changed, *proof[index + 1 :]]
    yield "one more", [*proof, bytes(32)]
    yield "without the first", proof[1:]
    yield "without the last", proof[:-1]
