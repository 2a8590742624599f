"""Counts input in a helper process, for macOS: a listener beside Qt can crash the program.

`HelperInput` starts this module as a program and reads its output; `main` is that program.

Each event is two bytes in the pipe: the kind (`k` key, `c` click, `s` scroll, `m` move) and whether
a program generated it (`+` yes, `-` no, `?` unknown). The first pair is `!!` (listening), or `x`
with `u` (unavailable) or `d` (denied) followed by a UTF-8 sentence. The format cannot carry a key,
a text or a pointer position.

The helper exits when its input ends: at `stop`, and when the program dies.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from tracker.input.interface import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    from diary.core.vocabulary import InputQuality
    from tracker.input.interface import InputBackend, InputSink

log = logging.getLogger(__name__)

#: The argument with which a packaged program starts itself as the helper.
OPTION = "--count-input"
READY_S = 20.0
END_S = 5.0
_LISTENING = b"!!"
_REFUSED = b"x"
_INJECTED: dict[bytes, bool | None] = {b"?": None, b"+": True, b"-": False}
_MARKS = {injected: mark for mark, injected in _INJECTED.items()}
_SENTENCE = 500
#: Minimum seconds between two reported moves: moves are counted per second but arrive far more
#: often.
_MOVE_S = 0.1


def command() -> list[str]:
    """The helper's command line: Python with this module, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "tracker.input.backends.helper_process"]


# The program's side


class HelperInput:
    """Counts with pynput in a helper process, and has the name of that backend."""

    name = "pynput"
    quality: InputQuality = "ok"

    def __init__(self, argv: Sequence[str] | None = None) -> None:
        self._argv = argv
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self, sink: InputSink) -> None:
        """Start the helper. Raises InputError as the helper's backend does, or when the helper
        cannot start.
        """
        self.stop()
        try:
            self._process = subprocess.Popen(
                self._argv or command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise InputError("unavailable", f"the helper cannot be started: {error}") from error
        output = self._process.stdout
        assert output is not None  # noqa: S101 - a pipe, see above
        answers: list[bytes] = []
        answered = threading.Event()

        def read() -> None:
            first = output.read(2)
            answers.append(first)
            if first != _LISTENING:
                answers.append(output.read(_SENTENCE))
            answered.set()
            if first == _LISTENING:
                _forward_events(output, sink)

        self._reader = threading.Thread(target=read, name="workdiary-helper", daemon=True)
        self._reader.start()
        answered.wait(READY_S)
        if answers[:1] != [_LISTENING]:
            self.stop()
            raise _refusal(answers)

    def stop(self) -> None:
        process, self._process = self._process, None
        reader, self._reader = self._reader, None
        if process is None or reader is None:
            return
        assert process.stdin is not None  # noqa: S101 - a pipe, see `start`
        assert process.stdout is not None  # noqa: S101
        with contextlib.suppress(OSError):
            process.stdin.close()
        # The helper sends the counts it has, closes its output and exits.
        reader.join(END_S)
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            log.warning("the helper that counts input did not exit and was killed")
            process.kill()
            process.wait()
            reader.join(END_S)
        process.stdout.close()

    def alive(self) -> bool:
        return self._reader is not None and self._reader.is_alive()


def _forward_events(pipe: IO[bytes], sink: InputSink) -> None:
    """Pass each event to `sink` until the output ends."""
    calls: dict[bytes, Callable[..., None]] = {
        b"k": sink.key,
        b"c": sink.click,
        b"s": sink.scroll,
        b"m": sink.move,
    }
    while len(pair := pipe.read(2)) == 2:
        call = calls.get(pair[:1])
        if call is None or pair[1:] not in _INJECTED:
            log.warning("the helper that counts input sent an unknown message")
            return
        call(injected=_INJECTED[pair[1:]])


def _refusal(answers: list[bytes]) -> InputError:
    first, *more = answers or [b""]
    if first[:1] == _REFUSED and more:
        sentence = more[0].decode("utf-8", "replace")
        return InputError("denied" if first[1:] == b"d" else "unavailable", sentence)
    return InputError("unavailable", "the helper that counts input exited before it was ready")


# The helper's side


class _Pipe:
    """An `InputSink` that writes. Its writes are small enough that the system never splits them."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()
        # Both guarded by the lock.
        self._listening = False
        self._moved = -_MOVE_S

    def begin(self) -> None:
        """Report that the helper listens; earlier events were dropped."""
        with self._lock:
            self._listening = True
            self._put(_LISTENING)

    def key(self, *, injected: bool | None = None) -> None:
        self._write(b"k", injected)

    def click(self, *, injected: bool | None = None) -> None:
        self._write(b"c", injected)

    def scroll(self, *, injected: bool | None = None) -> None:
        self._write(b"s", injected)

    def move(self, *, injected: bool | None = None) -> None:
        with self._lock:
            now = time.monotonic()
            if self._listening and now - self._moved >= _MOVE_S:
                self._moved = now
                self._put(b"m" + _MARKS[injected])

    def _write(self, kind: bytes, injected: bool | None) -> None:
        with self._lock:
            if self._listening:
                self._put(kind + _MARKS[injected])

    def _put(self, pair: bytes) -> None:
        # Without a reader the helper is about to exit.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._file, pair)


def serve(backend: InputBackend, source: IO[bytes], file: int) -> int:
    """Count with `backend` into the pipe `file` until `source` ends; returns the exit status."""
    pipe = _Pipe(file)
    try:
        backend.start(pipe)
    except InputError as error:
        sentence = error.detail.encode("utf-8")[:_SENTENCE]
        with contextlib.suppress(BrokenPipeError):
            os.write(file, _REFUSED + error.quality[:1].encode() + sentence)
        return 1
    pipe.begin()
    ended = threading.Event()

    def wait_for_end() -> None:
        source.read()
        ended.set()

    threading.Thread(target=wait_for_end, name="workdiary-end", daemon=True).start()
    while not ended.wait(1.0):
        if not backend.alive():
            break
    status = 0 if backend.alive() else 1
    backend.stop()
    return status


def main() -> int:
    """Run the helper: listen with pynput until stdin ends."""
    from system.private_files import close_umask
    from tracker.input.backends.pynput_hooks import PynputInput

    close_umask()
    # Ctrl-C reaches the whole process group, but the program decides when the helper exits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Keep printed text out of the pipe.
    file = os.dup(1)
    os.dup2(2, 1)
    return serve(PynputInput(), sys.stdin.buffer, file)


if __name__ == "__main__":
    sys.exit(main())
