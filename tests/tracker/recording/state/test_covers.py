"""Areas that a person covers: painted over before the upload, disclosed, never uncovered."""

from __future__ import annotations

import contextlib
import errno
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.tracker.machine import Machine, PowerCut
from tracker.capture.encode import MASK
from tracker.capture.interface import Frame
from tracker.recording.state.cover_areas import MAX_AREAS, Area

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, HEIGHT = 480, 320
SECRET, OPEN = (224, 27, 132), (42, 157, 79)
#: The right half of the screen shows the secret.
AREA: Area = (WIDTH // 2, 0, WIDTH // 2, HEIGHT)


def secret_screen(now_ms: Callable[[], int]) -> Frame:
    pixels = Image.new("RGB", (WIDTH, HEIGHT), OPEN)
    pixels.paste(SECRET, (WIDTH // 2, 0, WIDTH, HEIGHT))
    return Frame(WIDTH, HEIGHT, pixels.convert("RGBA").tobytes("raw", "BGRA"), "all", now_ms())


def machine(**terms: object) -> Machine:
    """Recording, with a picture of the secret under review."""
    m = Machine(terms={"review_s": 60, **terms})
    m.screen.grab = secret_screen  # type: ignore[method-assign]
    m.start()
    while not m.has_picture():
        m.run(1)
    return m


def colours(data: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The colours in the middle of the left and of the right half."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    y = picture.height // 2
    found = [picture.getpixel((picture.width * x // 4, y)) for x in (1, 3)]
    assert all(isinstance(each, tuple) for each in found)
    return found[0], found[1]  # type: ignore[return-value]


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) <= 12 for a, b in zip(colour, wanted, strict=True))


def shows_the_secret(data: bytes) -> bool:
    return near(colours(data)[1], SECRET)


def cover(m: Machine, *areas: Area) -> None:
    m.engine.cover_picture(m.picture().id, areas)
    m.step()


def test_covered_areas_are_destroyed_and_disclosed_and_the_time_stays() -> None:
    m = machine()
    assert all(map(shows_the_secret, m.disk.blobs.values()))
    at = int(m.now_s)
    cover(m, AREA)
    assert (m.picture().state, len(m.disk.blobs)) == ("kept", 2)
    assert m.picture().thumb in m.disk.blobs.values()
    for data in m.disk.blobs.values():
        left, right = colours(data)
        assert near(left, OPEN)
        assert near(right, MASK)
    assert m.engine.read_picture(m.picture().file) in m.disk.blobs.values()
    m.run(600 - at)
    m.finish()
    assert m.spans() == [(0, 600)]
    (shot,) = m.disk.sealed[0].pictures.values()
    assert (shot.w, shot.h, shot.redacted) == (WIDTH, HEIGHT, (AREA,))
    assert "N_MASKED" in {finding.code for finding in m.verify().findings}
    assert m.errors() == []


def test_a_kept_picture_can_be_covered_until_its_segment_is_sealed() -> None:
    m = machine()
    m.engine.keep_picture(m.picture().id)
    m.step()
    cover(m, (0, 0, 10, 10))
    cover(m, AREA)
    m.finish()
    assert m.disk.sealed[0].pictures[0].redacted == ((0, 0, 10, 10), AREA)
    assert not any(map(shows_the_secret, m.disk.blobs.values()))
    cover(m, AREA)
    assert m.notices == ["picture_gone"]
    assert m.errors() == []


@pytest.mark.parametrize(
    "areas",
    [
        (),
        ((10, 10, 0, 5),),
        (AREA, (10, 10, 5, -1)),
        (AREA, (WIDTH, 0, 10, 10)),
        ((-20, 0, 20, 10),),
        ((2**80, 2**80, 1, 1),),
        tuple((x, 0, 1, 1) for x in range(MAX_AREAS + 1)),
    ],
    ids=["none", "no width", "negative", "outside", "left of it", "huge", "too many"],
)
def test_an_area_that_cannot_be_covered_refuses_all_and_the_review_begins_again(
    areas: tuple[Area, ...],
) -> None:
    m = machine()
    before = dict(m.disk.blobs)
    m.run(40)
    m.engine.cover_picture(m.picture().id, areas)
    m.step()
    assert m.notices == ["cover_refused"]
    assert m.notice().params == {"limit": MAX_AREAS}
    assert m.disk.blobs == before
    assert m.picture().review_until_ms == m.session.now_ms() + 60_000


def test_areas_are_cut_at_the_edge_and_counted_once() -> None:
    m = machine()
    cover(m, (-50, -50, 60, 60), (470, 300, 2**70, 2**70), (0, 0, 10, 10))
    m.finish()
    assert m.disk.sealed[0].pictures[0].redacted == ((0, 0, 10, 10), (470, 300, 10, 20))


def test_a_second_request_while_the_first_is_carried_out_covers_both() -> None:
    m = machine()
    m.worker.at_once = False
    cover(m, (0, 0, 10, 10))
    cover(m, (0, 0, 10, 10))
    cover(m, AREA)
    assert m.picture().state == "covering"
    m.stop()
    m.run(10)
    assert m.disk.sealed == []
    m.worker.finish()
    m.run(1)
    assert m.disk.sealed[0].pictures[0].redacted == ((0, 0, 10, 10), AREA)
    assert len(m.disk.blobs) == 2
    assert m.errors() == []


def test_a_picture_deleted_while_it_is_covered_leaves_nothing() -> None:
    m = machine()
    m.worker.at_once = False
    cover(m, AREA)
    m.engine.delete_picture(m.picture().id)
    m.step()
    m.worker.finish()
    m.run(1)
    m.finish()
    assert m.disk.blobs == {}
    assert m.errors() == []


@pytest.mark.parametrize("damage", ["missing", "changed", "no picture"])
def test_a_picture_that_cannot_be_covered_is_destroyed_and_its_time_stays(damage: str) -> None:
    m = machine()
    file = m.picture().file
    if damage == "missing":
        del m.disk.blobs[file]
    else:
        m.disk.blobs[file] = b"RIFF" if damage == "no picture" else m.disk.blobs[file][:-1]
    cover(m, AREA)
    assert m.notices == ["cover_failed"]
    assert (m.has_picture(), m.disk.blobs) == (False, {})
    m.run(600 - m.now_s)
    m.finish()
    assert m.spans() == [(0, 600)]
    assert (m.disk.sealed[0].segment.shot, m.disk.sealed[0].segment.pics) == ("masked", 0)
    assert m.errors() == []


def test_a_cover_without_an_answer_destroys_the_picture_in_the_end() -> None:
    m = machine()
    m.worker.at_once = False
    cover(m, AREA)
    m.stop()
    m.run(31)
    assert [s.segment.shot for s in m.disk.sealed] == ["masked"]
    m.worker.finish()
    m.run(1)
    assert m.disk.blobs == {}


def test_the_twin_of_a_covered_picture_keeps_its_files() -> None:
    m = machine(shots=2, review_s=600)
    first = m.picture().id
    m.run(600)
    assert m.picture().id != first
    assert len(m.disk.blobs) == 2
    m.engine.cover_picture(first, (AREA,))
    m.step()
    assert sorted(map(shows_the_secret, m.disk.blobs.values())) == [False, False, True, True]


@pytest.mark.expected_logs("the disk refused: disk_full")
def test_covers_in_memory_reach_the_disk_before_the_uncovered_files_are_destroyed() -> None:
    m = machine()
    m.disk.fail = OSError(errno.ENOSPC, "full")
    cover(m, AREA)
    assert m.picture().state == "kept"
    assert all(map(shows_the_secret, m.disk.blobs.values()))
    m.disk.fail = None
    m.run(10)
    assert len(m.disk.blobs) == 2
    assert not any(map(shows_the_secret, m.disk.blobs.values()))
    m.finish()
    assert m.disk.sealed[0].pictures[0].redacted == (AREA,)
    assert m.errors() == []


def covering(power: int | None) -> Machine:
    m = machine()
    m.run(6)  # The journal has the second in which the picture was taken.
    m.disk.writes.clear()
    m.disk.power = power
    with contextlib.suppress(PowerCut):
        cover(m, AREA)
        m.stop()
    m.disk.power = None
    return m


def writes_of_a_cover() -> list[str]:
    return covering(None).disk.writes


WRITES = writes_of_a_cover()


def test_the_request_is_on_the_disk_before_the_covered_picture() -> None:
    assert WRITES[:6] == ["journal", "blob", "blob", "journal", "drop", "drop"]


@pytest.mark.parametrize("write", range(len(WRITES)))
def test_a_power_cut_at_any_write_leaves_one_picture_and_never_uncovers_it(write: int) -> None:
    m = covering(write)
    m.clocks.work(60_000)
    m.boot()
    m.step()
    if write == 0:
        # The request was not on the disk yet: the person sees the picture again.
        assert m.picture().review_until_ms == m.session.now_ms() + 60_000
        cover(m, AREA)
    m.run(5)
    (sealed,) = m.disk.sealed
    (shot,) = sealed.pictures.values()
    assert shot.redacted == (AREA,)
    assert not shows_the_secret(m.disk.blobs[shot.blob.sha256])
    assert not shows_the_secret(m.disk.blobs[shot.thumb.sha256])
    assert m.errors() == []
    # The program destroys files that no record names at each start.
    named = {shot.blob.sha256, shot.thumb.sha256}
    assert (m.disk.blobs.keys() > named) == (WRITES[write] == "drop")
