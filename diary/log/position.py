"""The position of a leaf: the shard of the log, and the index in it (`docs/protocol.md` §7).

A marketplace's log is a sequence of shards, one a year, or more after a change of keys in mid-year.
A shard's origin is `<aud>/log/<year>` or `<aud>/log/<year>-<n>`, n from 2 on, and its **name** is
the last part of it. Positions are ordered by shard, then by index.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from diary.core.findings import Code, DiaryError

_ORIGIN = re.compile(
    r"(?P<aud>[a-z0-9.:-]{1,253})/log/(?P<name>(?P<year>[0-9]{4})(?:-(?P<part>[1-9][0-9]{0,3}))?)"
)


class LogPosition(NamedTuple):
    """A leaf's position; compares in log order. `part` is 1 for a year's first shard, `leaf` the
    index in the shard.
    """

    year: int
    part: int
    leaf: int

    @property
    def name(self) -> str:
        """The name of the shard, such as `2026` or `2026-2`."""
        return f"{self.year:04}" if self.part == 1 else f"{self.year:04}-{self.part}"


class Origin(NamedTuple):
    """A parsed origin. `shard` is (year, part), which sorts in the order of shards."""

    aud: str
    name: str
    shard: tuple[int, int]

    @classmethod
    def parse(cls, origin: str) -> Origin:
        """Parse a log's origin; raises E_POLICY unless it is the origin of a work diary's log."""
        match = _ORIGIN.fullmatch(origin)
        if match is None or match["part"] == "1":
            raise DiaryError(Code.E_POLICY, "this is not the name of a work diary's log")
        return cls(match["aud"], match["name"], (int(match["year"]), int(match["part"] or 1)))

    def position(self, index: int) -> LogPosition:
        """The position of the leaf `index` of this shard."""
        return LogPosition(*self.shard, index)
