"""The marketplace as a process: killed, restarted, started twice, ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from diary.core.slots import slot_of
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.segment import parse
from marketplace.cli import main
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.simulated_device import SimulatedDevice

ARGV = [sys.executable, "-m", "marketplace"]


@dataclass
class Served:
    """A marketplace process on a folder."""

    folder: Path
    options: tuple[str, ...] = ()
    program: tuple[str, ...] = tuple(ARGV)
    process: subprocess.Popen[str] = field(init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        argv = [*self.program, "serve", "--data-dir", str(self.folder), *self.options]
        with (self.folder.parent / "log").open("a") as log:
            self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        match = re.fullmatch(r"(marketplace|listening): (http://127\.0\.0\.1:\d+)\n", line)
        assert match, line + (self.folder.parent / "log").read_text()
        self.url = match[2]
        if match[1] == "listening":
            assert self.process.stdout.readline().startswith("marketplace: https://")

    def kill(self) -> None:
        self.process.kill()
        self.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        status = self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


@contextlib.contextmanager
def served(folder: Path, *options: str, program: tuple[str, ...] = tuple(ARGV)) -> Iterator[Served]:
    running = Served(folder, options, program)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.kill()


def now_s() -> int:
    return time.time_ns() // 1_000_000_000


@contextlib.contextmanager
def at_work(url: str, folder: Path, *options: str) -> Iterator[tuple[SimulatedDevice, str]]:
    """An enrolled computer and its contract's id. `options` are those of all commands."""
    file = folder.parent / "links"
    assert main(["invite", "--data-dir", str(folder), "--links", str(file), *options]) == 0
    links = json.loads(file.read_text())
    device = SimulatedDevice(url, now_s)
    try:
        device.enrol(links["enrol_code"])
        device.sign_in()
        (contract,) = device.call("GET", "/v1/contracts").json()["contracts"]
        yield device, contract["ctr"]
    finally:
        device.http.close()


def sealed_now(device: SimulatedDevice, ctr: str, count: int) -> list[bytes]:
    """Segments of a second each, the last of which ends now."""
    slot = slot_of(now_s())
    if min(device.beacons) > slot:
        # Enrolled in the minute before the next slot, whose beacon is then the newest.
        device.fetch_beacon(slot)
    first = max(slot, now_s() - count)
    return [device.work(ctr, slot, first, first + 1) for _ in range(count)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_request_that_outlasts_the_end_gets_503(folder: Path) -> None:
    with served(folder, "--example") as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 30) as slow:
            head = f"POST /v1/enrolments HTTP/1.1\r\nHost: {host}:{port}\r\n"
            head += "Content-Type: application/json\r\nContent-Length: 100\r\n"
            slow.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            # The marketplace waits for the body.
            assert slow.recv(100).startswith(b"HTTP/1.1 100 ")
            assert running.stop() == 0
            reply = b"".join(iter(lambda: slow.recv(4096), b""))
    assert reply.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 5" in reply.lower()
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["code"] == "stopping"
    assert "Traceback" not in (folder.parent / "log").read_text()


