"""Fixtures of the marketplace's tests: a running marketplace, a contract, an enrolled computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.contracts.queries import Contract
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
def new_desk(market: Stand) -> Iterator[Callable[[], Desk]]:
    """Makes computers that are not enrolled."""
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(market.url, market.deps.clock.real_s))
        return made[-1]

    yield make
    for desk in made:
        desk.http.close()


@pytest.fixture
def enrolled(market: Stand, new_desk: Callable[[], Desk]) -> Callable[[Contract], Desk]:
    """Makes an enrolled, signed-in computer of a contract's freelancer."""

    def make(of: Contract) -> Desk:
        desk = new_desk()
        desk.enrol(market.code(of.freelancer))
        desk.sign_in()
        return desk

    return make


@pytest.fixture
def desk(enrolled: Callable[[Contract], Desk], contract: Contract) -> Desk:
    return enrolled(contract)
