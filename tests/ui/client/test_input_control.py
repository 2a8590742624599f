"""Input is counted from Start to Stop, and at no other time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import pytest

from tracker.model.status import Status
from ui.client.input_control import LISTEN_S, InputControl

if TYPE_CHECKING:
    from tracker.input.monitor import InputMonitor
    from tracker.recording.engine import Engine


class AtOnce:
    """A worker that runs each job at once."""

    def __init__(self) -> None:
        self.stopped = False

    def do(self, job: Callable[[], None]) -> None:
        assert not self.stopped
        job()

    def stop(self) -> None:
        self.stopped = True


class Notes:
    """Records calls."""

    def __init__(self, name: str, book: list[str]) -> None:
        self._name = name
        self._book = book

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def note(*args: Any, **more: Any) -> bool:
            arguments = [*(str(a) for a in args), *(f"{k}={v:g}" for k, v in more.items())]
            self._book.append(f"{self._name}.{name}({', '.join(arguments)})")
            return True

        return note


@pytest.fixture
def book() -> list[str]:
    return []


@pytest.fixture
def recording(book: list[str]) -> InputControl:
    engine = cast("Engine", Notes("engine", book))
    meter = cast("InputMonitor", Notes("meter", book))
    return InputControl(engine, meter, AtOnce())


def test_the_listener_is_up_before_the_recorder_begins(
    recording: InputControl, book: list[str]
) -> None:
    recording.start("c", "memo")
    assert book == [f"meter.start(wait_s={LISTEN_S:g})", "engine.start(c, memo)"]


def test_the_listener_is_up_before_the_recorder_continues_after_a_pause(
    recording: InputControl, book: list[str]
) -> None:
    recording.start("c", "memo")
    recording.on_status(Status(state="recording"))
    recording.pause()
    book.clear()
    recording.on_status(Status(state="paused"))
    assert book == ["meter.stop()"]
    recording.resume()
    assert book[1:] == [f"meter.start(wait_s={LISTEN_S:g})", "engine.resume_run()"]


def test_the_systems_permissions_are_read_before_each_start(book: list[str]) -> None:
    engine, meter = (
        cast("Engine", Notes("engine", book)),
        cast("InputMonitor", Notes("meter", book)),
    )
    recording = InputControl(engine, meter, AtOnce(), lambda: book.append("look"))
    for _ in range(2):
        recording.start("c", "memo")
        assert book == ["look", f"meter.start(wait_s={LISTEN_S:g})", "engine.start(c, memo)"]
        book.clear()
    recording.on_status(Status(state="recording"))
    assert "look" not in book


@pytest.mark.parametrize("state", ["stopped", "idle"])
def test_when_the_run_has_ended_nothing_is_listened_to(
    recording: InputControl, book: list[str], state: Any
) -> None:
    recording.start("c", "memo")
    recording.on_status(Status(state="recording"))
    book.clear()
    recording.on_status(Status(state=state))
    assert book == ["meter.stop()"]


def test_a_status_from_before_start_does_not_end_the_listening(
    recording: InputControl, book: list[str]
) -> None:
    recording.on_status(Status(notice_seq=3))
    recording.start("c", "memo")
    book.clear()
    recording.on_status(Status(notice_seq=3))
    assert book == []


def test_a_start_that_is_refused_ends_the_listening(
    recording: InputControl, book: list[str]
) -> None:
    recording.on_status(Status(notice_seq=3))
    recording.start("c", "memo")
    book.clear()
    recording.on_status(Status(notice_seq=4))
    assert book == ["meter.stop()"]


def test_a_status_that_changes_nothing_wakes_no_thread(book: list[str]) -> None:
    engine, meter = (
        cast("Engine", Notes("engine", book)),
        cast("InputMonitor", Notes("meter", book)),
    )
    hands = cast("AtOnce", Notes("hands", book))
    recording = InputControl(engine, meter, hands)
    for second in range(3):
        recording.on_status(Status(state="recording", session_s=second))
    recording.on_status(Status(state="recording", notice_seq=1))
    recording.on_status(Status(notice_seq=1))
    assert len([line for line in book if line.startswith("hands.do")]) == 3


def test_closing_seals_before_the_listener_ends(recording: InputControl, book: list[str]) -> None:
    assert recording.close(1.5)
    assert book == ["engine.close(1.5)", "meter.stop()"]


@pytest.mark.parametrize(
    "waiting",
    [
        Status(state="recording"),
        Status(state="starting"),
        Status(state="paused"),
        Status(state="stopped", unsealed=1),
        Status(state="idle", unsealed=2),
    ],
)
def test_work_is_settled_once_nothing_waits_to_be_sealed(
    recording: InputControl, book: list[str], waiting: Status
) -> None:
    assert recording.settle(5)
    assert book[0] == "engine.stop()"
    assert book[1].startswith("engine.drain(")
    recording.on_status(waiting)
    assert not recording.settle(0)
    recording.on_status(Status(state="stopped"))
    assert recording.settle(5)
