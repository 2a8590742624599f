"""All cases in a fixed order, file by file, independent of the order of imports."""

from __future__ import annotations

from tests.diary.cases import (
    alternating_devices,
    beacons_and_pictures,
    changed_memos,
    credit_rules,
    deletions_and_parts,
    device_lifecycle,
    disclosures_and_overlaps,
    receipts_and_beacons,
    repeated_leaves,
    reviews_and_log,
    segment_rules,
    signatures_and_chains,
    slots_and_terms,
)
from tests.diary.cases.common import CASES as REGISTERED
from tests.diary.cases.common import Case

_FILES = [
    module.__name__
    for module in (
        signatures_and_chains,
        slots_and_terms,
        beacons_and_pictures,
        disclosures_and_overlaps,
        device_lifecycle,
        changed_memos,
        deletions_and_parts,
        reviews_and_log,
        repeated_leaves,
        receipts_and_beacons,
        segment_rules,
        credit_rules,
        alternating_devices,
    )
]

CASES: list[tuple[str, set[str], Case]] = sorted(
    REGISTERED,
    key=lambda each: (_FILES.index(each[2].__module__), each[2].__code__.co_firstlineno),
)
