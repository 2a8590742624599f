"""One frame of a PipeWire stream, from GStreamer's command line in a child process.

Rules kept: the picture comes through a pipe and is never on disk; time and bytes are bounded; the
process is always killed and reaped.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

from tracker.capture.backends.portal_requests import remaining_time
from tracker.capture.decode import LONGEST
from tracker.capture.interface import CaptureError

if TYPE_CHECKING:
    from collections.abc import Sequence

LAUNCH, INSPECT = "gst-launch-1.0", "gst-inspect-1.0"
ELEMENTS = ("pipewiresrc", "videoconvert", "pngenc")
_PIECE = 1 << 20
_LOOK_S = 10.0


class LateError(CaptureError):
    """No picture arrived in time."""

    def __init__(self) -> None:
        super().__init__("error", "no picture arrived in time")


def is_available() -> bool:
    """Whether the command and its elements are installed. Raises OSError."""
    inspect = shutil.which(INSPECT)
    if inspect is None or shutil.which(LAUNCH) is None:
        return False
    # Without this option the element would have to be as new as GStreamer itself.
    exists = (inspect, "--exists", "--atleast-version=0.1")
    return all(_ran(*exists, element) for element in ELEMENTS)


def _ran(*argv: str) -> bool:
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            argv, stdin=quiet, stdout=quiet, stderr=quiet, timeout=_LOOK_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def read_picture(remote: int, node: int, end: float) -> bytes:
    """The next frame of a stream, as a PNG file.

    `remote` is a descriptor of a PipeWire connection, which this consumes; `end` a monotonic time.
    Raises CaptureError: "unavailable" without the command, else "error"; LateError when no frame
    arrived.
    """
    # Compressed fast: the picture stays in this computer's memory.
    source = ["pipewiresrc", f"fd={remote}", f"path={node}", "num-buffers=1"]
    png = ["pngenc", "snapshot=true", "compression-level=1"]
    argv = [LAUNCH, "-q", *source, "!", "videoconvert", "!", *png, "!", "fdsink", "fd=1"]
    return run(argv, end, (remote,))


def run(argv: Sequence[str], end: float, descriptors: Sequence[int] = ()) -> bytes:
    """A command's output. Raises CaptureError."""
    try:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,
        )
    except OSError as error:
        raise CaptureError("unavailable", f"{argv[0]} cannot be run: {error}") from error
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe, see above
        data = _read(process.stdout.fileno(), end)
        status = process.wait(remaining_time(end))
    except subprocess.TimeoutExpired as error:
        raise LateError from error
    finally:
        _end(process)
    if status != 0 or not data:
        raise CaptureError("error", f"{argv[0]} returned no picture (exit status {status})")
    return data


def _read(descriptor: int, end: float) -> bytes:
    data = bytearray()
    while True:
        if not select.select([descriptor], [], [], remaining_time(end))[0]:
            raise LateError
        piece = os.read(descriptor, _PIECE)
        if not piece:
            return bytes(data)
        data += piece
        if len(data) > LONGEST:
            raise CaptureError("error", f"more than {LONGEST} bytes for a picture")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its children, which share its process group, and reap it."""
    if process.poll() is None:
        # Ignored: Windows has no killpg and never runs this.
        os.killpg(process.pid, signal.SIGKILL)  # type: ignore[attr-defined, unused-ignore]
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
