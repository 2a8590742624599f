"""Who viewed a picture, in words."""

from __future__ import annotations

from datetime import UTC

import pytest

from tests.ui import scenes
from tests.ui.scenes import full_day, scene
from ui.presenters.formatting import plain
from ui.presenters.own_diary.choice import DiaryChoice
from ui.presenters.own_diary.day import day_view
from ui.presenters.own_diary.viewers import viewers
from uploader.api.picture_views import ViewResponse, ViewsResponse

MORNING = scenes.at(9, 30) * 1000


def by(name: str, minute: int = 0, *, own: bool = False) -> ViewResponse:
    return ViewResponse(MORNING - minute * 60_000, name, own)


@pytest.mark.parametrize(
    ("views", "lines"),
    [
        (None, ["The list of views cannot be read now."]),
        (ViewsResponse(), ["Nobody has viewed this picture yet."]),
        (
            ViewsResponse((by("Acme"), by("Acme", 5), by("Ana", 6, own=True), by("Acme", 9))),
            ["Viewed by Acme, last 2026-11-17 09:30", "Viewed by you, last 2026-11-17 09:24"],
        ),
        # A client may have the freelancer's name.
        (
            ViewsResponse((by("Ana", own=True), by("Ana", 1))),
            ["Viewed by you, last 2026-11-17 09:30", "Viewed by Ana, last 2026-11-17 09:29"],
        ),
        (
            ViewsResponse(tuple(by(name) for name in "ABCD")),
            [
                *(f"Viewed by {name}, last 2026-11-17 09:30" for name in "ABC"),
                "The page in the browser shows all views.",
            ],
        ),
        (
            ViewsResponse((by("Acme"),), more=True),
            ["Viewed by Acme, last 2026-11-17 09:30", "The page in the browser shows all views."],
        ),
    ],
)
def test_each_person_has_a_line_with_the_last_view(
    views: ViewsResponse | None, lines: list[str]
) -> None:
    found = viewers(views, UTC, plain)
    assert found.replace("\u2068", "").replace("\u2069", "").split("\n") == lines


def test_a_long_or_right_to_left_name_stays_within_its_line() -> None:
    (line,) = viewers(ViewsResponse((by("ا" * 200),)), UTC, plain).split("\n")
    assert "\u2068" in line
    assert "…" in line
    assert line.endswith("09:30")


def test_the_views_of_the_segment_in_the_panel_are_shown() -> None:
    moment = scene(day=full_day())
    view = day_view(moment, DiaryChoice(), plain)
    assert view.panel is not None
    assert view.viewers == ""
    read = {view.panel.hash: ViewsResponse()}
    assert day_view(moment, DiaryChoice(views=read), plain).viewers.startswith("Nobody")
    other = {"0" * 43: ViewsResponse()}
    assert day_view(moment, DiaryChoice(views=other), plain).viewers == ""
