"""The helper process that takes and encodes one picture. See `picture_helper.py`."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

from tracker.capture.backends.mss_screen import MssCapture
from tracker.capture.encode import apply_masks, encode_masked, paint_over
from tracker.capture.interface import CaptureError, Part
from tracker.capture.picture_helper import receive, send
from tracker.capture.stitch import assemble

if TYPE_CHECKING:
    from tracker.capture.interface import Encoded, Frame, Mask

_SENTENCE = 500


class _Handler:
    """Answers the requests. `frame` is the picture that was taken and not yet encoded."""

    def __init__(self) -> None:
        self.frame: Frame | None = None

    def handle(
        self, request: dict[str, Any], files: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a request, and its files."""
        match request["do"]:
            case "grab":
                return self._hold(MssCapture(request["screen"]).grab(lambda: 0))
            case "assemble":
                parts = [
                    Part(data, _pair(position), _pair(size))
                    for data, (position, size) in zip(files, request["parts"], strict=True)
                ]
                return self._hold(assemble(parts, 0, request["screen"]))
            case "encode":
                return _as_answer(self._encode(_masks(request["masks"]), request["blur"]))
            case "cover":
                (data,) = files
                return _as_answer(encode_masked(paint_over(data, _masks(request["areas"]))))
        raise CaptureError("error", "the helper received an unknown request")

    def _hold(self, frame: Frame) -> tuple[dict[str, Any], list[bytes]]:
        self.frame = frame
        names = ("width", "height", "screen", "left", "top", "scale")
        return {name: getattr(frame, name) for name in names}, []

    def _encode(self, masks: list[Mask], blur: int) -> Encoded:
        frame, self.frame = self.frame, None
        if frame is None:
            raise CaptureError("error", "the helper has no picture")
        painted = apply_masks(frame, masks, blur)
        # Keep one copy of the pixels while they are encoded.
        del frame
        return encode_masked(painted)


def _pair(listed: list[int] | None) -> tuple[int, int] | None:
    return None if listed is None else (listed[0], listed[1])


def _masks(listed: list[list[int]]) -> list[Mask]:
    return [(x, y, width, height) for x, y, width, height in listed]


def _as_answer(picture: Encoded) -> tuple[dict[str, Any], list[bytes]]:
    about = {"mime": picture.mime, "w": picture.w, "h": picture.h, "redacted": picture.redacted}
    return about, [picture.data, picture.thumb]


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answer the requests from `source` until it ends; the process exits then."""
    requests: queue.SimpleQueue[tuple[dict[str, Any], list[bytes]]] = queue.SimpleQueue()

    def read() -> None:
        # A program that is gone sends no more, or half a request; a server may never answer.
        with contextlib.suppress(EOFError, ValueError):
            while True:
                requests.put(receive(source))
        os._exit(0)

    threading.Thread(target=read, name="workdiary-requests", daemon=True).start()
    handler = _Handler()
    while True:
        request, files = requests.get()
        try:
            answer, data = handler.handle(request, files)
        except CaptureError as error:
            answer, data = {"reason": error.reason, "detail": error.detail[:_SENTENCE]}, []
        except Exception as error:  # noqa: BLE001 - the program logs it
            detail = f"{type(error).__name__}: {error}"[:_SENTENCE]
            answer, data = {"reason": "error", "detail": detail}, []
        send(target, answer, data)


def main() -> int:
    """Run the helper until stdin ends."""
    from system.private_files import close_umask

    close_umask()
    # Ctrl-C reaches the whole process group, but the program decides when the helper exits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Keep printed text out of the pipe.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # While the program prepares the picture.
    import mss  # noqa: F401

    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
