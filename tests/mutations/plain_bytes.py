"""Mutations by an attacker without a key: bytes and files changed, removed, moved."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from diary.bundle import layout
from diary.formats.encoding import b64url_encode
from tests.mutations.attack import Attack, Files, Mutator, into

MUTATORS: dict[str, Mutator] = {}
mutator = into(MUTATORS)
FOLDERS = sorted(layout._FOLDERS)


def pick(rng: Random, files: Files, *folders: str, ending: str = "") -> str:
    """One of the files of some folders."""
    found = [n for n in files if n.partition("/")[0] in folders and n.endswith(ending)]
    return rng.choice(sorted(found))


def anywhere(rng: Random, files: Files) -> str:
    """A file, with equal probability for each folder."""
    folder = rng.choice(sorted({name.partition("/")[0] for name in files}))
    return pick(rng, files, folder)


def refit(attack: Attack) -> None:
    """With and without a matching manifest."""
    attack.refit = attack.rng.random() < 0.6


def on_a_file(change: Callable[[Random, bytes], bytes]) -> Mutator:
    def work(attack: Attack) -> None:
        refit(attack)

        def put(files: Files) -> None:
            for _ in range(attack.rng.choice((1, 1, 1, 2, 5))):
                name = anywhere(attack.rng, files)
                files[name] = change(attack.rng, files[name])

        attack.files(put)

    return work


def flip(rng: Random, data: bytes) -> bytes:
    if not data:
        return b"\0"
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def letter(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + bytes([rng.choice(b'AQgw09az_-~.+/= \n{}",:')]) + data[at + 1 :]


def insert(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    new = rng.choice(
        (rng.randbytes(1), b"\n", b" ", b"~", b"\xe2\x80\x94 ", b"=", rng.randbytes(9))
    )
    return data[:at] + new + data[at:]


def cut(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def cut_out(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randint(1, 40) :]


def again(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    size = rng.randint(1, 80)
    return data[: at + size] + data[at:]


def lines(rng: Random, data: bytes) -> bytes:
    """Lines dropped, doubled, exchanged."""
    found = data.split(b"\n")
    a, b = rng.randrange(len(found)), rng.randrange(len(found))
    how = rng.randrange(3)
    if how == 0:
        del found[a]
    elif how == 1:
        found.insert(a, found[b])
    else:
        found[a], found[b] = found[b], found[a]
    return b"\n".join(found)


def parts(rng: Random, data: bytes) -> bytes:
    """Parts between tildes or dots dropped, doubled, exchanged."""
    mark = rng.choice((b"~", b"~", b"."))
    found = data.split(mark)
    a, b = rng.randrange(len(found)), rng.randrange(len(found))
    how = rng.randrange(3)
    if how == 0:
        del found[a]
    elif how == 1:
        found.insert(a, found[b])
    else:
        found[a], found[b] = found[b], found[a]
    return mark.join(found)


for _change in (flip, letter, insert, cut, cut_out, again, lines, parts):
    MUTATORS[f"file_{_change.__name__}"] = on_a_file(_change)


@mutator
def file_exchanged(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        a = anywhere(attack.rng, files)
        same = attack.rng.random() < 0.7
        b = pick(attack.rng, files, a.partition("/")[0]) if same else anywhere(attack.rng, files)
        files[a], files[b] = files[b], files[a]

    attack.files(put)


@mutator
def file_renamed(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        old = anywhere(attack.rng, files)
        new = attack.rng.choice(
            (
                f"{attack.rng.choice(FOLDERS)}/{old.rpartition('/')[2]}",
                letter(attack.rng, old.encode()).decode(),
                f"{old.partition('/')[0]}/{b64url_encode(attack.rng.randbytes(32))}.tlog-proof",
                old.replace("/", "//"),
                f"../{old}",
                old.upper(),
                f"{old}.jws",
            )
        )
        files[new] = files.pop(old)

    attack.files(put)


@mutator
def file_doubled(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        old = anywhere(attack.rng, files)
        other = pick(attack.rng, files, old.partition("/")[0])
        name = b64url_encode(attack.rng.randbytes(32))
        new = attack.rng.choice((other, f"{old.partition('/')[0]}/{name}.{old.rpartition('.')[2]}"))
        files[new] = files[old]

    attack.files(put)


@mutator
def file_removed(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        for _ in range(attack.rng.choice((1, 1, 2, 4, 12))):
            files.pop(anywhere(attack.rng, files), None)

    attack.files(put)


@mutator
def folder_removed(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        folder = anywhere(attack.rng, files).partition("/")[0]
        for name in [n for n in files if n.partition("/")[0] == folder]:
            del files[name]

    attack.files(put)


@mutator
def file_of_anything(attack: Attack) -> None:
    refit(attack)

    def put(files: Files) -> None:
        rng = attack.rng
        name = rng.choice(
            (anywhere(rng, files), "notes.txt", "__proto__", "verify.html", "é/\uffff")
        )
        huge = b"x" * rng.choice((8_193, 65_537))
        files[name] = rng.choice(
            (b"", b"\n", b"{}", b"[]", b"~", b"\xff\xfe", rng.randbytes(99), huge)
        )

    attack.files(put)
