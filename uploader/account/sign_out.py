"""A device's last word: signing out of a computer, and handing over to a new key.

Rules kept (`docs/protocol.md` §2.4, §2.5): the device signs what the last segment of each of its
chains is, and seals nothing after that; what is signed is durable before any key is destroyed, so
that nothing is lost with the keys: any later sign-in of the account uploads what still waits here.
A new key on the same computer is vouched for by the old one.
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
from uploader.store.statements import Kind


def sign_retirement(
    outbox: Outbox,
    signer: Signer,
    enrolment: Enrolment,
    *,
    now_ms: int,
    random: Callable[[int], bytes],
) -> None:
    """Sign the retirement of this device and queue it; once it was said, it stays as it is.

    Raises StoreError. From then on `outbox.head` refuses.
    """
    if outbox.deeds.retired(enrolment.kid) is not None:
        return
    rows = outbox.sending.heads(enrolment.kid)
    data = retire(
        signer,
        aud=enrolment.aud,
        sub=enrolment.sub,
        at=now_ms // 1000,
        heads=[RetirementHead(row.ctr, row.seq, row.hash) for row in rows],
        random=random,
    )
    outbox.say(Kind.RETIRE, data)


def sign_out(
    folder: StateFolder, outbox: Outbox, box: DeviceKeyStore, member: Membership
) -> Membership:
    """Destroy the keys of a device that has said its last word, and put its enrolment by; returns
    the membership without it. Raises KeysError, StoreError; may be called again.
    """
    enrolment = member.enrolment
    if enrolment is None or outbox.deeds.retired(enrolment.kid) is None:
        return member
    box.forget(member.aud, enrolment.kid)
    stage_enrolment(folder, enrolment)
    outbox.device_changed()
    return member.without_enrolment()


def rotate_key(
    outbox: Outbox,
    box: DeviceKeyStore,
    member: Membership,
    *,
    now_ms: int,
    random: Callable[[int], bytes],
) -> bool:
    """After an enrolment that replaces another one of this computer: let the old key vouch for the
    new one and say its last word, then destroy it. Returns whether there was anything to do.

    Raises KeysError, StoreError; may be called again.
    """
    new = member.enrolment
    if new is None or new.replaces is None:
        return False
    said = {deed.kind for deed in outbox.deeds.about(new.kid)}
    if Kind.VOUCH in said and outbox.deeds.retired(new.replaces) is not None:
        return False
    try:
        old = box.load(member.aud, new.replaces)
    except KeysError as error:
        if error.code is not Problem.KEYS_MISSING:
            raise
        # It was lost, which is why there is another one. Only a person can vouch, elsewhere.
        return False
    data = vouch(old.signing, aud=new.aud, sub=new.sub, kid=new.kid)
    outbox.say(Kind.VOUCH, data)
    former = outbox.former(new.replaces)
    if former is not None and former.sub == new.sub:
        sign_retirement(outbox, old.signing, former, now_ms=now_ms, random=random)
    box.forget(member.aud, new.replaces)
    return True
