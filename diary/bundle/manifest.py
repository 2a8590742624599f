"""`manifest.json`: the contract and weeks of a bundle, and the digest of every other file in it
(`docs/protocol.md` §9.4). It is unsigned: it helps to find changes, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diary.bundle.layout import MANIFEST
from diary.core.slots import week_of
from diary.formats import json_fields
from diary.formats.encoding import canonical, parse_canonical


@dataclass(frozen=True)
class Manifest:
    """The manifest of a bundle: the weeks from `first` to before `end` (Unix s, Mondays) of the
    contract `ctr`, made at `made` (Unix s), and the digest of every other file by its name.
    """

    aud: str
    ctr: str
    sub: str
    first: int
    end: int
    made: int
    files: Mapping[str, str]

    def data(self) -> bytes:
        """The file's bytes."""
        return canonical(
            {
                "v": 1,
                "aud": self.aud,
                "ctr": self.ctr,
                "sub": self.sub,
                "from": self.first,
                "to": self.end,
                "made": self.made,
                "files": dict(self.files),
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """Parse a manifest; raises E_FORMAT."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        listed = json_fields.field(obj, "files")
        if not isinstance(listed, dict) or MANIFEST in listed:
            raise json_fields.bad("files")
        manifest = cls(
            aud=json_fields.matching(obj, "aud", json_fields.AUD),
            ctr=json_fields.matching(obj, "ctr", json_fields.ID),
            sub=json_fields.matching(obj, "sub", json_fields.ID),
            first=json_fields.integer(obj, "from"),
            end=json_fields.integer(obj, "to"),
            made=json_fields.integer(obj, "made"),
            files={name: json_fields.b64(listed, name, 32) for name in listed},
        )
        weeks = (manifest.first, manifest.end)
        if any(week_of(each) != each for each in weeks) or manifest.first >= manifest.end:
            raise json_fields.bad("from or to")
        return manifest
