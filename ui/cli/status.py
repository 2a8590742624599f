"""The contents of a state folder, for `workdiary status`.

It only reads files and needs no lock and no key, so it may run beside the program. It reads each
segment and computes its hash; a file that is not a segment is counted as unreadable.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from diary.core.findings import DiaryError
from diary.objects.segment import SealedSegment, parse
from ui.client.options import active_marketplace

_SEGMENT = re.compile(r"(0|[1-9]\d*)-(0|[1-9]\d*)\.sdjwt")


def state_folder_status(base: Path) -> dict[str, Any]:
    """All marketplaces in the base folder; `active` is the address of the one that the program
    opens. Times are in seconds.
    """
    found = [_marketplace(path.parent) for path in sorted(base.glob("*/marketplace.json"))]
    return {"base": str(base), "active": active_marketplace(base) or None, "marketplaces": found}


def _marketplace(folder: Path) -> dict[str, Any]:
    try:
        pinned = json.loads((folder / "marketplace.json").read_bytes())
    except (OSError, ValueError):
        pinned = {}
    contracts = [_contract(path) for path in sorted((folder / "segments").glob("*"))]
    return {
        "aud": pinned.get("aud", folder.name),
        "url": pinned.get("url"),
        "joined": (folder / "enrolment.tlog-proof").is_file(),
        "sealed_s": sum(one["sealed_s"] for one in contracts),
        "waiting": sum(one["waiting"] for one in contracts),
        "contracts": contracts,
    }


def _contract(folder: Path) -> dict[str, Any]:
    """One contract's chain. `waiting` segments have no receipt and were not refused."""
    sealed: dict[tuple[int, int], SealedSegment] = {}
    waiting = refused = unreadable = 0
    for path in folder.glob("*.sdjwt"):
        match = _SEGMENT.fullmatch(path.name)
        try:
            segment = parse(path.read_bytes())
        except (OSError, DiaryError):
            unreadable += 1
            continue
        if match is None or (int(match[1]), int(match[2])) != _place(segment):
            unreadable += 1
            continue
        sealed[_place(segment)] = segment
        if path.with_suffix(".refused.json").exists():
            refused += 1
        elif not path.with_suffix(".tlog-proof").exists():
            waiting += 1
    head = sealed[max(sealed)] if sealed else None
    return {
        "ctr": folder.name,
        "head": None
        if head is None
        else {"epoch": head.segment.epoch, "seq": head.segment.seq, "h": head.hash},
        "sealed_s": sum(one.segment.seconds for one in sealed.values()),
        "segments": len(sealed),
        "waiting": waiting,
        "refused": refused,
        "unreadable": unreadable,
    }


def _place(sealed: SealedSegment) -> tuple[int, int]:
    return sealed.segment.epoch, sealed.segment.seq
