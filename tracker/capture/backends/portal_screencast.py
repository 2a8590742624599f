"""Pictures by the desktop's portal where it lends its screens only as a film:
org.freedesktop.portal.ScreenCast, on Wayland.

For each picture a session is begun, one frame of each screen is read, and the session is closed, so
that the desktop shows only for that moment that the screen is seen. Rules kept:

- the desktop asks its person once, from our window (`ask_once`); then it lends a token, by which
  the next session needs no question. It holds for one session, which lends the next: each is kept
  before its picture is read;
- without a token nothing is asked of the desktop in the middle of work: the reason is recorded;
- a token that the desktop does not take any longer makes it ask again, which nobody can know
  beforehand: such a question is withdrawn after `RESTORE_S`, and the token is forgotten, so that
  the next Start asks from the window.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.capture.backends.pipewire_frame import LateError, read_picture
from tracker.capture.backends.portal_requests import (
    PATH,
    PERSON_S,
    open_portal,
    portal_token,
    request_permission,
    version_of,
)
from tracker.capture.interface import CaptureError, Frame
from tracker.capture.stitch import MonitorImage, stitch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL import Image

    from tracker.capture.backends.portal_requests import PortalSession
    from tracker.capture.interface import KeyValueFile, Permission

_log = logging.getLogger(__name__)

SCREENCAST = "org.freedesktop.portal.ScreenCast"
_SESSION = "org.freedesktop.portal.Session"
#: The first that lends tokens.
VERSION = 4
_MONITOR, _NO_CURSOR, _UNTIL_REVOKED = 1, 1, 2

#: Seconds for a desktop that has to ask nobody, for the frames of all screens, and for one of them
#: before it is read anew.
RESTORE_S = 10.0
FRAMES_S = 10.0
FIRST_S = 3.0
#: A desk has fewer screens, and a token fewer letters.
_MOST_STREAMS = 16
_LONGEST_TOKEN = 4096


@dataclass(frozen=True)
class Stream:
    """One screen: its place at PipeWire, and where it is on the desktop, as far as that is told."""

    node: int
    position: tuple[int, int] | None = None
    size: tuple[int, int] | None = None


class ScreenCastCapture:
    """Takes all monitors that the person lends, in one picture. See `Asking`.

    `kept` holds the token; `read` gets a picture from PipeWire.
    """

    name = "screencast"

    def __init__(
        self,
        kept: KeyValueFile,
        restore_s: float = RESTORE_S,
        read: Callable[[int, int, float], Image.Image] = read_picture,
    ) -> None:
        self._kept = kept
        self._restore_s = restore_s
        self._read = read
        self._token = _first(kept)
        self.permission: Permission = "unasked"

    def grab(self, now_ms: Callable[[], int]) -> Frame:
        """Raises CaptureError: "denied" while the desktop has not given its leave, "unavailable"
        when no portal can be asked, "error" when it does not answer or gives no picture.
        """
        if self._token is None:
            raise CaptureError("denied", "the desktop's leave to take pictures is not held")
        return self._grab(now_ms, self._restore_s)

    def request_once(self) -> Permission:
        """See `tracker.capture.interface.Asking`. The picture is thrown away."""
        if self.permission == "unasked":
            request_permission(lambda: self._grab(lambda: 0, PERSON_S))
        return self.permission

    def _grab(self, now_ms: Callable[[], int], wait_s: float) -> Frame:
        at_ms, end = now_ms(), time.monotonic() + wait_s
        with open_portal() as portal:
            made = portal.request(
                SCREENCAST, "CreateSession", "", (), {"session_handle_token": portal_token()}, end
            )
            session = _session(made)
            try:
                streams = self._start(portal, session, end)
                end = time.monotonic() + FRAMES_S
                parts = [self._part(portal, session, stream, end) for stream in streams]
            finally:
                with contextlib.suppress(OSError):
                    portal.send(session, _SESSION, "Close")
        return stitch(parts, at_ms)

    def _start(self, portal: PortalSession, session: str, end: float) -> list[Stream]:
        """Begin the film; the token is used up, and the next one kept. Raises CaptureError."""
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
        # Leave for this once is none for the pictures to come.
        self.permission = "denied" if self._token is None else "allowed"
        return _streams(results)

    def _keep(self, value: str | None) -> None:
        self._token = value
        try:
            self._kept.put(value)
        except OSError as error:
            _log.info("the desktop's leave could not be kept: %s", error)

    def _part(
        self, portal: PortalSession, session: str, stream: Stream, end: float
    ) -> MonitorImage:
        """A screen's picture. Who begins to read makes the desktop paint, once: where nothing moves
        and that frame is lost (mutter does lose it), none comes until somebody begins anew.
        """
        try:
            picture = self._read_once(portal, session, stream, min(end, time.monotonic() + FIRST_S))
        except LateError:
            picture = self._read_once(portal, session, stream, end)
        return MonitorImage(picture, stream.position, stream.size)

    def _read_once(
        self, portal: PortalSession, session: str, stream: Stream, end: float
    ) -> Image.Image:
        reply = portal.call(SCREENCAST, "OpenPipeWireRemote", "oa{sv}", (session, {}), end)
        try:
            remote: int = reply.body[0].to_raw_fd()
        except (AttributeError, IndexError) as error:
            raise CaptureError("error", "the desktop's portal gave no way to its film") from error
        os.set_inheritable(remote, False)
        try:
            return self._read(remote, stream.node, end)
        finally:
            os.close(remote)


def is_available(environ: Mapping[str, str]) -> bool:
    """Whether there is a portal that lends its screens, with tokens; asks no person.
    Raises OSError.
    """
    return version_of(SCREENCAST, environ) >= VERSION


def _first(kept: KeyValueFile) -> str | None:
    try:
        return kept.get()
    except OSError as error:
        _log.info("the desktop's leave could not be read: %s", error)
        return None


def _session(results: dict[str, Any]) -> str:
    """Its path. Some portals say it as a text, as is documented, and others as a path."""
    try:
        kind, path = results["session_handle"]
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal began no session") from error
    if kind not in {"s", "o"} or not str(path).startswith(f"{PATH}/session/"):
        raise CaptureError("error", "the desktop's portal began no session")
    return str(path)


def _token(results: dict[str, Any]) -> str | None:
    kind, value = results.get("restore_token", ("s", ""))
    return value if kind == "s" and 0 < len(value) <= _LONGEST_TOKEN else None


def _streams(results: dict[str, Any]) -> list[Stream]:
    try:
        kind, listed = results["streams"]
        if kind != "a(ua{sv})" or not 0 < len(listed) <= _MOST_STREAMS:
            raise CaptureError("error", f"the desktop lent no screens ({kind}, {len(listed)})")
        return [
            Stream(node, _pair(told.get("position")), _pair(told.get("size")))
            for node, told in listed
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CaptureError("error", "the desktop's portal lent no screens") from error


def _pair(told: tuple[str, Any] | None) -> tuple[int, int] | None:
    return (told[1][0], told[1][1]) if told is not None and told[0] == "(ii)" else None
