"""What a marketplace process accepts: segments with real signatures over HTTP, beside an empty
route of the same framework and beside aw-server, which stores events and verifies nothing.

All servers run one after the other in the same rounds, each in a process of its own; the sender
has the other processor. aw-server comes from PyPI into an environment in `build/bench`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks import ingest_requests as requests
from benchmarks.measure import Figure
from benchmarks.replay import Replayed, replay
from diary.formats.encoding import digest
from diary.objects.enrolment import parse_enrolment
from diary.objects.segment import parse
from diary.verification.check import authenticate
from tests.desktop_fixtures.waiting import wait_for
from tests.load.crowd import Computer
from tests.marketplace.simulated_device import SimulatedDevice

_AW_SERVER = ("aw-server==0.12.0", "peewee<3.18")
_AW_FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench" / "aw-server"
COMPUTERS, LANES, ROUNDS = 64, 16, 3
#: Segments of each computer in a round.
_EACH = 4
_EVENTS = 10
#: Width and height of a picture of noise, which has about 250 kB.
_NOISE = 560


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """The processor time that its threads have used, in seconds (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures() -> list[Figure]:
    """All figures of this module."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        computers = requests.computers(folder, COMPUTERS)
        ours = stack.enter_context(_marketplace(folder))
        port = _free_port()
        empty = stack.enter_context(_python("benchmarks.empty_app", str(port), port=port))
        other = stack.enter_context(_aw_server(Path(stack.enter_context(_folder()))))
        database = stack.enter_context(
            contextlib.closing(sqlite3.connect(folder / "marketplace.sqlite"))
        )
        return _Rounds(ours, empty, other, computers, database).figures()


class _Rounds:
    """Rounds of requests to the three servers."""

    def __init__(
        self,
        ours: Served,
        empty: Served,
        other: Served,
        computers: Sequence[Computer],
        database: sqlite3.Connection,
    ) -> None:
        self._ours, self._empty, self._other = ours, empty, other
        self._database = database
        self._devices = requests.sign_in(f"http://127.0.0.1:{ours.port}", computers)
        self._ctrs = [computer.ctr for computer in computers]
        self._terms = [
            device.contract(ctr)[1] for device, ctr in zip(self._devices, self._ctrs, strict=True)
        ]

    def figures(self) -> list[Figure]:
        """Each figure as seconds per request."""
        put, empty_put, events, me, empty_get = ([] for _ in range(5))
        spent = checked = 0.0
        for _ in range(ROUNDS + 1):
            self._renew()
            before = self._ours.cpu_s()
            put.append(self._put())
            spent = self._ours.cpu_s() - before
            wait_until_checked(self._database)
            checked = self._ours.cpu_s() - before
            empty_put.append(replay(self._empty.port, self._lanes(self._empty_puts())))
            events.append(replay(self._other.port, self._lanes(self._events())))
            me.append(replay(self._ours.port, self._lanes(self._mes())))
            empty_get.append(replay(self._empty.port, self._lanes(self._empty_gets())))
        beside = "an empty route of the framework"
        what = f"{LANES} connections, one process, SQLite"
        accepted = _seconds(put)
        return [
            Figure("accept a segment", what, accepted, _seconds(events),
                   f"aw-server storing {_EVENTS} events", 0.5),
            Figure("accept a segment", what, accepted, _seconds(empty_put), beside, 1 / 0.3),
            Figure("GET /v1/me", what, _seconds(me), _seconds(empty_get), beside, 2.0),
            self._batch(),
            self._half_load(1 / accepted),
            self._picture(),
            Figure("processor time of an accepted segment", "with the checks of that time",
                   spent / (COMPUTERS * _EACH), accepted, "the time between two", None),
            Figure("processor time of an accepted segment", "with its check",
                   checked / (COMPUTERS * _EACH), accepted, "the time between two", None),
        ]  # fmt: skip

    def _renew(self) -> None:
        for device in self._devices:
            device.sign_in()

    def _put(self) -> Replayed:
        sent = replay(self._ours.port, self._lanes(self._puts(_EACH)))
        assert set(sent.statuses) == {201}, sent.statuses
        return sent

    def _puts(self, each: int) -> list[list[bytes]]:
        return [
            requests.put_segments(device, self._sealed(device, ctr, terms, each))
            for device, ctr, terms in zip(self._devices, self._ctrs, self._terms, strict=True)
        ]

    def _sealed(self, device: SimulatedDevice, ctr: str, terms: str, each: int) -> list[bytes]:
        return requests.segments(device, ctr, terms, each)[-each:]

    def _mes(self) -> list[list[bytes]]:
        return [
            [requests.request(device, "GET", "/v1/me") for _ in range(_EACH)]
            for device in self._devices
        ]

    def _empty_puts(self) -> list[list[bytes]]:
        body = self._devices[0].segments[self._ctrs[0]][0]
        path = f"/v1/segments/{parse(body).hash}"
        plain = requests.request(self._devices[0], "PUT", path, body, "application/sd-jwt")
        return [[plain] * _EACH for _ in self._devices]

    def _empty_gets(self) -> list[list[bytes]]:
        plain = requests.request(self._devices[0], "GET", "/v1/me")
        return [[plain] * _EACH for _ in self._devices]

    def _events(self) -> list[list[bytes]]:
        now = dt.datetime.now(dt.UTC)
        listed = [
            {"timestamp": (now + dt.timedelta(seconds=n)).isoformat(), "duration": 1,
             "data": {"app": "editor", "title": f"file {n}"}}
            for n in range(_EVENTS)
        ]  # fmt: skip
        body = json.dumps(listed).encode()
        head = (
            f"POST /api/0/buckets/bench/events HTTP/1.1\r\nHost: 127.0.0.1:{self._other.port}\r\n"
            # It serves one connection after the other.
            f"Connection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return [[head.encode() + body] * _EACH for _ in self._devices]

    def _lanes(self, of_devices: Sequence[Sequence[bytes]]) -> list[list[bytes]]:
        """The requests of the computers on the connections, each computer's in its order."""
        lanes: list[list[bytes]] = [[] for _ in range(LANES)]
        for turn in range(max(map(len, of_devices))):
            for number, listed in enumerate(of_devices):
                lanes[number % LANES].append(listed[turn])
        return lanes

    def _batch(self) -> Figure:
        """Batches of 64 segments of one chain, per segment, beside their verification alone."""
        ours: list[float] = []
        reference: list[float] = []
        for number in range(ROUNDS + 1):
            chain = self._sealed(self._devices[number], self._ctrs[number], self._terms[number], 64)
            enrolment = parse_enrolment(self._devices[number].enrolment)
            body = json.dumps(
                {"segments": [{"sha": parse(d).hash, "data": d.decode()} for d in chain]}
            ).encode()
            sent = replay(
                self._ours.port,
                [[requests.request(self._devices[number], "POST", "/v1/segments", body,
                                   "application/json")]],
            )  # fmt: skip
            assert set(sent.statuses) == {200}, sent.statuses
            ours.append(sent.seconds / 64)
            reference.append(
                _timed(lambda c=chain, e=enrolment: [  # type: ignore[misc]
                    authenticate(data, lambda _: e, requests.NAME) for data in c
                ]) / 64
            )  # fmt: skip
        return Figure(
            "accept a segment in a batch of 64", "one connection",
            statistics.median(ours[1:]), statistics.median(reference[1:]),
            "verifying its signature and form alone", 2.0,
        )  # fmt: skip

    def _half_load(self, rate: float) -> Figure:
        """The 99th percentile beside the median, at half of the rate that was reached."""
        self._renew()
        sent = replay(self._ours.port, self._lanes(self._puts(_EACH)), rate / 2)
        return Figure(
            "99 % of the answers at half load", f"{rate / 2:.0f} segments a second",
            sent.at(0.99), sent.at(0.5), "the median", 5.0,
        )  # fmt: skip

    def _picture(self) -> Figure:
        """A picture of 250 kB beside writing and syncing its bytes to the same disk."""
        pictures = [_noise() for _ in range(24)]
        wait_until_checked(self._database)
        self._renew()
        sent = replay(
            self._ours.port,
            [[requests.request(self._devices[0], "PUT", f"/v1/blobs/{digest(each)}", each,
                               "image/webp") for each in pictures]],
        )  # fmt: skip
        with _folder() as name:

            def write() -> None:
                for number, data in enumerate(pictures):
                    with (Path(name) / str(number)).open("wb") as file:
                        file.write(data)
                        file.flush()
                        os.fsync(file.fileno())

            written = _timed(write) / len(pictures)
        assert set(sent.statuses) == {201}, sent.statuses
        size = sum(map(len, pictures)) / len(pictures) / 1000
        return Figure(
            "accept a picture", f"{size:.0f} kB, one connection",
            sent.seconds / len(pictures), written, "writing and syncing its bytes", 1 / 0.6,
        )  # fmt: skip


def wait_until_checked(database: sqlite3.Connection) -> None:
    """Wait until a running marketplace has checked all segments."""
    query = "SELECT NOT EXISTS (SELECT 1 FROM segment WHERE checked = 0)"
    wait_for(lambda: database.execute(query).fetchone()[0], timeout=120, what="the checks")


def _noise() -> bytes:
    """A picture of about 250 kB."""
    image = Image.frombytes("RGB", (_NOISE, _NOISE), os.urandom(3 * _NOISE * _NOISE))
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=80, method=0)
    return buffer.getvalue()


