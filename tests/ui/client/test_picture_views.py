"""Reading views on a thread: only the newest request counts, and the thread ends."""

from __future__ import annotations

import threading
from queue import Queue

import pytest

from tests.desktop_fixtures.waiting import wait_for
from ui.client.interface import SegmentViews
from ui.client.picture_views import ViewReader
from uploader.api.picture_views import ViewsResponse
from uploader.errors import NetworkError, Problem


class Marketplace:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked: Queue[str] = Queue()
        self.answers: Queue[ViewsResponse | None] = Queue()

    def views(self, segment: str) -> ViewsResponse:
        self.asked.put(segment)
        found = self.answers.get(timeout=30)
        if found is None:
            raise NetworkError(Problem.OFFLINE, "offline")
        return found


def threads() -> int:
    return sum(thread.name == "workdiary-views" for thread in threading.enumerate())


@pytest.mark.expected_logs("the views of a picture could not be read")
def test_an_unexpected_error_ends_no_later_reading() -> None:
    class Broken(Marketplace):
        def views(self, segment: str) -> ViewsResponse:
            if segment == "broken":
                raise RuntimeError("a defect")
            return super().views(segment)

    marketplace, reports = Broken(), Queue[SegmentViews]()
    reader = ViewReader(marketplace, reports.put)  # type: ignore[arg-type]
    reader.request("broken")
    assert reports.get(timeout=30) == SegmentViews("broken", None)
    marketplace.answers.put(ViewsResponse())
    reader.request("next")
    assert reports.get(timeout=30) == SegmentViews("next", ViewsResponse())
    wait_for(lambda: threads() == 0, what="the thread to end")


def test_what_was_selected_in_passing_is_not_read() -> None:
    marketplace, reports = Marketplace(), Queue[SegmentViews]()
    reader = ViewReader(marketplace, reports.put)  # type: ignore[arg-type]
    assert threads() == 0
    reader.request("first")
    assert marketplace.asked.get(timeout=30) == "first"
    for name in ("second", "third", "last"):
        reader.request(name)
    assert threads() == 1
    marketplace.answers.put(ViewsResponse())
    assert reports.get(timeout=30) == SegmentViews("first", ViewsResponse())
    assert marketplace.asked.get(timeout=30) == "last"
    marketplace.answers.put(None)
    assert reports.get(timeout=30) == SegmentViews("last", None)
    wait_for(lambda: threads() == 0, what="the thread to end")
    reader.request("again")
    assert marketplace.asked.get(timeout=30) == "again"
    marketplace.answers.put(ViewsResponse())
    assert reports.get(timeout=30).segment == "again"
    wait_for(lambda: threads() == 0, what="the thread to end")
