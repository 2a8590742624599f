"""The state of a log monitor, stored between two polls.

One unsigned JSON object. A changed or damaged state is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diary.core.findings import Code, DiaryError, Finding
from diary.formats import json_fields
from diary.formats.encoding import Json, canonical, parse_canonical
from diary.log.checkpoint import Checkpoint, open_checkpoint
from diary.log.position import Origin
from diary.log.signed_note import NoteVerifier

MAX_STATE = 4_194_304
#: Findings that are remembered at most; the first ones.
MAX_FINDINGS = 200


@dataclass(frozen=True)
class KnownShard:
    """One shard: the signed note of the largest verified checkpoint, and the leaves read.

    `scanned` leaves were read; the log received the last of them at `rt_ms` (Unix ms). `slot` is
    the slot of the last beacon that counts, -1 for none.
    """

    note: bytes
    scanned: int = 0
    rt_ms: int = 0
    slot: int = -1


@dataclass(frozen=True)
class MonitorState:
    """Everything that one monitor has verified of one marketplace's log.

    `given` are the published keys at the start, `outside` whether a person gave them; `keys` all
    keys trusted now, one for each shard, in their order. `findings` are reported again after every
    poll: a contradiction does not expire.
    """

    given: tuple[str, ...]
    outside: bool
    keys: tuple[str, ...]
    shards: Mapping[str, KnownShard] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def aud(self) -> str:
        """The marketplace."""
        return Origin.parse(self.verifiers[0].name).aud

    @property
    def verifiers(self) -> tuple[NoteVerifier, ...]:
        """The trusted keys."""
        return tuple(NoteVerifier.parse(vkey) for vkey in self.keys)

    def checkpoint(self, name: str) -> Checkpoint | None:
        """The largest verified checkpoint of a shard."""
        known = self.shards.get(name)
        return None if known is None else open_checkpoint(known.note, self.verifiers)

    def data(self) -> bytes:
        """The state's bytes."""
        return canonical(
            {
                "v": 1,
                "given": list(self.given),
                "outside": self.outside,
                "keys": list(self.keys),
                "shards": {
                    name: {
                        "note": known.note.decode("utf-8"),
                        "scanned": known.scanned,
                        "rt_ms": known.rt_ms,
                        "slot": known.slot,
                    }
                    for name, known in self.shards.items()
                },
                "findings": [
                    {"kind": f.kind, "subject": f.subject, "code": f.code.value, "detail": f.detail}
                    for f in self.findings[:MAX_FINDINGS]
                ],
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> MonitorState:
        """Read a state, whose notes must still verify. Raises E_FORMAT, E_POLICY or E_CP_SIG."""
        obj = parse_canonical(data)
        json_fields.version(obj)
        shards = json_fields.field(obj, "shards")
        if not isinstance(shards, dict):
            raise json_fields.bad("shards")
        state = cls(
            given=_vkeys(obj, "given"),
            outside=json_fields.boolean(obj, "outside"),
            keys=_vkeys(obj, "keys"),
            shards={name: _known(known) for name, known in shards.items()},
            findings=tuple(_finding(each) for each in _listed(obj, "findings")),
        )
        for name in state.shards:
            checkpoint = state.checkpoint(name)
            if checkpoint is None or Origin.parse(checkpoint.origin).name != name:
                raise json_fields.bad("shards")
        return state


def one_key_each(verifiers: tuple[NoteVerifier, ...]) -> None:
    """Require the keys to be of logs of one marketplace, one for each log; else E_POLICY."""
    origins = [Origin.parse(verifier.name) for verifier in verifiers]
    if not origins or len({origin.aud for origin in origins}) != 1:
        raise DiaryError(Code.E_POLICY, "the keys are not those of one marketplace")
    if len({origin.shard for origin in origins}) != len(origins):
        raise DiaryError(Code.E_POLICY, "there are two keys for one log")


def _vkeys(obj: Json, name: str) -> tuple[str, ...]:
    listed = _listed(obj, name)
    if not all(isinstance(vkey, str) for vkey in listed):
        raise json_fields.bad(name)
    one_key_each(tuple(NoteVerifier.parse(vkey) for vkey in listed))
    return tuple(listed)


def _known(obj: Any) -> KnownShard:
    if not isinstance(obj, dict):
        raise json_fields.bad("shards")
    return KnownShard(
        note=json_fields.string(obj, "note", MAX_STATE).encode("utf-8"),
        scanned=json_fields.integer(obj, "scanned"),
        rt_ms=json_fields.integer(obj, "rt_ms"),
        slot=json_fields.integer(obj, "slot", -1),
    )


def _finding(obj: Any) -> Finding:
    if not isinstance(obj, dict):
        raise json_fields.bad("findings")
    code = json_fields.one_of(obj, "code", tuple(Code))
    kind = json_fields.one_of(obj, "kind", ("bundle", "log"))
    return Finding(
        "bundle" if kind == "bundle" else "log",
        json_fields.string(obj, "subject", 1024),
        Code(code),
        json_fields.string(obj, "detail", 1024),
    )


def _listed(obj: Json, name: str) -> list[Any]:
    value = json_fields.field(obj, name)
    if not isinstance(value, list):
        raise json_fields.bad(name)
    return value
