"""Keyring access in a short-lived helper process.

`keyring` and its libraries would take a tenth of the memory of a program that runs all day,
although it uses them only at its start.

The pipes carry JSON, one line for each call and each response. Secrets pass through the pipes
only: neither the command line nor the environment contains one, and nothing is written to a file.
The helper ends when its input ends: at `close`, and also when the program dies, even while the
system waits for the user to unlock the keyring.
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
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Never

from system.private_files import close_umask
from uploader.account.keyring import SecretStore, find_keyring, translate_keyring_errors
from uploader.errors import KeysError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: The option that starts a packaged program as the helper.
OPTION = "--ask-keyring"
END_S = 5.0
_CALLS = ("get_password", "set_password", "delete_password")


def command() -> list[str]:
    """The helper's command line: Python, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "uploader.account.keyring_helper"]


# The program's side


class HelperKeyring:
    """A `SecretStore` that a helper process serves. Each call may block until the user unlocks the
    keyring, and raises KeysError: the converted error of the keyring, or KEYRING_FAILED without a
    helper. Safe to use from several threads; `close` ends a call of another thread.
    """

    def __init__(self, argv: Sequence[str] | None = None) -> None:
        self._argv = argv
        self._lock = threading.Lock()  # one call at a time
        self._process: subprocess.Popen[bytes] | None = None
        #: The name of the selected backend; empty before `find`.
        self.name = ""

    def find(self) -> None:
        """Select the keyring. KEYRING_ABSENT if there is none."""
        with self._lock:
            self._ready()

    def get_password(self, service: str, username: str) -> str | None:
        """See `SecretStore`."""
        value = self._call("get_password", service, username)
        return None if value is None else str(value)

    def set_password(self, service: str, username: str, password: str) -> None:
        """See `SecretStore`."""
        self._call("set_password", service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """See `SecretStore`."""
        self._call("delete_password", service, username)

    def close(self) -> None:
        """End the helper, if there is one; the next call starts another."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)
            # A call of another thread reads until this end of file.
            with self._lock:
                _output(process).close()

    def _call(self, *call: str) -> Any:
        with self._lock:
            process = self._ready()
            pipe = _input(process)
            try:
                pipe.write(json.dumps(call).encode("ascii") + b"\n")
                pipe.flush()
            except (OSError, ValueError) as error:
                raise KeysError(Problem.KEYRING_FAILED, "the helper has ended") from error
            return _answer(process)

    def _ready(self) -> subprocess.Popen[bytes]:
        """The helper, with its keyring found."""
        process = self._process
        if process is None:
            try:
                process = self._process = subprocess.Popen(
                    self._argv or command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            except OSError as error:
                raise KeysError(Problem.KEYRING_FAILED, "no helper can be started") from error
            try:
                self.name = str(_answer(process))
            except KeysError:
                self._process = None
                _end(process)
                _output(process).close()
                raise
        return process


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None  # noqa: S101 - a pipe since the start
    return process.stdin


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None  # noqa: S101 - a pipe since the start
    return process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        _input(process).close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answer(process: subprocess.Popen[bytes]) -> Any:
    line = _output(process).readline()
    try:
        word, value, detail = json.loads(line)
        problem = None if word == "done" else Problem(value)
    except (ValueError, TypeError):
        reason = "sent no valid response" if line else "ended without a response"
        raise KeysError(Problem.KEYRING_FAILED, f"the helper {reason}") from None
    if problem is not None:
        raise KeysError(problem, str(detail))
    return value


# The helper's side


def serve(find: Callable[[], SecretStore], calls: IO[bytes], file: int) -> Never:
    """Select the keyring and make the calls that are read from `calls`; ends the process at their
    end. Without a keyring it only waits for their end.
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in calls:
            lines.put(line)
        # The program is gone, while a call may wait for the user without end.
        os._exit(0)

    threading.Thread(target=read, name="workdiary-calls", daemon=True).start()
    stores: list[SecretStore] = []

    def found() -> str:
        stores.append(find())
        return type(stores[0]).__module__.rpartition(".")[2]

    _answer_call(file, found)
    while True:
        _answer_call(file, partial(_make, stores, lines.get()))


def _make(stores: list[SecretStore], line: bytes) -> Any:
    name, *arguments = json.loads(line)
    if name not in _CALLS:
        raise ValueError("an unknown call")
    return getattr(stores[0], name)(*arguments)


def _answer_call(file: int, call: Callable[[], Any]) -> None:
    """Make a call and write its result, or the code and the detail of its error."""
    try:
        with translate_keyring_errors():
            answer = ["done", call(), ""]
    except KeysError as error:
        answer = ["problem", error.code.value, error.detail]
    with contextlib.suppress(BrokenPipeError):
        data = json.dumps(answer).encode("ascii") + b"\n"
        while data:
            data = data[os.write(file, data) :]


def main() -> Never:
    """Run the helper until its input ends."""
    close_umask()
    # Ctrl-C reaches the whole process group, but the program decides when the helper exits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Other output must not be mistaken for a response.
    file = os.dup(1)
    os.dup2(2, 1)
    serve(find_keyring, sys.stdin.buffer, file)


if __name__ == "__main__":
    main()
