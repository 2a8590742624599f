"""Neither logs, messages, error responses nor metrics have a key, a password or a signature."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from diary.formats.encoding import digest
from marketplace.core.config import DATABASE_URL
from tests.desktop_fixtures.waiting import wait_for
from tests.marketplace.http.test_processes import at_work, served
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.simulated_device import webp
from tests.marketplace.storage.ceph_rgw import BUCKET, S3Server
from tests.uploader.proxy import Exchange, FaultProxy, reset_at_once, running, trouble

PASSWORD = "correct-horse-battery"
#: Wrong credentials are secrets too: often only one character is wrong.
WRONG = "wrong-but-nearly-right"
_SIGNATURE = re.compile(r"Signature=([0-9a-f]{64})")


@dataclass
class Setting:
    """A database and a store behind a proxy, with the secrets of both."""

    folder: Path
    database: PostgresqlServer
    store: FaultProxy
    secrets: set[str]
    written: list[str] = field(default_factory=list)
    prefix: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def place(self) -> str:
        url = self.store.url
        return f"s3://{BUCKET}/{self.prefix}?endpoint={url}&upload-endpoint={url}"

    def setup(self, place: str | None = None) -> int:
        """Run the command `setup`, and collect what it writes."""
        words = ["setup", "--data-dir", str(self.folder), "--blobs", place or self.place]
        done = subprocess.run(
            [sys.executable, "-m", "marketplace", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        self.written += [done.stdout, done.stderr]
        return done.returncode

    def echoing(self, exchange: Exchange) -> None:
        """An error that repeats the request, as Amazon's SignatureDoesNotMatch does."""
        repeated = f"{exchange.path} {exchange._handler.headers}"
        self.secrets |= set(_SIGNATURE.findall(repeated))
        body = f"<Error><Code>SignatureDoesNotMatch</Code><Message>{repeated}</Message></Error>"
        exchange.answer(403, body.encode(), "application/xml")

    def require_no_secret(self) -> None:
        assert len(self.secrets) > 5, "signatures were seen"
        everything = "\n".join(self.written)
        assert [secret for secret in self.secrets if secret in everything] == []
        assert "AWS4-HMAC-SHA256" not in everything


@pytest.fixture
def setting(
    tmp_path: Path, object_store: S3Server | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Setting]:
    assert object_store is not None
    with running(FaultProxy()) as store, postgresql_server() as database:
        store.upstream_port = object_store.port
        with database.connect() as connection:
            connection.execute(f"CREATE ROLE with_password LOGIN PASSWORD '{PASSWORD}'")
            connection.execute("CREATE DATABASE diary OWNER with_password")
        monkeypatch.setenv(DATABASE_URL, database.url("diary", "with_password", PASSWORD))
        secrets = {PASSWORD, WRONG, *object_store.environment.values()}
        yield Setting(tmp_path / "data", database, store, secrets)


def test_a_start_that_fails_repeats_no_secret(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, WRONG)
            assert setting.setup() == 2
    for url in (
        setting.database.url("diary", "with_password", WRONG),
        f"postgresql://with_password:{PASSWORD}@127.0.0.1:1/diary",
        f"postgresql://with_password:{PASSWORD}@/missing?host={setting.database.folder}",
    ):
        with monkeypatch.context() as patch:
            patch.setenv(DATABASE_URL, url)
            assert setting.setup() == 2
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        port = free.getsockname()[1]
        assert setting.setup(f"s3://{BUCKET}?endpoint=http://127.0.0.1:{port}") == 2
    setting.store.always = setting.echoing
    assert setting.setup() == 2
    # Only the uploads by which the start tests the store.
    setting.store.applies = lambda exchange: (
        exchange.method == "PUT" and "arriving/probe" in exchange.path
    )
    assert setting.setup() == 2
    assert "upload-endpoint" in setting.written[-1]
    setting.store.always = None
    assert setting.setup() == 0
    setting.require_no_secret()


def test_faults_of_a_running_marketplace_reveal_no_secret(setting: Setting) -> None:
    token = setting.folder.parent / "token"
    token.write_text("a-token-for-the-metrics")
    options = ("--example", "--blobs", setting.place, "--metrics-token-file", str(token))
    answers: list[httpx.Response] = []
    with (
        served(setting.folder, *options) as process,
        at_work(process.url, setting.folder, "--blobs", setting.place) as (device, _),
        httpx.Client(base_url=process.url, timeout=60) as http,
    ):

        def see() -> None:
            bearer = {"Authorization": f"Bearer {token.read_text()}"}
            answers.extend(
                [http.get("/metrics", headers=bearer), http.get("/readyz"), http.get("/healthz")]
            )

        data = webp()
        path = f"/v1/uploads/{digest(data)}"
        upload = device.call("PUT", path, json={"length": len(data), "type": "image/webp"})
        assert upload.status_code == 200
        setting.secrets |= set(_SIGNATURE.findall(upload.json()["url"]))
        see()
        for fault in (setting.echoing, trouble(500), reset_at_once):
            setting.store.always = fault
            refused = [device.put_blob(data), device.call("POST", f"{path}/complete")]
            assert [answer.status_code for answer in refused] == [503, 503]
            answers += refused
            see()
        setting.store.always = None
        setting.database.stop()
        answers += [device.put_blob(data), device.call("GET", "/v1/me")]
        assert {answer.status_code for answer in answers[-2:]} == {503}
        see()
        setting.database.start()
        wait_for(lambda: device.put_blob(data).status_code == 201, what="the database")
        see()
        process.process.send_signal(signal.SIGTERM)
        assert process.process.stdout is not None
        setting.written.append(process.process.stdout.read())
        assert process.wait() == 0
    log = (setting.folder.parent / "log").read_text()
    assert "pictures_unavailable" in log
    setting.written.append(log)
    assert all(answer.text or answer.status_code < 400 for answer in answers)
    setting.written += [f"{answer.headers}\n{answer.text}" for answer in answers]
    setting.require_no_secret()
