"""Stored pictures: legible, without metadata, masked irreversibly."""

from __future__ import annotations

import io
import secrets
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from skimage.metrics import structural_similarity

from marketplace.core.config import MAX_BLOB
from marketplace.records.quota import is_thumbnail
from marketplace.storage.blobs.picture_format import MAX_PIXELS, picture_size
from tracker.capture import encode as encode_module
from tracker.capture.encode import MIME, THUMB_WIDTH, apply_masks, encode, encode_masked
from tracker.capture.interface import CaptureError, Frame
from tracker.masking.rules import BLURS


def desktop_image(width: int = 1280, height: int = 720) -> Image.Image:
    """A picture like a desktop's: text, lines, a gradient."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(14)
    for line in range(0, height, 20):
        draw.text((10, line), f"line {line}: the quick brown fox " * 4, "#1d1f1e", font)
    draw.rectangle((width // 2, 0, width // 2 + 100, height), "#0b6e4f")
    return picture


def frame(picture: Image.Image) -> Frame:
    pixels = picture.convert("RGBA").tobytes("raw", "BGRA")
    return Frame(picture.width, picture.height, pixels, "all", 0)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=["WEBP"])
    picture.load()
    return picture


def test_only_the_format_webp_is_loaded() -> None:
    program = (
        "import sys\n"
        "from tracker.capture.interface import Frame\n"
        "from tracker.capture.encode import encode\n"
        "pixels = bytes(range(256)) * (4 * 640 * 480 // 256)\n"
        "assert encode(Frame(640, 480, pixels, 'all', 0)).data[8:12] == b'WEBP'\n"
        "print(*sorted(m for m in sys.modules if m.endswith('ImagePlugin')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "PIL.WebPImagePlugin\n"


def test_the_full_picture_keeps_its_size_and_looks_the_same() -> None:
    before = desktop_image()
    kept = encode(frame(before))
    assert (kept.mime, kept.w, kept.h) == (MIME, 1280, 720)
    after = opened(kept.data)
    assert after.size == before.size
    grey = [np.asarray(p.convert("L")) for p in (before, after)]
    assert structural_similarity(*grey) >= 0.98
    colour = after.getpixel((1280 // 2 + 50, 300))
    assert isinstance(colour, tuple)
    assert all(abs(a - b) <= 8 for a, b in zip(colour, (0x0B, 0x6E, 0x4F), strict=True))


@pytest.mark.parametrize(
    ("size", "thumb"),
    [((1280, 720), (400, 225)), ((3840, 1080), (400, 112)), ((300, 200), (300, 200)),
     ((16000, 10), (400, 1)), ((1080, 1920), (400, 711)), ((1080, 5760), (150, 800)),
     ((10, 16000), (1, 800)), ((300, 2000), (120, 800))],
)  # fmt: skip
def test_the_small_picture_fits_its_frame_and_is_never_enlarged(
    size: tuple[int, int], thumb: tuple[int, int]
) -> None:
    kept = encode(frame(desktop_image(*size)))
    assert opened(kept.thumb).size == thumb
    assert len(kept.thumb) < 100_000


def test_nothing_but_pixels_is_written() -> None:
    kept = encode(frame(desktop_image()))
    for data in (kept.data, kept.thumb):
        # RFC 9649: a simple file is one lossy chunk; metadata needs the extended form VP8X.
        assert (data[:4], data[8:16]) == (b"RIFF", b"WEBPVP8 ")
        assert int.from_bytes(data[16:20], "little") + 20 in {len(data), len(data) - 1}
        assert not set(opened(data).info) & {"exif", "xmp", "icc_profile"}


def test_a_mask_replaces_the_pixels_in_both_sizes() -> None:
    plain = frame(desktop_image())
    masked = encode(plain, [(100, 100, 400, 300), (1200, 600, 500, 500)])
    for data, scale in ((masked.data, 1.0), (masked.thumb, THUMB_WIDTH / 1280)):
        picture = opened(data)
        for box in ((108, 108, 492, 392), (1208, 608, 1280, 720)):
            inside = picture.crop(tuple(round(side * scale) for side in box))  # type: ignore[arg-type]
            margin = inside.crop((3, 3, inside.width - 3, inside.height - 3))
            assert all(high - low <= 12 for low, high in margin.getextrema())  # type: ignore[misc]
    again = encode(plain)
    assert opened(again.data).crop((108, 108, 492, 392)).getextrema()[0][1] > 60  # type: ignore[index]


@pytest.mark.parametrize("mask", [(0, 0, 0, 5), (0, 0, 5, 0), (5, 5, -2, 3)])
def test_a_mask_without_an_area_is_refused(mask: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="a mask of"):
        encode(frame(desktop_image(64, 64)), [mask])


def test_a_mask_is_recorded_as_far_as_it_is_in_the_picture() -> None:
    masks = [(-10, -10, 30, 40), (60, 5, 100, 100), (200, 0, 5, 5)]
    assert encode(frame(desktop_image(64, 64)), masks).redacted == ((0, 0, 20, 30), (60, 5, 4, 59))
    assert encode(frame(desktop_image(64, 64))).redacted == ()


@pytest.mark.parametrize(
    ("size", "kept"),
    [((16383, 8), (16383, 8)), ((20000, 100), (16383, 81)), ((8, 16384), (7, 16383))],
)  # fmt: skip
def test_a_picture_too_large_for_the_format_is_made_smaller_until_it_fits(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    made = encode(frame(desktop_image(*size)))
    assert (made.w, made.h) == kept == opened(made.data).size


def test_masks_of_a_picture_that_was_made_smaller_lie_where_they_did() -> None:
    hidden = Image.new("RGB", (20000, 400), "#ffffff")
    hidden.paste("#ff0000", (10001, 101, 15003, 299))
    made = encode(frame(hidden), [(10001, 101, 5002, 198)])
    assert made.w == 16383
    ((x, y, width, height),) = made.redacted
    factor = 16383 / 20000
    assert x <= 10001 * factor
    assert y <= 101 * factor
    assert x + width >= 15003 * factor
    assert y + height >= 299 * factor
    assert width <= 5002 * factor + 2
    assert height <= 198 * factor + 2
    for data in (made.data, made.thumb):
        red, _, blue = opened(data).split()
        assert ImageChops.subtract(red, blue).getextrema()[1] <= 16  # type: ignore[operator]


def test_a_picture_with_more_in_it_than_the_format_takes_is_made_smaller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save = Image.Image.save

    def refuse(picture: Image.Image, *args: object, **options: object) -> None:
        if picture.width > 640:
            raise ValueError("encoding error 5")
        save(picture, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Image.Image, "save", refuse)
    made = encode(frame(desktop_image()), [(101, 101, 3, 3)])
    assert (made.w, made.h) == (640, 360) == opened(made.data).size
    assert made.redacted == ((50, 50, 2, 2),)
    with pytest.raises(CaptureError, match="could not be encoded") as caught:
        encode(frame(desktop_image(1400, 100)))
    assert caught.value.reason == "error"


def test_a_picture_larger_than_a_marketplace_takes_is_made_smaller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (encode_module.MAX_PIXELS, encode_module.MAX_BYTES) == (MAX_PIXELS, MAX_BLOB)
    whole = encode(frame(desktop_image()))
    monkeypatch.setattr(encode_module, "MAX_PIXELS", 1280 * 720 // 4)
    fewer = encode(frame(desktop_image()), [(100, 100, 50, 50)])
    assert (fewer.w, fewer.h) == (640, 360) == opened(fewer.data).size
    assert fewer.redacted == ((50, 50, 25, 25),)
    monkeypatch.setattr(encode_module, "MAX_PIXELS", MAX_PIXELS)
    monkeypatch.setattr(encode_module, "MAX_BYTES", len(whole.data) - 1)
    lighter = encode(frame(desktop_image()))
    assert (lighter.w, lighter.h) == (640, 360)
    monkeypatch.setattr(encode_module, "MAX_BYTES", 10)
    with pytest.raises(CaptureError, match="bytes"):
        encode(frame(desktop_image()))


@pytest.mark.parametrize("size", [(400, 800), (1600, 3200), (400, 300)], ids=str)
def test_a_marketplace_takes_both_files_whatever_is_on_the_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    noise = Image.frombytes("RGB", size, secrets.token_bytes(size[0] * size[1] * 3))
    kept = encode(frame(noise))
    for name, data in (("full", kept.data), ("small", kept.thumb)):
        path = tmp_path / name
        path.write_bytes(data)
        assert picture_size(path, len(data)) == opened(data).size
    assert is_thumbnail(*opened(kept.thumb).size, len(kept.thumb))


def stripes() -> Image.Image:
    """Text-like detail: black and white lines of two pixels."""
    picture = Image.new("RGB", (640, 320), "#ffffff")
    for x in range(0, 640, 4):
        picture.paste("#000000", (x, 0, x + 2, 320))
    return picture


@pytest.mark.parametrize("side", BLURS)
def test_a_blurred_picture_has_no_fine_detail_in_either_size(side: int) -> None:
    made = encode_masked(apply_masks(frame(stripes()), (), side))
    assert (made.w, made.h, made.redacted) == (640, 320, ())
    for data in (made.data, made.thumb):
        low, high = opened(data).convert("L").getextrema()
        assert high - low < 40  # type: ignore[operator]
    sharp = opened(encode(frame(stripes())).data).convert("L").getextrema()
    assert sharp[1] - sharp[0] > 200  # type: ignore[operator]


def test_a_masked_area_of_a_blurred_picture_has_sharp_edges_and_does_not_bleed() -> None:
    picture = Image.new("RGB", (640, 320), "#ffffff")
    picture.paste("#ff0000", (100, 100, 200, 150))
    made = encode_masked(apply_masks(frame(picture), [(100, 100, 100, 50)], 16))
    assert made.redacted == ((100, 100, 100, 50),)
    red, _, blue = opened(made.data).split()
    assert ImageChops.subtract(red, blue).getextrema()[1] <= 16  # type: ignore[operator]
    inside = opened(made.data).crop((110, 110, 190, 140)).getextrema()
    assert all(high - low <= 12 for low, high in inside)  # type: ignore[misc]
