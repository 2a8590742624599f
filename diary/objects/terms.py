"""The terms of a contract: limits and picture rules (`docs/protocol.md` §5.1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from diary.formats import json_fields
from diary.formats.encoding import canonical, digest, parse_canonical

MAX_PICTURE_TOLERANCE_MS = 300_000


@dataclass(frozen=True)
class Terms:
    """A contract's terms in force from `from_s` (`docs/protocol.md` §5).

    `client` is the pseudonymous id of the client, the same in all contracts of that client.

    Seconds: `review_s` for the review of a picture before it is sent, `idle_s` until idle time
    stops counting (60 to 900), `limit_s` a week (None: no limit), `edit_until_s` after the week's
    end. `shots` is the number of pictures a slot (0 to 3), each valid within `shot_tol_ms` after
    its picture time (0 to 300,000). `kept` and `manual` allow such time. Terms name no rate.
    """

    aud: str
    ctr: str
    sub: str
    client: str
    from_s: int
    state: str = "active"
    shots: int = 1
    shot_tol_ms: int = 10_000
    review_s: int = 15
    idle_s: int = 600
    kept: bool = True
    manual: bool = True
    limit_s: int | None = None
    limit_rule: str = "stop"
    edit_until_s: int = 43_200
    retention_days: int = 180
    rules: str = "1"

    def data(self) -> bytes:
        """The object's bytes."""
        obj = asdict(self)
        obj["from"] = obj.pop("from_s")
        return canonical({"v": 1, **obj})

    @property
    def digest(self) -> str:
        """SHA-256 of the object's bytes, base64url: a segment's `terms`."""
        return digest(self.data())

    @classmethod
    def parse(cls, data: bytes) -> Terms:
        """Parse terms; raises E_FORMAT. Digests are of the bytes, which may have more members."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        return cls(
            aud=json_fields.matching(obj, "aud", json_fields.AUD),
            ctr=json_fields.matching(obj, "ctr", json_fields.ID),
            sub=json_fields.matching(obj, "sub", json_fields.ID),
            client=json_fields.matching(obj, "client", json_fields.ID),
            from_s=json_fields.integer(obj, "from"),
            state=json_fields.one_of(obj, "state", ("active", "paused", "ended")),
            shots=json_fields.integer(obj, "shots", 0, 3),
            shot_tol_ms=json_fields.integer(obj, "shot_tol_ms", 0, MAX_PICTURE_TOLERANCE_MS),
            review_s=json_fields.integer(obj, "review_s", 0, 600),
            idle_s=json_fields.integer(obj, "idle_s", 60, 900),
            kept=json_fields.boolean(obj, "kept"),
            manual=json_fields.boolean(obj, "manual"),
            limit_s=json_fields.optional_integer(obj, "limit_s", 0, 604_800),
            limit_rule=json_fields.one_of(obj, "limit_rule", ("stop", "unpaid")),
            edit_until_s=json_fields.integer(obj, "edit_until_s", 0, 604_800),
            retention_days=json_fields.integer(obj, "retention_days", 1, 36_500),
            rules=json_fields.string(obj, "rules", 32),
        )
