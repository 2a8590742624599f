"""Later statements of a device: accepted ones, refused ones, and their effects."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from diary.core.findings import DiaryError
from diary.core.slots import WEEK, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode, digest
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.amendment import amend
from diary.objects.device_lifecycle import RetirementHead, retire, vouch
from diary.objects.segment import parse
from diary.objects.tombstone import tombstone
from marketplace.contracts.queries import Contract
from marketplace.records.statements import MAX_STATEMENTS
from tests.marketplace.later_statements import amended, deleted, digest_of, retired, vouched
from tests.marketplace.live_marketplace import START, UTC, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

LOCK = week_of(START) + WEEK + 43_200


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def sent(marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract) -> bytes:
    """A stored segment."""
    (data,) = worked(marketplace, device, contract.ctr, START)
    device.send(data)
    return data


@pytest.fixture
def second(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
    contract: Contract,
) -> SimulatedDevice:
    """Another computer of the same person."""
    return enrolled(contract)


def later(marketplace: LiveMarketplace, device: SimulatedDevice, time_s: float) -> None:
    marketplace.clock.to(time_s)
    device.sign_in()


# All kinds of statements


def test_each_statement_is_logged_answered_with_its_receipt_and_the_same_again(
    device: SimulatedDevice, sent: bytes, second: SimulatedDevice
) -> None:
    statement = {
        "vouches": (LeafType.VOUCH, vouched(device, second)),
        "amends": (LeafType.AMEND, amended(device, sent, "Better words")),
        "tombstones": (LeafType.TOMBSTONE, deleted(device, sent, "minutes", scope=["minutes"])),
        "retires": (LeafType.RETIRE, retired(device)),
    }
    for what, (leaf, data) in statement.items():
        first, again = device.post_statement(what, data), device.post_statement(what, data)
        assert (first.status_code, again.status_code) == (201, 200), first.text
        name = digest(data.partition(b"~")[0])
        logged = [
            open_receipt(
                answer.json()["receipt"].encode(), [device.verifier], type=leaf, object_digest=name
            )
            for answer in (first, again)
        ]
        assert logged[0].position == logged[1].position
        assert logged[0].leaf.attrs == (device.key.kid if leaf is LeafType.RETIRE else "")
        assert first.json()["findings"] == again.json()["findings"] == []


@pytest.mark.parametrize("what", ["vouches", "retires", "amends", "tombstones"])
def test_an_invalid_statement_is_refused_by_its_code(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, what: str
) -> None:
    before = marketplace.leaves()
    for body in (b"", b"{}", b"\xff" * 50, b"a.b.c", b"a.b.c~", b"~" * 9, b"x" * 60_000):
        assert refused(device.post_statement(what, body)) == (422, "E_FORMAT")
    assert refused(device.post_statement(what, sent)) == (422, "E_TYP")
    assert refused(device.post_statement(what, parse(sent).sdjwt.jws.data)) == (
        422,
        "E_TYP" if what in ("vouches", "tombstones") else "E_FORMAT",
    )
    assert refused(device.post_statement(what, b"x" * 140_000)) == (413, "too_large")
    assert marketplace.leaves() == before


@pytest.mark.parametrize("what", ["vouches", "retires", "amends", "tombstones"])
def test_a_statement_needs_its_media_type_and_a_signed_in_device(
    device: SimulatedDevice, what: str
) -> None:
    path = f"/v1/{what}"
    for kind in ("application/json", "text/plain", "application/sd-jwt; x=y", ""):
        answer = device.call("POST", path, content=b"x", headers={"Content-Type": kind})
        assert refused(answer) == (415, "body_type")
    assert refused(device.http.post(path, content=b"x")) == (401, "token_missing")


def test_a_statement_of_another_key_account_or_marketplace_is_refused(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    sent: bytes,
    second: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    stranger = enrolled(marketplace.contract("Another"))
    device.sign_in()
    nobody = replace(device, key=SigningKey.generate())
    nobody.http.close()
    nobody.sub = device.sub
    forged = SigningKey.generate()

    class Mask:
        """Signs with one key in the name of another."""

        kid = device.key.kid
        sign = staticmethod(forged.sign)

    before = marketplace.leaves()
    name = parse(sent).hash
    for who, by, code in (
        (device, nobody, "E_KID_UNKNOWN"),  # no such device
        (device, stranger, "E_KID_UNKNOWN"),  # another account's, sent by us
        (stranger, stranger, "E_KID_UNKNOWN"),  # another account's about ours
        (stranger, device, "E_KID_UNKNOWN"),  # ours, sent by another account
    ):
        for what, data in (
            ("amends", amended(by, sent, "x")),
            ("tombstones", deleted(by, sent, "memo", scope=["memo"])),
            ("vouches", vouched(by, second)),
        ):
            assert refused(who.post_statement(what, data)) == (422, code), (what, code)
    for who, by in ((device, nobody), (device, stranger), (stranger, device)):
        assert refused(who.post_statement("retires", retired(by))) == (422, "E_KID_UNKNOWN")
    ctr = parse(sent).segment.ctr
    for what, data in (
        ("vouches", vouch(Mask(), aud=device.aud, sub=device.sub, kid=second.key.kid)),
        (
            "amends",
            amend(
                Mask(), aud=device.aud, segment=name, at=1, memo="x", random=secrets.token_bytes
            ),
        ),
        (
            "tombstones",
            tombstone(Mask(), segment=name, digests=[], scope=["time"], reason="", at=1),
        ),
        (
            "retires",
            retire(
                Mask(), aud=device.aud, sub=device.sub, at=1, heads=[RetirementHead(ctr, 0, name)],
                random=secrets.token_bytes,
            ),
        ),
    ):  # fmt: skip
        assert refused(device.post_statement(what, data)) == (422, "E_SIG")
    for aud, sub in (("other.example", device.sub), (device.aud, b64url_encode(b"s" * 16))):
        data = vouch(device.key, aud=aud, sub=sub, kid=second.key.kid)
        assert refused(device.post_statement("vouches", data)) == (422, "E_KID_UNKNOWN")
        data = retire(device.key, aud=aud, sub=sub, at=1, heads=[], random=secrets.token_bytes)
        assert refused(device.post_statement("retires", data)) == (422, "E_KID_UNKNOWN")
    assert marketplace.leaves() == before


def test_disclosures_that_do_not_fit_are_refused(device: SimulatedDevice, sent: bytes) -> None:
    for what, data in (("amends", amended(device, sent, "x")), ("retires", retired(device))):
        part = data.split(b"~")[1]
        assert refused(device.post_statement(what, data + part + b"~")) == (422, "E_DISC_DUP")
        foreign = sent.split(b"~")[1] + b"~"
        assert refused(device.post_statement(what, data + foreign)) == (422, "E_DISC_UNMATCHED")


def test_a_change_of_what_has_not_arrived_waits_for_it(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    change, deletion = amended(device, data, "New"), deleted(device, data, "memo", scope=["memo"])
    assert refused(device.post_statement("amends", change)) == (422, "E_GAP")
    assert refused(device.post_statement("tombstones", deletion)) == (422, "E_GAP")
    device.send(data)
    assert device.post_statement("amends", change).status_code == 201
    assert device.post_statement("tombstones", deletion).status_code == 201


def test_repeated_statements_are_limited(device: SimulatedDevice, sent: bytes) -> None:
    for n in range(MAX_STATEMENTS):
        assert (
            device.post_statement("amends", amended(device, sent, f"Memo {n}", at=n)).status_code
            == 201
        )
    last = amended(device, sent, "One more", at=MAX_STATEMENTS)
    assert refused(device.post_statement("amends", last)) == (409, "too_often")
    known = amended(device, sent, "Memo 0")
    assert refused(device.post_statement("amends", known)) == (409, "too_often"), "other bytes"
    assert (
        device.post_statement(
            "tombstones", deleted(device, sent, "memo", scope=["memo"])
        ).status_code
        == 201
    )


def test_the_same_statement_from_all_sides_at_once_is_one_leaf(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes
) -> None:
    statement = deleted(device, sent, "shot_0", "memo", scope=["memo", "shot", "time"])
    before = marketplace.leaves()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: device.post_statement("tombstones", statement), range(8)))
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert marketplace.leaves() == before + 1
    shot = parse(sent).pictures[0]
    for part in (shot.blob, shot.thumb):
        assert not marketplace.deps.blobs.has(part.sha256)


# Changed memos


def test_a_changed_memo_is_shown_and_the_earlier_ones_stay(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    sent: bytes,
    second: SimulatedDevice,
    contract: Contract,
) -> None:
    assert device.post_statement("amends", amended(device, sent, "First change")).status_code == 201
    answer = second.post_statement("amends", amended(second, sent, "Second change"))
    assert answer.status_code == 201, "any device of the person may"
    for sub in (contract.client, contract.freelancer):
        (slot,) = marketplace.day(sub, contract.ctr).slots
        assert slot.memo == "Second change"
        assert [mark.code for mark in slot.marks] == ["changed"]
        detail = marketplace.deps.review.slot(marketplace.account(sub), contract.ctr, START, UTC)
        (segment,) = detail.segments
        assert detail.memo == segment.memo == "Second change"
        assert [memo.text for memo in segment.earlier] == [
            "Checkout: address form", "First change",
        ]  # fmt: skip
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 600


def test_a_memo_can_be_changed_until_the_week_locks(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    later(marketplace, device, LOCK - 0.001)
    assert (
        device.post_statement("amends", amended(device, sent, "In time")).json()["findings"] == []
    )
    later(marketplace, device, LOCK)
    before = marketplace.leaves()
    late = amended(device, sent, "Too late", at=7)
    assert refused(device.post_statement("amends", late)) == (422, "E_LATE")
    assert marketplace.leaves() == before
    assert marketplace.day(contract.client, contract.ctr).slots[0].memo == "In time"


# Deletions


def test_a_deleted_picture_gives_its_time_back_and_shows_the_gap(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    answer = device.post_statement(
        "tombstones", deleted(device, sent, "shot_0", scope=["shot", "time"])
    )
    assert answer.json()["findings"] == []
    day = marketplace.day(contract.client, contract.ctr)
    (slot,) = day.slots
    assert slot.picture is None
    assert slot.no_picture is not None
    assert (slot.no_picture.code, slot.no_picture.text) == (
        "deleted", "Picture deleted by Ana Ruiz",
    )  # fmt: skip
    assert [mark.code for mark in slot.marks] == ["given-back"]
    assert [mark.text for mark in slot.marks] == ["Time deleted by the freelancer: 10 min"]
    totals = day.totals
    assert (totals.tracked_s, totals.given_back_s, totals.payable_s) == (600, 600, 0)
    assert day.badge.ok
    detail = marketplace.deps.review.slot(
        marketplace.account(contract.client), contract.ctr, START, UTC
    )
    (segment,) = detail.segments
    assert [(d.by, d.what) for d in segment.deletions] == [
        ("Ana Ruiz", "Picture deleted, with its time")
    ]
    assert [f.code for f in detail.findings] == ["N_DELETED"]
    (row,) = marketplace.deps.review.home(marketplace.account(contract.client)).rows
    assert (row.today_s, row.week_s, row.exceptions, row.kinds) == (0, 0, 1, ("deleted",))
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    assert (listed["week"]["payable"], listed["week"]["given_back"]) == (0, 600)
    with marketplace.browser(contract.client) as browser:
        assert browser.get(f"/pictures/{parse(sent).hash}/0").status_code == 404
        assert browser.get(f"/thumbs/{parse(sent).hash}/0").status_code == 404


def test_deleted_parts_are_gaps_that_cost_no_time(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    assert device.post_statement("amends", amended(device, sent, "Changed")).status_code == 201
    statement = deleted(device, sent, "memo", "minutes", scope=["memo", "minutes"])
    assert device.post_statement("tombstones", statement).status_code == 201
    day = marketplace.day(contract.client, contract.ctr)
    (slot,) = day.slots
    assert slot.memo == "Changed", "only what is named is deleted"
    assert set(slot.minutes) == {"none"}
    assert slot.level == ""
    assert day.totals.payable_s == 600
    assert [mark.code for mark in slot.marks] == ["changed", "deleted-minutes"]
    detail = marketplace.deps.review.slot(
        marketplace.account(contract.client), contract.ctr, START, UTC
    )
    assert [memo.text for memo in detail.segments[0].earlier] == [None]


def test_a_deleted_memo_is_distinguished_from_one_that_was_never_there(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    statement = deleted(device, sent, "memo", scope=["memo"])
    assert device.post_statement("tombstones", statement).status_code == 201
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert (slot.memo, slot.no_memo) == (None, "Memo deleted")


def test_after_the_lock_a_deletion_erases_but_gives_nothing_back(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    later(marketplace, device, LOCK)
    before = marketplace.leaves()
    only_time = deleted(device, sent, scope=["time"])
    assert refused(device.post_statement("tombstones", only_time)) == (422, "E_LATE")
    assert marketplace.leaves() == before
    statement = deleted(device, sent, "shot_0", scope=["shot", "time"])
    answer = device.post_statement("tombstones", statement)
    assert answer.status_code == 201
    (finding,) = answer.json()["findings"]
    assert (finding["code"], finding["subject"]) == ("E_LATE", f"tombstones/{digest(statement)}")
    assert device.post_statement("tombstones", statement).json()["findings"] == [finding]
    day = marketplace.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.totals.given_back_s) == (600, 0)
    assert day.badge.ok, "it is no fault of the record"
    assert day.slots[0].picture is None
    detail = marketplace.deps.review.slot(
        marketplace.account(contract.client), contract.ctr, START, UTC
    )
    assert [d.what for d in detail.segments[0].deletions] == [
        "Picture deleted; its time remains, because the week is locked"
    ]


def test_a_deletion_must_name_the_kind_of_each_part(
    marketplace: LiveMarketplace, device: SimulatedDevice, sent: bytes, contract: Contract
) -> None:
    before = marketplace.leaves()
    for part, scope in (("shot_0", "memo"), ("memo", "minutes"), ("minutes", "time")):
        statement = deleted(device, sent, part, scope=[scope])  # type: ignore[list-item]
        assert refused(device.post_statement("tombstones", statement)) == (422, "E_FORMAT")
    with pytest.raises(DiaryError):
        deleted(device, sent, "shot_0", scope=["shot"])
    assert marketplace.leaves() == before
    assert marketplace.day(contract.client, contract.ctr).slots[0].picture is not None


def test_a_segment_may_arrive_without_what_was_deleted_before(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (data,) = worked(marketplace, device, contract.ctr, START)
    gone = digest_of(data, "memo")
    parts = data.split(b"~")
    stripped = b"~".join(part for part in parts if not part or digest(part) != gone)
    assert device.put_segment(stripped, parse(data).hash).status_code == 201
    found = device.put_segment(stripped, parse(data).hash).json()["findings"]
    assert "W_WITHHELD" in [f["code"] for f in found]
    device.post_statement("tombstones", deleted(device, data, "memo", scope=["memo"]))
    again = device.put_segment(data).json()["findings"]
    assert "W_WITHHELD" not in [f["code"] for f in again]
    fetched = device.call("GET", f"/v1/segments/{parse(data).hash}")
    assert gone not in {digest(part) for part in fetched.content.split(b"~")}, "it stays away"


# Records of the own account


def test_a_device_fetches_the_segments_of_its_account_as_they_are_shown(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    sent: bytes,
    second: SimulatedDevice,
    enrolled: Callable[[Contract], SimulatedDevice],
) -> None:
    path = f"/v1/segments/{parse(sent).hash}"
    head = device.call("GET", "/v1/me").json()["heads"][0]
    assert head == {"ctr": parse(sent).segment.ctr, "seq": 0, "h": parse(sent).hash}
    for own in (device, second):
        answer = own.call("GET", path)
        assert answer.headers["content-type"] == "application/sd-jwt"
        assert answer.content == sent
    stranger = enrolled(marketplace.contract("Another"))
    assert refused(stranger.call("GET", path)) == (404, "not_found")
    assert refused(device.http.get(path)) == (401, "token_missing")
    device.sign_in()
    assert refused(device.call("GET", f"/v1/segments/{digest(b'x')}")) == (404, "not_found")


def test_upcoming_terms_are_listed_beside_those_in_force(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    assert listed["upcoming"] == []
    # New terms begin half a second ahead; the test's clock does not advance.
    terms = marketplace.deps.contracts.set_terms(contract, limit_s=3_600)
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    (proof,) = listed["upcoming"]
    open_receipt(proof.encode(), [device.verifier], type=LeafType.TERMS, object_digest=terms.digest)
    marketplace.clock.to(terms.from_s)
    (listed,) = device.call("GET", "/v1/contracts").json()["contracts"]
    assert listed["upcoming"] == []


def test_forked_segments_are_both_kept_logged_and_distinguished(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    (first,) = worked(marketplace, device, contract.ctr, START)
    device.segments[contract.ctr].pop()
    fork = device.work(contract.ctr, START, START, START + 300, memo="From the backup")
    device.send(first)
    device.send(fork)
    detail = marketplace.deps.review.slot(
        marketplace.account(contract.client), contract.ctr, START, UTC
    )
    assert {s.hash for s in detail.segments} == {parse(first).hash, parse(fork).hash}
    by_hash = {s.hash: s for s in detail.segments}
    assert [f.code for f in by_hash[parse(first).hash].findings] == []
    assert "E_FORK" in [f.code for f in by_hash[parse(fork).hash].findings]
    assert by_hash[parse(fork).hash].payable_s == 0
    for data in (first, fork):
        assert device.call("GET", f"/v1/segments/{parse(data).hash}").content == data
        assert device.http.get(f"/log/proof/{parse(data).hash}").status_code == 200


def test_time_after_a_restored_backup_is_sealed_again(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    first, second, third = worked(marketplace, device, contract.ctr, START, count=3)
    for data in (first, second):
        device.send(data)
    body = replace(parse(third).segment, epoch=1)
    sealed = parse(third)
    device.segments[contract.ctr].pop()
    anew = device.seal(body, "Anew", sealed.minutes, list(sealed.pictures.values()))
    codes = [f["code"] for f in device.send(anew)["findings"]]
    assert codes == ["W_EPOCH"]
    assert device.call("GET", "/v1/me").json()["heads"][0]["h"] == parse(anew).hash
    assert marketplace.day(contract.client, contract.ctr).totals.payable_s == 1_800
