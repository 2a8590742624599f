"""The owner's side of `watchdog.py`: starts the desktop's services and checks that they run."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

END_S = 20.0


class DesktopError(RuntimeError):
    """The test desktop could not be created or used; the text names the part and shows its log."""


class Service:
    """One process of the watchdog."""

    def __init__(self, processes: Processes, name: str, pid: int, log: Path) -> None:
        self._processes = processes
        self.name = name
        self.pid = pid
        self.log = log

    def check(self) -> None:
        """Raise DesktopError, with the end of its log, if it has ended."""
        code = self._processes.ask({"do": "status", "pid": self.pid})["returncode"]
        if code is not None:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise DesktopError(f"{self.name} ended with {code}; its log ends:\n{tail}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it and wait until it is gone."""
        self._processes.ask({"do": "stop", "pid": self.pid, "signal": int(number)})


class Processes:
    """All services of one desktop. Not thread-safe: one desktop belongs to one thread."""

    def __init__(self, logs: Path, *, remove: Path | None = None) -> None:
        """`logs` gets one file per service; `remove` is deleted when all have ended."""
        self.logs = logs
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = str(Path(__file__).with_name("watchdog.py"))
        folder = [str(remove)] if remove else []
        with theirs:
            self._minder = subprocess.Popen(
                [sys.executable, "-I", "-S", program, str(theirs.fileno()), *folder],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._socket = ours
        self._socket.settimeout(END_S)

    def ask(self, request: dict[str, Any], fds: Sequence[int] = ()) -> dict[str, Any]:
        """Send one request to the watchdog and return its reply."""
        socket.send_fds(self._socket, [json.dumps(request).encode()], list(fds))
        packet = self._socket.recv(1 << 16)
        if not packet:
            raise DesktopError("the watchdog of the test desktop is gone")
        reply: dict[str, Any] = json.loads(packet)
        if "error" in reply:
            raise DesktopError(f"{request.get('argv', [request['do']])[0]}: {reply['error']}")
        return reply

    def start(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        stdin: str | None = None,
        fds: Sequence[int] = (),
    ) -> Service:
        """Start a service; `{fd}` in `argv` becomes the number of the passed descriptor."""
        log = self.logs / f"{name}.log"
        request = {
            "do": "start",
            "argv": list(argv),
            "env": dict(env),
            "log": str(log),
            "stdin": stdin,
        }
        return Service(self, name, self.ask(request, fds)["pid"], log)

    def start_telling(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], *, timeout: float = 30.0
    ) -> tuple[Service, str]:
        """Start a service that writes one line to descriptor `{fd}` when it is ready."""
        reading, writing = os.pipe()
        try:
            try:
                service = self.start(name, argv, env, fds=[writing])
            finally:
                os.close(writing)
            line = b""
            while not line.endswith(b"\n"):
                if not select.select([reading], [], [], timeout)[0]:
                    raise DesktopError(f"{name} printed nothing within {timeout:g} s")
                part = os.read(reading, 4096)
                if not part:
                    service.check()
                    raise DesktopError(f"{name} closed its descriptor without a word")
                line += part
            return service, line.decode().strip()
        finally:
            os.close(reading)

    def close(self) -> None:
        """End every service, wait until all are gone."""
        self._socket.close()
        try:
            self._minder.wait(END_S)
        except subprocess.TimeoutExpired:
            self._minder.kill()
            self._minder.wait()
