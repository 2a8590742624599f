"""Signing out with a full outbox, and a new key for it: nothing is lost with the old one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from diary.core.slots import WEEK
from diary.objects.device_lifecycle import parse_retire, parse_vouch
from diary.objects.segment import parse
from tests.uploader import proxy as faults
from tests.uploader.proxy import FaultProxy
from uploader.account import membership as memberships
from uploader.account.device_keys import DeviceKeyStore
from uploader.account.sign_out import rotate_key, sign_out, sign_retirement
from uploader.errors import KeysError, Problem, StoreError
from uploader.store.index import UploadState
from uploader.store.state_folder import StateFolder
from uploader.store.statements import Kind

if TYPE_CHECKING:
    from diary.objects.enrolment import Enrolment
    from tests.uploader.office import Office

    Pair = tuple[Office, FaultProxy]


def enrolment(office: Office) -> Enrolment:
    assert office.member is not None
    assert office.member.enrolment is not None
    return office.member.enrolment


def last_word(office: Office) -> None:
    sign_retirement(
        office.outbox,
        office.keys.signing,
        enrolment(office),
        now_ms=office.now_ms(),
        random=secrets.token_bytes,
    )


def sign_out_of(office: Office) -> None:
    """Say the last word, destroy the keys; then start anew, signed out."""
    assert office.member is not None
    last_word(office)
    sign_out(office.folder, office.outbox, DeviceKeyStore(office.pocket), office.member)
    office.member = None
    office.restart_without_keys()


def test_signing_out_sends_everything_and_then_the_last_word(at_work: Pair) -> None:
    office, proxy = at_work
    made = office.many(3, pictures=1)
    worker = office.worker or office.start_worker()
    assert worker.drain(60, office.watch.wait)
    last_word(office)
    assert worker.drain(60, office.watch.wait)
    office.assert_all_arrived_once(made)
    deed = office.outbox.deeds.retired(enrolment(office).kid)
    assert deed is not None
    assert deed.state is UploadState.DONE
    body = parse_retire((office.root / f"{deed.name}.sdjwt").read_bytes())
    (head,) = body.heads
    assert (head.ctr, head.seq, head.h) == (office.contract.ctr, 2, parse(made[-1]).hash)
    with pytest.raises(StoreError) as caught:
        office.outbox.head(office.contract.ctr)
    assert caught.value.code is Problem.SIGNED_OUT
    order = [path for method, path in proxy.requests if method in {"PUT", "POST"}]
    assert order[-1] == "/v1/retires"
    kid = enrolment(office).kid
    sign_out_of(office)
    with pytest.raises(KeysError):
        DeviceKeyStore(office.pocket).load("workdiary.localhost", kid)
    member = memberships.load(office.folder)
    assert member is not None
    assert (member.enrolment, member.joined) == (None, False)


def test_a_full_outbox_goes_out_at_the_next_sign_in(at_work: Pair) -> None:
    office, proxy = at_work
    made = office.many(3, pictures=1)
    proxy.always = faults.reset_at_once
    worker = office.worker or office.start_worker()
    assert not worker.drain(60, office.watch.wait)
    last_word(office)
    assert not worker.drain(60, office.watch.wait)
    former = enrolment(office).kid
    sign_out_of(office)
    assert office.pocket.items == {}  # type: ignore[attr-defined]
    proxy.always = None
    office.join()
    assert enrolment(office).kid != former
    proxy.requests.clear()
    office.fetch_what_work_needs()
    made += office.many(2, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    deed = office.outbox.deeds.retired(former)
    assert deed is not None
    assert deed.state is UploadState.DONE
    writes = [path for method, path in proxy.requests if method in {"PUT", "POST"}]
    segments = [path for path in writes if "/segments/" in path]
    assert writes.index("/v1/retires") < writes.index(segments[0])


def test_another_persons_sign_in_sends_nothing_of_it(at_work: Pair) -> None:
    office, proxy = at_work
    made = office.many(2, pictures=1)
    proxy.always = faults.reset_at_once
    sign_out_of(office)
    proxy.always = None
    theirs = office.market.contract()
    assert theirs.freelancer != office.contract.freelancer
    office.join(office.market.code(theirs.freelancer))
    proxy.seen.clear()
    worker = office.start_worker()
    for _ in range(5):
        office.watch.wait(worker.step())
    assert proxy.puts("segments") == []
    assert proxy.puts("blobs") == []
    assert (worker.status.waiting, office.outbox.waiting_statements()) == (0, 0)
    # It is still there for its own person.
    rows = office.outbox._index.rows()
    assert [row.hash for row in rows] == [parse(data).hash for data in made]
    assert {row.state for row in rows} == {UploadState.WAITING}


@pytest.mark.parametrize("stop", range(1, 9))
def test_killed_in_the_middle_of_signing_out(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    office, proxy = at_work
    made = office.many(2, pictures=1)
    proxy.always = faults.reset_at_once
    left = [stop]

    class Killed(BaseException):
        pass

    def failing(real):  # type: ignore[no-untyped-def]
        def step(*args: object) -> object:
            left[0] -= 1
            if not left[0]:
                raise Killed
            return real(*args)

        return step

    with monkeypatch.context() as patch:
        for name in ("write", "remove"):
            patch.setattr(StateFolder, name, failing(getattr(StateFolder, name)))
        pocket = type(office.pocket)
        patch.setattr(pocket, "delete_password", failing(pocket.delete_password))
        try:
            sign_out_of(office)
        except Killed:
            assert not left[0]
    proxy.always = None
    office.member = None
    office.restart_without_keys()
    member = memberships.load(office.folder)
    assert member is not None
    if member.enrolment is not None and office.outbox.deeds.retired(member.enrolment.kid):
        # As a start does that finds the last word said.
        sign_out(office.folder, office.outbox, DeviceKeyStore(office.pocket), member)
    if member.enrolment is None or not (office.root / "enrolment.jws").exists():
        office.join()
    else:
        office.member = member
        office.signed_in()
    office.fetch_what_work_needs()
    made += office.many(1, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)


def test_a_new_key_is_vouched_for_by_the_old_one_which_retires(at_work: Pair) -> None:
    office, proxy = at_work
    made = office.many(2, pictures=0)
    old = enrolment(office)
    proxy.always = None
    office.join(anew=True)
    new = enrolment(office)
    assert new.replaces == old.kid
    box = DeviceKeyStore(office.pocket)
    assert office.member is not None
    give = {"now_ms": office.now_ms(), "random": secrets.token_bytes}
    assert rotate_key(office.outbox, box, office.member, **give)  # type: ignore[arg-type]
    assert not rotate_key(office.outbox, box, office.member, **give)  # type: ignore[arg-type]
    with pytest.raises(KeysError):
        box.load(old.aud, old.kid)
    office.restart()
    office.fetch_what_work_needs()
    made += office.many(1, pictures=0)
    office.drain()
    office.assert_all_arrived_once(made)
    said = {deed.kind: deed for deed in office.outbox.deeds._all()}
    assert {kind: deed.state for kind, deed in said.items()} == {
        Kind.VOUCH: UploadState.DONE,
        Kind.RETIRE: UploadState.DONE,
    }
    vouched = parse_vouch((office.root / f"{said[Kind.VOUCH].name}.jws").read_bytes())
    assert (vouched.signed.kid, vouched.kid) == (old.kid, new.kid)


def test_a_key_that_ends_soon_is_told_of(at_work: Pair) -> None:
    office, _ = at_work
    worker = office.worker or office.start_worker()
    office.clock.to(enrolment(office).week0 + 48 * WEEK - 1)
    worker.step()
    assert [t.code for t in office.outbox.incidents()] == []
    office.clock.to(enrolment(office).week0 + 48 * WEEK)
    worker.step()
    assert [t.code for t in office.outbox.incidents()] == [Problem.KEY_ENDS_SOON]


def test_a_second_device_is_told_to_the_first_and_vouched_for(
    at_work: Pair, tmp_path: object
) -> None:
    from pathlib import Path

    from diary.objects.device_lifecycle import vouch
    from tests.uploader.office import Office

    office, _ = at_work
    other = Office(Path(str(tmp_path)) / "other", office.market, office.contract)
    try:
        other.join()
        worker = office.worker or office.start_worker()
        worker.refresh()
        worker.step()
        (sibling,) = worker.status.unvouched
        assert (sibling.kid, sibling.name) == (enrolment(other).kid, "Ana's laptop")
        mine = enrolment(office)
        data = vouch(office.keys.signing, aud=mine.aud, sub=mine.sub, kid=sibling.kid)
        office.outbox.say(Kind.VOUCH, data)
        office.drain()
        worker.refresh()
        worker.step()
        assert worker.status.unvouched == ()
    finally:
        other.close()
