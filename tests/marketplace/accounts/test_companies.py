"""The people of a client's company: roles, invitations, and the response of each page to a role."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from diary.objects.segment import parse
from marketplace.account_operations import run
from marketplace.accounts.companies import INVITATION_S
from marketplace.accounts.roles import Role
from marketplace.contracts.access import open_contract
from marketplace.contracts.queries import Contract
from marketplace.core.config import ConfigError
from marketplace.core.problems import ProblemError
from marketplace.storage import schema
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

FORM = {"sec-fetch-site": "same-origin", "accept": "text/html"}


def joined(market: LiveMarketplace, company: str, role: Role, name: str = "Jo Park") -> str:
    """A new person of the company; returns the `sub`."""
    companies = market.deps.companies
    code = companies.invite(market.account(company), company, name, role)
    sub = companies.accept(code, None, name)
    assert sub is not None
    return sub


def invited(market: LiveMarketplace, browser: httpx.Client, company: str, **form: str) -> str:
    """The code of an invitation that an owner makes in a browser."""
    page = browser.post(f"/company/{company}/invite", data=form, headers=FORM)
    assert page.status_code == 200
    link = re.search(rf"{re.escape(market.url)}/join/([\w-]+)", page.text)
    assert link is not None
    return link[1]


def test_an_invited_person_joins_and_sees_the_contract(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    with marketplace.browser(contract.client) as owner:
        code = invited(marketplace, owner, contract.client, name="Jo Park", role="manager")
        assert code not in owner.get("/company").text
    with httpx.Client(base_url=marketplace.url, trust_env=False) as browser:
        assert "Acme" in browser.get(f"/join/{code}", headers=FORM).text
        answer = browser.post(f"/join/{code}", data={"name": "Jo Park"}, headers=FORM)
        assert answer.status_code == 303
        assert "Acme shop rebuild" in browser.get("/", headers=FORM).text
        people = browser.get("/company", headers=FORM).text
        assert "Jo Park" in people
        assert "Invite a person" not in people
        again = browser.post(f"/join/{code}", data={"name": "Jo Park"}, headers=FORM)
        assert again.status_code == 404
    with marketplace.browser(contract.freelancer) as freelancer:
        page = freelancer.get(f"/contracts/{contract.ctr}/people", headers=FORM).text
        assert "Jo Park" in page
        assert "Manager" in page


def test_a_signed_in_client_joins_with_the_own_account(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    other = marketplace.contract("Another").client
    code = marketplace.deps.companies.invite(
        marketplace.account(contract.client), contract.client, "Kim", "owner"
    )
    with marketplace.browser(other) as browser:
        assert browser.post(f"/join/{code}", headers=FORM).status_code == 303
        home = browser.get("/", headers=FORM).text
        assert "Acme shop rebuild" in home
        assert "Another" in home
    names = [c.sub for c in marketplace.deps.companies.of(marketplace.account(other))]
    assert names == [other, contract.client]


def test_an_invitation_ends_after_a_week_and_when_it_is_withdrawn(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    companies = marketplace.deps.companies
    owner = marketplace.account(contract.client)
    withdrawn = companies.invite(owner, contract.client, "A", "finance")
    (waiting,) = companies.of(owner)[0].invitations
    companies.withdraw(owner, contract.client, waiting.id)
    assert companies.offer(withdrawn) is None
    late = companies.invite(owner, contract.client, "B", "finance")
    assert companies.offer(late) is not None
    marketplace.clock.to(marketplace.clock.ms / 1000 + INVITATION_S)
    assert companies.offer(late) is None
    assert companies.accept(late, None, "B") is None
    assert companies.of(owner)[0].invitations == ()


def test_a_code_is_stored_as_its_hash(marketplace: LiveMarketplace, contract: Contract) -> None:
    owner = marketplace.account(contract.client)
    code = marketplace.deps.companies.invite(owner, contract.client, "A", "finance")
    with marketplace.deps.store.read() as connection:
        row = connection.execute(select(schema.company_invitation)).one()
    assert code not in map(str, row)


def test_only_owners_change_a_company(marketplace: LiveMarketplace, contract: Contract) -> None:
    companies = marketplace.deps.companies
    person = joined(marketplace, contract.client, "finance", "Fin")
    stranger = marketplace.contract("Another").client
    for sub in (
        joined(marketplace, contract.client, "manager"),
        person,
        stranger,
        contract.freelancer,
    ):
        account = marketplace.account(sub)
        for act in (
            lambda a=account: companies.invite(a, contract.client, "X", "owner"),
            lambda a=account: companies.change_role(a, contract.client, person, "owner"),
            lambda a=account: companies.withdraw(a, contract.client, "x"),
        ):
            with pytest.raises(ProblemError) as refusal:
                act()
            assert refusal.value.code == "not_found"
        if sub != person:
            with pytest.raises(ProblemError):
                companies.remove(account, contract.client, person)
    owner = marketplace.account(joined(marketplace, contract.client, "owner"))
    companies.change_role(owner, contract.client, person, "manager")
    roles = {m.sub: m.role for m in companies.of(owner)[0].people}
    assert roles[person] == "manager"


def test_the_last_owner_stays(marketplace: LiveMarketplace, contract: Contract) -> None:
    companies = marketplace.deps.companies
    owner = marketplace.account(joined(marketplace, contract.client, "owner"))
    for act in (
        lambda: companies.remove(owner, contract.client, contract.client),
        lambda: companies.change_role(owner, contract.client, contract.client, "finance"),
        lambda: companies.remove(
            marketplace.account(contract.client), contract.client, contract.client
        ),
    ):
        with pytest.raises(ProblemError) as refusal:
            act()
        assert refusal.value.code == "last_owner"


def test_a_removed_person_loses_access_at_once(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    sub = joined(marketplace, contract.client, "manager")
    with marketplace.browser(sub) as browser:
        assert browser.get(f"/contracts/{contract.ctr}/people").status_code == 200
        marketplace.deps.companies.remove(
            marketplace.account(contract.client), contract.client, sub
        )
        assert browser.get(f"/contracts/{contract.ctr}/people").status_code == 404
        assert "Acme shop rebuild" not in browser.get("/", headers=FORM).text


def test_a_person_can_leave(marketplace: LiveMarketplace, contract: Contract) -> None:
    sub = joined(marketplace, contract.client, "finance")
    with marketplace.browser(sub) as browser:
        address = f"/company/{contract.client}/members/{sub}/remove"
        assert "Leave the company" in browser.get(address, headers=FORM).text
        assert browser.post(address, headers=FORM).status_code == 303
        assert browser.get(f"/contracts/{contract.ctr}/people").status_code == 404


def test_finance_gets_totals_and_nothing_else(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    for data in worked(marketplace, device, contract.ctr, START):
        device.send(data)
    name = parse(device.segments[contract.ctr][0]).hash
    sub = joined(marketplace, contract.client, "finance")
    address = f"/contracts/{contract.ctr}"
    hidden = [
        address,
        f"{address}/days/today",
        f"{address}/days/2026-11-18",
        f"{address}/slots/{START}",
        f"/pictures/{name}/0",
        f"/thumbs/{name}/0",
        f"/v1/bundles/{contract.ctr}/2026-W47",
        f"/v1/bundles/{contract.ctr}/2026-W47?pictures=0",
        f"/v1/diary?contract={contract.ctr}&from={START}&to={START + 600}",
    ]
    with marketplace.browser(sub) as browser:
        for path in hidden:
            answer = browser.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "role_forbidden"), path
        home = browser.get("/", headers=FORM).text
        assert "0:10" in home
        assert f"{address}/days" not in home
        assert "Last seen" not in home
        assert "Recording now" not in home
        assert "not part of your role" in browser.get(address, headers=FORM).text
    with marketplace.browser(joined(marketplace, contract.client, "manager")) as browser:
        for path in hidden[2:]:
            assert browser.get(path).status_code == 200, path


def test_only_owners_and_managers_decide(marketplace: LiveMarketplace, contract: Contract) -> None:
    people = {
        "freelancer": contract.freelancer,
        "finance": joined(marketplace, contract.client, "finance"),
        "manager": joined(marketplace, contract.client, "manager"),
        "owner": contract.client,
    }
    with marketplace.deps.store.read() as connection:
        for role, sub in people.items():
            account = marketplace.account(sub)
            if role in ("owner", "manager"):
                assert open_contract(connection, account, contract.ctr, "decision").role == role
            else:
                with pytest.raises(ProblemError) as refusal:
                    open_contract(connection, account, contract.ctr, "decision")
                assert refusal.value.code == "role_forbidden"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"name": "", "role": "owner"}, 422),
        ({"name": " ", "role": "owner"}, 422),
        ({"name": "x" * 101, "role": "owner"}, 422),
        ({"name": "x", "role": "admin"}, 422),
        ({"name": "x"}, 422),
    ],
)
def test_a_wrong_invitation_is_refused(
    marketplace: LiveMarketplace, contract: Contract, form: dict[str, str], status: int
) -> None:
    with marketplace.browser(contract.client) as browser:
        answer = browser.post(
            f"/company/{contract.client}/invite",
            data=form,
            headers={"sec-fetch-site": "same-origin"},
        )
        assert answer.status_code == status


def test_foreign_pages_cannot_send_the_forms(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    sub = joined(marketplace, contract.client, "manager")
    code = marketplace.deps.companies.invite(
        marketplace.account(contract.client), contract.client, "A", "finance"
    )
    company = f"/company/{contract.client}"
    with marketplace.browser(contract.client) as browser:
        for path in (
            f"{company}/invite",
            f"{company}/members/{sub}",
            f"{company}/members/{sub}/remove",
            f"{company}/invitations/x/withdraw",
            f"/join/{code}",
        ):
            answer = browser.post(path, headers={"sec-fetch-site": "cross-site"})
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), path
    assert marketplace.deps.companies.offer(code) is not None


def test_an_invitation_works_once(marketplace: LiveMarketplace, contract: Contract) -> None:
    companies = marketplace.deps.companies
    code = companies.invite(marketplace.account(contract.client), contract.client, "A", "finance")
    results = [companies.accept(code, None, name) for name in ("A", "B")]
    assert [result is None for result in results] == [False, True]
    people = companies.of(marketplace.account(contract.client))[0].people
    assert [person.name for person in people] == ["Acme", "A"]


def test_both_sides_see_how_long_pictures_are_kept(marketplace: LiveMarketplace) -> None:
    contract = marketplace.contract(retention_days=45)
    path = f"/contracts/{contract.ctr}/people"
    for days, text in ((45, "45 days"), (1, "1 day")):
        if days == 1:
            run(marketplace.deps, "contracts set-terms", {"ctr": contract.ctr, "retention_days": 1})
            marketplace.clock.to(marketplace.clock.ms / 1000 + 2)
        for sub in (contract.freelancer, contract.client):
            with marketplace.browser(sub) as browser:
                assert f"Pictures are kept for {text} after" in browser.get(path).text


@pytest.mark.parametrize("days", [-1, 0, 3_651, 10**9])
def test_a_retention_out_of_bounds_is_refused(marketplace: LiveMarketplace, days: int) -> None:
    contract = marketplace.contract(retention_days=45)
    before = marketplace.leaves()
    with pytest.raises(ConfigError, match="retention_days"):
        run(marketplace.deps, "contracts set-terms", {"ctr": contract.ctr, "retention_days": days})
    assert marketplace.leaves() == before
