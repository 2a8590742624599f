"""Contracts name their client by a pseudonym, also those of an older database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diary.formats.encoding import canonical, digest, parse_canonical
from diary.log.leaf import LeafType, contract_attr
from diary.objects.terms import Terms
from marketplace.contracts import queries
from marketplace.contracts.queries import Contract
from marketplace.log.log import LogEntry
from marketplace.storage import schema
from tests.marketplace.live_marketplace import AUD, LiveMarketplace, MovedClock, live_marketplace
from tests.marketplace.storage.former_revision import to_revision


def terms_now(marketplace: LiveMarketplace, contract: Contract) -> Terms:
    """The terms in force."""
    with marketplace.deps.store.read() as connection:
        index = queries.terms_index(connection, contract.ctr, marketplace.deps.clock.wall_s())
        leaf = schema.leaf
        data = connection.execute(leaf.select().where(leaf.c.idx == index)).one().object
    return Terms.parse(data)


def test_contracts_of_one_client_name_the_same_client_and_no_account(
    marketplace: LiveMarketplace,
) -> None:
    first = marketplace.contract("Shop")
    deps = marketplace.deps.contracts
    again = deps.add_contract("Books", freelancer=first.freelancer, client=first.client)
    other = marketplace.contract("Harbour")
    of_first, of_again, of_other = (terms_now(marketplace, c).client for c in (first, again, other))
    assert of_first == of_again != of_other
    assert of_first not in {first.client, first.freelancer}


@pytest.mark.sqlite_only("no PostgreSQL database has a former revision")
def test_clients_of_an_older_database_get_a_pseudonym_and_their_contracts_new_terms(
    tmp_path: Path,
) -> None:
    clock = MovedClock()
    with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
        contract = marketplace.contract(limit_s=7_200, shots=2)
        obj = parse_canonical(terms_now(marketplace, contract).data())
        del obj["client"]
        obj["from"] += 10
        old = canonical(obj)
        row: dict[str, object] = {"hash": digest(old), "ctr": contract.ctr, "from_s": obj["from"]}
        attrs = contract_attr(contract.ctr)
        entry = LogEntry(
            LeafType.TERMS, digest(old), attrs, old,
            rows=lambda index, _rt: [(schema.terms, row | {"idx": index})],
        )  # fmt: skip
        marketplace.deps.log.append(entry).result()
    clock.to(clock.ms / 1000 + 60)
    to_revision(tmp_path / "data" / "marketplace.sqlite", "0001")
    keys = tmp_path / "data" / "keys"
    (keys / "log-2026.key").rename(keys / "log.key")
    for _ in range(2):  # the second start changes nothing
        with live_marketplace(tmp_path / "data", clock=clock) as marketplace:
            clock.to(clock.ms / 1000 + 2)
            with marketplace.deps.store.read() as connection:
                rows = connection.execute(schema.account.select()).all()
                assert len(connection.execute(schema.terms.select()).all()) == 3
            named = {row.role: row.pseudonym for row in rows}
            assert named["freelancer"] is None
            assert re.fullmatch("[A-Za-z0-9_-]{22}", named["client"])
            terms = terms_now(marketplace, contract)
            assert (terms.client, terms.aud) == (named["client"], AUD)
            assert (terms.limit_s, terms.shots) == (7_200, 2)
