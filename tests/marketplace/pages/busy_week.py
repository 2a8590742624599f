"""A week of work with an exception of each kind, in a real marketplace over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from diary.core.slots import DAY, SLOT, WEEK, week_of
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from tests.marketplace.later_statements import deleted
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.pages.sample_site import drawn
from tests.marketplace.simulated_device import SimulatedDevice

WEEK_S = week_of(START)
LOCKED = WEEK_S + WEEK + 43_200
ISO = "2026-W47"


@dataclass
class BusyWeek:
    """The sent segments by what they show."""

    marketplace: LiveMarketplace
    contract: Contract
    device: SimulatedDevice
    sent: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.marketplace.url}/contracts/{self.contract.ctr}/weeks/{ISO}"

    def session(self, sub: str) -> str:
        """A session token of an account."""
        token = self.marketplace.deps.sign_in.consume(self.marketplace.code(sub, "signin"))
        assert token is not None
        return token


def busy_week(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract, slots: int = 12
) -> BusyWeek:
    """Work on three days from Wednesday: usual time, manual and kept time, no picture, a deleted
    slot, and time over the limit of the contract.
    """
    made = BusyWeek(marketplace, contract, device)
    for day in range(3):
        begin = START + day * DAY
        for place in range(slots):
            _slot(made, day, place, begin + place * SLOT)
    gone = made.sent["deleted"][0]
    statement = deleted(device, gone, "shot_0", scope=["shot", "time"])
    assert device.post_statement("tombstones", statement).status_code == 201
    return made


def _slot(made: BusyWeek, day: int, place: int, slot: int) -> None:
    marketplace, device, ctr = made.marketplace, made.device, made.contract.ctr
    marketplace.advance_to(slot)
    device.fetch_beacon(slot)
    marketplace.advance_to(slot + SLOT)
    marketplace.clock.to(slot + SLOT + 3)
    device.sign_in()
    what, note, changes = "usual", None, {"shot": "locked"}
    if (day, place) in ((0, 2), (0, 3)):
        what, note = "kept", "Reading the tax rules on paper"
        changes = {"kind": "kept", "shot": "none"}
    elif (day, place) == (1, 4):
        what = "locked"
    elif (day, place) == (1, 6):
        what = "deleted"
    elif (day, place) in ((2, 0), (2, 1), (2, 2)):
        what = "manual"
    memo = ("Checkout: address form", "Shipping table import", "Review comments")[place // 4 % 3]
    if what == "manual":
        data = device.manual(ctr, slot, slot, slot + SLOT)
    elif what in ("kept", "locked"):
        data = _without_picture(made, slot, memo, note, **changes)
    else:
        data = device.work(ctr, slot, memo=memo, picture=lambda: drawn(slot, 640, 360))
    device.send(data)
    made.sent.setdefault(what, []).append(data)


def _without_picture(
    made: BusyWeek, slot: int, memo: str, note: str | None, **changes: Any
) -> bytes:
    """Seal a slot without a picture."""
    device, ctr = made.device, made.contract.ctr
    model = parse(device.work(ctr, slot, memo=memo))
    device.segments[ctr].pop()
    body = replace(model.segment, pics=0, shot_at=(), **changes)
    return device.seal(body, memo, model.minutes, [], note)
