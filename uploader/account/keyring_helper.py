"""The keyring, asked by a process of its own, which ends when it has been asked.

`keyring` and what it needs to speak to the system's services is more than the rest of the program
does with it: a tenth of the memory of a program that runs all day, for a moment at its start.

What goes through the pipes is JSON, a line for each call and for each answer. The secrets go that
way alone: neither the command line nor the environment holds one, and nothing is written anywhere.
The helper ends when its input ends: at `close`, and also when the program dies in whatever way,
even while the system waits for a person to unlock the keyring.
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

#: What a packaged program is started with to be the helper.
OPTION = "--ask-keyring"
END_S = 5.0
_CALLS = ("get_password", "set_password", "delete_password")


def command() -> list[str]:
    """How the helper is started: by Python, or as the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "uploader.account.keyring_helper"]


# The program's side


class HelperKeyring:
    """A `SecretStore` whose calls are made by a helper. Each may block until a person unlocks the
    keyring, and raises KeysError: what the keyring's own errors mean, or KEYRING_FAILED when there
    is no helper to be had. Safe to use from several threads, but for `close`, which ends a call.
    """

    def __init__(self, argv: Sequence[str] | None = None) -> None:
        self._argv = argv
        self._lock = threading.Lock()  # one call at a time
        self._process: subprocess.Popen[bytes] | None = None
        #: The backend in use, once it was found.
        self.name = ""

    def find(self) -> None:
        """Look which keyring there is. KEYRING_ABSENT if there is none."""
        with self._lock:
            self._ready()

    def get_password(self, service: str, username: str) -> str | None:
        """See `SecretStore`."""
        value = self._ask("get_password", service, username)
        return None if value is None else str(value)

    def set_password(self, service: str, username: str, password: str) -> None:
        """See `SecretStore`."""
        self._ask("set_password", service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """See `SecretStore`."""
        self._ask("delete_password", service, username)

    def close(self) -> None:
        """End the helper, if there is one; the next call starts another."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)
            # A call under way reads there until the end, which has come.
            with self._lock:
                _output(process).close()

    def _ask(self, *call: str) -> Any:
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
    assert process.stdin is not None  # noqa: S101 - asked for when it was started
    return process.stdin


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None  # noqa: S101 - asked for when it was started
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
        said = "what nobody understands" if line else "nothing, and ended"
        raise KeysError(Problem.KEYRING_FAILED, f"the helper said {said}") from None
    if problem is not None:
        raise KeysError(problem, str(detail))
    return value


# The helper's side


def serve(find: Callable[[], SecretStore], calls: IO[bytes], file: int) -> Never:
    """Find the keyring, and make the calls that are read from `calls`; ends the process with them.
    Without a keyring there are none, and their end is all that is waited for.
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in calls:
            lines.put(line)
        # Nobody waits for an answer any more, and a call may wait for a person for ever.
        os._exit(0)

    threading.Thread(target=read, name="workdiary-calls", daemon=True).start()
    stores: list[SecretStore] = []

    def found() -> str:
        stores.append(find())
        return type(stores[0]).__module__.rpartition(".")[2]

    _tell(file, found)
    while True:
        _tell(file, partial(_make, stores, lines.get()))


def _make(stores: list[SecretStore], line: bytes) -> Any:
    name, *words = json.loads(line)
    if name not in _CALLS:
        raise ValueError("a call that no keyring knows")
    return getattr(stores[0], name)(*words)


def _tell(file: int, call: Callable[[], Any]) -> None:
    """Make a call and write what it gave, or the code and the detail of its problem."""
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
    """The helper: asks the system's keyring until its input ends."""
    close_umask()
    # Ctrl-C goes to the whole group: the program decides when the helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints must not be taken for an answer.
    file = os.dup(1)
    os.dup2(2, 1)
    serve(find_keyring, sys.stdin.buffer, file)


if __name__ == "__main__":
    main()
