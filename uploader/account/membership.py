"""The marketplace of a state folder, and this device's enrolment there.

Rules kept (`docs/protocol.md` §2): the first log key is pinned, and another key later is an error;
each marketplace has its own state folder, key and seed. The pinned values are in the folder, so
that the program starts without a network.

Files: `marketplace.json` (address, names, keys, a demo's time); `enrolment.jws`, and
`enrolment.tlog-proof` once the enrolment is in the log; in `former/`, by kid, the enrolments of
earlier devices of this folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from diary.core.demo_clock import MAX_SPEED, TimeLapse
from diary.core.findings import DiaryError
from diary.core.slots import SANE_FROM, SANE_TO
from diary.formats import json_fields
from diary.formats.encoding import Json, canonical
from diary.log.policy import parse_policy
from diary.log.signed_note import NoteVerifier
from diary.objects.enrolment import Enrolment, parse_enrolment
from uploader.api.responses import WellKnown
from uploader.errors import Problem, ProofError, StoreError
from uploader.log.receipt_verifier import ReceiptVerifier
from uploader.log.trusted_keys import PinnedKey
from uploader.store.index_rebuild import ENROLMENT, FORMER
from uploader.store.state_folder import StateFolder

#: The file of the pinned values.
PINNED = "marketplace.json"
ENROLMENT_RECEIPT = "enrolment.tlog-proof"


@dataclass(frozen=True)
class Membership:
    """A pinned marketplace, and this device's enrolment (None without one).

    `origin` and `vkey` belong to the log's newest shard at that time, `earlier` are the keys of the
    shards before it. `joined`: the log holds the enrolment. `name` is the freelancer's.
    """

    url: str
    aud: str
    origin: str
    vkey: str
    lapse: TimeLapse | None
    earlier: tuple[str, ...] = ()
    name: str = ""
    enrolment: Enrolment | None = None
    joined: bool = False

    def without_enrolment(self) -> Membership:
        """The same marketplace, not joined."""
        return replace(self, enrolment=None, joined=False)

    @property
    def pinned(self) -> PinnedKey:
        """The pinned name and keys, for `TrustedLogKeys`."""
        vkeys = (*self.earlier, self.vkey)
        return PinnedKey(self.aud, tuple(NoteVerifier.parse(vkey) for vkey in vkeys))

    @property
    def speed(self) -> int:
        """Demo seconds per real second; 1 for real time."""
        return self.lapse.speed if self.lapse else 1


def save_pinned(url: str, known: WellKnown, policy: bytes | None = None) -> Membership:
    """Pin a marketplace at the first contact; `policy` has the keys of all shards of its log.

    Raises ProofError for an invalid log key, and for a policy without the key in use.
    """
    try:
        verifier = NoteVerifier.parse(known.vkey)
    except DiaryError as error:
        raise ProofError(Problem.WRONG_MARKETPLACE, error.detail) from error
    if verifier.name != known.origin or not known.origin.startswith(f"{known.aud}/log/"):
        raise ProofError(Problem.WRONG_MARKETPLACE, "the log's key is of another name")
    if (known.lapse is not None) != known.aud.startswith("demo."):
        raise ProofError(Problem.WRONG_MARKETPLACE, "only a demonstration has its own time")
    earlier: tuple[str, ...] = ()
    if policy is not None:
        try:
            logs = parse_policy(policy).verifiers
        except DiaryError as error:
            raise ProofError(Problem.WRONG_MARKETPLACE, error.detail) from error
        if verifier not in logs:
            raise ProofError(Problem.WRONG_MARKETPLACE, "the policy does not name the log's key")
        earlier = tuple(log.vkey for log in logs[: logs.index(verifier)])
    return Membership(url.rstrip("/"), known.aud, known.origin, known.vkey, known.lapse, earlier)


def check_pinned(
    membership: Membership, known: WellKnown, verifier: ReceiptVerifier | None = None
) -> None:
    """Compare a marketplace's description with the pinned one. A log key that the `verifier` trusts
    by an announcement is accepted too.

    Raises ProofError: WRONG_MARKETPLACE, LOG_KEY_CHANGED; UploaderError if the log's keys cannot be
    fetched.
    """
    if known.aud != membership.aud or known.lapse != membership.lapse:
        raise ProofError(Problem.WRONG_MARKETPLACE, known.aud)
    if (known.origin, known.vkey) == (membership.origin, membership.vkey):
        return
    if verifier is not None and not verifier.trust.is_trusted(known.origin, known.vkey):
        verifier.learn_keys()
    if verifier is None or not verifier.trust.is_trusted(known.origin, known.vkey):
        raise ProofError(Problem.LOG_KEY_CHANGED, known.origin)


def stage_enrolment(folder: StateFolder, former: Enrolment) -> None:
    """Move a retired device's enrolment to `former/`: its segments need it."""
    receipt = folder.read(ENROLMENT_RECEIPT) or b""
    folder.write(f"{FORMER}/{former.kid}.jws", former.data)
    folder.write(f"{FORMER}/{former.kid}.tlog-proof", receipt)
    # In this order a crash can leave an enrolment without keys, but never a receipt of
    # another enrolment.
    folder.remove(ENROLMENT_RECEIPT)
    folder.remove(ENROLMENT)


