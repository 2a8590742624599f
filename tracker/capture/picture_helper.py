"""Takes and encodes pictures in a short-lived helper process (Linux): the program's side.

Capturing and encoding would stop Qt's thread for longer than a frame of the screen, because `mss`
and Pillow copy a large picture without releasing Python's lock. Both libraries, and the pixels of
many screens, would also stay in the memory of a program that runs all day. A helper takes one
picture and ends; a crash, or a server that never answers, ends the helper and not the program.

`helper_process.py` is the helper. The pixels stay in it: it sends the encoded picture, after the
masks are painted. Each message is one line of JSON, in which `bytes` lists the lengths of the files
that follow it. Requests to the helper, each of which it answers:

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
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from tracker.capture.interface import CaptureError, CaptureReason, Encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO, Self

    from tracker.capture.interface import HeldFrame, Mask, Part, Screens

#: The argument with which a packaged program starts itself as the helper.
OPTION = "--take-picture"
#: Seconds after which a helper is killed: an X server may never answer.
LIMIT_S = 60.0
END_S = 5.0
_LONGEST_LINE = 1 << 20
#: Of a file before and after encoding.
_LONGEST_FILE = 128 << 20


def command() -> list[str]:
    """The helper's command line: Python with its module, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "tracker.capture.helper_process"]


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
        answer, _ = self._request({"do": "grab", "screen": screen})
        return self._frame(answer, at_ms)

    def assemble(self, parts: Sequence[Part], at_ms: int, screen: str) -> HelperFrame:
        """Decode the pictures of single monitors and join them; see `stitch.assemble`."""
        places = [[part.position, part.size] for part in parts]
        request = {"do": "assemble", "parts": places, "screen": screen}
        answer, _ = self._request(request, [part.data for part in parts])
        return self._frame(answer, at_ms)

    def cover(self, data: bytes, areas: Sequence[Mask]) -> Encoded:
        """An encoded picture of this program with areas painted over, encoded again."""
        return _encoded(*self._request({"do": "cover", "areas": list(areas)}, [data]))

    def encode(self, masks: Sequence[Mask], blur: int) -> Encoded:
        """Encode the picture that was taken. See `HeldFrame`."""
        return _encoded(*self._request({"do": "encode", "masks": list(masks), "blur": blur}))

    def _frame(self, answer: dict[str, Any], at_ms: int) -> HelperFrame:
        try:
            width, height = int(answer["width"]), int(answer["height"])
            left, top, scale = int(answer["left"]), int(answer["top"]), float(answer["scale"])
            return HelperFrame(width, height, str(answer["screen"]), at_ms, left, top, scale, self)
        except (KeyError, TypeError, ValueError) as error:
            raise _invalid() from error

    def _request(
        self, request: dict[str, Any], files: Sequence[bytes] = ()
    ) -> tuple[dict[str, Any], list[bytes]]:
        if self._input.closed:
            raise CaptureError("error", "the helper that takes pictures has ended")
        try:
            send(self._input, request, files)
            answer, data = receive(self._output)
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


def send(pipe: IO[bytes], message: dict[str, Any], files: Sequence[bytes] = ()) -> None:
    """Write a message and its files. Raises OSError."""
    line = json.dumps({**message, "bytes": [len(data) for data in files]})
    pipe.write(line.encode("ascii") + b"\n")
    for data in files:
        pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
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
