"""The parent of a test desktop's processes, which ends them all when the owner is gone.

Started as a separate program (`python -I -S watchdog.py SOCKET_FD [FOLDER_TO_REMOVE]`), it imports
only the standard library. The owner holds the other end of a SOCK_SEQPACKET socket and sends one
JSON object per packet. When that end closes, by a regular end, an exception or SIGKILL of the
owner, the watchdog ends every process below it and removes the folder.

It is a "child subreaper" (prctl(2)): orphans of its children become its own children, so that it
also finds services that D-Bus started in the background. With a folder to remove, it also ends
processes elsewhere whose environment has that folder as XDG_RUNTIME_DIR, such as those started by a
killed test, and no others. If the watchdog itself is killed, the kernel kills its direct children
(PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GRACE_S = 2.0
PACKET = 1 << 18


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _die_with_parent() -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Watchdog:
    def __init__(self, folder: str = "") -> None:
        self.folder = folder
        self.children: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, request: dict[str, Any], fds: list[int]) -> dict[str, Any]:
        """Start one process; `{fd}` in its arguments becomes the passed descriptor."""
        argv = [a.format(fd=fds[0]) if fds else a for a in request["argv"]]
        text: str | None = request.get("stdin")
        with Path(request["log"]).open("ab") as log:
            child = subprocess.Popen(
                argv,
                env=request["env"],
                cwd=request["env"].get("HOME") or "/",
                stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=fds,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - this program has one thread
            )
        if child.stdin is not None:
            with contextlib.suppress(BrokenPipeError), child.stdin as pipe:
                pipe.write((text or "").encode())
        self.children[child.pid] = child
        return {"pid": child.pid}

    def status(self, pid: int) -> dict[str, Any]:
        return {"returncode": self.children[pid].poll()}

    def stop(self, pid: int, number: int) -> dict[str, Any]:
        child = self.children[pid]
        child.send_signal(number)
        try:
            child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            child.kill()
        return {"returncode": child.wait()}

    def end_all(self) -> None:
        """Send SIGTERM to everything, SIGKILL after the grace period; wait for all."""
        # Only here: the services would inherit a blocked SIGCHLD.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        signalled: set[int] = set()
        end = time.monotonic() + GRACE_S
        while _reap() | bool(guests := _guests(self.folder)):
            insist = time.monotonic() >= end
            for pid in [*guests, *reversed(below(os.getpid()))]:
                if insist or pid not in signalled:
                    signalled.add(pid)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL if insist else signal.SIGTERM)
            signal.sigtimedwait([signal.SIGCHLD], 0.05)


def _guests(folder: str) -> list[int]:
    """The running processes that were started with `folder`/run as their XDG_RUNTIME_DIR."""
    found = []
    mark = f"XDG_RUNTIME_DIR={folder}/run".encode()
    for entry in Path("/proc").iterdir() if folder else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                # A zombie has no environment.
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found


def _reap() -> bool:
    """Reap ended processes, adopted ones included; False when no child is left."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True


def below(top: int) -> list[int]:
    """Every process below `top`, by proc(5)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = (entry / "stat").read_text(errors="replace")
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found: list[int] = []
    layer = [top]
    while layer:
        layer = [pid for pid, parent in parents.items() if parent in layer]
        found += layer
    return found


def serve(owner: socket.socket, folder: str) -> None:
    watchdog = Watchdog(folder)
    while True:
        packet, fds, _, _ = socket.recv_fds(owner, PACKET, 4)
        if not packet:
            break
        request = json.loads(packet)
        try:
            match request["do"]:
                case "start":
                    reply = watchdog.start(request, fds)
                case "status":
                    reply = watchdog.status(request["pid"])
                case "stop":
                    reply = watchdog.stop(request["pid"], request["signal"])
                case other:
                    reply = {"error": f"unknown request {other}"}
        except OSError as error:
            reply = {"error": str(error)}
        for fd in fds:
            os.close(fd)
        try:
            owner.send(json.dumps(reply).encode())
        except OSError:
            break
    watchdog.end_all()


def main() -> None:
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    owner = socket.socket(fileno=int(sys.argv[1]))

    def ended(*_: object) -> None:
        owner.shutdown(socket.SHUT_RDWR)

    signal.signal(signal.SIGTERM, ended)
    signal.signal(signal.SIGHUP, ended)
    folder = sys.argv[2] if len(sys.argv) > 2 else ""
    try:
        serve(owner, folder)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
