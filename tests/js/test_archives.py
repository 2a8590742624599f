"""Randomly changed archives: the JavaScript verifier reads the same files as the Python one. The
seeds are fixed, so that a run is reproducible.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from diary.formats.encoding import b64url_encode, digest
from tests.diary.zips import ZipEnd, ZipEntry, built, entry, streamed
from tests.js.engines import Engine, call_all
from tests.vectors.archive_vectors import ARCHIVES, REFUSED, fate_of, files_of

COUNT = 1500
_NUMBERS = (0, 1, 2, 7, 8, 9, 12, 20, 30, 46, 63, 64, 255, 256, 0x800, 0xFFFE, 0xFFFF)
_LARGE = (0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_BYTES = (b"", b"x", b"\0", b"PK", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\7\b", b"\xff" * 4)
_WIDE = {"crc", "length", "claimed", "external", "shift", "longer"}
_TEXTUAL = {"name", "packed", "extra", "comment", "before", "after", "prefix", "between", "suffix"}

Pick = random.Random


def honest(pick: Pick) -> list[ZipEntry]:
    texts = {"policy.txt": b"log a+b+c\n" * 9, "manifest.json": b"{}", "verify.html": b"<p>" * 99}
    made = []
    for name, data in texts.items():
        each = entry(name, data, deflated=pick.random() < 0.6)
        made.append(streamed(each) if pick.random() < 0.4 else each)
    picture = pick.randbytes(200)
    made.append(entry(f"blobs/{digest(picture)}", picture))
    pick.shuffle(made)
    return made


def value(pick: Pick, name: str, old: Any) -> Any:
    """Another value for a field."""
    if name in _TEXTUAL:
        return pick.choice([_changed(pick, old or b""), old + pick.choice(_BYTES), b""])
    if name == "reverse":
        return True
    number = pick.choice(_NUMBERS + (_LARGE if name in _WIDE else ()))
    if name in {"shift", "longer"}:
        return pick.choice((-1, 1)) * number
    near = (old or 0) + pick.choice((-1, 1))
    return pick.choice((number, max(0, near)))


def _changed(pick: Pick, data: bytes) -> bytes:
    if not data:
        return pick.choice(_BYTES)
    at, length = pick.randrange(len(data)), pick.choice((0, 1, 1, 2, 4, 30))
    new = pick.choice((b"", bytes([data[at] ^ 1 << pick.randrange(8)]), pick.choice(_BYTES)))
    return data[:at] + new + data[at + length :]


def with_a_lie(pick: Pick) -> bytes:
    """An archive with one or two invalid fields."""
    entries, end = honest(pick), ZipEnd()
    for _ in range(pick.choice((1, 1, 2))):
        if pick.random() < 0.25:
            name = pick.choice([each.name for each in fields(ZipEnd)])
            end = replace(end, **{name: value(pick, name, getattr(end, name))})
            continue
        at = pick.randrange(len(entries))
        name = pick.choice([each.name for each in fields(ZipEntry) if each.name != "local"])
        new = value(pick, name, getattr(entries[at], name))
        if pick.random() < 0.4 and name not in {"packed", "shift", "before", "after", "comment"}:
            entries[at] = replace(entries[at], local={**entries[at].local, name: new})
        else:
            entries[at] = replace(entries[at], **{name: new})
    if pick.random() < 0.1:
        entries.append(pick.choice(entries))
    return built(entries, end)


def with_changed_bytes(pick: Pick) -> bytes:
    """An archive with random damage."""
    data = built(honest(pick))
    for _ in range(pick.choice((1, 1, 3))):
        data = _changed(pick, data)
    return data


def agree(engine: Engine, make: Callable[[Pick], bytes]) -> list[str]:
    """The result for each archive, equal in both."""
    archives = [make(Pick(f"{make.__name__} {n}")) for n in range(COUNT)]
    reported = call_all(engine, "files_of", [{"data": b64url_encode(data)} for data in archives])
    fates = []
    for number, (data, files) in enumerate(zip(archives, reported, strict=True)):
        expected = files_of(data)
        assert (files if files is None else dict(files)) == expected, number
        fates.append(fate_of(expected))
    return fates


def test_archives_with_false_values(engine: Engine) -> None:
    fates = agree(engine, with_a_lie)
    assert min(fates.count(fate) for fate in {fate for _, _, fate in ARCHIVES}) > COUNT // 20


def test_archives_that_were_damaged(engine: Engine) -> None:
    assert agree(engine, with_changed_bytes).count(REFUSED) > COUNT // 20
