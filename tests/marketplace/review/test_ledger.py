"""The ledger: hours and money of a contract by week."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.core.slots import WEEK, week_of
from marketplace.contracts.queries import Contract
from marketplace.review.ledger import Rate, ledgers, week_ledger
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked


@pytest.mark.parametrize(
    ("payable_s", "hourly_minor", "amount"),
    [
        (3600, 4000, 4000),
        (108_000, 4000, 120_000),
        # 0.5 and 1.5 minor units: half-even.
        (1800, 1, 0),
        (1800, 3, 2),
        (1, 4000, 1),
        (0, 4000, 0),
    ],
)
def test_money_is_rounded_half_even(payable_s: int, hourly_minor: int, amount: int) -> None:
    assert Rate(hourly_minor, "USD").amount_minor(payable_s) == amount


@given(st.integers(0, 604_800), st.integers(0, 10**12))
def test_money_is_exact_to_half_a_minor_unit(payable_s: int, hourly_minor: int) -> None:
    amount = Rate(hourly_minor, "USD").amount_minor(payable_s)
    exact = Fraction(payable_s * hourly_minor, 3600)
    assert abs(amount - exact) <= Fraction(1, 2)
    assert amount == round(exact)


def test_a_week_has_the_hours_of_its_days_and_the_money_of_its_rate(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> None:
    week = week_of(START)
    for data in worked(marketplace, device, contract.ctr, START, count=3):
        device.send(data)
    registry = marketplace.deps.contracts
    registry.set_rate(contract.ctr, 4_000, "USD", week)
    registry.set_rate(contract.ctr, 5_000, "EUR", week + WEEK)
    with marketplace.deps.store.read() as connection:
        found = week_ledger(connection, contract.ctr, week)
        later = ledgers(connection, [contract.ctr], week - WEEK, week + 2 * WEEK)
    assert found.totals.payable == 1_800
    assert [day.payable for day in found.days] == [0, 0, 1_800, 0, 0, 0, 0]
    assert (found.rate, found.amount_minor) == (Rate(4_000, "USD"), 2_000)
    assert {begin: ledger.rate for (_, begin), ledger in later.items()} == {
        week - WEEK: None,
        week: Rate(4_000, "USD"),
        week + WEEK: Rate(5_000, "EUR"),
    }
    assert later[contract.ctr, week - WEEK].amount_minor is None


@pytest.mark.parametrize(
    ("hourly_minor", "currency", "weeks"),
    [(-1, "USD", 0), (10**12 + 1, "USD", 0), (1, "usd", 0), (1, "XXY", 0), (1, "USD", -1)],
)
def test_an_invalid_rate_is_refused(
    marketplace: LiveMarketplace,
    contract: Contract,
    hourly_minor: int,
    currency: str,
    weeks: int,
) -> None:
    week = week_of(START) + weeks * WEEK
    with pytest.raises(ValueError, match=r"rate|currency"):
        marketplace.deps.contracts.set_rate(contract.ctr, hourly_minor, currency, week)
    with marketplace.deps.store.read() as connection:
        assert week_ledger(connection, contract.ctr, week).rate is None


def test_a_rate_can_be_corrected_in_its_week(
    marketplace: LiveMarketplace, contract: Contract
) -> None:
    week = week_of(START)
    for hourly_minor in (4_000, 4_500):
        marketplace.deps.contracts.set_rate(contract.ctr, hourly_minor, "USD", week)
    with marketplace.deps.store.read() as connection:
        assert week_ledger(connection, contract.ctr, week).rate == Rate(4_500, "USD")
