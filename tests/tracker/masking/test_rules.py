"""Masking rules are parsed strictly; in doubt the whole picture is masked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.capture.interface import CaptureError, Frame
from tracker.masking.masker import Masker, PositionsUnknownError, UnavailableLocator
from tracker.masking.rules import Rectangle, Rules, application, is_application, is_region, region
from tracker.selection.environment import Environment
from tracker.selection.masking import RULES, select_masking


@pytest.mark.parametrize(
    ("text", "rectangle"),
    [
        ("0,0 1x1", (0, 0, 1, 1)),
        ("1920,0 640x480", (1920, 0, 640, 480)),
        (" -1280, -40 640 x 480 ", (-1280, -40, 640, 480)),
        ("100000,100000 100000x100000", (100000, 100000, 100000, 100000)),
    ],
)
def test_a_region_is_a_position_and_a_size(text: str, rectangle: Rectangle) -> None:
    assert is_region(text)
    assert region(text) == rectangle


@pytest.mark.parametrize(
    "text",
    ["", "0,0", "640x480", "0,0 0x480", "0,0 640x0", "0,0 -1x5", "1.5,0 2x2", "0,0 640x480 x",
     "100001,0 1x1", "0,0 1x100001", "٣,0 1x1", "0,0\n1x1"],
)  # fmt: skip
def test_an_invalid_region_is_refused_with_its_text(text: str) -> None:
    assert not is_region(text)
    with pytest.raises(ValueError, match="is not an area of the desktop"):
        region(text)


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "\0", "x" * 101])
def test_an_invalid_name_is_refused(text: str) -> None:
    assert not is_application(text)
    with pytest.raises(ValueError, match="is not the name of an application"):
        application(text)


def test_names_are_compared_without_their_capitals() -> None:
    assert Rules.parse([" KeePassXC", "keepassxc"], ["1,2 3x4"]) == Rules(
        frozenset({"keepassxc"}), ((1, 2, 3, 4),)
    )


DESKS = [
    (Environment("linux", "x11"), True),
    (Environment("linux", "wayland"), False),
    (Environment("linux", "none"), False),
    (Environment("win32", "windows"), False),
    (Environment("darwin", "aqua"), False),
    (Environment("freebsd14", "x11"), False),
]


@pytest.mark.parametrize(("environment", "known"), DESKS)
def test_only_where_windows_can_be_found_is_an_application_masked(
    environment: Environment, known: bool
) -> None:
    assert isinstance(select_masking(environment), UnavailableLocator) is not known
    assert {next(row for row in RULES if row.fits(d)) for d, _ in DESKS} == set(RULES)


def frame(
    width: int = 100, height: int = 50, left: int = 0, top: int = 0, scale: float = 1
) -> Frame:
    return Frame(
        width, height, bytes([1]) + bytes(4 * width * height - 1), "all", 0, left, top, scale
    )


class Places:
    """A locator that has seen windows at these rectangles, or loses their positions."""

    def __init__(self, *rectangles: Rectangle, fail: bool = False) -> None:
        self._places, self._fail = rectangles, fail
        self.asked: list[frozenset[str]] = []

    @contextlib.contextmanager
    def observe(
        self, applications: frozenset[str], allowed: frozenset[str] | None = None
    ) -> Iterator[Places]:
        self.asked.append(applications if allowed is None else applications | allowed)
        yield self

    def allowed_area(self) -> list[Rectangle]:
        return list(self.visible_rectangles())

    def visible_rectangles(self) -> tuple[Rectangle, ...]:
        if self._fail:
            raise PositionsUnknownError("gone")
        return self._places

    def names(self) -> tuple[str, ...]:
        return ()


def reason(guard: Masker, grab: Callable[[], Frame] = frame) -> str:
    with pytest.raises(CaptureError) as caught:
        guard.take(grab)
    return caught.value.reason


APPS = Rules(frozenset({"bank"}))


def test_without_rules_nothing_is_masked_and_no_window_looked_for() -> None:
    finder = Places((1, 1, 5, 5))
    assert Masker(finder).take(frame) == (frame(), ())
    assert finder.asked == []


def test_an_application_rule_withholds_the_picture_where_windows_cannot_be_found() -> None:
    assert reason(Masker(UnavailableLocator("Wayland"), APPS)) == "masked"
    assert reason(Masker(Places(fail=True), APPS)) == "masked"
    # A rule about a region needs no windows.
    assert Masker(UnavailableLocator("Wayland"), Rules(regions=((0, 0, 5, 5),))).take(frame)[1] == (
        (0, 0, 5, 5),
    )


def test_rules_that_cannot_be_read_withhold_the_picture() -> None:
    assert reason(Masker(Places(), Rules(unreadable=True))) == "masked"


def test_rules_that_change_during_the_picture_withhold_it() -> None:
    guard = Masker(Places())

    def grab() -> Frame:
        guard.apply_settings(APPS)
        return frame()

    assert reason(guard, grab) == "masked"
    assert guard.take(frame) == (frame(), ())


def test_a_picture_that_fails_keeps_its_own_reason() -> None:
    def grab() -> Frame:
        raise CaptureError("denied", "no")

    assert reason(Masker(Places(), APPS), grab) == "denied"


def test_rectangles_of_the_desktop_become_those_of_the_picture() -> None:
    rules = Rules(APPS.applications, ((-20, -20, 30, 30), (500, 0, 10, 10)))
    guard = Masker(Places((140, 30, 500, 10), (0, 0, 10, 10)), rules)
    assert guard.take(frame)[1] == ((0, 0, 10, 10),)
    there = frame(left=100, top=10)
    assert guard.take(lambda: there)[1] == ((40, 20, 60, 10),)
    fine = frame(left=-10, top=-5, scale=1.5)
    assert guard.take(lambda: fine)[1] == ((0, 0, 30, 23),)


@given(
    st.lists(
        st.tuples(
            st.integers(-50, 150), st.integers(-50, 150), st.integers(1, 90), st.integers(1, 90)
        )
    ),
    st.integers(-30, 30),
    st.sampled_from([0.5, 1.0, 2.0, 4.0]),
)
def test_every_pixel_of_a_rule_is_inside_a_rectangle(
    rectangles: list[Rectangle], left: int, scale: float
) -> None:
    shown = frame(40, 30, left, 7, scale)
    masks = Masker(Places(), Rules(regions=tuple(rectangles))).take(lambda: shown)[1]
    assert all(
        x >= 0 and y >= 0 and w > 0 and h > 0 and x + w <= 40 and y + h <= 30
        for x, y, w, h in masks
    )
    for column in range(40):
        for row in range(30):
            x, y = left + column / scale, 7 + row / scale
            hidden = any(
                px < x + 1 / scale and x < px + w and py < y + 1 / scale and y < py + h
                for px, py, w, h in rectangles
            )
            if hidden:
                assert any(mx <= column < mx + w and my <= row < my + h for mx, my, w, h in masks)
