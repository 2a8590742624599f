"""Prepares signed requests of enrolled computers for the benchmark of the marketplace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from diary.core.slots import covered_minutes
from diary.objects.segment import parse
from marketplace.core.clock import system_ms
from tests.load.crowd import Computer, now_s, populate
from tests.marketplace.simulated_device import SimulatedDevice

NAME = "workdiary.localhost"


def computers(folder: Path, number: int, system: Callable[[], int] = system_ms) -> list[Computer]:
    """Enrol so many computers, each of a separate freelancer, while the marketplace is stopped.
    `system` is the wall clock (Unix ms).
    """
    return populate(folder, NAME, ["127.0.0.1"] * number, system)


def sign_in(
    url: str,
    listed: Sequence[Computer],
    now: Callable[[], int] = now_s,
    local: str | None = None,
) -> list[SimulatedDevice]:
    """Sign the computers in at the running marketplace, whose clock shows `now` (Unix s). `local`
    is the address of the process, if `url` is that of a proxy in front.
    """

    def signed_in(computer: Computer) -> SimulatedDevice:
        device = SimulatedDevice(
            url, now, key=computer.key, auth=computer.auth, seed=computer.seed, local=local
        )
        device.sub, device.enrolment = computer.sub, computer.enrolment
        device.keep_beacon(computer.beacon)
        device.sign_in()
        return device

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(signed_in, listed))


def segments(device: SimulatedDevice, ctr: str, terms: str, number: int) -> list[bytes]:
    """Seal a chain of segments of two seconds in the newest slot with a beacon."""
    slot = max(device.beacons)
    chain = device.segments.setdefault(ctr, [])
    for _ in range(number):
        start = slot + 2 * len(chain)
        end = start + 2
        minutes = tuple(
            (7, 1, 0, 1, None) if covered else None for covered in covered_minutes(slot, start, end)
        )
        body = device.body(ctr, terms, slot, start, end, minutes)
        device.seal(body, "Checkout: address form", minutes, [])
    return chain


def request(
    device: SimulatedDevice, method: str, path: str, body: bytes = b"", media_type: str = ""
) -> bytes:
    """A complete HTTP request with the device's token and a new proof."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {device.url.partition('//')[2]}",
        f"Authorization: DPoP {device.token}",
        f"DPoP: {device.proof(method, path, device.token)}",
    ]
    if media_type:
        lines.append(f"Content-Type: {media_type}")
    if body or method == "PUT":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def put_segments(device: SimulatedDevice, chain: Sequence[bytes]) -> list[bytes]:
    """One request for each segment."""
    return [
        request(device, "PUT", f"/v1/segments/{parse(data).hash}", data, "application/sd-jwt")
        for data in chain
    ]
