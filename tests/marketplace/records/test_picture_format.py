"""Pictures: only simple files of the agreed size are accepted."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from diary.formats.encoding import digest
from diary.objects.segment import parse
from marketplace.contracts.queries import Contract
from marketplace.records.quota import THUMB_BYTES, THUMB_HEIGHT, THUMB_WIDTH, is_thumbnail
from tests.marketplace.live_marketplace import START, LiveMarketplace
from tests.marketplace.records.stored_pictures import counted, stored
from tests.marketplace.simulated_device import SimulatedDevice, webp, worked

# The format


def chunk(name: bytes, data: bytes) -> bytes:
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def image_chunk(data: bytes) -> bytes:
    return data[12:]


def saved(**options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 40), "red").save(buffer, "WEBP", **options)
    return buffer.getvalue()


def canvas(flags: int, width: int = 64, height: int = 40) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)


def with_length(data: bytes, length: int) -> bytes:
    return data[:4] + length.to_bytes(4, "little") + data[8:]


def animated() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (64, 40), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


PLAIN = webp()
REFUSED: dict[str, Callable[[], bytes]] = {
    "bytes after the end": lambda: PLAIN + b"x",
    "zeros up to 20 MB": lambda: PLAIN.ljust(20 << 20, b"\0"),
    "zeros inside the image chunk": lambda: riff(chunk(b"VP8 ", PLAIN[20:].ljust(1 << 20, b"\0"))),
    "length too short": lambda: with_length(PLAIN, len(PLAIN) - 10),
    "length too long": lambda: with_length(PLAIN, len(PLAIN)),
    "length zero": lambda: with_length(PLAIN, 0),
    "length of four billion": lambda: with_length(PLAIN, 0xFFFFFFFF),
    "a padding chunk": lambda: riff(image_chunk(PLAIN), chunk(b"JUNK", bytes(512))),
    "an unknown chunk before it": lambda: riff(chunk(b"abcd", b"hidden"), image_chunk(PLAIN)),
    "a second picture": lambda: riff(image_chunk(PLAIN), image_chunk(PLAIN)),
    "an extended header": lambda: riff(canvas(0), image_chunk(PLAIN)),
    "animation": animated,
    "EXIF": lambda: saved(exif=Image.Exif().tobytes() or b"Exif\0\0II*\0"),
    "XMP": lambda: saved(xmp=b"<x:xmpmeta/>"),
    "EXIF by hand": lambda: riff(canvas(8), image_chunk(PLAIN), chunk(b"EXIF", b"II*\0secret")),
    "XMP by hand": lambda: riff(canvas(4), image_chunk(PLAIN), chunk(b"XMP ", b"<secret/>")),
    "a colour profile": lambda: riff(canvas(32), chunk(b"ICCP", bytes(128)), image_chunk(PLAIN)),
    "an absurd canvas": lambda: riff(canvas(0, 1 << 24, 1 << 24), image_chunk(PLAIN)),
    "only a header": lambda: riff(),
    "an empty image chunk": lambda: riff(chunk(b"VP8 ", b"")),
    "an empty lossless chunk": lambda: riff(chunk(b"VP8L", b"")),
    "noise in the chunk": lambda: riff(chunk(b"VP8 ", secrets.token_bytes(400))),
    "big-endian RIFX": lambda: b"RIFX" + PLAIN[4:],
    "another form type": lambda: PLAIN[:8] + b"WAVE" + PLAIN[12:],
    "16383 by 16383": lambda: riff(
        chunk(b"VP8L", b"\x2f" + (0x3FFE | 0x3FFE << 14).to_bytes(4, "little") + bytes(600))
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_more_than_one_simple_picture_is_refused(
    marketplace: LiveMarketplace, device: SimulatedDevice, name: str
) -> None:
    data = REFUSED[name]()
    answer = device.put_blob(data)
    assert (answer.status_code, answer.json()["code"]) == (422, "blob_format")
    assert stored(marketplace) == set()
    assert counted(marketplace) == {}


@pytest.mark.parametrize(
    "options", [{"quality": 80, "method": 2}, {"lossless": True}, {"quality": 1}], ids=str
)
def test_what_an_encoder_writes_is_taken(
    marketplace: LiveMarketplace, device: SimulatedDevice, options: dict[str, Any]
) -> None:
    data = saved(**options)
    assert device.put_blob(data).status_code == 201
    assert stored(marketplace) == {digest(data)}


def test_the_densest_picture_that_an_encoder_makes_is_taken(device: SimulatedDevice) -> None:
    noise = Image.frombytes("RGB", (256, 160), secrets.token_bytes(256 * 160 * 3))
    for options in ({"lossless": True}, {"quality": 100}):
        buffer = io.BytesIO()
        noise.save(buffer, "WEBP", **options)
        assert device.put_blob(buffer.getvalue()).status_code == 201


# Thumbnails


@pytest.mark.parametrize(
    ("width", "height", "size", "small"),
    [
        (THUMB_WIDTH, THUMB_HEIGHT, THUMB_BYTES, True),
        (1, 1, 1, True),
        (THUMB_WIDTH + 1, 10, 100, False),
        (10, THUMB_HEIGHT + 1, 100, False),
        (10, 10, THUMB_BYTES + 1, False),
        (0, 0, THUMB_BYTES, True),
    ],
)
def test_a_thumbnail_has_at_most_its_nominal_size(
    width: int, height: int, size: int, small: bool
) -> None:
    assert is_thumbnail(width, height, size) is small


@pytest.mark.parametrize(
    "make", [lambda: webp(401, 250), lambda: webp(400, 801), lambda: webp(1920, 1080)]
)
def test_a_picture_in_full_is_not_taken_for_its_thumbnail(
    marketplace: LiveMarketplace,
    contract: Contract,
    device: SimulatedDevice,
    make: Callable[[], bytes],
) -> None:
    (work,) = worked(marketplace, device, contract.ctr, START)
    sealed = parse(work)
    device.segments[contract.ctr].remove(work)
    shot = device.shot(sealed.segment.shot_at[0], webp(1920, 1080), make())
    data = device.seal(sealed.segment, "Large", sealed.minutes, [shot])
    codes = [finding["code"] for finding in device.send(data)["findings"]]
    assert "E_NOT_RECEIVED" in codes
    with marketplace.browser(contract.client) as browser:
        assert browser.get(f"/pictures/{parse(data).hash}/0").status_code == 200
        refused = browser.get(
            f"/thumbs/{parse(data).hash}/0", headers={"Accept": "application/json"}
        )
        assert (refused.status_code, refused.json()["code"]) == (410, "thumbnail_too_large")
    (slot,) = marketplace.day(contract.client, contract.ctr).slots
    assert slot.picture is None
