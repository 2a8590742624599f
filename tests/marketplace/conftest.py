"""Fixtures of the marketplace's tests: a running marketplace, a contract, an enrolled computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.people import Contract
from tests.marketplace.desk import Desk
from tests.marketplace.stand import Stand, stand


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Stand]:
    with stand(tmp_path / "data") as running:
        yield running


@pytest.fixture
def contract(market: Stand) -> Contract:
    return market.contract()


@pytest.fixture
def enrolled(market: Stand) -> Iterator[Callable[[Contract], Desk]]:
    """Makes an enrolled, signed-in computer of a contract's freelancer."""
    made: list[Desk] = []

    def make(of: Contract) -> Desk:
        desk = Desk(market.url, market.deps.clock.real_s)
        made.append(desk)
        desk.enrol(market.code(of.freelancer))
        desk.sign_in()
        return desk

    yield make
    for desk in made:
        desk.http.close()


@pytest.fixture
def desk(enrolled: Callable[[Contract], Desk], contract: Contract) -> Desk:
    return enrolled(contract)
