"""Omissions never raise the pay: a bundle that shows less never pays more.

For each mutation another bundle is created from its files: without some disclosures or pictures, or
without its deletions. Pay depends on what was signed and logged, so leaving a part out must raise
the pay of no segment. A deletion must not raise the total, nor the contribution of any segment
logged before it: deleted seconds can be recorded again only later.
"""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from diary.core.findings import DiaryError
from diary.log.position import LogPosition, Origin
from diary.log.receipt import Receipt
from tests.mutations.attack import Files

Report = dict[str, Any]
Omission = Callable[[Files, Random], Files]


def no_part_is_shown(files: Files, _rng: Random) -> Files:
    """Every segment without its disclosures."""
    return {name: _parts(name, data, lambda _: False) for name, data in files.items()}


def some_parts_are_shown(files: Files, rng: Random) -> Files:
    """Half of the disclosures, and half of the pictures' files."""
    return {
        name: _parts(name, data, lambda _: rng.random() < 0.5)
        for name, data in files.items()
        if not name.startswith("blobs/") or rng.random() < 0.5
    }


def one_part_is_not_shown(files: Files, rng: Random) -> Files:
    """All but one disclosure of each segment."""
    found = {}
    for name, data in files.items():
        texts = data.split(b"~")[1:-1]
        gone = rng.choice(texts) if texts else b""
        found[name] = _parts(name, data, functools.partial(operator.ne, gone))
    return found


def no_picture_is_there(files: Files, _rng: Random) -> Files:
    """Without the pictures' files."""
    return {name: data for name, data in files.items() if not name.startswith("blobs/")}


def _parts(name: str, data: bytes, wanted: Callable[[bytes], bool]) -> bytes:
    if not (name.startswith("segments/") and name.endswith(".sdjwt")):
        return data
    signed, *texts = data.split(b"~")
    return b"~".join([signed, *(text for text in texts if not text or wanted(text))])


OMISSIONS: tuple[Omission, ...] = (
    no_part_is_shown,
    some_parts_are_shown,
    one_part_is_not_shown,
    no_picture_is_there,
)


def without_deletions(files: Files) -> Files:
    """Without all deletions."""
    return {name: data for name, data in files.items() if not name.startswith("tombstones/")}


def raised_by_deletions(files: Files, undeleted: Report, deleted: Report) -> str | None:
    """The pay that the deletions in `files` raise; None if they raise none."""
    if "unusable" in (undeleted["result"], deleted["result"]):
        return None
    first = min(_places_of_deletions(files), default=None)
    before = {each["hash"]: each for each in undeleted["segments"]}
    anew = False
    for each in deleted["segments"]:
        if first is None or each["index"] is None or _place(deleted, *each["index"]) > first:
            anew = True
        elif not each["given_back"] and _contributed(each) != _contributed(before[each["hash"]]):
            return f"a deletion changes what {each['hash']} contributes"
    if not anew and deleted["totals"]["payable"] > undeleted["totals"]["payable"]:
        return "a deletion raises the pay"
    return None


def _contributed(segment: Report) -> int:
    return int(segment["payable"] + segment["over_limit"])


def _place(report: Report, name: str, index: int) -> LogPosition:
    return Origin.parse(f"{report['aud']}/log/{name}").position(index)


def _places_of_deletions(files: Files) -> Iterator[LogPosition]:
    for name, data in files.items():
        if name.startswith("tombstones/") and name.endswith(".tlog-proof"):
            with contextlib.suppress(DiaryError):
                receipt = Receipt.parse(data)
                origin = receipt.checkpoint.partition(b"\n")[0].decode("ascii", "replace")
                yield Origin.parse(origin).position(receipt.index)


def more_pay(before: Report, after: Report) -> str | None:
    """The segment that is paid more in `after`, with the same segments; None without one."""
    if "unusable" in (before["result"], after["result"]):
        return None
    paid = {each["hash"]: each["payable"] for each in before["segments"]}
    for each in after["segments"]:
        if each["payable"] > paid.get(each["hash"], 0):
            return f"{each['hash']} is paid {each['payable']} s, not {paid.get(each['hash'])}"
    return None
