"""Retirement of a device: signing out of a computer, and replacing the key.

Rules kept (`docs/protocol.md` §2.4, §2.5): the device signs the last segment of each of its chains
and seals nothing afterwards; the retirement is durable before any key is destroyed, and a later
sign-in of the account uploads the remaining queue. The old key vouches for a new one on the same
computer.
"""

from __future__ import annotations

from collections.abc import Callable

from diary.core.signer import Signer
from diary.objects.device_lifecycle import RetirementHead, retire, vouch
from diary.objects.enrolment import Enrolment
from uploader.account.device_keys import DeviceKeyStore
from uploader.account.membership import Membership, stage_enrolment
from uploader.errors import KeysError, Problem
from uploader.store.outbox import Outbox
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind


def sign_retirement(
    outbox: Outbox,
    signer: Signer,
    enrolment: Enrolment,
    *,
    now_ms: int,
    random: Callable[[int], bytes],
) -> None:
    """Sign the retirement of this device and queue it; a signed one stays.

    Raises StoreError. From then on `outbox.head` refuses.
    """
    if outbox.statements.retired(enrolment.kid) is not None:
        return
    rows = outbox.queue.heads(enrolment.kid)
    data = retire(
        signer,
        aud=enrolment.aud,
        sub=enrolment.sub,
        at=now_ms // 1000,
        heads=[RetirementHead(row.ctr, row.seq, row.hash) for row in rows],
        random=random,
    )
    outbox.add_statement(StatementKind.RETIRE, data)


def sign_out(
    folder: StateFolder, outbox: Outbox, box: DeviceKeyStore, member: Membership
) -> Membership:
    """Destroy the keys of a retired device and stage its enrolment; returns the membership without
    it. Raises KeysError, StoreError; may be called again.
    """
    enrolment = member.enrolment
    if enrolment is None or outbox.statements.retired(enrolment.kid) is None:
        return member
    box.forget(member.aud, enrolment.kid)
    stage_enrolment(folder, enrolment)
    outbox.devices.forget()
    return member.without_enrolment()


def rotate_key(
    outbox: Outbox,
    box: DeviceKeyStore,
    member: Membership,
    *,
    now_ms: int,
    random: Callable[[int], bytes],
) -> bool:
    """After an enrolment that replaces another one of this computer: the old key vouches for the
    new one and signs its retirement, then it is destroyed. Returns whether it changed anything.

    Raises KeysError, StoreError; may be called again.
    """
    new = member.enrolment
    if new is None or new.replaces is None:
        return False
    kinds = {statement.kind for statement in outbox.statements.about(new.kid)}
    if StatementKind.VOUCH in kinds and outbox.statements.retired(new.replaces) is not None:
        return False
    try:
        old = box.load(member.aud, new.replaces)
    except KeysError as error:
        if error.code is not Problem.KEYS_MISSING:
            raise
        # The old key was lost. The user can vouch for the new one on another computer.
        return False
    data = vouch(old.signing, aud=new.aud, sub=new.sub, kid=new.kid)
    outbox.add_statement(StatementKind.VOUCH, data)
    former = outbox.devices.former(new.replaces)
    if former is not None and former.sub == new.sub:
        sign_retirement(outbox, old.signing, former, now_ms=now_ms, random=random)
    box.forget(member.aud, new.replaces)
    return True
