"""A morning of real work in a real marketplace: signed segments with pictures, over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from diary.core.slots import SLOT
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.pages.sample_site import drawn
from tests.marketplace.simulated_device import SimulatedDevice

#: Two hours without time lie between the first three slots and the last.
SLOTS = (START, START + SLOT, START + 2 * SLOT, START + 12 * SLOT)
HOSTILE = "\"><script>document.title = 'taken'</script><img src=x onerror=alert(1)> & “quotes”"


@dataclass(frozen=True)
class Morning:
    """The sent segments, in order."""

    marketplace: LiveMarketplace
    contract: Contract
    sent: tuple[bytes, ...]

    def link(self, sub: str) -> str:
        """A one-time link that signs a person in."""
        return f"{self.marketplace.url}/signin/{self.marketplace.code(sub, 'signin')}"

    def address(self, path: str) -> str:
        return f"{self.marketplace.url}/contracts/{self.contract.ctr}{path}"

    def blob(self, segment: int) -> bytes:
        """The full picture of a sent segment, as the marketplace stores it."""
        shot = parse(self.sent[segment]).pictures[0]
        data = self.marketplace.deps.blobs.read(shot.blob.sha256)
        assert data is not None
        return data


def work_a_morning(
    marketplace: LiveMarketplace, device: SimulatedDevice, contract: Contract
) -> Morning:
    """Three full slots, of which the second has two segments, and an incomplete last one."""
    sent: list[bytes] = []
    for place, slot in enumerate(SLOTS):
        # The clock never goes back, so the next slot's beacon comes before this one is sent.
        if slot - SLOT not in SLOTS:
            marketplace.advance_to(slot)
        device.fetch_beacon(slot)
        marketplace.advance_to(slot + SLOT)
        marketplace.clock.to(slot + SLOT + 3)
        device.sign_in()

        def picture(place: int = place) -> bytes:
            return drawn(place * SLOT, 1280, 720)

        parts: tuple[tuple[int, int, str], ...] = ((0, SLOT, "Checkout: address form"),)
        if place == 1:
            parts = ((0, 240, "Checkout: address form"), (240, SLOT, HOSTILE))
        if place == 3:
            parts = ((0, 1, "Stopped at once"),)
        for begin, end, memo in parts:
            data = device.work(
                contract.ctr, slot, slot + begin, slot + end, memo=memo, picture=picture
            )
            device.send(data)
            sent.append(data)
    return Morning(marketplace, contract, tuple(sent))
