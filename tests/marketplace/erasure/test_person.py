"""An erased person is nowhere in the database and the blob folder, apart from named exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, update

from diary.core.slots import WEEK, week_of
from diary.objects.segment import parse
from marketplace import account_operations
from marketplace.accounts import one_time_codes
from marketplace.cli import main
from marketplace.contracts.queries import Contract
from marketplace.core.config import ConfigError
from marketplace.core.names import ERASED_NAME
from marketplace.notifications.queue import enqueue
from marketplace.records.review_entries import REVIEW_S
from marketplace.storage import schema
from marketplace.storage.database import DatabaseError
from tests.marketplace.blob_place import options_of
from tests.marketplace.engines import engines
from tests.marketplace.later_statements import amended, found_in
from tests.marketplace.live_marketplace import START, LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

OWN = {"sec-fetch-site": "same-origin"}
AFTER_REVIEW = week_of(START) + WEEK + REVIEW_S
ADDRESS = "zora.quendelin@example.org"
NAME = "Zora Quendelin"
COMPUTER = "Quendelin tower"
#: Each is stored somewhere before the erasure.
TEXTS = (
    NAME, ADDRESS, "new.quendelin@example.org", "Quendelin browser", "Quendelin key",
    "Quendelin token", "Quendelin answers", "Quendelin subject",
    "https://quendelin.example/hook",
)  # fmt: skip
WEBHOOK_SECRET = "whsec_quendelin"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Filled:
    """A person with data in each table, and the bytes of the pictures and disclosures."""

    contract: Contract
    segment: str
    secrets: tuple[bytes, ...]


def store(market: LiveMarketplace, table: str, row: dict[str, object]) -> None:
    market.deps.store.write(
        lambda c: schema.insert(c, schema.metadata.tables[table], [row])
    ).result()


def fill(market: LiveMarketplace, contract: Contract) -> Filled:
    """Give the freelancer of a contract data of each kind."""
    sub, deps = contract.freelancer, market.deps
    deps.store.write(
        lambda c: c.execute(
            update(schema.account).where(schema.account.c.sub == sub).values(name=NAME)
        )
    ).result()
    deps.credentials.set_address(sub, ADDRESS)
    deps.credentials.set_password(sub, PASSWORD)
    deps.recovery.request_address(market.account(sub), "new.quendelin@example.org")
    deps.sign_in.begin(sub, "Quendelin browser")
    deps.api_tokens.create(market.account(sub), "Quendelin token", ["totals"], 30)
    now = deps.clock.real_s()
    passkey = {"id": "p", "sub": sub, "public_key": b"k", "sign_count": 0, "created_s": now}
    store(market, "passkey", {**passkey, "name": "Quendelin key"})
    provider = {"issuer": "https://id.example", "subject": "Quendelin subject"}
    store(market, "oidc_identity", {**provider, "sub": sub, "linked_s": now})
    endpoint = {"id": "w" * 22, "sub": sub, "url": "https://quendelin.example/hook"}
    state = {"events": "webhook.test", "state": "active", "secret": WEBHOOK_SECRET}
    store(market, "webhook_endpoint", {**endpoint, **state, "created_s": now})
    event = {"endpoint": "w" * 22, "webhook_id": "msg_1", "event": "webhook.test", "data": "{}"}
    store(market, "webhook_delivery", {**event, "created_s": now, "attempts": 0})
    deps.store.write(lambda c: one_time_codes.new(c, sub, "signin", now)).result()
    device = SimulatedDevice(market.url, deps.clock.real_s)
    given = device.begin(market.code(sub))
    device.sub = given["sub"]
    device.enrolment = device.make_enrolment(given, name=COMPUTER)
    beacon = device.send_enrolment(given["session"], device.enrolment).json()["beacon"]
    device.keep_beacon(beacon.encode())
    (data,) = worked(market, device, contract.ctr, START, memo="Quendelin memo")
    device.send(data)
    changed = amended(device, data, "Quendelin memo, changed")
    assert device.post_statement("amends", changed).status_code == 201
    week, client = week_of(START), market.account(contract.client)
    deps.credentials.set_address(contract.client, "acme@example.org")
    deps.decisions.ask(client, contract.ctr, week, [parse(data).hash], "Acme asks")
    with deps.store.read() as connection:
        question = connection.execute(select(schema.review.c.digest)).scalar_one()
    deps.decisions.reply(market.account(sub), contract.ctr, question, "Quendelin answers")
    deps.store.write(
        lambda c: enqueue(c, sub, "password_changed", {"path": "/account"}, now)
    ).result()
    deps.review.picture(client, parse(data).hash, 0)
    pictures = tuple(device.blobs.values())
    texts = (*data.split(b"~")[1:-1], changed.split(b"~")[1])
    device.http.close()
    return Filled(contract, parse(data).hash, pictures + texts)


@pytest.fixture
def filled(marketplace: LiveMarketplace, contract: Contract) -> Filled:
    return fill(marketplace, contract)


def folder_of(market: LiveMarketplace) -> Path:
    return market.deps.config.data_dir


def assert_nowhere(market: LiveMarketplace, secrets: tuple[bytes, ...]) -> None:
    for secret in (*secrets, *(text.encode() for text in (*TEXTS, WEBHOOK_SECRET))):
        assert found_in(folder_of(market), secret) == [], secret[:60]


def erase(market: LiveMarketplace, sub: str) -> None:
    market.deps.person_eraser.begin(sub)
    market.deps.person_eraser.finish()


def test_nothing_personal_remains(marketplace: LiveMarketplace, filled: Filled) -> None:
    for secret in (*filled.secrets, *(text.encode() for text in TEXTS)):
        assert found_in(folder_of(marketplace), secret), "it was there before"
    sub, client = filled.contract.freelancer, filled.contract.client
    before = marketplace.day(client, filled.contract.ctr).totals
    erase(marketplace, sub)
    assert_nowhere(marketplace, filled.secrets)
    # The exception: the name of the computer is part of the enrolment's signature.
    with marketplace.deps.store.read() as connection:
        for table in schema.metadata.sorted_tables:
            for row in connection.execute(select(table)).all():
                assert COMPUTER not in str(row) or table.name == "device"
    day = marketplace.day(client, filled.contract.ctr)
    assert (day.totals, day.badge.ok) == (before, True), "the hours and their proofs stay"
    (slot,) = day.slots
    assert (slot.memo, slot.no_memo) == (None, "Memo deleted")
    assert slot.no_picture is not None
    assert slot.no_picture.code == "erased"
    with marketplace.deps.store.read() as connection:
        texts = {row.kind: row.text for row in connection.execute(select(schema.review))}
        assert texts == {"question": "Acme asks", "answer": None}
        assert connection.execute(select(func.count(schema.picture_view.c.id))).scalar() == 0
        states = set(connection.execute(select(schema.terms.c.state)).scalars())
    assert states == {"active", "ended"}
    assert all(device.revoked_s for device in marketplace.deps.devices.of(sub))
    assert marketplace.account(sub).name == ERASED_NAME


def test_an_erased_person_cannot_return(marketplace: LiveMarketplace, filled: Filled) -> None:
    sub = filled.contract.freelancer
    token = marketplace.deps.sign_in.begin(sub)
    link = marketplace.code(sub, "signin")
    erase(marketplace, sub)
    assert marketplace.deps.sign_in.account(token) is None
    assert marketplace.deps.sign_in.consume(link) is None
    assert marketplace.deps.credentials.check(ADDRESS, PASSWORD) is None
    erase(marketplace, sub)  # again, without effect
    leaves = marketplace.leaves()
    marketplace.deps.retention.run_once()
    assert marketplace.leaves() == leaves


def test_a_crash_after_the_profile_is_completed_by_the_next_round(
    marketplace: LiveMarketplace, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bool:
        raise DatabaseError

    eraser = marketplace.deps.person_eraser
    eraser.begin(filled.contract.freelancer)
    with monkeypatch.context() as patch:
        patch.setattr(eraser, "_erase_parts", fails)
        with pytest.raises(DatabaseError):
            eraser.finish()
    assert found_in(folder_of(marketplace), filled.secrets[0])
    marketplace.deps.retention.run_once()
    assert_nowhere(marketplace, filled.secrets)


def test_others_keep_their_data(marketplace: LiveMarketplace, filled: Filled) -> None:
    other = marketplace.contract("Another")
    with marketplace.browser(other.freelancer) as browser:
        erase(marketplace, filled.contract.freelancer)
        assert browser.get("/account").status_code == 200
    assert marketplace.account(other.freelancer).name == "Ana Ruiz"


def test_messages_to_others_lose_the_name(marketplace: LiveMarketplace, filled: Filled) -> None:
    message = schema.message.c
    query = select(message.data).where(message.address == "acme@example.org")
    with marketplace.deps.store.read() as connection:
        assert NAME in str(connection.execute(query).scalars().all())
    erase(marketplace, filled.contract.freelancer)
    with marketplace.deps.store.read() as connection:
        (data,) = connection.execute(query).scalars().all()
    assert ERASED_NAME in data


def test_a_client_leaves_the_hours_to_the_freelancer(
    marketplace: LiveMarketplace, filled: Filled
) -> None:
    client, freelancer = filled.contract.client, filled.contract.freelancer
    erase(marketplace, client)
    assert found_in(folder_of(marketplace), b"acme@example.org") == []
    assert found_in(folder_of(marketplace), b"Acme asks") == []
    day = marketplace.day(freelancer, filled.contract.ctr)
    assert (day.slots[0].picture is not None, day.badge.ok) == (True, True)
    with marketplace.deps.store.read() as connection:
        views = connection.execute(select(schema.picture_view.c.sub)).scalars().all()
    assert views == [client], "the freelancer still sees that a picture was viewed"


# The page


@pytest.fixture
def page(marketplace: LiveMarketplace, filled: Filled) -> Iterator[httpx.Client]:
    with marketplace.browser(filled.contract.freelancer) as browser:
        yield browser


def test_the_page_waits_for_the_review(
    marketplace: LiveMarketplace, filled: Filled, page: httpx.Client
) -> None:
    text = page.get("/account/erase").text
    assert "Friday, 27 November, 24:00 UTC" in text
    assert 'name="word"' not in text
    answer = page.post("/account/erase", data={"word": "ERASE"}, headers=OWN)
    assert (answer.status_code, answer.json()["code"]) == (409, "erasure_refused")
    assert marketplace.account(filled.contract.freelancer).name == NAME


def test_an_open_dispute_delays_the_erasure(marketplace: LiveMarketplace, filled: Filled) -> None:
    client, contract = marketplace.account(filled.contract.client), filled.contract
    week = week_of(START)
    marketplace.deps.decisions.dispute(client, contract.ctr, week, [filled.segment], "Not so.")
    marketplace.clock.to(AFTER_REVIEW)
    plan = marketplace.deps.person_eraser.plan(contract.freelancer)
    assert (plan.possible, plan.disputes, plan.review_ends_s) == (False, (contract.title,), None)
    with marketplace.browser(contract.freelancer) as browser:
        assert "open dispute" in browser.get("/account/erase").text
        assert (
            browser.post("/account/erase", data={"word": "ERASE"}, headers=OWN).status_code == 409
        )
    with marketplace.deps.store.read() as connection:
        query = select(schema.review.c.digest).where(schema.review.c.kind == "dispute")
        dispute = connection.execute(query).scalar_one()
    marketplace.deps.decisions.resolve(client, contract.ctr, dispute)
    assert marketplace.deps.person_eraser.plan(contract.freelancer).possible


@pytest.mark.parametrize(
    ("headers", "form", "status", "code"),
    [
        ({}, {"word": "ERASE"}, 403, "cross_site"),
        ({"sec-fetch-site": "cross-site"}, {"word": "ERASE"}, 403, "cross_site"),
        (OWN, {"word": ""}, 422, "erasure_unconfirmed"),
        (OWN, {"word": "ERAS"}, 422, "erasure_unconfirmed"),
    ],
)
def test_a_wrong_request_erases_nothing(
    marketplace: LiveMarketplace, filled: Filled, headers: dict[str, str],
    form: dict[str, str], status: int, code: str,
) -> None:  # fmt: skip
    marketplace.clock.to(AFTER_REVIEW)
    with marketplace.browser(filled.contract.freelancer) as browser:
        answer = browser.post("/account/erase", data=form, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert marketplace.account(filled.contract.freelancer).name == NAME


def test_an_old_session_needs_the_password(marketplace: LiveMarketplace, filled: Filled) -> None:
    marketplace.clock.to(AFTER_REVIEW)
    with marketplace.browser(filled.contract.freelancer) as browser:
        marketplace.clock.to(AFTER_REVIEW + 700)
        for present in ("", "wrong horse battery"):
            form = {"word": "ERASE", "present": present}
            answer = browser.post("/account/erase", data=form, headers=OWN)
            assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_again")
        assert 'name="present"' in browser.get("/account/erase").text
        form = {"word": " erase ", "present": PASSWORD}
        assert browser.post("/account/erase", data=form, headers=OWN).status_code == 200
    assert marketplace.account(filled.contract.freelancer).name == ERASED_NAME


def test_a_person_erases_the_account_on_the_page(
    marketplace: LiveMarketplace, filled: Filled
) -> None:
    marketplace.clock.to(AFTER_REVIEW)
    with marketplace.browser(filled.contract.freelancer) as browser:
        text = browser.get("/account/erase").text
        assert "Pictures and thumbnails: 2" in text
        assert "Memos, notes and activity of all records: 1" in text
        answer = browser.post("/account/erase", data={"word": "ERASE"}, headers=OWN)
        assert answer.status_code == 200
        assert "Your account is erased" in answer.text
        assert re.search(r'wd_session="";.*Max-Age=0', answer.headers["set-cookie"])
        assert browser.get("/account").status_code == 401
    marketplace.deps.person_eraser.finish()  # waits for the work after the answer
    assert_nowhere(marketplace, filled.secrets)


# The command


def test_the_operator_erases_an_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    with live_marketplace(folder) as market:
        filled = fill(market, market.contract())
    for name, value in engines.environment(folder).items():
        monkeypatch.setenv(name, value)
    argv = ["users", "erase", ADDRESS, "--data-dir", str(folder), *options_of(folder)]
    assert main(argv) == 0
    assert "nothing was erased" in capsys.readouterr().out
    with live_marketplace(folder) as market:
        assert market.account(filled.contract.freelancer).name == NAME
    assert main([*argv, "--yes"]) == 0
    assert "the account is erased" in capsys.readouterr().out
    with live_marketplace(folder) as market:
        assert_nowhere(market, filled.secrets)
    assert main([*argv, "--yes"]) == 2
    assert "no such account" in capsys.readouterr().err


def test_the_operator_waits_for_the_review(marketplace: LiveMarketplace, filled: Filled) -> None:
    with pytest.raises(ConfigError, match=r"2026-11-28 00:00"):
        account_operations.run(
            marketplace.deps, "users erase", {"person": ADDRESS, "confirmed": True}
        )
    assert marketplace.account(filled.contract.freelancer).name == NAME
