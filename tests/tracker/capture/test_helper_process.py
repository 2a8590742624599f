"""The helper process that takes and encodes pictures."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.desktop_fixtures.target import Target, random_code
from tests.desktop_fixtures.waiting import wait_for
from tracker.capture import helper_process, picture_helper
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.encode import apply_masks, encode, encode_masked, paint_over
from tracker.capture.interface import CaptureError, Encoded, Part, session_of
from tracker.capture.picture_helper import (
    OPTION,
    HelperCapture,
    PictureHelper,
    cover_in_helper,
)
from tracker.capture.stitch import assemble
from tracker.selection.capture import ReselectingBackend, select_capture
from tracker.selection.environment import Environment
from ui.cli.main import HELPERS

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux uses this helper")

ROOT = Path(__file__).parents[3]
MASKS = [(10, 20, 300, 40), (1800, 1000, 500, 500)]


def same(found: Encoded, expected: Encoded) -> bool:
    """Compare without a difference of megabytes in the report."""
    return found == expected


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))


@contextmanager
def fake(script: str, limit_s: float = 60.0) -> Iterator[PictureHelper]:
    """A helper that runs a script, whose `reply(line, *files)` writes a message."""
    begin = """
        import json, sys
        def reply(line, *files):
            sys.stdout.buffer.write(line.encode() + b"\\n" + b"".join(files))
            sys.stdout.buffer.flush()
        sys.stdin.buffer.readline()
    """
    argv = [sys.executable, "-c", textwrap.dedent(begin) + textwrap.dedent(script)]
    with PictureHelper(argv, limit_s) as helper:
        yield helper


# Real pictures


@pytest.mark.parametrize("blur", [0, 8])
def test_the_encoded_picture_is_the_one_that_this_process_would_make(
    clean_desktop: Desktop, blur: int
) -> None:
    Target(clean_desktop, random_code())
    expected = encode_masked(apply_masks(MssCapture().grab(lambda: 0), MASKS, blur))
    with session_of(HelperCapture()) as camera:
        frame = camera.grab(lambda: 1234)
        assert (frame.width, frame.height, frame.at_ms) == (1920, 1080, 1234)
        assert (frame.screen, frame.left, frame.top, frame.scale) == ("all", 0, 0, 1.0)
        found = frame.encode(MASKS, blur)  # type: ignore[union-attr]
    assert found.redacted == ((10, 20, 300, 40), (1800, 1000, 120, 80))
    assert same(found, expected)


def test_no_pixel_is_older_than_its_capture_time(clean_desktop: Desktop) -> None:
    def moment() -> int:
        clean_desktop.x.paint_ground("#123456")
        return 5

    try:
        with HelperCapture().session() as camera:
            picture = camera.grab(moment).encode([])
    finally:
        clean_desktop.x.paint_ground("#2e3440")
    # WebP keeps a plain colour up to rounding.
    found = Image.open(io.BytesIO(picture.data)).convert("RGB").getpixel((0, 0))
    assert isinstance(found, tuple)
    assert all(abs(a - b) < 6 for a, b in zip(found, (0x12, 0x34, 0x56), strict=True))


def test_the_target_may_change_during_a_session(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x("800x600,640x480", window_manager=True)
    Target(desktop, "two", size="300x200")
    capture = HelperCapture()
    with capture.session() as camera:
        capture.set_target("pointer")
        desktop.xdotool("mousemove", "10", "10")
        frame = camera.grab(lambda: 0)
        assert (frame.screen, frame.width, frame.height) == ("1", 800, 600)
        capture.set_target("all")
        assert camera.grab(lambda: 0).width == 1440


def test_the_errors_are_those_of_the_backend(bare_x: Callable[..., Desktop]) -> None:
    desktop = bare_x()
    desktop.x.paint_ground("#000000")
    with HelperCapture().session() as camera:
        # The helper survives an error.
        for _ in range(2):
            with pytest.raises(CaptureError, match="one single colour") as caught:
                camera.grab(lambda: 0)
            assert caught.value.reason == "error"
    capture = HelperCapture()
    capture.screen = "3"
    with capture.session() as camera, pytest.raises(CaptureError, match="no monitor 3"):
        camera.grab(lambda: 0)
    desktop.close()
    with pytest.raises(CaptureError, match="the screen could not be read"):
        HelperCapture().grab(lambda: 0)


def test_on_x11_the_program_takes_its_pictures_in_the_helper(clean_desktop: Desktop) -> None:
    Target(clean_desktop, random_code())
    assert isinstance(select_capture(Environment("linux", "x11")).backend, HelperCapture)
    script = """
        import os, sys
        from tracker.capture.interface import Frame
        from tracker.masking.masked_picture import take_masked
        from tracker.masking.masker import Masker, UnavailableLocator
        from tracker.selection.capture import ReselectingBackend
        from tracker.selection.environment import Environment

        backend = ReselectingBackend(lambda: Environment("linux", "x11"))
        masker = Masker(UnavailableLocator(""))
        taken = take_masked(masker, backend, lambda ready: ready.grab(lambda: 7))
        print(taken.at_ms, taken.encoded.w, sorted({"PIL", "mss"} & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "7 1920 []\n"


def test_a_session_keeps_its_backend_when_another_is_selected(clean_desktop: Desktop) -> None:
    Target(clean_desktop, random_code())
    found = [Environment("linux", "x11")]
    backend = ReselectingBackend(lambda: found[0])
    with backend.session() as camera:
        found[0] = Environment("linux", "none")
        backend.refresh()
        assert camera.grab(lambda: 0).width == 1920
    with backend.session() as camera, pytest.raises(CaptureError, match="No screen"):
        camera.grab(lambda: 0)


def test_pictures_of_monitors_are_joined() -> None:
    parts = [
        Part(png(noise(40, 30)), (0, 0), (40, 30)),
        Part(png(noise(60, 20)), (40, 5), (30, 10)),
    ]
    with PictureHelper() as helper:
        frame = helper.assemble(parts, 77, "lent")
        found = frame.encode([(1, 2, 3, 4)])
    expected = assemble(parts, 77, "lent")
    geometry = ("width", "height", "screen", "at_ms", "left", "top", "scale")
    assert [getattr(frame, name) for name in geometry] == [
        getattr(expected, name) for name in geometry
    ]
    assert same(found, encode(expected, [(1, 2, 3, 4)]))


@pytest.mark.parametrize("data", [b"", b"no picture", png(Image.new("RGB", (1, 1)))[:-20]])
def test_an_invalid_file_of_a_monitor_is_an_error(data: bytes) -> None:
    with PictureHelper() as helper, pytest.raises(CaptureError) as caught:
        helper.assemble([Part(data)], 0, "all")
    assert caught.value.reason == "error"


def test_areas_of_an_encoded_picture_are_covered() -> None:
    data = encode(assemble([Part(png(noise(200, 100)))], 0, "all")).data
    areas = [(5, 6, 70, 8), (100, 50, 20, 20)]
    assert same(cover_in_helper(data, areas), encode_masked(paint_over(data, areas)))
    with pytest.raises(CaptureError, match="no picture"):
        cover_in_helper(b"no picture", areas)


def test_a_picture_is_encoded_once_and_only_within_its_session() -> None:
    with PictureHelper() as helper:
        frame = helper.assemble([Part(png(noise(20, 10)))], 0, "all")
        frame.encode([])
        with pytest.raises(CaptureError, match="has no picture"):
            frame.encode([])
    with pytest.raises(CaptureError, match="has ended"):
        frame.encode([])
    helper.close()


# A helper that fails


def test_a_helper_that_cannot_be_started() -> None:
    with pytest.raises(CaptureError, match="cannot be started") as caught:
        PictureHelper(["/no/such/program"])
    assert caught.value.reason == "error"


def test_a_helper_that_dies() -> None:
    with fake("sys.exit(1)") as helper, pytest.raises(CaptureError, match="has ended"):
        helper.grab("all", 0)


def test_a_helper_that_does_not_answer_is_killed() -> None:
    with (
        fake("sys.stdin.buffer.read()", limit_s=0.05) as helper,
        pytest.raises(CaptureError, match="has ended"),
    ):
        helper.grab("all", 0)


GEOMETRY = '"width": 4, "height": 3, "screen": "all", "left": 0, "top": 0, "scale": 1'


@pytest.mark.parametrize(
    "answer",
    [
        "nonsense",
        "[]",
        "{}",
        '{"bytes": 1}',
        '{"bytes": [-1]}',
        '{"bytes": ["1"]}',
        '{"bytes": [1000000000000]}',
        '{"bytes": []}',
        '{"bytes": [], "width": "wide"}',
        f'{{"bytes": [], {GEOMETRY.replace("3", "null")}}}',
    ],
)
def test_an_invalid_answer(answer: str) -> None:
    with (
        fake(f"reply({answer!r})") as helper,
        pytest.raises(CaptureError, match="an invalid answer") as caught,
    ):
        helper.grab("all", 0)
    assert caught.value.reason == "error"


def test_a_file_that_ends_early() -> None:
    script = """reply('{"bytes": [10, 1]}', b"12345")"""
    with fake(script) as helper, pytest.raises(CaptureError, match="has ended"):
        helper.encode([], 0)


@pytest.mark.parametrize(
    "answer",
    [
        '{"bytes": [], "mime": "image/webp", "w": 1, "h": 1, "redacted": []}',
        '{"bytes": [1, 1], "mime": "image/webp", "w": 1, "h": 1}',
        '{"bytes": [1, 1], "mime": "image/webp", "w": 1, "h": 1, "redacted": [[1, 2]]}',
    ],
)
def test_an_invalid_answer_with_an_encoded_picture(answer: str) -> None:
    script = f"""reply({answer!r}, b"12")"""
    with fake(script) as helper, pytest.raises(CaptureError, match="an invalid answer"):
        helper.encode([], 0)


def test_an_unknown_reason_counts_as_an_error() -> None:
    script = """reply('{"bytes": [], "reason": "bored", "detail": "no"}')"""
    with fake(script) as helper, pytest.raises(CaptureError, match="no") as caught:
        helper.grab("all", 0)
    assert caught.value.reason == "error"


def test_an_unknown_request_is_refused() -> None:
    with PictureHelper() as helper, pytest.raises(CaptureError, match="an unknown request"):
        helper._request({"do": "dance"})


@pytest.mark.parametrize("data", [b"", b"nonsense\n", b'{"bytes": [10]}\n12345'])
def test_the_helper_ends_with_its_input(data: bytes) -> None:
    done = subprocess.run(
        picture_helper.command(), cwd=ROOT, input=data, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_helper_ends_with_the_program() -> None:
    script = """
        import sys
        from tracker.capture.picture_helper import PictureHelper
        print(PictureHelper()._process.pid, flush=True)
        sys.stdin.read()
    """
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with program:
        assert program.stdout is not None
        helper = int(program.stdout.readline())
        program.kill()
        program.wait()
        wait_for(lambda: not _runs(helper), what="the end of the helper")


def _runs(pid: int) -> bool:
    """Whether a process exists and is no zombie, which another process may have to reap."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert HELPERS[OPTION] == helper_process.__name__
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert picture_helper.command() == [sys.executable, OPTION]
