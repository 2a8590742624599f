"""The archive with all data of a person: complete, without secrets, only for that person."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from typing import Any

import httpx
import pytest

from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.exports.person import _OF_ACCOUNT, _SECRET
from marketplace.privacy.stored_columns import NONE, STORED
from marketplace.storage import schema
from tests.marketplace.erasure.test_person import NAME, OWN, PASSWORD, TEXTS, Filled, fill, store
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.stored_bytes import replace_bytes

#: Tables whose data is in another file of the archive, or that describe the marketplace.
ELSEWHERE = {
    "account", "message", "contract", "terms", "contract_rate", "contract_retention", "leaf",
    "device", "heartbeat",
    "segment", "statement", "finding", "daily_total", "review", "picture_view", "blob_owner",
    # Repeated in the segments, or computed from them.
    "segment_blob", "segment_summary", "device_head", "review_segment", "week_status", "blob",
    # Marks that only the marketplace's key can read.
    "erased_blob",
    # The events of a webhook, and the weeks that were announced.
    "webhook_delivery", "week_notice",
    # The weeks that were reported to a recipient.
    "report_delivery",
    # Some minutes of a sign-in that has begun.
    "pending_sign_in",
}  # fmt: skip


def archive_of(market: LiveMarketplace, sub: str) -> zipfile.ZipFile:
    pieces = market.deps.person_export.make(market.account(sub))
    found = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert found.testzip() is None
    return found


def lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


@pytest.fixture
def filled(marketplace: LiveMarketplace, contract: Contract) -> Filled:
    return fill(marketplace, contract)


def test_each_table_with_personal_data_is_exported() -> None:
    personal = {name for name, columns in STORED.items() if set(columns.values()) != {NONE}}
    assert personal - ELSEWHERE == {table.name for table, _, _ in _OF_ACCOUNT}


def test_the_archive_has_everything_of_the_person(
    marketplace: LiveMarketplace, filled: Filled
) -> None:
    person = marketplace.account(filled.contract.freelancer)
    marketplace.deps.contract_retention.choose(person, filled.contract.ctr, "memo", 90)
    archive = archive_of(marketplace, filled.contract.freelancer)
    everything = "".join(
        archive.read(name).decode() for name in archive.namelist() if not name.endswith(".webp")
    )
    for text in TEXTS:
        assert text in everything, text
    (segment,) = lines(archive, "segments.jsonl")
    assert (segment["hash"], segment["parts"]["memo"]) == (filled.segment, "Quendelin memo")
    assert parse(segment["sdjwt"].encode()).hash == filled.segment
    assert segment["fields"]["tz"] == "Europe/Madrid"
    amendment = next(each for each in lines(archive, "statements.jsonl") if each["type"] == "amend")
    assert amendment["parts"] == {"memo": "Quendelin memo, changed"}
    assert [(each["kind"], each["author"]) for each in lines(archive, "reviews.jsonl")] == [
        ("question", "Acme"),
        ("answer", NAME),
    ]
    assert [each["viewer"] for each in lines(archive, "picture_views.jsonl")] == ["Acme"]
    (contract,) = json.loads(archive.read("contracts.json"))
    assert contract["terms"][0]["retention_days"] == 180
    assert contract["retention_days"] == {"memo": 90, "minutes": None}
    (computer,) = json.loads(archive.read("computers.json"))
    assert computer["enrolment"]["name"] == "Quendelin tower"
    assert sum(day["tracked"] for day in lines(archive, "days.jsonl")) == 600
    pictures = [name for name in archive.namelist() if name.endswith(".webp")]
    assert len(pictures) == 2
    for name in pictures:
        assert f"pictures/{digest(archive.read(name))}.webp" == name
    described = archive.read("README.txt").decode()
    for name in archive.namelist():
        assert name == "README.txt" or name.partition("/")[0] in described


def test_it_has_no_secret(marketplace: LiveMarketplace, filled: Filled) -> None:
    sub = filled.contract.freelancer
    token = marketplace.deps.api_tokens.create(marketplace.account(sub), "x", ["totals"], 30)
    archive = archive_of(marketplace, sub)
    text = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (PASSWORD, "$argon2", token, digest(token.encode()), "/address/"):
        assert secret.encode() not in text
    profile = json.loads(archive.read("profile.json"))
    assert profile["account"]["has_password"] is True
    for rows in profile.values():
        for row in rows if isinstance(rows, list) else [rows]:
            assert not row.keys() & _SECRET


def test_it_has_nothing_of_other_people(marketplace: LiveMarketplace, filled: Filled) -> None:
    other = marketplace.contract("Another")
    archive = archive_of(marketplace, other.freelancer)
    text = b"".join(archive.read(name) for name in archive.namelist())
    for foreign in (*TEXTS, "Acme asks", filled.segment, filled.contract.ctr):
        assert foreign.encode() not in text
    # A client's archive has the contract and the reviews, but none of the freelancer's pictures.
    archive = archive_of(marketplace, filled.contract.client)
    assert lines(archive, "segments.jsonl") == []
    assert not any(name.startswith("pictures/") for name in archive.namelist())
    assert len(lines(archive, "reviews.jsonl")) == 2


def test_a_stored_name_cannot_leave_the_folder(
    marketplace: LiveMarketplace, filled: Filled
) -> None:
    sub, outside = filled.contract.freelancer, marketplace.deps.config.data_dir / "outside"
    outside.write_bytes(b"secret")
    for name in ("../outside", "../../../../etc/passwd", "/etc/passwd", "a/" * 20):
        values = {"sha256": name, "size": 1, "mime": "image/webp", "stored_s": 1}
        store(marketplace, "blob", values)
        store(marketplace, "blob_owner", {"sha256": name, "sub": sub, "ctr": filled.contract.ctr})
    names = archive_of(marketplace, sub).namelist()
    assert not any(".." in name or name.startswith("/") for name in names)
    assert len([name for name in names if name.startswith("pictures/")]) == 2


def test_an_enormous_account_takes_little_memory(
    marketplace: LiveMarketplace, filled: Filled
) -> None:
    sub, count, size = filled.contract.freelancer, 40, 1 << 20
    blobs = marketplace.deps.blobs
    for number in range(count):
        data = number.to_bytes(4, "big") * (size // 4)
        sha = digest(data)
        replace_bytes(blobs, sha, data)
        store(marketplace, "blob", {"sha256": sha, "size": size, "mime": "x", "stored_s": 1})
        store(marketplace, "blob_owner", {"sha256": sha, "sub": sub, "ctr": filled.contract.ctr})
    rows: list[dict[str, object]] = [
        {"segment": filled.segment, "kind": "segment", "subject": "x" * 1_000, "code": "N_DELETED",
         "detail": ""}
        for _ in range(20_000)
    ]  # fmt: skip
    marketplace.deps.store.write(lambda c: schema.insert(c, schema.finding, rows)).result()
    rows.clear()
    tracemalloc.start()
    try:
        total = sum(map(len, marketplace.deps.person_export.make(marketplace.account(sub))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total > count * size // 1_000  # compressed texts, stored pictures
    assert peak < 8 << 20, "neither all rows nor all pictures are in memory"


def download(browser: httpx.Client, **form: str) -> httpx.Response:
    return browser.post("/account/export", data=form, headers=OWN)


def test_a_person_downloads_it_after_a_proof(marketplace: LiveMarketplace, filled: Filled) -> None:
    with marketplace.browser(filled.contract.freelancer) as browser:
        assert 'action="/account/export"' in browser.get("/account").text
        answer = download(browser)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert "workdiary-my-data.zip" in answer.headers["content-disposition"]
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert archive.testzip() is None
        assert browser.post("/account/export").json()["code"] == "cross_site"
        marketplace.clock.to(marketplace.clock.ms / 1000 + 700)
        assert download(browser).json()["code"] == "sign_in_again"
        assert download(browser, present="wrong horse battery").json()["code"] == "sign_in_again"
        assert download(browser, present=PASSWORD).status_code == 200
    anonymous = httpx.post(
        f"{marketplace.url}/account/export", headers=OWN, trust_env=False, timeout=30
    )
    assert anonymous.status_code == 401
