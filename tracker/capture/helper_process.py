"""Takes and encodes pictures in a short-lived helper process (Linux).

Capturing and encoding would stop Qt's thread for longer than a frame of the screen, because `mss`
and Pillow copy a large picture without releasing Python's lock. Both libraries, and the pixels of
many screens, would also stay in the memory of a program that runs all day. A helper takes one
picture and ends; a crash, or a server that never answers, ends the helper and not the program.

`PictureHelper` starts this module as a program; `main` is that program. The pixels stay in the
helper: it sends the encoded picture, after the masks are painted. Each message is one line of JSON,
in which `bytes` lists the lengths of the data that follow it. Messages to the helper, each of which
it answers:

    {"do": "grab", "screen": "all"}                         a picture of the X server
    {"do": "assemble", "parts": [...], "screen": "lent"}    image files of monitors, in `bytes`
    {"do": "encode", "masks": [[x, y, w, h]], "blur": 0}    the picture; answered by two files
    {"do": "cover", "areas": [[x, y, w, h]]}                an encoded picture, in `bytes`

An answer with `reason` and `detail` is a CaptureError. The helper exits when its input ends, at
`close` and when the program dies, whatever it is doing.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from tracker.capture.interface import CaptureError, CaptureReason, Encoded, Frame, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO, Self

    from tracker.capture.interface import HeldFrame, Mask, Screens

#: The argument with which a packaged program starts itself as the helper.
OPTION = "--take-picture"
#: Seconds after which a helper is killed: an X server may never answer.
LIMIT_S = 60.0
END_S = 5.0
_LONGEST_LINE = 1 << 20
#: Of a file before and after encoding.
_LONGEST_FILE = 128 << 20
_SENTENCE = 500


def command() -> list[str]:
    """The helper's command line: Python with this module, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "tracker.capture.helper_process"]


# The program's side


