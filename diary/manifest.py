"""`manifest.json`: what a bundle says that it is, and the digest of every other file in it
(`docs/protocol.md` §9.1). Nobody signs it: it helps to find what was changed, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diary import fields
from diary.encoding import canonical, parse_canonical
from diary.layout import MANIFEST
from diary.times import week_of


@dataclass(frozen=True)
class Manifest:
    """What a bundle says that it is: the weeks from `first` to before `end` (Unix s, Mondays) of
    the contract `ctr`, made at `made`, and the digest of every other file by its name.
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
        """Read a manifest; raises E_FORMAT."""
        obj = parse_canonical(data)
        fields.version(obj)
        listed = fields.field(obj, "files")
        if not isinstance(listed, dict) or MANIFEST in listed:
            raise fields.bad("files")
        manifest = cls(
            aud=fields.matching(obj, "aud", fields.AUD),
            ctr=fields.matching(obj, "ctr", fields.ID),
            sub=fields.matching(obj, "sub", fields.ID),
            first=fields.integer(obj, "from"),
            end=fields.integer(obj, "to"),
            made=fields.integer(obj, "made"),
            files={name: fields.b64(listed, name, 32) for name in listed},
        )
        weeks = (manifest.first, manifest.end)
        if any(week_of(each) != each for each in weeks) or manifest.first >= manifest.end:
            raise fields.bad("from or to")
        return manifest
