"""Signing out with a full outbox, and replacing the key: no work is lost with the old one."""

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
from uploader.store.index.rows import UploadState
from uploader.store.state_folder import StateFolder
from uploader.store.statements import StatementKind

if TYPE_CHECKING:
    from diary.objects.enrolment import Enrolment
    from tests.uploader.client_under_test import ClientUnderTest

    Pair = tuple[ClientUnderTest, FaultProxy]


def enrolment(client: ClientUnderTest) -> Enrolment:
    assert client.member is not None
    assert client.member.enrolment is not None
    return client.member.enrolment


def last_word(client: ClientUnderTest) -> None:
    sign_retirement(
        client.outbox,
        client.keys.signing,
        enrolment(client),
        now_ms=client.now_ms(),
        random=secrets.token_bytes,
    )


def sign_out_of(client: ClientUnderTest) -> None:
    """Sign the retirement, destroy the keys; then start again, signed out."""
    assert client.member is not None
    last_word(client)
    sign_out(client.folder, client.outbox, DeviceKeyStore(client.keyring), client.member)
    client.member = None
    client.restart_without_keys()


def test_signing_out_sends_everything_and_then_the_retirement(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(3, pictures=1)
    worker = client.worker or client.start_worker()
    assert worker.drain(60, client.watch.wait)
    last_word(client)
    assert worker.drain(60, client.watch.wait)
    client.assert_all_arrived_once(made)
    statement = client.outbox.statements.retired(enrolment(client).kid)
    assert statement is not None
    assert statement.state is UploadState.DONE
    body = parse_retire((client.root / f"{statement.name}.sdjwt").read_bytes())
    (head,) = body.heads
    assert (head.ctr, head.seq, head.h) == (client.contract.ctr, 2, parse(made[-1]).hash)
    with pytest.raises(StoreError) as caught:
        client.outbox.head(client.contract.ctr)
    assert caught.value.code is Problem.SIGNED_OUT
    order = [path for method, path in proxy.requests if method in {"PUT", "POST"}]
    assert order[-1] == "/v1/retires"
    kid = enrolment(client).kid
    sign_out_of(client)
    with pytest.raises(KeysError):
        DeviceKeyStore(client.keyring).load("workdiary.localhost", kid)
    member = memberships.load(client.folder)
    assert member is not None
    assert (member.enrolment, member.joined) == (None, False)


def test_a_full_outbox_is_uploaded_at_the_next_sign_in(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(3, pictures=1)
    proxy.always = faults.reset_at_once
    worker = client.worker or client.start_worker()
    assert not worker.drain(60, client.watch.wait)
    last_word(client)
    assert not worker.drain(60, client.watch.wait)
    former = enrolment(client).kid
    sign_out_of(client)
    assert client.keyring.items == {}  # type: ignore[attr-defined]
    proxy.always = None
    client.join()
    assert enrolment(client).kid != former
    proxy.requests.clear()
    client.fetch_what_work_needs()
    made += client.many(2, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    statement = client.outbox.statements.retired(former)
    assert statement is not None
    assert statement.state is UploadState.DONE
    writes = [path for method, path in proxy.requests if method in {"PUT", "POST"}]
    segments = [path for path in writes if "/segments/" in path]
    assert writes.index("/v1/retires") < writes.index(segments[0])


def test_another_persons_sign_in_sends_nothing_of_it(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=1)
    proxy.always = faults.reset_at_once
    sign_out_of(client)
    proxy.always = None
    theirs = client.marketplace.contract()
    assert theirs.freelancer != client.contract.freelancer
    client.join(client.marketplace.code(theirs.freelancer))
    proxy.seen.clear()
    worker = client.start_worker()
    for _ in range(5):
        client.watch.wait(worker.step())
    assert proxy.puts("segments") == []
    assert proxy.puts("blobs") == []
    assert (worker.status.waiting, client.outbox.waiting_statements()) == (0, 0)
    # It is still there for its owner.
    rows = client.outbox._index.rows()
    assert [row.hash for row in rows] == [parse(data).hash for data in made]
    assert {row.state for row in rows} == {UploadState.WAITING}


@pytest.mark.parametrize("stop", range(1, 9))
def test_killed_in_the_middle_of_signing_out(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=1)
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
        pocket = type(client.keyring)
        patch.setattr(pocket, "delete_password", failing(pocket.delete_password))
        try:
            sign_out_of(client)
        except Killed:
            assert not left[0]
    proxy.always = None
    client.member = None
    client.restart_without_keys()
    member = memberships.load(client.folder)
    assert member is not None
    if member.enrolment is not None and client.outbox.statements.retired(member.enrolment.kid):
        # As at a start that finds a signed retirement.
        sign_out(client.folder, client.outbox, DeviceKeyStore(client.keyring), member)
    if member.enrolment is None or not (client.root / "enrolment.jws").exists():
        client.join()
    else:
        client.member = member
        client.signed_in()
    client.fetch_what_work_needs()
    made += client.many(1, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)


def test_a_new_key_is_vouched_for_by_the_old_one_which_retires(at_work: Pair) -> None:
    client, proxy = at_work
    made = client.many(2, pictures=0)
    old = enrolment(client)
    proxy.always = None
    client.join(replace_key=True)
    new = enrolment(client)
    assert new.replaces == old.kid
    box = DeviceKeyStore(client.keyring)
    assert client.member is not None
    give = {"now_ms": client.now_ms(), "random": secrets.token_bytes}
    assert rotate_key(client.outbox, box, client.member, **give)  # type: ignore[arg-type]
    assert not rotate_key(client.outbox, box, client.member, **give)  # type: ignore[arg-type]
    with pytest.raises(KeysError):
        box.load(old.aud, old.kid)
    client.restart()
    client.fetch_what_work_needs()
    made += client.many(1, pictures=0)
    client.drain()
    client.assert_all_arrived_once(made)
    by_kind = {statement.kind: statement for statement in client.outbox.statements._all()}
    assert {kind: statement.state for kind, statement in by_kind.items()} == {
        StatementKind.VOUCH: UploadState.DONE,
        StatementKind.RETIRE: UploadState.DONE,
    }
    vouched = parse_vouch((client.root / f"{by_kind[StatementKind.VOUCH].name}.jws").read_bytes())
    assert (vouched.signed.kid, vouched.kid) == (old.kid, new.kid)


def test_a_key_that_ends_soon_is_reported(at_work: Pair) -> None:
    client, _ = at_work
    worker = client.worker or client.start_worker()
    client.clock.to(enrolment(client).week0 + 48 * WEEK - 1)
    worker.step()
    assert [t.code for t in client.outbox.incidents()] == []
    client.clock.to(enrolment(client).week0 + 48 * WEEK)
    worker.step()
    assert [t.code for t in client.outbox.incidents()] == [Problem.KEY_ENDS_SOON]


def test_a_second_device_is_shown_to_the_first_and_vouched_for(
    at_work: Pair, tmp_path: object
) -> None:
    from pathlib import Path

    from diary.objects.device_lifecycle import vouch
    from tests.uploader.client_under_test import ClientUnderTest

    client, _ = at_work
    other = ClientUnderTest(Path(str(tmp_path)) / "other", client.marketplace, client.contract)
    try:
        other.join()
        worker = client.worker or client.start_worker()
        worker.refresh()
        worker.step()
        (sibling,) = worker.status.unvouched
        assert (sibling.kid, sibling.name) == (enrolment(other).kid, "Ana's laptop")
        mine = enrolment(client)
        data = vouch(client.keys.signing, aud=mine.aud, sub=mine.sub, kid=sibling.kid)
        client.outbox.add_statement(StatementKind.VOUCH, data)
        client.drain()
        worker.refresh()
        worker.step()
        assert worker.status.unvouched == ()
    finally:
        other.close()
