"""Masked before it is stored, disclosed in the record, and never a picture of a locked screen.

Unmasked content is searched in every file that ever existed: Python's audit events report each file
before it is opened for writing, renamed or removed, so that it is read before it changes.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops

from diary.core.vocabulary import PictureReason
from diary.objects.picture import Masks
from diary.objects.segment import parse
from tests.desktop_fixtures.appwindow import Application
from tests.desktop_fixtures.x11 import Rect
from tests.tracker.machine import Machine
from tests.tracker.masking.test_rules import Places
from tests.tracker.recording.test_engine_outbox import OutboxMachine, segments
from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.interface import Frame
from tracker.masking.masker import Masker, UnavailableLocator
from tracker.masking.rules import Rules
from tracker.masking.x11_windows import X11WindowLocator

if TYPE_CHECKING:
    from tests.desktop_fixtures.desktop import Desktop

SECRET, OPEN = (224, 27, 132), (42, 157, 79)
VAULT = Rules(frozenset({"vault"}))
x11 = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an X session")


class Files:
    """Every content of a file before it was rewritten, renamed or removed, and at the end."""

    def __init__(self) -> None:
        self.on = False
        self.names: set[str] = set()
        self.seen: set[bytes] = set()

    def hook(self, event: str, args: tuple[Any, ...]) -> None:
        """See `sys.addaudithook`; must never fail."""
        if not self.on:
            return
        if event == "open" and isinstance(args[0], str | bytes) and args[2] & os.O_ACCMODE:
            self.names.add(os.fsdecode(args[0]))
        if event in {"open", "os.rename", "os.remove", "os.truncate"}:
            self.look()

    def look(self) -> None:
        """Read all files that were ever opened for writing, and their neighbours."""
        self.on = False
        try:
            folders = {Path(name).parent for name in self.names}
            for path in {path for folder in folders for path in folder.glob("*")}:
                if path.is_file():
                    self.seen.add(path.read_bytes())
        except OSError:
            pass  # A file removed after the listing was read at its event.
        finally:
            self.on = True

    def show(self, colour: tuple[int, int, int]) -> bool:
        """Whether any of the contents shows the colour, as a picture or as pixels."""
        return any(_shows(data, colour) for data in self.seen)


FILES = Files()


@pytest.fixture(scope="module", autouse=True)
def audit() -> None:
    """A hook cannot be removed; it does nothing while FILES is off."""
    sys.addaudithook(FILES.hook)


@pytest.fixture
def files() -> Iterator[Files]:
    """Search from now on."""
    FILES.names.clear()
    FILES.seen.clear()
    FILES.on = True
    yield FILES
    FILES.on = False


def _shows(data: bytes, colour: tuple[int, int, int]) -> bool:
    if data[:4] != b"RIFF":
        red, green, blue = colour
        orders = ([red, green, blue], [blue, green, red])
        return any(
            bytes([*order, *rest]) * 8 in data for order in orders for rest in ([], [0], [255])
        )
    picture = Image.open(io.BytesIO(data), formats=["WEBP"])
    # Each channel within 40 of the colour: a lossy picture does not preserve it exactly.
    near: list[Image.Image] = [
        channel.point([255 * (abs(value - wanted) <= 40) for value in range(256)])
        for channel, wanted in zip(picture.convert("RGB").split(), colour, strict=True)
    ]
    both = ImageChops.darker(ImageChops.darker(near[0], near[1]), near[2])
    return both.getbbox() is not None


def hexed(colour: tuple[int, int, int]) -> str:
    return "#" + bytes(colour).hex()


class ScreenMachine(OutboxMachine):
    """A machine with a real screen and a real disk."""

    def record(self, folder: Path, rules: Rules) -> Any:
        """Record one slot under these rules; returns its segment."""
        self.screen = MssCapture()  # type: ignore[assignment]
        self.guard = Masker(X11WindowLocator(), rules)
        with self.open(folder) as outbox:
            self.boot()
            self.start()
            self.run(700)
            self.stop()
            self.run(700, typing=False)
            self.engine.close()
            self.step()
            return parse(segments(self.world, outbox, folder)[0])


@x11
@pytest.mark.parametrize("popup", [False, True], ids=["window", "popup"])
def test_pixels_of_a_masked_application_are_in_no_file_at_no_time(
    clean_desktop: Desktop, tmp_path: Path, files: Files, popup: bool
) -> None:
    with Application(clean_desktop, "Vault") as vault, Application(clean_desktop, "Notes") as notes:
        vault.window(hexed(SECRET), Rect(200, 100, 900, 500), popup=popup)
        vault.window(hexed(SECRET), Rect(1200, 700, 200, 300), popup=True, named=False)
        notes.window(hexed(OPEN), Rect(100, 700, 800, 300), popup=True)
        sealed = ScreenMachine().record(tmp_path / "masked", VAULT)
        files.look()
        assert files.show(OPEN)
        assert not files.show(SECRET)
        assert sealed.segment.shot == "ok"
        (shot,) = sealed.pictures.values()
        assert (shot.w, shot.h, shot.screen) == (1920, 1080, "all")
        assert (1200, 700, 200, 300) in shot.redacted
        assert shot.masks == Masks(deny=True)
        assert all(
            x >= 0 and y >= 0 and x + w <= 1920 and y + h <= 1080 for x, y, w, h in shot.redacted
        )
        # The search finds a known content.
        open_ = ScreenMachine().record(tmp_path / "open", Rules())
        files.look()
        assert files.show(SECRET)
        assert (open_.pictures[0].redacted, open_.pictures[0].masks) == ((), None)


@x11
def test_a_masked_region_is_disclosed_as_far_as_it_is_in_the_picture(
    clean_desktop: Desktop, tmp_path: Path, files: Files
) -> None:
    with Application(clean_desktop, "Vault") as vault, Application(clean_desktop, "Notes") as notes:
        vault.window(hexed(SECRET), Rect(1700, 900, 220, 180), popup=True)
        notes.window(hexed(OPEN), Rect(100, 700, 800, 300), popup=True)
        rules = Rules(regions=((1700, 900, 4000, 4000), (5000, 0, 10, 10)))
        sealed = ScreenMachine().record(tmp_path, rules)
        files.look()
    assert sealed.pictures[0].redacted == ((1700, 900, 220, 180),)
    assert sealed.pictures[0].masks == Masks(areas=True)
    assert files.show(OPEN)
    assert not files.show(SECRET)


@x11
def test_a_picture_of_allowed_applications_is_disclosed_and_blurred(
    clean_desktop: Desktop, tmp_path: Path, files: Files
) -> None:
    with Application(clean_desktop, "Vault") as vault, Application(clean_desktop, "Notes") as notes:
        vault.window(hexed(SECRET), Rect(200, 100, 900, 500), popup=True)
        notes.window(hexed(OPEN), Rect(100, 600, 800, 400), popup=True)
        rules = Rules(allowed=frozenset({"notes"}), blur=8)
        sealed = ScreenMachine().record(tmp_path, rules)
        files.look()
    assert sealed.pictures[0].masks == Masks(allow=True, blur=8)
    assert files.show(OPEN)
    assert not files.show(SECRET)


def due(m: Machine) -> float:
    """Seconds until just before the picture of the slot that has begun."""
    segment = m.engine._recorder.segment
    assert segment is not None
    return (segment.picture_times[0] - m.session.now_ms()) / 1000 - 1


def reasons(m: Machine) -> list[PictureReason]:
    m.run(700)
    m.finish()
    return [s.segment.shot for s in m.disk.sealed][:1]


def test_a_rule_where_windows_cannot_be_found_withholds_the_picture() -> None:
    m = Machine()
    m.guard.apply_settings(VAULT)
    m.start()
    assert reasons(m) == ["masked"]
    assert m.screen.taken == []
    assert m.disk.blobs == {}


def test_a_rule_that_is_set_while_recording_has_its_effect_at_once() -> None:
    m = Machine()
    m.start()
    m.run(1)
    m.run(due(m))
    m.guard.apply_settings(VAULT)
    assert reasons(m) == ["masked"]


def test_the_rules_of_a_contract_are_for_its_pictures_and_disclosed_there() -> None:
    m = Machine()
    m.guard = Masker(Places((10, 0, 20, 5)))
    m.guard.apply_settings(Rules(blur=8), {m.ctr: VAULT, "x" * 22: Rules(blur=32)})
    m.boot()
    m.start()
    m.run(700)
    m.guard.apply_settings(Rules(blur=8), {"x" * 22: Rules(blur=32)})
    m.run(600)
    m.finish()
    first, second = (sealed.pictures[0] for sealed in m.disk.sealed[:2])
    assert (first.masks, first.redacted) == (Masks(deny=True, blur=8), ((10, 0, 20, 2),))
    assert (second.masks, second.redacted) == (Masks(blur=8), ())
    assert m.errors() == []


def test_rules_that_change_while_a_picture_is_encoded_keep_it_from_the_disk() -> None:
    m = Machine()

    class Late(Masker):
        def check(self, rules: Rules, ctr: str = "") -> None:
            if m.screen.taken:
                self.apply_settings(VAULT)
            super().check(rules, ctr)

    m.guard = Late(UnavailableLocator("none"))
    m.boot()
    m.start()
    assert reasons(m) == ["masked"]
    assert m.screen.taken != []
    assert m.disk.blobs == {}


def test_a_locked_screen_is_not_captured() -> None:
    m = Machine()
    m.start()
    m.screen_locked = True
    assert reasons(m) == ["locked"]
    assert m.screen.taken == []


def test_a_screen_that_is_locked_during_the_capture_leaves_no_picture() -> None:
    m = Machine()
    grab = m.screen.grab

    def lock(now_ms: Any) -> Frame:
        m.screen_locked = True
        return grab(now_ms)

    m.screen.grab = lock  # type: ignore[method-assign]
    m.start()
    assert reasons(m) == ["locked"]
    assert len(m.screen.taken) == 1
    assert m.disk.blobs == {}


def test_masks_are_in_the_signed_segment_and_visible_to_a_reader() -> None:
    m = Machine()
    m.guard = Masker(Places((10, 0, 20, 5), (-5, 1, 10, 50)), VAULT)
    m.boot()
    m.start()
    m.run(700)
    m.finish()
    shot = m.disk.sealed[0].pictures[0]
    assert shot.redacted == ((0, 1, 5, 1), (10, 0, 20, 2))
    codes = {finding.code for finding in m.verify().findings}
    assert "N_MASKED" in codes
    assert m.errors() == []
