"""The desktop's permission dialog for pictures."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from tracker.selection.capture import ReselectingBackend
from tracker.selection.environment import Environment
from ui.client import capture_permission

PORTAL = Environment("linux", "wayland", features=frozenset({"portal-screenshot"}))
FILMS = Environment(
    "linux", "wayland", features=frozenset({"portal-screencast", "pipewire-frames"})
)


class PermissionDialog:
    """Answers after the program has reported that it waits, or at once."""

    def __init__(self, capture: ReselectingBackend, answer: str, *, slowly: bool) -> None:
        self.reported: list[str] = []
        self.asked = 0
        self._waited = threading.Event()
        self._backend = cast("Any", capture.pending_permission)
        self._answer, self._slowly = answer, slowly
        self._backend.request_once = self._ask

    def _ask(self) -> str:
        self.asked += 1
        if self._slowly:
            assert self._waited.wait(60)
        self._backend.permission = self._answer
        return self._answer

    def hear(self, code: str) -> None:
        self.reported.append(code)
        self._waited.set()


@pytest.mark.parametrize(
    ("answer", "slowly", "reported"),
    [
        ("allowed", False, []),
        ("denied", False, ["leave_denied"]),
        ("allowed", True, ["leave_asked", "leave_given"]),
        ("denied", True, ["leave_asked", "leave_denied"]),
        ("unasked", True, ["leave_asked", "leave_unknown"]),
    ],
)
@pytest.mark.parametrize("environment", [PORTAL, FILMS], ids=["pictures", "films"])
def test_the_person_sees_the_question_and_its_result(
    environment: Environment, answer: str, slowly: bool, reported: list[str]
) -> None:
    capture = ReselectingBackend(lambda: environment)
    assert capture_permission.needs_permission(capture)
    person = PermissionDialog(capture, answer, slowly=slowly)
    capture_permission.request_permission(capture, person.hear)
    assert person.reported == reported
    assert capture_permission.needs_permission(capture) == (answer == "unasked")


def test_what_was_answered_is_not_asked_again() -> None:
    capture = ReselectingBackend(lambda: PORTAL)
    person = PermissionDialog(capture, "allowed", slowly=False)
    capture_permission.request_permission(capture, person.hear)
    capture.refresh()
    capture_permission.request_permission(capture, person.hear)
    assert person.asked == 1


def test_a_desktop_without_a_permission_dialog_gets_no_request() -> None:
    capture = ReselectingBackend(lambda: Environment("linux", "x11"))
    assert capture.pending_permission is None
    assert not capture_permission.needs_permission(capture)
    capture_permission.request_permission(capture, pytest.fail)