class SwallowingProxy:
    """Forwards bytes to a marketplace; on request, kills it before the response gets through."""

    def __init__(self, target: str) -> None:
        self._port = int(target.rpartition(":")[2])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.on_answer: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", self._port))
        with near, far, contextlib.suppress(OSError):
            threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
            while data := far.recv(65_536):
                if self.on_answer is not None:
                    self.on_answer()
                    # The response is lost, and the sender notices: closing alone would wait for the
                    # thread that still reads from it.
                    near.shutdown(socket.SHUT_RDWR)
                    return
                near.sendall(data)

    def _pump(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(65_536):
                far.sendall(data)

    def close(self) -> None:
        self._listener.close()


def test_killed_between_commit_and_reply_it_answers_the_retry_with_the_same_leaf(
    folder: Path,
) -> None:
    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        (data,) = sealed_now(device, ctr, 1)
        name = parse(data).hash
        proxy = SwallowingProxy(marketplace.url)
        proxy.on_answer = marketplace.kill
        lost = {
            "Authorization": f"DPoP {device.token}",
            "DPoP": device.proof("PUT", f"/v1/segments/{name}", device.token),
            "Host": marketplace.url.partition("//")[2],
            "Content-Type": "application/sd-jwt",
        }
        with pytest.raises(httpx.TransportError):
            httpx.put(
                f"{proxy.url}/v1/segments/{name}", content=data, headers=lost,
                trust_env=False, verify=False, timeout=30,
            )  # fmt: skip
        proxy.close()
        assert marketplace.process.poll() == -signal.SIGKILL
        was = marketplace.url
        marketplace.start()
        assert marketplace.url == was
        proof = device.http.get(f"/log/proof/{name}")
        assert proof.status_code == 200, "it was committed before the answer was written"
        before = open_receipt(
            proof.content, [device.verifier], type=LeafType.SEGMENT, object_digest=name
        )
        answer = device.put_segment(data)
        assert answer.status_code == 200
        again = device.open(answer.json(), name)
        assert (again.index, again.leaf) == (before.index, before.leaf)
        assert again.checkpoint.size >= before.checkpoint.size
        stored = device.call(
            "GET", "/v1/diary", params={"contract": ctr, "from": 0, "to": 0}
        ).json()["segments"]
        assert stored == []
        me = device.call("GET", "/v1/me").json()
        assert me["heads"] == [{"ctr": ctr, "seq": 0, "h": name}]


def test_nothing_that_was_answered_is_lost_when_it_is_killed_under_load(folder: Path) -> None:
    answered: dict[str, tuple[int, str]] = {}
    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        waiting = sealed_now(device, ctr, 24)
        for kill_after in (3, 7, 5):
            gate = threading.Semaphore(0)

            def send(data: bytes, gate: threading.Semaphore = gate) -> None:
                name = parse(data).hash
                with contextlib.suppress(httpx.TransportError):
                    answer = device.put_segment(data)
                    assert answer.status_code in (200, 201), answer.text
                    logged = device.open(answer.json(), name)
                    assert answered.setdefault(name, (logged.index, str(logged.leaf))) == (
                        logged.index,
                        str(logged.leaf),
                    )
                    gate.release()

            with ThreadPoolExecutor(8) as pool:
                sent = [pool.submit(send, data) for data in waiting]
                for _ in range(kill_after):
                    assert gate.acquire(timeout=60)
                marketplace.kill()
                for job in sent:
                    job.result()
            marketplace.start()
            device.sign_in()
        for data in waiting:
            answer = device.put_segment(data)
            logged = device.open(answer.json(), parse(data).hash)
            if parse(data).hash in answered:
                assert answer.status_code == 200
                assert answered[parse(data).hash] == (logged.index, str(logged.leaf))
        names = {parse(data).hash for data in waiting}
        slot = slot_of(parse(waiting[0]).segment.slot)
        stored = device.call(
            "GET", "/v1/diary", params={"contract": ctr, "from": slot, "to": slot + 600}
        ).json()["segments"]
        assert {s["hash"] for s in stored} == names
        assert len({s["index"] for s in stored}) == len(stored) == len(names)
        for entry in stored:
            device.open(entry, entry["hash"])


def test_a_second_start_continues_where_the_first_ended(folder: Path) -> None:
    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        device.send(sealed_now(device, ctr, 1)[0])
        first = device.http.get("/log/checkpoint").text.splitlines()
        beacon = device.http.get("/v1/beacons/current").content
        assert marketplace.stop() == 0
        was = marketplace.url
        marketplace.start()
        assert marketplace.url == was
        second = device.http.get("/log/checkpoint").text.splitlines()
        assert second[0] == first[0]
        assert int(second[1]) >= int(first[1])
        assert device.http.get("/.well-known/workdiary").json() == device.about
        assert device.call("GET", "/v1/me").status_code == 200, "a token outlives a restart"
        slot = device.keep_beacon(beacon)
        assert device.http.get(f"/v1/beacons/{slot}").content == beacon
        assert marketplace.stop(signal.SIGINT) == 0


def test_a_second_process_on_the_same_folder_is_refused_with_a_sentence(folder: Path) -> None:
    with served(folder, "--example") as marketplace:
        second = subprocess.run(
            [*ARGV, "serve", "--data-dir", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 2
        assert second.stdout == ""
        assert "Another marketplace is running" in second.stderr
        assert (
            httpx.get(f"{marketplace.url}/readyz", trust_env=False, verify=False).text == "ready\n"
        )


def test_setup_and_invite_work_beside_a_running_marketplace_and_without_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        assert main([*arguments, "--data-dir", str(folder)]) == 0
        return capsys.readouterr().out

    assert "created" in run("setup", "--freelancer", "Noor", "--client", "Li Wei")
    offline = run("invite")
    with served(folder) as marketplace:
        assert "already" in run("setup")
        online = run("invite", "--enrol-file", str(folder.parent / "code"))
        mode = stat.S_IMODE((folder.parent / "code").stat().st_mode)
        assert mode == 0o600 or os.name == "nt"
        with httpx.Client(trust_env=False, verify=False) as browser:
            # A new link of a person invalidates the previous one.
            for text, status in ((offline, 404), (online, 200)):
                links = re.findall(r"page: (\S+)", text)
                assert len(links) == 2
                for link in links:
                    assert link.startswith(marketplace.url)
                    assert browser.get(link).status_code == status
        device = SimulatedDevice(marketplace.url, now_s)
        device.enrol((folder.parent / "code").read_text().strip())
        device.sign_in()
        (contract,) = device.call("GET", "/v1/contracts").json()["contracts"]
        assert contract["client"] == "Li Wei"
        device.http.close()


def test_a_device_is_stopped_and_a_record_erased_beside_a_running_marketplace(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        assert main([arguments[0], "--data-dir", str(folder), *arguments[1:]]) == 0
        return capsys.readouterr().out

    with (
        served(folder, "--example") as marketplace,
        at_work(marketplace.url, folder) as (device, ctr),
    ):
        capsys.readouterr()
        (data,) = sealed_now(device, ctr, 1)
        device.send(data)
        name = parse(data).hash
        assert device.key.kid in run("devices")
        assert "erased" in run("erase", name, "memo")
        left = parse(device.call("GET", f"/v1/segments/{name}").content)
        assert (left.hash, left.memo) == (name, None)
        assert main(["stop-device", "--data-dir", str(folder), "A" * 43]) == 2
        assert "No device" in capsys.readouterr().err
        assert "is stopped" in run("stop-device", device.key.kid)
        assert device.call("GET", "/v1/me").json()["code"] == "device_revoked"
        assert "already stopped" in run("stop-device", device.key.kid)


def test_what_must_not_change_is_refused_with_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*arguments: str) -> str:
        assert main(["serve", "--example", "--data-dir", str(folder), *arguments]) == 2
        return capsys.readouterr().err

    assert "demo" in refused("--name", "demo.example")
    assert "demo" in refused("--name", "example", "--demo-speed", "20")
    assert not folder.exists()
    made = ("--name", "demo.example", "--demo-speed", "20")
    assert main(["setup", "--data-dir", str(folder), *made]) == 0
    assert "cannot be renamed" in refused("--name", "example")
    assert "speed" in refused("--name", "demo.example", "--demo-speed", "60")
    (key,) = (folder / "keys").glob("log-*.key")
    key.rename(folder / "kept")
    assert "not the key of this log" in refused("--name", "demo.example", "--demo-speed", "20")
    assert not key.exists()
    # Its name in earlier versions.
    (folder / "kept").rename(folder / "keys" / "log.key")
    with served(folder) as again:
        about = httpx.get(
            f"{again.url}/.well-known/workdiary", trust_env=False, verify=False
        ).json()
        assert (about["aud"], about["demo"]["speed"]) == ("demo.example", 20)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_the_folder_is_its_owners_alone(folder: Path) -> None:
    with served(folder, "--example"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (key,) = (folder / "keys").glob("log-*.key")
        for path in (key, folder / "admin.json", folder / "lock"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(folder.rglob("*.tmp"))


def test_it_ends_in_order_while_a_request_is_under_way(folder: Path) -> None:
    with served(folder, "--example") as marketplace:
        port = int(marketplace.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as line:
            host = marketplace.url.partition("//")[2]
            head = f"POST /v1/enrolments HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\n{{"
            line.sendall(head.encode())
            wait_for(lambda: marketplace.process.poll() is None)
            assert marketplace.stop() == 0
        assert not (folder / "admin.json").exists()
