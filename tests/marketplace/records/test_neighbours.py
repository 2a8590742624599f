"""The neighbours that decide the check of a stored segment."""

from __future__ import annotations

import io
from collections.abc import Callable

import httpx
import pytest

from diary.bundle.check import CheckOptions, check_bundle
from diary.bundle.zip_reader import Archive
from diary.core.slots import SLOT, week_of
from diary.objects.segment import parse
from diary.verification.check import Report, check
from diary.verification.evidence import Evidence
from marketplace.contracts.queries import Contract
from marketplace.core.week_names import name_of_week
from marketplace.records import examiner, segment_facts
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, worked

Enrolled = Callable[[Contract], SimulatedDevice]


def stored_grades(marketplace: LiveMarketplace, listed: list[bytes]) -> list[str]:
    """The stored classes of segments."""
    marketplace.deps.checks.drain()
    names = [parse(data).hash for data in listed]
    with marketplace.deps.store.read() as connection:
        facts = segment_facts.read(connection, names)
    return [each.assurance for name in names if (each := facts[name].facts) is not None]


def verified_grades(device: SimulatedDevice, ctr: str, listed: list[bytes]) -> list[str]:
    """Their classes by the check of the week's bundle."""
    answer = device.call("GET", f"/v1/bundles/{ctr}/{name_of_week(week_of(START))}")
    assert answer.status_code == httpx.codes.OK
    report = check_bundle(Archive(io.BytesIO(answer.content)), CheckOptions()).report
    assert report is not None
    return [report.segments[parse(data).hash].assurance for data in listed]


def test_the_check_of_a_segment_does_not_grow_with_its_week(
    marketplace: LiveMarketplace,
    device: SimulatedDevice,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = worked(marketplace, device, contract.ctr, START, count=12)
    for data in made:
        device.send(data)
    marketplace.deps.checks.drain()
    sizes: list[int] = []

    def counted(evidence: Evidence) -> Report:
        sizes.append(len(evidence.segments))
        return check(evidence)

    monkeypatch.setattr(examiner, "check", counted)
    for data in (made[1], made[6], made[-1]):
        marketplace.deps.checks.recheck([parse(data).hash])
    # Itself, the one before and the one after.
    assert sizes == [3, 3, 2]


@pytest.mark.parametrize("order", ["as recorded", "the second computer later", "last first"])
def test_the_fourth_change_of_device_in_a_day_weakens_a_segment(
    order: str, marketplace: LiveMarketplace, enrolled: Enrolled, contract: Contract
) -> None:
    devices = [enrolled(contract), enrolled(contract)]
    made: list[tuple[SimulatedDevice, bytes]] = []
    for number in range(7):
        of_slot = devices[number % 2]
        (data,) = worked(marketplace, of_slot, contract.ctr, START + number * SLOT)
        made.append((of_slot, data))
    listed = [data for _, data in made]
    if order == "the second computer later":
        made.sort(key=lambda pair: pair[0] is devices[1])
    elif order == "last first":
        made.reverse()
    for each in devices:
        each.sign_in()
    for sender, data in made:
        sender.send(data)
    grades = stored_grades(marketplace, listed)
    assert grades == ["B", "B", "B", "B", "C", "C", "C"]
    assert verified_grades(devices[0], contract.ctr, listed) == grades
