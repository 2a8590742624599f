"""Selects the segments of a crowded day that one page shows.

A device can send a thousand one-second segments into one slot. All of them are logged and credited;
a page shows the first ones of a slot, states how many more there are, and links to further pages.
The limits exceed every honest day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

#: Segments of one slot on a page at most.
OF_SLOT = 30
#: Segments of a day on its page at most.
_OF_DAY = 600


def chosen(rows: Iterable[Row[Any]], begin: int, end: int, page: int = 1) -> set[str]:
    """The hashes of the segments to show in the slots of [begin, end) (Unix s); `rows` are in order
    of time, and `page` (from 1) selects the segments of each slot.
    """
    slots: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        if begin <= row.slot < end:
            slots[row.slot].append(row.hash)
    each = min(OF_SLOT, max(1, _OF_DAY // max(1, len(slots))))
    if sum(map(len, slots.values())) <= _OF_DAY:
        each = OF_SLOT
    first = (page - 1) * OF_SLOT
    return {name for names in slots.values() for name in names[first : first + each]}


def pages(count: int) -> int:
    """The number of pages that the segments of one slot take."""
    return max(1, -(-count // OF_SLOT))
