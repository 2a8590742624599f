"""What a device says later: what is taken, what is refused, and what it changes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import func, select

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
from marketplace.records.statements import MAX_DEEDS
from marketplace.storage import schema
from tests.marketplace.after import amended, deleted, digest_of, retired, vouched
from tests.marketplace.desk import Desk, worked
from tests.marketplace.stand import START, UTC, Stand

LOCK = week_of(START) + WEEK + 43_200


def leaves(market: Stand) -> int:
    with market.deps.store.read() as connection:
        return connection.execute(select(func.count()).select_from(schema.leaf)).scalar_one()


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def sent(market: Stand, desk: Desk, contract: Contract) -> bytes:
    """A segment that has arrived."""
    (data,) = worked(market, desk, contract.ctr, START)
    desk.send(data)
    return data


@pytest.fixture
def second(
    market: Stand, desk: Desk, enrolled: Callable[[Contract], Desk], contract: Contract
) -> Desk:
    """Another computer of the same person."""
    return enrolled(contract)


def later(market: Stand, desk: Desk, time_s: float) -> None:
    market.clock.to(time_s)
    desk.sign_in()


# Every kind of deed


def test_each_deed_is_logged_answered_with_its_receipt_and_the_same_again(
    desk: Desk, sent: bytes, second: Desk
) -> None:
    said = {
        "vouches": (LeafType.VOUCH, vouched(desk, second)),
        "amends": (LeafType.AMEND, amended(desk, sent, "Better words")),
        "tombstones": (LeafType.TOMBSTONE, deleted(desk, sent, "minutes", scope=["minutes"])),
        "retires": (LeafType.RETIRE, retired(desk)),
    }
    for what, (leaf, data) in said.items():
        first, again = desk.say(what, data), desk.say(what, data)
        assert (first.status_code, again.status_code) == (201, 200), first.text
        name = digest(data.partition(b"~")[0])
        logged = [
            open_receipt(
                answer.json()["receipt"].encode(), [desk.verifier], type=leaf, object_digest=name
            )
            for answer in (first, again)
        ]
        assert logged[0].position == logged[1].position
        assert logged[0].leaf.attrs == (desk.key.kid if leaf is LeafType.RETIRE else "")
        assert first.json()["findings"] == again.json()["findings"] == []


@pytest.mark.parametrize("what", ["vouches", "retires", "amends", "tombstones"])
def test_what_is_no_deed_is_refused_by_its_code(
    market: Stand, desk: Desk, sent: bytes, what: str
) -> None:
    before = leaves(market)
    for body in (b"", b"{}", b"\xff" * 50, b"a.b.c", b"a.b.c~", b"~" * 9, b"x" * 60_000):
        assert refused(desk.say(what, body)) == (422, "E_FORMAT")
    assert refused(desk.say(what, sent)) == (422, "E_TYP")
    assert refused(desk.say(what, parse(sent).sdjwt.jws.data)) == (
        422,
        "E_TYP" if what in ("vouches", "tombstones") else "E_FORMAT",
    )
    assert refused(desk.say(what, b"x" * 140_000)) == (413, "too_large")
    assert leaves(market) == before


@pytest.mark.parametrize("what", ["vouches", "retires", "amends", "tombstones"])
def test_a_deed_needs_its_media_type_and_a_signed_in_device(desk: Desk, what: str) -> None:
    path = f"/v1/{what}"
    for kind in ("application/json", "text/plain", "application/sd-jwt; x=y", ""):
        answer = desk.call("POST", path, content=b"x", headers={"Content-Type": kind})
        assert refused(answer) == (415, "body_type")
    assert refused(desk.http.post(path, content=b"x")) == (401, "token_missing")


def test_a_deed_of_another_key_account_or_marketplace_is_refused(
    market: Stand,
    desk: Desk,
    sent: bytes,
    second: Desk,
    enrolled: Callable[[Contract], Desk],
) -> None:
    stranger = enrolled(market.contract("Another"))
    desk.sign_in()
    nobody = replace(desk, key=SigningKey.generate())
    nobody.http.close()
    nobody.sub = desk.sub
    forged = SigningKey.generate()

    class Mask:
        """Signs with one key in the name of another."""

        kid = desk.key.kid
        sign = staticmethod(forged.sign)

    before = leaves(market)
    name = parse(sent).hash
    for who, by, code in (
        (desk, nobody, "E_KID_UNKNOWN"),  # no such device
        (desk, stranger, "E_KID_UNKNOWN"),  # somebody else's, sent by us
        (stranger, stranger, "E_KID_UNKNOWN"),  # somebody else's about ours
        (stranger, desk, "E_KID_UNKNOWN"),  # ours, sent by somebody else
    ):
        for what, data in (
            ("amends", amended(by, sent, "x")),
            ("tombstones", deleted(by, sent, "memo", scope=["memo"])),
            ("vouches", vouched(by, second)),
        ):
            assert refused(who.say(what, data)) == (422, code), (what, code)
    for who, by in ((desk, nobody), (desk, stranger), (stranger, desk)):
        assert refused(who.say("retires", retired(by))) == (422, "E_KID_UNKNOWN")
    ctr = parse(sent).segment.ctr
    for what, data in (
        ("vouches", vouch(Mask(), aud=desk.aud, sub=desk.sub, kid=second.key.kid)),
        (
            "amends",
            amend(
                Mask(), aud=desk.aud, segment=name, at=1, memo="x", random=secrets.token_bytes
            ),
        ),
        (
            "tombstones",
            tombstone(Mask(), segment=name, digests=[], scope=["time"], reason="", at=1),
        ),
        (
            "retires",
            retire(
                Mask(), aud=desk.aud, sub=desk.sub, at=1, heads=[RetirementHead(ctr, 0, name)],
                random=secrets.token_bytes,
            ),
        ),
    ):  # fmt: skip
        assert refused(desk.say(what, data)) == (422, "E_SIG")
    for aud, sub in (("other.example", desk.sub), (desk.aud, b64url_encode(b"s" * 16))):
        data = vouch(desk.key, aud=aud, sub=sub, kid=second.key.kid)
        assert refused(desk.say("vouches", data)) == (422, "E_KID_UNKNOWN")
        data = retire(desk.key, aud=aud, sub=sub, at=1, heads=[], random=secrets.token_bytes)
        assert refused(desk.say("retires", data)) == (422, "E_KID_UNKNOWN")
    assert leaves(market) == before


def test_disclosures_that_do_not_fit_are_refused(desk: Desk, sent: bytes) -> None:
    for what, data in (("amends", amended(desk, sent, "x")), ("retires", retired(desk))):
        part = data.split(b"~")[1]
        assert refused(desk.say(what, data + part + b"~")) == (422, "E_DISC_DUP")
        foreign = sent.split(b"~")[1] + b"~"
        assert refused(desk.say(what, data + foreign)) == (422, "E_DISC_UNMATCHED")


def test_a_change_of_what_has_not_arrived_waits_for_it(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    change, deletion = amended(desk, data, "New"), deleted(desk, data, "memo", scope=["memo"])
    assert refused(desk.say("amends", change)) == (422, "E_GAP")
    assert refused(desk.say("tombstones", deletion)) == (422, "E_GAP")
    desk.send(data)
    assert desk.say("amends", change).status_code == 201
    assert desk.say("tombstones", deletion).status_code == 201


def test_nobody_says_the_same_thing_without_end(desk: Desk, sent: bytes) -> None:
    for n in range(MAX_DEEDS):
        assert desk.say("amends", amended(desk, sent, f"Memo {n}", at=n)).status_code == 201
    last = amended(desk, sent, "One more", at=MAX_DEEDS)
    assert refused(desk.say("amends", last)) == (409, "too_often")
    known = amended(desk, sent, "Memo 0")
    assert refused(desk.say("amends", known)) == (409, "too_often"), "other bytes"
    assert desk.say("tombstones", deleted(desk, sent, "memo", scope=["memo"])).status_code == 201


def test_the_same_deed_from_all_sides_at_once_is_one_leaf(
    market: Stand, desk: Desk, sent: bytes
) -> None:
    said = deleted(desk, sent, "shot_0", "memo", scope=["memo", "shot", "time"])
    before = leaves(market)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.say("tombstones", said), range(8)))
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert leaves(market) == before + 1
    shot = parse(sent).pictures[0]
    for part in (shot.blob, shot.thumb):
        assert not market.deps.blobs.path(part.sha256).exists()


# Changed memos


def test_a_changed_memo_is_shown_and_the_earlier_ones_stay(
    market: Stand, desk: Desk, sent: bytes, second: Desk, contract: Contract
) -> None:
    assert desk.say("amends", amended(desk, sent, "First change")).status_code == 201
    answer = second.say("amends", amended(second, sent, "Second change"))
    assert answer.status_code == 201, "any device of the person may"
    for sub in (contract.client, contract.freelancer):
        (cell,) = market.day(sub, contract.ctr).cells
        assert cell.memo == "Second change"
        assert [mark.code for mark in cell.marks] == ["changed"]
        detail = market.deps.review.slot(market.account(sub), contract.ctr, START, UTC)
        (segment,) = detail.segments
        assert detail.memo == segment.memo == "Second change"
        assert [memo.text for memo in segment.earlier] == [
            "Checkout: address form", "First change",
        ]  # fmt: skip
    assert market.day(contract.client, contract.ctr).totals.payable_s == 600


def test_a_memo_can_be_changed_until_the_week_locks(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    later(market, desk, LOCK - 0.001)
    assert desk.say("amends", amended(desk, sent, "In time")).json()["findings"] == []
    later(market, desk, LOCK)
    before = leaves(market)
    late = amended(desk, sent, "Too late", at=7)
    assert refused(desk.say("amends", late)) == (422, "E_LATE")
    assert leaves(market) == before
    assert market.day(contract.client, contract.ctr).cells[0].memo == "In time"


# Deletions


def test_a_deleted_picture_gives_its_time_back_and_shows_the_gap(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    answer = desk.say("tombstones", deleted(desk, sent, "shot_0", scope=["shot", "time"]))
    assert answer.json()["findings"] == []
    day = market.day(contract.client, contract.ctr)
    (cell,) = day.cells
    assert cell.picture is None
    assert cell.no_picture is not None
    assert (cell.no_picture.code, cell.no_picture.words) == (
        "deleted", "Picture deleted by Ana Ruiz",
    )  # fmt: skip
    assert [mark.code for mark in cell.marks] == ["given-back"]
    assert [mark.words for mark in cell.marks] == ["Given back: 10 min"]
    totals = day.totals
    assert (totals.tracked_s, totals.given_back_s, totals.payable_s) == (600, 600, 0)
    assert day.badge.ok
    detail = market.deps.review.slot(market.account(contract.client), contract.ctr, START, UTC)
    (segment,) = detail.segments
    assert [(d.by, d.what) for d in segment.deletions] == [
        ("Ana Ruiz", "Picture deleted, time given back")
    ]
    assert [f.code for f in detail.findings] == ["N_DELETED"]
    (row,) = market.deps.review.home(market.account(contract.client)).rows
    assert (row.today_s, row.week_s, row.exceptions) == (0, 0, 0)
    (listed,) = desk.call("GET", "/v1/contracts").json()["contracts"]
    assert (listed["week"]["payable"], listed["week"]["given_back"]) == (0, 600)
    with market.browser(contract.client) as browser:
        assert browser.get(f"/pictures/{parse(sent).hash}/0").status_code == 404
        assert browser.get(f"/thumbs/{parse(sent).hash}/0").status_code == 404


def test_deleted_parts_are_gaps_that_cost_no_time(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    assert desk.say("amends", amended(desk, sent, "Changed")).status_code == 201
    said = deleted(desk, sent, "memo", "minutes", scope=["memo", "minutes"])
    assert desk.say("tombstones", said).status_code == 201
    day = market.day(contract.client, contract.ctr)
    (cell,) = day.cells
    assert cell.memo == "Changed", "only what is named is deleted"
    assert set(cell.minutes) == {"none"}
    assert cell.level == ""
    assert day.totals.payable_s == 600
    assert [mark.code for mark in cell.marks] == ["changed", "deleted-minutes"]
    detail = market.deps.review.slot(market.account(contract.client), contract.ctr, START, UTC)
    assert [memo.text for memo in detail.segments[0].earlier] == [None]


def test_a_deleted_memo_is_told_from_one_that_was_never_there(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    said = deleted(desk, sent, "memo", scope=["memo"])
    assert desk.say("tombstones", said).status_code == 201
    (cell,) = market.day(contract.client, contract.ctr).cells
    assert (cell.memo, cell.no_memo) == (None, "Memo deleted")


def test_after_the_lock_a_deletion_erases_but_gives_nothing_back(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    later(market, desk, LOCK)
    before = leaves(market)
    only_time = deleted(desk, sent, scope=["time"])
    assert refused(desk.say("tombstones", only_time)) == (422, "E_LATE")
    assert leaves(market) == before
    said = deleted(desk, sent, "shot_0", scope=["shot", "time"])
    answer = desk.say("tombstones", said)
    assert answer.status_code == 201
    (finding,) = answer.json()["findings"]
    assert (finding["code"], finding["subject"]) == ("E_LATE", f"tombstones/{digest(said)}")
    assert desk.say("tombstones", said).json()["findings"] == [finding]
    day = market.day(contract.client, contract.ctr)
    assert (day.totals.payable_s, day.totals.given_back_s) == (600, 0)
    assert day.badge.ok, "it is no fault of the record"
    assert day.cells[0].picture is None
    detail = market.deps.review.slot(market.account(contract.client), contract.ctr, START, UTC)
    assert [d.what for d in detail.segments[0].deletions] == [
        "Picture deleted, too late to give the time back"
    ]


def test_a_picture_does_not_go_under_the_name_of_something_else(
    market: Stand, desk: Desk, sent: bytes, contract: Contract
) -> None:
    before = leaves(market)
    for part, scope in (("shot_0", "memo"), ("memo", "minutes"), ("minutes", "time")):
        said = deleted(desk, sent, part, scope=[scope])  # type: ignore[list-item]
        assert refused(desk.say("tombstones", said)) == (422, "E_FORMAT")
    with pytest.raises(DiaryError):
        deleted(desk, sent, "shot_0", scope=["shot"])
    assert leaves(market) == before
    assert market.day(contract.client, contract.ctr).cells[0].picture is not None


def test_a_segment_may_arrive_without_what_was_deleted_before(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (data,) = worked(market, desk, contract.ctr, START)
    gone = digest_of(data, "memo")
    parts = data.split(b"~")
    stripped = b"~".join(part for part in parts if not part or digest(part) != gone)
    assert desk.put_segment(stripped, parse(data).hash).status_code == 201
    found = desk.put_segment(stripped, parse(data).hash).json()["findings"]
    assert "W_WITHHELD" in [f["code"] for f in found]
    desk.say("tombstones", deleted(desk, data, "memo", scope=["memo"]))
    again = desk.put_segment(data).json()["findings"]
    assert "W_WITHHELD" not in [f["code"] for f in again]
    fetched = desk.call("GET", f"/v1/segments/{parse(data).hash}")
    assert gone not in {digest(part) for part in fetched.content.split(b"~")}, "it stays away"


# One's own records


def test_a_device_fetches_the_segments_of_its_account_as_they_are_shown(
    market: Stand, desk: Desk, sent: bytes, second: Desk, enrolled: Callable[[Contract], Desk]
) -> None:
    path = f"/v1/segments/{parse(sent).hash}"
    head = desk.call("GET", "/v1/me").json()["heads"][0]
    assert head == {"ctr": parse(sent).segment.ctr, "seq": 0, "h": parse(sent).hash}
    for own in (desk, second):
        answer = own.call("GET", path)
        assert answer.headers["content-type"] == "application/sd-jwt"
        assert answer.content == sent
    stranger = enrolled(market.contract("Another"))
    assert refused(stranger.call("GET", path)) == (404, "not_found")
    assert refused(desk.http.get(path)) == (401, "token_missing")
    desk.sign_in()
    assert refused(desk.call("GET", f"/v1/segments/{digest(b'x')}")) == (404, "not_found")


def test_terms_to_come_are_told_beside_those_in_force(
    market: Stand, desk: Desk, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    (listed,) = desk.call("GET", "/v1/contracts").json()["contracts"]
    assert listed["upcoming"] == []
    # New terms are made half a second ahead; the clock of the test stands still.
    terms = market.deps.people.set_terms(contract, limit_s=3_600)
    (listed,) = desk.call("GET", "/v1/contracts").json()["contracts"]
    (proof,) = listed["upcoming"]
    open_receipt(proof.encode(), [desk.verifier], type=LeafType.TERMS, object_digest=terms.digest)
    market.clock.to(terms.from_s)
    (listed,) = desk.call("GET", "/v1/contracts").json()["contracts"]
    assert listed["upcoming"] == []


def test_forked_segments_are_both_kept_logged_and_told_apart(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    (first,) = worked(market, desk, contract.ctr, START)
    desk.segments[contract.ctr].pop()
    fork = desk.work(contract.ctr, START, START, START + 300, memo="From the backup")
    desk.send(first)
    desk.send(fork)
    detail = market.deps.review.slot(market.account(contract.client), contract.ctr, START, UTC)
    assert {s.hash for s in detail.segments} == {parse(first).hash, parse(fork).hash}
    by_hash = {s.hash: s for s in detail.segments}
    assert [f.code for f in by_hash[parse(first).hash].findings] == []
    assert "E_FORK" in [f.code for f in by_hash[parse(fork).hash].findings]
    assert by_hash[parse(fork).hash].payable_s == 0
    for data in (first, fork):
        assert desk.call("GET", f"/v1/segments/{parse(data).hash}").content == data
        assert desk.http.get(f"/log/proof/{parse(data).hash}").status_code == 200


def test_time_after_a_restored_backup_is_sealed_anew(
    market: Stand, desk: Desk, contract: Contract
) -> None:
    first, second, third = worked(market, desk, contract.ctr, START, count=3)
    for data in (first, second):
        desk.send(data)
    body = replace(parse(third).segment, epoch=1)
    sealed = parse(third)
    desk.segments[contract.ctr].pop()
    anew = desk.seal(body, "Anew", sealed.minutes, list(sealed.pictures.values()))
    codes = [f["code"] for f in desk.send(anew)["findings"]]
    assert codes == ["W_EPOCH"]
    assert desk.call("GET", "/v1/me").json()["heads"][0]["h"] == parse(anew).hash
    assert market.day(contract.client, contract.ctr).totals.payable_s == 1_800
