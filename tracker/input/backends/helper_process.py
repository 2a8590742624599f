"""Counting in a process of its own, for macOS: beside Qt a listener can bring the program down.

`HelperInput` starts this module as a program and reads from its output; `main` is that program.

What goes through the pipe is two bytes for each event: what kind (`k` key, `c` click, `s` scroll,
`m` move) and whether a program made it (`+` yes, `-` no, `?` not known). Before them comes one
pair: `!!` for listening, or `x` with `u` (unavailable) or `d` (denied) and then a sentence in
UTF-8. No key, no text and no place can be said in it.

The helper ends when its input ends: at `stop`, and also when the program dies in whatever way.
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

#: What a packaged program is started with to be the helper.
OPTION = "--count-input"
READY_S = 20.0
END_S = 5.0
_LISTENING = b"!!"
_REFUSED = b"x"
_INJECTED: dict[bytes, bool | None] = {b"?": None, b"+": True, b"-": False}
_MARKS = {injected: mark for mark, injected in _INJECTED.items()}
_SENTENCE = 500
#: Seconds between two moves that are told: a second is what counts, and a pointer moves often.
_MOVE_S = 0.1


def command() -> list[str]:
    """How the helper is started: by Python, or as the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "tracker.input.backends.helper_process"]


# The program's side


class HelperInput:
    """Counts by pynput in a helper process. `name` is that of the way that counts there."""

    name = "pynput"
    quality: InputQuality = "ok"

    def __init__(self, argv: Sequence[str] | None = None) -> None:
        self._argv = argv
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self, sink: InputSink) -> None:
        """Raises InputError as the helper's way does, or when there is no helper to be had."""
        self.stop()
        try:
            self._process = subprocess.Popen(
                self._argv or command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        except OSError as error:
            raise InputError("unavailable", f"the helper cannot be started: {error}") from error
        output = self._process.stdout
        assert output is not None  # noqa: S101 - asked for above
        answers: list[bytes] = []
        answered = threading.Event()

        def read() -> None:
            first = output.read(2)
            answers.append(first)
            if first != _LISTENING:
                answers.append(output.read(_SENTENCE))
            answered.set()
            if first == _LISTENING:
                _tell(output, sink)

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
        assert process.stdin is not None  # noqa: S101 - asked for in `start`
        assert process.stdout is not None  # noqa: S101
        with contextlib.suppress(OSError):
            process.stdin.close()
        # It tells what it has counted, ends its output and itself.
        reader.join(END_S)
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            log.warning("the helper that counts input did not end, and was ended")
            process.kill()
            process.wait()
            reader.join(END_S)
        process.stdout.close()

    def alive(self) -> bool:
        return self._reader is not None and self._reader.is_alive()


def _tell(pipe: IO[bytes], sink: InputSink) -> None:
    """Pass on what comes, until the output ends."""
    calls: dict[bytes, Callable[..., None]] = {
        b"k": sink.key,
        b"c": sink.click,
        b"s": sink.scroll,
        b"m": sink.move,
    }
    while len(pair := pipe.read(2)) == 2:
        call = calls.get(pair[:1])
        if call is None or pair[1:] not in _INJECTED:
            log.warning("the helper that counts input said what nobody understands")
            return
        call(injected=_INJECTED[pair[1:]])


def _refusal(answers: list[bytes]) -> InputError:
    first, *more = answers or [b""]
    if first[:1] == _REFUSED and more:
        sentence = more[0].decode("utf-8", "replace")
        return InputError("denied" if first[1:] == b"d" else "unavailable", sentence)
    return InputError("unavailable", "the helper that counts input ended before it listened")


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
        """Say that the helper listens. What came before needs no counting, and is dropped."""
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
        # A program that is gone needs no counts; the helper is about to end.
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
    """The helper: listens by pynput until its input ends."""
    from system.private_files import close_umask
    from tracker.input.backends.pynput_hooks import PynputInput

    close_umask()
    # Ctrl-C goes to the whole group: the program decides when the helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints must not be taken for counts.
    file = os.dup(1)
    os.dup2(2, 1)
    return serve(PynputInput(), sys.stdin.buffer, file)


if __name__ == "__main__":
    sys.exit(main())