class PictureHelper:
    """A helper process, for one picture. Used from one thread, as a context manager.

    Every method raises CaptureError: the helper's, or "error" if it cannot be started, dies, sends
    an invalid answer or needs longer than `limit_s` seconds in all.
    """

    def __init__(self, argv: Sequence[str] | None = None, limit_s: float = LIMIT_S) -> None:
        try:
            self._process = subprocess.Popen(
                argv or command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise CaptureError("error", f"the helper cannot be started: {error}") from error
        self._limit = threading.Timer(limit_s, self._process.kill)
        self._limit.daemon = True
        self._limit.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the helper; the pixels are gone then. Does nothing the second time."""
        self._limit.cancel()
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def grab(self, screen: str, at_ms: int) -> HelperFrame:
        """Take a picture of the X server; see `MssCapture` for `screen`."""
        answer, _ = self._ask({"do": "grab", "screen": screen})
        return self._frame(answer, at_ms)

    def assemble(self, parts: Sequence[Part], at_ms: int, screen: str) -> HelperFrame:
        """Decode the pictures of single monitors and join them; see `stitch.assemble`."""
        places = [[part.position, part.size] for part in parts]
        order = {"do": "assemble", "parts": places, "screen": screen}
        answer, _ = self._ask(order, [part.data for part in parts])
        return self._frame(answer, at_ms)

    def cover(self, data: bytes, areas: Sequence[Mask]) -> Encoded:
        """An encoded picture of this program with areas painted over, encoded again."""
        return _encoded(*self._ask({"do": "cover", "areas": list(areas)}, [data]))

    def encode(self, masks: Sequence[Mask], blur: int) -> Encoded:
        """Encode the picture that was taken. See `HeldFrame`."""
        return _encoded(*self._ask({"do": "encode", "masks": list(masks), "blur": blur}))

    def _frame(self, answer: dict[str, Any], at_ms: int) -> HelperFrame:
        try:
            width, height = int(answer["width"]), int(answer["height"])
            left, top, scale = int(answer["left"]), int(answer["top"]), float(answer["scale"])
            return HelperFrame(width, height, str(answer["screen"]), at_ms, left, top, scale, self)
        except (KeyError, TypeError, ValueError) as error:
            raise _invalid() from error

    def _ask(
        self, order: dict[str, Any], files: Sequence[bytes] = ()
    ) -> tuple[dict[str, Any], list[bytes]]:
        if self._input.closed:
            raise CaptureError("error", "the helper that takes pictures has ended")
        try:
            _send(self._input, order, files)
            answer, data = _receive(self._output)
        except (OSError, EOFError) as error:
            raise CaptureError("error", "the helper that takes pictures has ended") from error
        except ValueError as error:
            raise _invalid() from error
        if "reason" in answer:
            reason: CaptureReason = "error"
            if answer["reason"] in get_args(CaptureReason):
                reason = answer["reason"]
            raise CaptureError(reason, str(answer.get("detail")))
        return answer, data

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None  # noqa: S101 - a pipe since the start
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None  # noqa: S101 - a pipe since the start
        return self._process.stdout


@dataclass(frozen=True)
class HelperFrame:
    """A picture whose pixels a helper holds. See `tracker.capture.interface.HeldFrame`."""

    width: int
    height: int
    screen: str
    at_ms: int
    left: int
    top: int
    scale: float
    helper: PictureHelper

    def encode(self, masks: Sequence[Mask], blur: int = 0) -> Encoded:
        """See `HeldFrame`. Raises CaptureError, also after the session of the picture."""
        return self.helper.encode(masks, blur)


class HelperCapture:
    """Captures the X server as `MssCapture` does, and has the name of that backend."""

    name = "mss"

    def __init__(self, argv: Sequence[str] | None = None) -> None:
        self._argv = argv
        self.screen: str = "all"

    def set_target(self, screens: Screens) -> None:
        """See `tracker.capture.interface.SelectableTarget`."""
        self.screen = screens

    @contextlib.contextmanager
    def session(self) -> Iterator[HelperCamera]:
        """See `tracker.capture.interface.SessionBackend`."""
        with PictureHelper(self._argv) as helper:
            yield HelperCamera(self.name, lambda now_ms: helper.grab(self.screen, now_ms()))

    def grab(self, now_ms: Callable[[], int]) -> HeldFrame:
        """Take a picture that cannot be encoded, to find out whether that is possible."""
        with self.session() as camera:
            return camera.grab(now_ms)


@dataclass(frozen=True)
class HelperCamera:
    """The backend of a session: a name, and the function that takes a picture."""

    name: str
    take: Callable[[Callable[[], int]], HeldFrame]

    def grab(self, now_ms: Callable[[], int]) -> HeldFrame:
        """See `tracker.capture.interface.CaptureBackend`."""
        return self.take(now_ms)


def cover_in_helper(data: bytes, areas: Sequence[Mask]) -> Encoded:
    """An encoded picture of this program with areas painted over. Raises CaptureError."""
    with PictureHelper() as helper:
        return helper.cover(data, areas)


def _encoded(answer: dict[str, Any], files: list[bytes]) -> Encoded:
    try:
        data, thumb = files
        masks = tuple((int(x), int(y), int(w), int(h)) for x, y, w, h in answer["redacted"])
        width, height = int(answer["w"]), int(answer["h"])
        return Encoded(data, str(answer["mime"]), width, height, thumb, masks)
    except (KeyError, TypeError, ValueError) as error:
        raise _invalid() from error


def _invalid() -> CaptureError:
    return CaptureError("error", "the helper that takes pictures sent an invalid answer")


# Messages


def _send(pipe: IO[bytes], message: dict[str, Any], files: Sequence[bytes] = ()) -> None:
    """Write a message and its files. Raises OSError."""
    line = json.dumps({**message, "bytes": [len(data) for data in files]})
    pipe.write(line.encode("ascii") + b"\n")
    for data in files:
        pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read a message and its files. Raises OSError, EOFError, and ValueError for another one."""
    line = pipe.readline(_LONGEST_LINE)
    if not line:
        raise EOFError
    message = json.loads(line)
    lengths = message.pop("bytes", None) if isinstance(message, dict) else None
    if not isinstance(lengths, list):
        raise ValueError("no message")  # noqa: TRY004 - the caller's error for any invalid message
    files = []
    for length in lengths:
        if not isinstance(length, int) or not 0 <= length <= _LONGEST_FILE:
            raise ValueError("an impossible length")
        data = pipe.read(length)
        if len(data) != length:
            raise EOFError
        files.append(data)
    return message, files


# The helper's side


class _Studio:
    """Carries out the messages. `frame` is the picture that was taken and not yet encoded."""

    def __init__(self) -> None:
        self.frame: Frame | None = None

    def carry_out(
        self, order: dict[str, Any], files: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a message."""
        from tracker.capture.encode import encode_masked, paint_over

        match order["do"]:
            case "grab":
                from tracker.capture.backends.mss_screen import MssCapture

                return self._hold(MssCapture(order["screen"]).grab(lambda: 0))
            case "assemble":
                from tracker.capture.stitch import assemble

                parts = [
                    Part(data, _pair(position), _pair(size))
                    for data, (position, size) in zip(files, order["parts"], strict=True)
                ]
                return self._hold(assemble(parts, 0, order["screen"]))
            case "encode":
                return _as_answer(self._encode(_masks(order["masks"]), order["blur"]))
            case "cover":
                (data,) = files
                return _as_answer(encode_masked(paint_over(data, _masks(order["areas"]))))
        raise CaptureError("error", "the helper received an unknown message")

    def _hold(self, frame: Frame) -> tuple[dict[str, Any], list[bytes]]:
        self.frame = frame
        names = ("width", "height", "screen", "left", "top", "scale")
        return {name: getattr(frame, name) for name in names}, []

    def _encode(self, masks: list[Mask], blur: int) -> Encoded:
        from tracker.capture.encode import apply_masks, encode_masked

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
    """Answer the messages of `source` until it ends; the process exits then."""
    orders: queue.SimpleQueue[tuple[dict[str, Any], list[bytes]]] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(EOFError):
            while True:
                orders.put(_receive(source))
        # The program is gone, while a server may never answer.
        os._exit(0)

    threading.Thread(target=read, name="workdiary-orders", daemon=True).start()
    studio = _Studio()
    while True:
        order, files = orders.get()
        try:
            answer, data = studio.carry_out(order, files)
        except CaptureError as error:
            answer, data = {"reason": error.reason, "detail": error.detail[:_SENTENCE]}, []
        except Exception as error:  # noqa: BLE001 - the program logs it
            detail = f"{type(error).__name__}: {error}"[:_SENTENCE]
            answer, data = {"reason": "error", "detail": detail}, []
        _send(target, answer, data)


def main() -> int:
    """Run the helper until stdin ends."""
    from system.private_files import close_umask

    close_umask()
    # Ctrl-C reaches the whole process group, but the program decides when the helper exits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Keep printed text out of the pipe.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Load the libraries while the program prepares the picture.
    import mss  # noqa: F401

    import tracker.capture.encode  # noqa: F401

    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
