"""Pictures through the desktop's portal where it offers only screen casts:
org.freedesktop.portal.ScreenCast, on Wayland.

Each picture opens a session, reads one frame of each screen, and closes it, so that the desktop
shows its recording indicator only for that moment. Rules kept:

- the desktop asks for permission once, from our window (`request_once`), and returns a restore
  token with which the next session needs no dialog. A token is valid for one session, which returns
  the next one: it is stored before the frames are read;
- without a token no dialog is shown during work: the reason is recorded;
- a desktop that no longer accepts the token asks again, which cannot be known beforehand: the
  request is closed after `RESTORE_S` and the token deleted, so that the next Start asks from the
  window.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.capture.backends.pipewire_frame import LateError, read_picture
from tracker.capture.backends.portal_requests import (
    PATH,
    PERSON_S,
    open_portal,
    portal_token,
    request_permission,
    version_of,
)
from tracker.capture.interface import CaptureError, Part
from tracker.capture.picture_helper import HelperCamera, PictureHelper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tracker.capture.backends.portal_requests import PortalSession
    from tracker.capture.interface import Frame, KeyValueFile, Permission

_log = logging.getLogger(__name__)

SCREENCAST = "org.freedesktop.portal.ScreenCast"
_SESSION = "org.freedesktop.portal.Session"
#: The first version with restore tokens.
VERSION = 4
_MONITOR, _NO_CURSOR, _UNTIL_REVOKED = 1, 1, 2

#: Seconds for a start without a dialog, for the frames of all screens, and for one frame before the
#: stream is opened again.
RESTORE_S = 10.0
FRAMES_S = 10.0
FIRST_S = 3.0
#: Bounds on the portal's answer: screens, and characters of a token.
_MOST_STREAMS = 16
_LONGEST_TOKEN = 4096
#: The person chose the monitors in a dialog; whether these are all is not reported.
LENT = "lent"

_T = TypeVar("_T")


@dataclass(frozen=True)
class Stream:
    """One screen: its PipeWire node, and its position and size on the desktop if reported."""

    node: int
    position: tuple[int, int] | None = None
    size: tuple[int, int] | None = None


class ScreenCastCapture:
    """Captures all monitors that the person shares, in one picture. See `NeedsPermission`.

    `store` holds the token; `read` reads a frame from PipeWire.
    """

    name = "screencast"

    def __init__(
        self,
        store: KeyValueFile,
        restore_s: float = RESTORE_S,
        read: Callable[[int, int, float], bytes] = read_picture,
    ) -> None:
        self._store = store
        self._restore_s = restore_s
        self._read = read
        self._token = _read_token(store)
        self.permission: Permission = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Take a picture. Raises CaptureError: "denied" without permission, "unavailable" without a
        portal, "error" when the portal does not answer or returns no picture.
        """
        # The program takes its pictures in sessions and does not load Pillow.
        from tracker.capture.stitch import assemble

        return self._take(now_ms, assemble)

    @contextlib.contextmanager
    def session(self) -> Iterator[HelperCamera]:
        """See `tracker.capture.interface.SessionBackend`."""
        with PictureHelper() as helper:
            yield HelperCamera(self.name, lambda now_ms: self._take(now_ms, helper.assemble))

    def request_once(self) -> Permission:
        """See `tracker.capture.interface.NeedsPermission`. The picture is discarded."""
        if self.permission == "unasked":
            request_permission(lambda: self._grab(lambda: 0, PERSON_S, lambda *_: None))
        return self.permission

    def _take(
        self, now_ms: Callable[[], int], assemble: Callable[[Sequence[Part], int, str], _T]
    ) -> _T:
        if self._token is None:
            raise CaptureError("denied", "the desktop has not permitted pictures")
        return self._grab(now_ms, self._restore_s, assemble)

    def _grab(
        self,
        now_ms: Callable[[], int],
        wait_s: float,
        assemble: Callable[[Sequence[Part], int, str], _T],
    ) -> _T:
        at_ms, end = now_ms(), time.monotonic() + wait_s
        with open_portal() as portal:
            made = portal.request(
                SCREENCAST, "CreateSession", "", (), {"session_handle_token": portal_token()}, end
            )
            session = _session(made)
            try:
                streams = self._start(portal, session, end)
                end = time.monotonic() + FRAMES_S
                parts = [self._monitor_image(portal, session, stream, end) for stream in streams]
            finally:
                with contextlib.suppress(OSError):
                    portal.send(session, _SESSION, "Close")
        return assemble(parts, at_ms, LENT)

    def _start(self, portal: PortalSession, session: str, end: float) -> list[Stream]:
        """Start the cast, which consumes the token, and store the next one. Raises CaptureError."""
        options: dict[str, tuple[str, Any]] = {
            "types": ("u", _MONITOR),
            "multiple": ("b", True),
            "cursor_mode": ("u", _NO_CURSOR),
            "persist_mode": ("u", _UNTIL_REVOKED),
        }
        if self._token is not None:
            options["restore_token"] = ("s", self._token)
        try:
            portal.request(SCREENCAST, "SelectSources", "o", (session,), options, end)
            results = portal.request(SCREENCAST, "Start", "os", (session, ""), {}, end)
        except (CaptureError, OSError) as error:
            no = isinstance(error, CaptureError) and error.reason == "denied"
            self.permission = "denied" if no else "unasked"
            self._keep(None)
            raise
        self._keep(_token(results))
        # Permission without a token covers only this session.
        self.permission = "denied" if self._token is None else "allowed"
        return _streams(results)

    def _keep(self, value: str | None) -> None:
        self._token = value
        try:
            self._store.put(value)
        except OSError as error:
            _log.info("the portal's token could not be stored: %s", error)

    def _monitor_image(
        self, portal: PortalSession, session: str, stream: Stream, end: float
    ) -> Part:
        """A screen's picture. Opening a stream makes the desktop paint one frame; if the screen is
        still and that frame is lost (as with mutter), the next one comes only after reopening.
        """
        try:
            picture = self._read_once(portal, session, stream, min(end, time.monotonic() + FIRST_S))
        except LateError:
            picture = self._read_once(portal, session, stream, end)
        return Part(picture, stream.position, stream.size)

    def _read_once(self, portal: PortalSession, session: str, stream: Stream, end: float) -> bytes:
        reply = portal.call(SCREENCAST, "OpenPipeWireRemote", "oa{sv}", (session, {}), end)
        try:
            remote: int = reply.body[0].to_raw_fd()
        except (AttributeError, IndexError) as error:
            raise CaptureError("error", "the portal returned no PipeWire connection") from error
        os.set_inheritable(remote, False)
        try:
            return self._read(remote, stream.node, end)
        finally:
            os.close(remote)


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether the portal offers restore tokens, without a dialog. Raises OSError."""
    return version_of(SCREENCAST, environ) >= VERSION


def _read_token(store: KeyValueFile) -> str | None:
    try:
        return store.get()
    except OSError as error:
        _log.info("the portal's token could not be read: %s", error)
        return None


def _session(results: dict[str, Any]) -> str:
    """The session's path; documented as a string, some portals send an object path."""
    try:
        kind, path = results["session_handle"]
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal opened no session") from error
    if kind not in {"s", "o"} or not str(path).startswith(f"{PATH}/session/"):
        raise CaptureError("error", "the desktop's portal opened no session")
    return str(path)


def _token(results: dict[str, Any]) -> str | None:
    kind, value = results.get("restore_token", ("s", ""))
    return value if kind == "s" and 0 < len(value) <= _LONGEST_TOKEN else None


def _streams(results: dict[str, Any]) -> list[Stream]:
    try:
        kind, listed = results["streams"]
        if kind != "a(ua{sv})" or not 0 < len(listed) <= _MOST_STREAMS:
            raise CaptureError("error", f"the desktop shared no screens ({kind}, {len(listed)})")
        return [
            Stream(node, _pair(properties.get("position")), _pair(properties.get("size")))
            for node, properties in listed
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal shared no screens") from error


def _pair(value: tuple[str, Any] | None) -> tuple[int, int] | None:
    return (value[1][0], value[1][1]) if value is not None and value[0] == "(ii)" else None