def _seconds(rounds: Sequence[Replayed]) -> float:
    """The median time per request, without the first round."""
    return statistics.median(1 / each.rate for each in rounds[1:])


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        yield name


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


@contextlib.contextmanager
def _marketplace(folder: Path) -> Iterator[Served]:
    port = _free_port()
    arguments = ["serve", "--data-dir", str(folder), "--name", requests.NAME, "--port", str(port)]
    with _process([sys.executable, "-m", "marketplace", *arguments], port) as served:
        yield served


@contextlib.contextmanager
def seeded_process(folder: Path, back_s: int) -> Iterator[Served]:
    """A marketplace process on a generated folder, whose clock is `back_s` seconds late."""
    port = _free_port()
    arguments = (str(folder), str(port), str(back_s))
    with _python("benchmarks.seeded_server", *arguments, port=port) as served:
        yield served


@contextlib.contextmanager
def _python(module: str, *arguments: str, port: int) -> Iterator[Served]:
    with _process([sys.executable, "-m", module, *arguments], port) as served:
        yield served


@contextlib.contextmanager
def _aw_server(folder: Path) -> Iterator[Served]:
    """aw-server with a bucket `bench`, its data in the folder."""
    python = _AW_FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(_AW_FOLDER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *_AW_SERVER], check=True)
    port = _free_port()
    argv = [str(python), "-m", "aw_server", "--testing", "--port", str(port)]
    env = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": os.environ["PATH"]}
    with _process(argv, port, env) as served:
        body = b'{"client": "bench", "type": "bench", "hostname": "bench"}'
        made = replay(port, [[
            f"POST /api/0/buckets/bench HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        ]])  # fmt: skip
        assert set(made.statuses) == {200}, made.statuses
        yield served


@contextlib.contextmanager
def _process(argv: Sequence[str], port: int, env: dict[str, str] | None = None) -> Iterator[Served]:
    process = subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=None if env is None else env,
    )  # fmt: skip
    try:

        def listens() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return True
            return False

        wait_for(listens, timeout=60, what=f"{argv[2]} to listen")
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)
