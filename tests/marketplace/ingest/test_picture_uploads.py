"""Direct uploads are off without an object store; `storage/s3` has the tests with one."""

from __future__ import annotations

import httpx

from diary.formats.encoding import digest
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.simulated_device import SimulatedDevice, webp


def test_a_marketplace_without_an_object_store_offers_no_direct_uploads(
    marketplace: LiveMarketplace, device: SimulatedDevice
) -> None:
    about = httpx.get(f"{marketplace.url}/.well-known/workdiary").json()
    assert about["direct_uploads"] is False
    data = webp()
    path = f"/v1/uploads/{digest(data)}"
    wanted = {"length": len(data), "type": "image/webp"}
    for answer in (
        device.call("PUT", path, json=wanted),
        device.call("POST", f"{path}/complete"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert device.put_blob(data).status_code == 201