def save(folder: StateFolder, membership: Membership) -> None:
    """Store the pinned values (the enrolment has its own files)."""
    lapse = membership.lapse
    record = {
        "v": 1,
        "url": membership.url,
        "aud": membership.aud,
        "origin": membership.origin,
        "vkey": membership.vkey,
        "earlier": list(membership.earlier),
        "name": membership.name,
        "demo": None if lapse is None else {"speed": lapse.speed, "origin_ms": lapse.origin_ms},
    }
    folder.write(PINNED, canonical(record))


def load(folder: StateFolder) -> Membership | None:
    """The folder's membership; None for a new folder. Raises StoreError(FILE_DAMAGED)."""
    data = folder.read(PINNED)
    if data is None:
        return None
    enrolment = folder.read(ENROLMENT)
    try:
        obj = json.loads(data)
        return Membership(
            url=json_fields.string(obj, "url", 2048),
            aud=json_fields.matching(obj, "aud", json_fields.AUD),
            origin=json_fields.string(obj, "origin", 512),
            vkey=NoteVerifier.parse(json_fields.string(obj, "vkey", 1024)).vkey,
            lapse=_lapse(obj),
            earlier=tuple(NoteVerifier.parse(vkey).vkey for vkey in obj.get("earlier", [])),
            name=json_fields.string(obj, "name", 200),
            enrolment=None if enrolment is None else parse_enrolment(enrolment),
            joined=enrolment is not None and folder.exists(ENROLMENT_RECEIPT),
        )
    except (ValueError, TypeError) as error:
        raise StoreError(Problem.FILE_DAMAGED, f"{PINNED} or {ENROLMENT}") from error


def find(base: Path, url: str) -> str | None:
    """The `aud` of the state folder that is pinned to an address, found without a network; None if
    there is none.
    """
    for path in sorted(base.glob(f"*/{PINNED}")):
        try:
            obj = json.loads(path.read_bytes())
            if obj["url"] == url.rstrip("/"):
                return json_fields.matching(obj, "aud", json_fields.AUD)
        except (OSError, ValueError, KeyError, TypeError):
            # Opening that folder later reports its damage.
            continue
    return None


def _lapse(obj: Json) -> TimeLapse | None:
    demo = json_fields.field(obj, "demo")
    if demo is None:
        return None
    if not isinstance(demo, dict):
        raise json_fields.bad("demo")
    origin_ms = json_fields.integer(demo, "origin_ms", SANE_FROM * 1000, SANE_TO * 1000)
    return TimeLapse(json_fields.integer(demo, "speed", 1, MAX_SPEED), origin_ms)
