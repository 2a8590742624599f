"""Recipients: confirmed by their reader, unsubscribed with one click, safe against abuse."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from marketplace.weekly_reports.recipients import (
    ENDED_S,
    MAX_PENDING,
    MAX_REQUESTS,
    PENDING_S,
    REQUESTS_S,
)
from tests.marketplace.accounts.test_companies import joined
from tests.marketplace.pages.conftest import browse, chromium  # noqa: F401 - fixtures
from tests.marketplace.pages.test_pages_later import faults
from tests.marketplace.weekly_reports.conftest import (
    LOCKS,
    OWN,
    READER,
    Reporting,
    link,
    text_of,
)

ONE_CLICK = {"content-type": "application/x-www-form-urlencoded", "accept": "*/*"}


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data=form, headers=OWN)


def stored(reporting: Reporting) -> int:
    with reporting.market.deps.store.read() as connection:
        return connection.execute(
            select(func.count()).select_from(schema.report_recipient)
        ).scalar_one()


def test_an_address_is_confirmed_by_its_reader_only(reporting: Reporting) -> None:
    reporting.add()
    (mail,) = reporting.mails()
    assert mail["subject"] == "Do you want weekly reports of Acme?"
    path = link(mail, "subscribe")
    with reporting.reader() as reader:
        page = reader.get(path)
        assert page.status_code == 200
        assert READER in page.text
        assert "noindex" in page.headers["x-robots-tag"]
        assert reporting.states() == {READER: "pending"}, "opening the link changes nothing"
        assert reader.post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert reader.post(path).status_code == 200
        assert reporting.states() == {READER: "active"}
        assert reader.post(path).status_code == 404, "a link works once"


def test_a_request_expires_and_the_address_is_deleted(reporting: Reporting) -> None:
    reporting.add()
    path = link(reporting.mails()[-1], "subscribe")
    reporting.later(PENDING_S)
    with reporting.reader() as reader:
        assert reader.get(path).status_code == reader.post(path).status_code == 404
    assert reporting.states() == {}
    reporting.send()
    assert stored(reporting) == 0


@pytest.mark.usefixtures("worked_week")
def test_one_click_unsubscribes_without_sign_in_cookie_or_origin(reporting: Reporting) -> None:
    """As a mail program sends it (RFC 8058 section 3.2)."""
    reporting.confirmed()
    reporting.confirmed("second@example.org")
    reporting.market.clock.to(LOCKS)
    reporting.send()
    url = reporting.mails()[-1]["list-unsubscribe"].strip("<>")
    for _ in range(2):
        answer = httpx.post(
            url, content="List-Unsubscribe=One-Click", headers=ONE_CLICK, trust_env=False
        )
        assert answer.status_code == 200
    assert reporting.states() == {READER: "unsubscribed", "second@example.org": "active"}
    with reporting.reader() as reader:
        path = link(reporting.mails()[-1], "unsubscribe")
        assert "You are unsubscribed" in reader.get(path).text
        foreign = reader.post(f"{path}/undo", headers={"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        assert reporting.states()[READER] == "unsubscribed"
        assert reader.post(f"{path}/undo").status_code == 200
    assert reporting.states()[READER] == "active"


def test_opening_the_link_of_a_message_does_not_unsubscribe(reporting: Reporting) -> None:
    """Programs that scan mail open every link."""
    reporting.confirmed()
    with reporting.reader() as reader:
        path = link(reporting.mails()[-1], "unsubscribe")
        assert reader.get(path).status_code == 200
        assert reader.head(path).status_code in (200, 405)
    assert reporting.states() == {READER: "active"}


def test_a_code_of_another_kind_or_recipient_does_nothing(reporting: Reporting) -> None:
    reporting.add()
    reporting.add("second@example.org")
    first, second = reporting.mails()[-1], reporting.mails("second@example.org")[-1]
    with reporting.reader() as reader:
        confirm, leave = (link(first, name).split("/")[2] for name in ("subscribe", "unsubscribe"))
        assert reader.post(f"/subscribe/{leave}").status_code == 404
        assert reader.post(f"/unsubscribe/{confirm}").status_code == 404
        for wrong in ("x", "x" * 5_000, "%00", "..%2f", leave[:-1], leave.swapcase()):
            assert reader.post(f"/unsubscribe/{wrong}").status_code in (404, 414), wrong
            assert reader.post(f"/subscribe/{wrong}").status_code in (404, 414), wrong
        assert reporting.states() == {READER: "pending", "second@example.org": "pending"}
        assert reader.post(link(second, "subscribe")).status_code == 200
    assert reporting.states() == {READER: "pending", "second@example.org": "active"}


def test_codes_are_random_and_a_confirmation_is_stored_as_its_hash(reporting: Reporting) -> None:
    for number in range(4):
        reporting.add(f"reader{number}@example.org")
    codes = [
        link(mail, name).split("/")[2]
        for mail in reporting.server.received
        for name in ("subscribe", "unsubscribe")
    ]
    assert len(set(codes)) == 8
    assert {len(code) for code in codes} == {22}
    with reporting.market.deps.store.read() as connection:
        rows = connection.execute(select(schema.report_recipient)).all()
    for code in codes[::2]:
        assert code not in str(rows)
    # The messages that had the codes are sent.
    with reporting.market.deps.store.read() as connection:
        assert codes[0] not in str(connection.execute(select(schema.message.c.data)).all())


def test_wrong_codes_are_limited(reporting: Reporting) -> None:
    """The throttle of the tests permits very many; the production one counts the address."""
    hits = []
    throttle = reporting.market.deps.throttle
    throttle.hit = lambda rule, who: hits.append((rule, who))  # type: ignore[method-assign]
    with reporting.reader() as reader:
        reader.get("/unsubscribe/x")
        reader.post("/subscribe/x")
    assert [rule for rule, _ in hits] == ["failed", "failed"]


def test_a_flood_of_requests_reaches_neither_one_address_nor_many(reporting: Reporting) -> None:
    deps, client = reporting.market.deps, reporting.market.account(reporting.contract.client)
    recipients = deps.report_recipients
    # The same address again and again, also from another client.
    other = reporting.market.account(reporting.market.contract("Another").client)
    for number in range(MAX_REQUESTS):
        who = (client, other)[number % 2]
        recipients.add(who, who.sub, None, READER, "en")
        recipients.remove(who, recipients.of(who)[-1].id)
    for who in (client, other):
        with pytest.raises(ProblemError) as refused:
            recipients.add(who, who.sub, None, READER, "en")
        assert refused.value.code == "too_many"
    reporting.send()
    assert reporting.mails() == [], "requests of removed recipients are not sent"
    reporting.later(REQUESTS_S)
    recipients.add(client, client.sub, None, READER, "en")
    # Many addresses.
    for number in range(MAX_PENDING - 1):
        recipients.add(client, client.sub, None, f"reader{number}@example.org", "en")
    with pytest.raises(ProblemError) as refused:
        recipients.add(client, client.sub, None, "one.more@example.org", "en")
    assert refused.value.code == "recipients_full"


def test_an_address_that_unsubscribed_is_not_asked_again(reporting: Reporting) -> None:
    reporting.confirmed()
    with reporting.reader() as reader:
        reader.post(link(reporting.mails()[-1], "unsubscribe"))
    for ctr in (None, reporting.contract.ctr):
        with pytest.raises(ProblemError) as refused:
            reporting.add(ctr=ctr)
        assert refused.value.code == "recipient_unsubscribed"
    reporting.later(ENDED_S)
    reporting.send()
    assert stored(reporting) == 0


def test_a_recipient_is_in_the_list_once(reporting: Reporting) -> None:
    reporting.add()
    with pytest.raises(ProblemError) as refused:
        reporting.add(READER.upper())
    assert refused.value.code == "recipient_known"
    reporting.add(ctr=reporting.contract.ctr)
    assert len(reporting.mails()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: thief@example.org",
        "a@example.org,b@example.org",
        "a@example.org%0d%0aBcc: b@example.org\n",
        "<a@example.org>",
        '"a b"@example.org',
        "no address",
        "",
        f"{'a' * 300}@example.org",
    ],
)
def test_an_address_that_is_none_is_refused(reporting: Reporting, address: str) -> None:
    with reporting.market.browser(reporting.contract.client) as browser:
        answer = post(browser, "/reports/weekly", address=address, ctr="", language="en")
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text
    reporting.send()
    assert reporting.server.received == []


def test_contracts_companies_and_recipients_of_others_do_not_exist(reporting: Reporting) -> None:
    other = reporting.market.contract("Another")
    reporting.add()
    client = reporting.contract.client
    mine = reporting.market.deps.report_recipients.of(reporting.market.account(client))[0]
    with reporting.market.browser(other.client) as thief:
        for ctr in (reporting.contract.ctr, f"{client}/", f"{client}/{reporting.contract.ctr}",
                    f"{other.client}/{reporting.contract.ctr}"):  # fmt: skip
            form = {"address": "thief@example.org", "ctr": ctr, "language": "en"}
            assert post(thief, "/reports/weekly", **form).status_code == 404, ctr
        assert READER not in thief.get("/reports/weekly", headers=OWN).text
        assert post(thief, f"/reports/weekly/{mine.id}/remove").status_code == 404
        wrong = {"address": "x@example.org", "ctr": "", "language": "xx"}
        assert post(thief, "/reports/weekly", **wrong).status_code == 422
    reporting.send()
    assert reporting.mails("thief@example.org") == []
    assert reporting.states() == {READER: "pending"}


def test_finance_sees_and_removes_only_its_own_recipients(reporting: Reporting) -> None:
    company, deps = reporting.contract.client, reporting.market.deps
    finance = reporting.market.account(joined(reporting.market, company, "finance", "Books"))
    manager = reporting.market.account(joined(reporting.market, company, "manager", "Kim"))
    reporting.add()
    reporting.later(1)
    deps.report_recipients.add(finance, company, None, "tax@example.org", "de")
    seen = {
        who.name: [each.address for each in deps.report_recipients.of(who)]
        for who in (finance, manager)
    }
    assert seen == {"Books": ["tax@example.org"], "Kim": [READER, "tax@example.org"]}
    owners = deps.report_recipients.of(manager)[0]
    with pytest.raises(ProblemError):
        deps.report_recipients.remove(finance, owners.id)
    deps.report_recipients.remove(manager, owners.id)
    # The recipients of a person end with the membership.
    deps.companies.remove(reporting.market.account(company), company, finance.sub)
    assert reporting.states() == {}


def test_the_export_and_the_erasure_of_an_account_include_recipients(reporting: Reporting) -> None:
    company, deps = reporting.contract.client, reporting.market.deps
    manager = joined(reporting.market, company, "manager", "Kim")
    deps.credentials.set_address(manager, "kim@example.org")
    deps.report_recipients.add(reporting.market.account(manager), company, None, READER, "en")
    reporting.confirmed("kim@example.org")
    archive = b"".join(deps.person_export.make(reporting.market.account(manager)))
    assert b"profile.json" in archive
    deps.person_eraser.begin(manager)
    assert stored(reporting) == 0, "both what Kim added and what Kim received"


def test_a_client_adds_a_recipient_and_the_reader_confirms(
    browse: Callable[..., Page],  # noqa: F811
    reporting: Reporting,
) -> None:
    market = reporting.market
    page = browse(f"{market.url}/reports", session=market.deps.sign_in.begin(
        reporting.contract.client
    ))  # fmt: skip
    page.get_by_role("link", name="Weekly reports").click()
    assert faults(page) == []
    page.get_by_label("E-mail address").fill(READER)
    page.get_by_label("Contracts").select_option(label="Acme shop rebuild")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Add the recipient").click()
    expect(page.get_by_role("status")).to_contain_text("A link is on its way")
    expect(page.get_by_role("main")).to_contain_text("Waiting for confirmation")
    assert faults(page) == []
    reporting.send()
    mail = reporting.mails()[-1]
    assert "Acme shop rebuild" in text_of(mail)
    reader = browse(market.url + link(mail, "subscribe"))
    assert faults(reader) == []
    reader.get_by_role("button", name="Receive the weekly report").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("The address is confirmed")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Active")
    reader.goto(market.url + link(mail, "unsubscribe"))
    assert faults(reader) == []
    reader.get_by_role("button", name="Unsubscribe").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("You are unsubscribed")
    assert faults(reader) == []
    page.reload()
    page.get_by_role("button", name=f"Remove {READER}").click()
    expect(page.get_by_role("status")).to_contain_text("The recipient was removed")
    assert reporting.states() == {}
