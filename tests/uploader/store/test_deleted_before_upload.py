"""Parts that are deleted before the marketplace has their segment.

The user no longer sees them at once. Memo and minutes are erased after the upload, since without
them the time could never be paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from diary.core.findings import Code
from diary.core.slots import SLOT
from diary.core.vocabulary import Scope
from diary.log.receipt import Receipt
from diary.objects.segment import parse
from diary.objects.tombstone import parse_tombstone
from tests.marketplace.live_marketplace import START
from tests.uploader.exchanges import refusing
from uploader.errors import ChangeError
from uploader.store.index.rows import UploadState
from uploader.store.local_diary import load_day

if TYPE_CHECKING:
    from tests.uploader.client_under_test import ClientUnderTest
    from tests.uploader.proxy import FaultProxy

    Pair = tuple[ClientUnderTest, FaultProxy]


def shown(client: ClientUnderTest) -> tuple[str | None, bool, bool]:
    """The visible parts of the day's only segment: memo, minutes, picture."""
    (entry,) = load_day(client.outbox, client.now_ms()).entries
    found = client.outbox.segment(entry.hash)
    assert found is not None
    assert (found[1].memo, found[1].minutes) == (entry.memo, entry.minutes)
    return entry.memo, entry.minutes is not None, bool(entry.pictures)


def on_disk(client: ClientUnderTest) -> bytes:
    """All bytes in the state folder except the index's free pages."""
    files = [p for p in client.root.rglob("*") if p.is_file() and "index" not in p.name]
    return b"".join(p.read_bytes() for p in files)


def text_of(data: bytes, name: str) -> bytes:
    (part,) = [part for part in parse(data).sdjwt.disclosures if part.name == name]
    return part.text.encode()


def attribute(client: ClientUnderTest) -> str:
    """The received parts of the only segment, from its leaf."""
    (path,) = (client.root / "segments").rglob("*.tlog-proof")
    return Receipt.parse(path.read_bytes()).leaf.attrs


@pytest.mark.parametrize(
    ("what", "left", "parts"),
    [
        ({"memo"}, (None, True, True), "13"),
        ({"minutes"}, ("Write tests", False, True), "13"),
        ({"memo", "minutes"}, (None, False, True), "13"),
        # A deleted picture is never sent: its time is deleted.
        ({"shot"}, ("Write tests", True, False), "5"),
        ({"memo", "minutes", "shot"}, (None, False, False), "5"),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else None,
)
def test_what_is_deleted_before_the_upload_is_gone_at_once_and_costs_no_pay(
    at_work: Pair, what: set[Scope], left: tuple[str | None, bool, bool], parts: str
) -> None:
    client, _ = at_work
    (data,) = client.many(1)
    name = parse(data).hash
    assert shown(client) == ("Write tests", True, True)
    client.changes.delete(name, what)
    assert shown(client) == left
    with pytest.raises(ChangeError):
        client.changes.delete(name, what)
    client.restart()
    assert shown(client) == left
    client.drain()
    assert shown(client) == left
    assert attribute(client) == parts
    # Once it is delivered, none of it remains on either side.
    (statement,) = client.outbox.statements.tombstones()
    assert statement.state is UploadState.DONE
    digests = set(parse_tombstone(client.outbox.statements.read(statement) or b"").digests)
    stored = parse(client.stored()[name])
    assert digests == set(stored.sdjwt.withheld)
    for part in parse(data).sdjwt.disclosures:
        assert (part.digest in digests) == (part.text.encode() not in on_disk(client))
    person = client.marketplace.account(client.contract.freelancer)
    listed = client.marketplace.deps.review.diary(
        person, client.contract.ctr, START - SLOT, START + SLOT
    )
    assert not [f for *_, found in listed for f in found if f.code is Code.E_NOT_RECEIVED]


def test_a_crash_between_the_receipt_and_the_deletion_leaves_nothing(
    at_work: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _ = at_work
    (data,) = client.many(1)
    client.changes.delete(parse(data).hash, {"memo"})
    memo = text_of(data, "memo")
    assert memo in on_disk(client)
    with monkeypatch.context() as patch:
        patch.setattr(client.outbox, "delivered", lambda _row: None)
        assert client.worker is not None
        client.worker.step()
    assert attribute(client) == "13"
    assert memo in on_disk(client)
    client.restart()
    assert memo not in on_disk(client)
    client.drain()
    assert shown(client)[0] is None
    assert memo not in client.stored()[parse(data).hash]


def test_what_is_deleted_of_a_refused_segment_is_gone(at_work: Pair) -> None:
    client, proxy = at_work
    proxy.applies = lambda exchange: "/segments/" in exchange.path
    proxy.plan.append(refusing("E_FORMAT"))
    (data,) = client.many(1)
    client.drain()
    client.changes.delete(parse(data).hash, {"memo"})
    assert text_of(data, "memo") not in on_disk(client)
