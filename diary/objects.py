"""What the marketplace says: beacons and terms. They count because their leaf is in the log.

Each is an RFC 8785 JSON object; unknown fields are kept in the bytes and ignored.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from diary import fields
from diary.encoding import b64u, canonical, digest, parse_canonical, unb64u
from diary.times import SLOT

MAX_SHOT_TOL_MS = 300_000


@dataclass(frozen=True)
class Beacon:
    """One global random value for a slot (Unix s, a multiple of 600); `val` is 32 bytes."""

    slot: int
    val: bytes

    def data(self) -> bytes:
        """The object's bytes."""
        return canonical({"v": 1, "slot": self.slot, "val": b64u(self.val)})

    @classmethod
    def parse(cls, data: bytes) -> Beacon:
        """Read a beacon; raises E_FORMAT."""
        obj = parse_canonical(data)
        fields.version(obj)
        slot = fields.integer(obj, "slot")
        if slot % SLOT:
            raise fields.bad("slot")
        return cls(slot, unb64u(fields.b64(obj, "val", 32)))


@dataclass(frozen=True)
class Terms:
    """A contract's terms in force from `from_s` (`docs/protocol.md` §5).

    `client` is the pseudonymous id of the client, the same in all contracts of that client.

    Seconds: `review_s` a picture may be looked at before it leaves, `idle_s` until idle time stops
    counting (60 to 900), `limit_s` a week (None: no limit), `edit_until_s` after the week's end.
    `shots` a slot (0 to 3), each valid within `shot_tol_ms` after its moment (0 to 300,000).
    `kept` and `manual` say whether such time may be claimed. There is no rate in here.
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
        """Read terms; raises E_FORMAT. Check `digest` against bytes, not against this value."""
        obj = parse_canonical(data)
        fields.version(obj)
        return cls(
            aud=fields.matching(obj, "aud", fields.AUD),
            ctr=fields.matching(obj, "ctr", fields.ID),
            sub=fields.matching(obj, "sub", fields.ID),
            client=fields.matching(obj, "client", fields.ID),
            from_s=fields.integer(obj, "from"),
            state=fields.one_of(obj, "state", ("active", "paused", "ended")),
            shots=fields.integer(obj, "shots", 0, 3),
            shot_tol_ms=fields.integer(obj, "shot_tol_ms", 0, MAX_SHOT_TOL_MS),
            review_s=fields.integer(obj, "review_s", 0, 600),
            idle_s=fields.integer(obj, "idle_s", 60, 900),
            kept=fields.boolean(obj, "kept"),
            manual=fields.boolean(obj, "manual"),
            limit_s=fields.optional_integer(obj, "limit_s", 0, 604_800),
            limit_rule=fields.one_of(obj, "limit_rule", ("stop", "unpaid")),
            edit_until_s=fields.integer(obj, "edit_until_s", 0, 604_800),
            retention_days=fields.integer(obj, "retention_days", 1, 36_500),
            rules=fields.string(obj, "rules", 32),
        )
