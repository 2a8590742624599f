"""The processes of a running Workdiary: a marketplace, and an enrolled tray client.

`make run`, the demo and the end-to-end tests share this module, so that the tests start the same
processes as people do. Each process has its own session, so that Ctrl-C reaches only the starter,
which ends them in order; on Linux the kernel ends them too if the starter is killed.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

READY_S = 60.0
END_S = 20.0
#: The commands in this project's environment.
CLIENT = (sys.executable, "-m", "ui.cli.main")
MARKETPLACE = (sys.executable, "-m", "marketplace")


class ProcessError(RuntimeError):
    """A process did not start or end; the text names it and its log."""


@dataclass(frozen=True)
class Links:
    """The address and new one-time links of a started marketplace."""

    marketplace: str
    client: str
    freelancer: str
    enrol_code: str


class Process:
    """A started program with its log file; end it with `stop`."""

    def __init__(self, name: str, argv: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as errors:
            self._popen = subprocess.Popen(
                [*_ends_with_us(), *argv],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, name=f"log of {name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether it is running."""
        return self._popen.poll() is None

    def wait_line(self, beginning: str, timeout: float = READY_S) -> str:
        """Wait for a line of its standard output; returns the text after `beginning`."""

        def found() -> str | None:
            hits = (li for li in self._lines if li.startswith(beginning))
            return next(hits, None)

        with self._news:
            self._news.wait_for(lambda: found() or not self._reader.is_alive(), timeout)
            line = found()
        if line is None:
            raise ProcessError(f"{self.name} did not come up; its log is {self.log}")
        return line.removeprefix(beginning).strip()

    def wait(self, timeout: float = END_S) -> int:
        """Wait until it has ended; returns its exit status."""
        return self._popen.wait(timeout)

    def stop(self, timeout: float = END_S) -> int:
        """Send SIGTERM and wait. Raises ProcessError if it does not end."""
        if self.running:
            self._popen.terminate()
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired as error:
            self._popen.kill()
            self._popen.wait()
            raise ProcessError(f"{self.name} did not end by itself") from error

    def abort(self, timeout: float = END_S) -> None:
        """Send SIGABRT: with PYTHONFAULTHANDLER=1 in its environment, Python logs the stack of each
        thread and ends.
        """
        self._popen.send_signal(signal.SIGABRT)
        self._popen.wait(timeout)

    def kill(self) -> None:
        """Send SIGKILL, which simulates a power cut."""
        self._popen.kill()
        self._popen.wait()

    def _read(self) -> None:
        stream: IO[str] | None = self._popen.stdout
        assert stream is not None  # noqa: S101 - a pipe, see above
        with stream, self.log.open("a", encoding="utf-8") as log:
            for line in stream:
                log.write(line)
                log.flush()
                with self._news:
                    self._lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()


class MarketplaceProcess(Process):
    """A marketplace on its own data folder."""

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str],
        *,
        speed: int | None,
        name: str | None = None,
        more: Sequence[str] = (),
        program: Sequence[str] = MARKETPLACE,
    ) -> None:
        """Runs in real time without a `speed`. `program` is the command, `more` are further
        arguments of its `serve`.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._links = folder / "links.json"
        self._links.unlink(missing_ok=True)
        own_name = name or ("demo." if speed else "") + "workdiary.localhost"
        argv = [*program, "serve", "--data-dir", str(folder / "data")]
        argv += ["--name", own_name, "--example", "--links", str(self._links)]
        if speed:
            argv += ["--demo-speed", str(speed)]
        argv += more
        super().__init__("the marketplace", argv, env, folder / "marketplace.log")

    def links(self) -> Links:
        """Wait until it serves; returns the links of this start."""
        self.wait_line("marketplace: ")
        values = json.loads(self._links.read_text(encoding="utf-8"))
        return Links(**values)


class ClientProcess(Process):
    """The tray client. `base` is its state folder, `code` a one-time enrolment code. `explains`:
    the first close of its window is explained in a notification. `program` is its command.
    """

    def __init__(
        self,
        base: Path,
        env: Mapping[str, str],
        marketplace: str,
        code: str,
        *,
        explains: bool = False,
        program: Sequence[str] = CLIENT,
    ) -> None:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = base / "enrol-code"
        with contextlib.suppress(FileNotFoundError):
            note.unlink()
        note.touch(mode=0o600)
        note.write_text(code, encoding="ascii")
        settings = base / "settings.json"
        if not explains and not settings.exists():
            # The explanation would cover the toast, and be in pictures.
            settings.touch(mode=0o600)
            settings.write_text('{"close_explained": true}', encoding="ascii")
        argv = [*program, "run", "--base-dir", str(base)]
        argv += ["--marketplace", marketplace, "--enrol-file", str(note)]
        super().__init__("the tray client", argv, env, base.parent / "client.log")


def _ends_with_us() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
