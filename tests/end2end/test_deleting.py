"""A picture is deleted after its upload.

Ana deletes a picture in her own diary, and lets the time to undo it pass. Her client sees a gap
with the reason, and no byte of the picture remains, on her computer or at the marketplace.
"""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from diary.objects.picture import Picture
from diary.objects.segment import SealedSegment
from tests.desktop_fixtures.target import Target, random_code
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Window
from tests.end2end.running_system import Reviewer, RunningSystem, chromium

pytestmark = pytest.mark.xdist_group("end2end-2")

DIARY = "Diary"


def files_with(folder: Path, piece: bytes) -> list[Path]:
    """The files below a folder that contain these bytes."""
    return [path for path in folder.rglob("*") if path.is_file() and piece in path.read_bytes()]


def piece_of_its_own(path: Path, folder: Path) -> bytes:
    """Bytes of a picture that no other file contains: pictures of one screen begin alike."""
    data = path.read_bytes()
    pieces = (data[at : at + 64] for at in range(100, len(data) - 64, 64))
    return next(piece for piece in pieces if files_with(folder, piece) == [path])


def shows_delete(system: RunningSystem, diary: Window) -> bool:
    """Whether the diary has a selected slot: its Delete button has the only red text."""
    picture = system.desktop.screenshot(area=system.desktop.x.window(diary.id).rect)
    colours = picture.getcolors(1 << 20) or []
    return any(
        isinstance(colour, tuple) and colour[0] > 150 and max(colour[1:]) < 80
        for _, colour in colours
    )


def with_picture(system: RunningSystem) -> SealedSegment | None:
    """An uploaded segment with a picture that no other segment names: the file of a shared picture
    is kept.
    """
    sealed = system.sealed()
    if not sealed or len(system.receipts()) != len(sealed):
        return None
    shots = [shot for each in sealed for shot in each.pictures.values()]
    shown = Counter(blob.sha256 for shot in shots for blob in (shot.blob, shot.thumb))
    return next(
        (each for each in sealed if 0 in each.pictures and _alone(each.pictures[0], shown)), None
    )


def _alone(shot: Picture, shown: Counter[str]) -> bool:
    return shown[shot.blob.sha256] == shown[shot.thumb.sha256] == 1


def test_a_deleted_picture_leaves_a_gap_and_no_bytes(system: RunningSystem) -> None:
    desktop, gui = system.desktop, system.gui
    system.open_client()
    target = Target(desktop, random_code())
    gui.start_recording("Checkout: address form")
    gui.hide_window()

    places = itertools.count()

    def work() -> SealedSegment | None:
        # A different screen at each turn, so that no two pictures are equal.
        row, column = divmod(next(places), 20)
        desktop.xdotool("windowmove", str(target.window.id), str(40 * column), str(40 * row))
        target.focus()
        target.type("work ")
        return with_picture(system)

    wait_for(work, timeout=180, every=1, what="a sent picture")
    system.wait_mid_slot()
    system.stop_recording()
    system.wait_all_sent()
    sealed = with_picture(system)
    assert sealed is not None
    shot = sealed.pictures[0]
    (kept,) = (system.folder / "client").glob(f"*/blobs/{shot.blob.sha256}")
    client_folder = system.folder / "client"
    pieces = [
        piece_of_its_own(path, client_folder) for path in (kept, kept.with_name(shot.thumb.sha256))
    ]
    for piece in pieces:
        assert files_with(system.folder / "client", piece)
        assert files_with(system.folder / "market", piece)

    desktop.focus(gui.open_window())
    desktop.xdotool("key", "alt+y")
    today = system.window(DIARY)
    desktop.focus(today)
    wait_for(lambda: shows_delete(system, today), timeout=60, what="the day's slots")
    older = {each.segment.slot for each in system.sealed()}
    before = sum(slot < sealed.segment.slot for slot in older)
    desktop.xdotool("key", "Home", *["Right"] * before, "alt+d")

    def answered() -> list[Path]:
        return list((system.folder / "client").glob("*/tombstones/*.tlog-proof"))

    wait_for(answered, timeout=60, what="the receipt of the deletion")
    for piece in pieces:
        assert files_with(system.folder / "client", piece) == []
        assert files_with(system.folder / "market", piece) == []
    (left,) = (each for each in system.sealed() if each.hash == sealed.hash)
    assert left.pictures == {}
    assert left.sdjwt.jws.data == sealed.sdjwt.jws.data

    with chromium() as browser:
        client = Reviewer(browser, system.links.client)
        slots = {each.segment.slot for each in system.sealed()}
        client.wait_slots(sealed.segment.ctr, len(slots))
        client.open_slot(f"/contracts/{sealed.segment.ctr}/slots/{sealed.segment.slot}")
        assert "deleted" in client.page.locator("main").inner_text().lower()
        sources = [image.get_attribute("src") or "" for image in client.page.locator("img").all()]
        assert not [source for source in sources if sealed.hash in source]
