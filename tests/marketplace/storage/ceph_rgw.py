"""A real S3 server: Ceph's RADOS gateway over one storage daemon that keeps objects in memory.

Everything is below one folder and listens on 127.0.0.1; nothing asks for root. Debian's packages:
`ceph-mon`, `ceph-osd`, `radosgw`.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import obstore
import requests
from obstore.store import S3Store

from tests.desktop_fixtures.waiting import wait_for

BUCKET = "workdiary"
_USER = "tests"
_CONF = """[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{mon_port}
mon initial members = a
public network = 127.0.0.0/8
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = {folder}
admin socket =
crash dir = {folder}
log file = {folder}/$name.log
pid file = {folder}/$name.pid
mon data = {folder}/mon
mon cluster log file = {folder}/cluster.log
mon data avail crit = 1
mon data avail warn = 1
mon allow pool size one = true
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0

[client]
# The gateway's default is encryption, which needs keys.
ms mon client mode = crc
rgw data = {folder}
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw thread pool size = 32
rgw run sync thread = false
rgw enable gc threads = false
rgw enable lc threads = false
"""


class Gateway:
    """The process that speaks S3, `radosgw`. The objects are in another one."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and do not wait. It reads the addresses of the other daemons first."""
        with (self._folder / "radosgw.out").open("ab") as file:
            self._process = subprocess.Popen(
                ("radosgw", "-n", "client.admin", "-f"),
                env=_environment(self._folder), stdout=file, stderr=file,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it answers."""
        wait_for(lambda: _answers(self._port), what="the gateway to answer")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)


@dataclass(frozen=True)
class S3Server:
    """A running server with a bucket and the keys of its owner."""

    url: str
    access_key: str
    secret_key: str
    folder: Path
    gateway: Gateway

    def address(self, **options: str) -> str:
        """The bucket as a value of WORKDIARY_BLOBS."""
        more = "".join(f"&{name}={value}" for name, value in options.items())
        return f"s3://{BUCKET}?endpoint={self.url}{more}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables with the keys."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
        }

    @property
    def port(self) -> int:
        """The port of the gateway."""
        return int(self.url.rpartition(":")[2])

    def admin(self, *words: str) -> None:
        """Run a command of the gateway's administrator."""
        _run(self.folder, "radosgw-admin", *words)

    def add_key(self, access_key: str, secret_key: str) -> None:
        """Give the owner of the bucket another key."""
        keys = ("--access-key", access_key, "--secret-key", secret_key)
        self.admin("key", "create", "--uid", _USER, "--key-type", "s3", *keys)

    def remove_key(self, access_key: str) -> None:
        """Take a key away."""
        self.admin("key", "rm", "--uid", _USER, "--key-type", "s3", "--access-key", access_key)

    def create_bucket(self, name: str = BUCKET) -> None:
        """Create a bucket: a PUT of its address."""
        store = S3Store(
            name,
            endpoint=self.url,
            access_key_id=self.access_key,
            secret_access_key=self.secret_key,
            client_options={"allow_http": True},
        )
        signed = obstore.sign(store, "PUT", "", timedelta(minutes=5))
        requests.put(signed, timeout=60).raise_for_status()
        # The first object makes the gateway create its pools.
        obstore.put(store, "first", b"")
        obstore.delete(store, "first")


@contextlib.contextmanager
def running(folder: Path) -> Iterator[S3Server]:
    """A server during the block, with an empty bucket."""
    fsid, port = str(uuid.uuid4()), _free_port()
    conf = folder / "ceph.conf"
    mon_port = _free_port()
    conf.write_text(_CONF.format(fsid=fsid, folder=folder, mon_port=mon_port, port=port))
    for name in ("mon", "osd"):
        (folder / name).mkdir()
    gateway = Gateway(folder, port)
    keys = (uuid.uuid4().hex, uuid.uuid4().hex)
    server = S3Server(f"http://127.0.0.1:{port}", *keys, folder, gateway)
    run = partial(_run, folder)
    with contextlib.ExitStack() as stack:

        def start(*words: str) -> None:
            stack.enter_context(_daemon(words, _environment(folder), folder / f"{words[0]}.out"))

        monmap, mon = str(folder / "monmap"), f"[v2:127.0.0.1:{mon_port}]"
        run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", mon, monmap)
        run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap)
        start("ceph-mon", "-i", "a", "-f")
        osd = str(uuid.uuid4())
        run("ceph", "--connect-timeout", "60", "osd", "new", osd)
        run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        start("ceph-osd", "-i", "0", "-f")
        options = ("--access-key", server.access_key, "--secret-key", server.secret_key)
        server.admin("user", "create", "--uid", _USER, "--display-name", "Tests", *options)
        stack.callback(gateway.kill)
        gateway.start()
        gateway.wait()
        server.create_bucket()
        yield server


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CEPH_CONF": str(folder / "ceph.conf")}


def _run(folder: Path, *words: str) -> None:
    subprocess.run(words, env=_environment(folder), check=True, capture_output=True, timeout=120)


@contextlib.contextmanager
def _daemon(words: tuple[str, ...], environment: dict[str, str], output: Path) -> Iterator[None]:
    with output.open("wb") as file:
        process = subprocess.Popen(words, env=environment, stdout=file, stderr=file)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _free_port() -> int:
    """A port that is free, below those that the system gives to outgoing connections."""
    for port in random.SystemRandom().sample(range(10_000, 30_000), 100):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
