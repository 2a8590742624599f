"""`python -m tests.chaos`: processes that share a database, killed at random under load.

Real processes, a real PostgreSQL server with synced writes, Ceph's S3 gateway with the pictures,
and computers that upload segments and pictures through all processes, and pictures directly to the
gateway. At random, a process or the leader is killed (SIGKILL), ended (SIGTERM), or stopped for
some seconds; connections of the database server are ended, or one of its processes is killed, which
restarts the server; and the gateway is killed or stopped, also for longer than the marketplace
waits for it.

Exit code 0 if afterwards every receipt is proven by one history without a gap, no index was used
twice, every segment is checked, every picture whose upload was confirmed is stored byte by byte,
the sweep has left no object that the database does not know, every reader got 200, or 503 with
Retry-After, nothing hung, and no process logged a traceback; else 1.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from diary.cli.output import print_report
from diary.objects.segment import parse
from marketplace.storage import schema
from tests.chaos.events import Chaos
from tests.chaos.pictures import check_pictures
from tests.chaos.readers import ALLOWED, Readers
from tests.marketplace.postgresql_server import PostgresqlServer, postgresql_server
from tests.marketplace.shared_load import MOST, Load, check_log
from tests.marketplace.shared_pictures import SentPictures
from tests.marketplace.shared_processes import SharedMarketplace, shared_marketplace
from tests.marketplace.storage import ceph_rgw
from tests.marketplace.storage.ceph_rgw import S3Server

_COMPUTERS, _THREADS = 128, 8
#: A line of the log for an answer with another 5xx than 503.
_ERROR = re.compile(r'.*"status": ?5(?!03)\d\d.*')


class PicturesRead:
    """The addresses of the pictures of segments with a receipt."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._found: dict[str, bytes] = {}
        self._seen = 0

    def __call__(self) -> Mapping[str, bytes]:
        names = list(self._load.receipts)
        for name in names[self._seen :]:
            device, data = self._load.sent[name]
            (shot,) = parse(data).pictures.values()
            self._found[f"/pictures/{name}/0"] = device.blobs[shot.blob.sha256]
        self._seen = len(names)
        return self._found


def run(
    server: PostgresqlServer, store: S3Server, folder: Path, minutes: float, seed: int
) -> list[str]:
    """Run the program; returns what did not hold."""
    blobs = store.address(**{"upload-endpoint": store.url})
    with shared_marketplace(folder, server, _COMPUTERS, blobs) as market:
        cookie = f"wd_session={_session(market)}"
        chaos = Chaos(market, store.gateway, seed)
        chaos.start()
        # The computers have segments for all of the time.
        pause_s = _THREADS * 60 * minutes / (_COMPUTERS * (MOST - 10))
        sent = SentPictures()
        load = Load(market, chaos.serving, range(_COMPUTERS), _THREADS, pause_s, sent)
        readers = Readers(chaos, cookie, PicturesRead(load))
        with readers, load:
            chaos.run(time.monotonic() + 60 * minutes, load.require_running)
            print_report("events: " + ", ".join(f"{n} {name}" for name, n in chaos.done.items()))
            chaos.settle()
            before = len(load.receipts)
            load.wait_for(_THREADS)
        leaves = check_log(market, load.receipts)
        market.wait_until_checked()
        print_report(
            f"{leaves} leaves, {len(load.receipts)} receipts ({before} amid the events), "
            f"{load.refused} times 503, {load.unanswered} without an answer, {load.hung} hung, "
            f"longest answer {load.longest_s:.1f} s"
        )
        for what, counter in (("log", readers.log), ("pages and pictures", readers.pages)):
            print_report(
                f"readers of {what}: " + ", ".join(f"{n} {name}" for name, n in counter.items())
            )
        print_report(
            "longest answers: "
            + ", ".join(f"{name} {took:.1f} s" for name, took in readers.longest_s.items())
        )
        market.end()
        swept = check_pictures(market, sent.confirmed)
        sent.close()
        print_report(
            f"{len(sent.confirmed)} confirmed pictures are stored ({sent.direct} sent to the "
            f"gateway, which failed {sent.store_failed} times)"
        )
        print_report(
            f"{swept.before} objects without a row and {swept.uploads_before} unfinished uploads "
            f"before the sweep, {swept.after} and {swept.uploads_after} after it"
        )
        logs = [each.log.read_text(errors="replace") for each in market.processes]
    for log in logs:
        _, found, rest = log.partition("Traceback")
        for line in [*_ERROR.findall(log), *([found + rest[:4000]] if found else [])]:
            print_report(line)
    answers = readers.log.keys() | readers.pages.keys()
    return [
        what
        for what, wrong in {
            f"a reader got {', '.join(sorted(answers - ALLOWED))}": answers - ALLOWED,
            "a request hung": load.hung,
            "the sweep left objects": swept.after or swept.uploads_after,
            "a process logged a traceback": any("Traceback" in log for log in logs),
            "a process answered with 5xx": any(_ERROR.search(log) for log in logs),
        }.items()
        if wrong
    ]


def _session(market: SharedMarketplace) -> str:
    """The token of a session of the client of all contracts."""
    with market.opened() as services:
        with services.store.read() as connection:
            client = connection.execute(select(schema.contract.c.client)).scalars().first()
        assert client is not None
        return services.sign_in.begin(client)


def main() -> int:
    """Run for some minutes; returns the exit code."""
    parser = argparse.ArgumentParser(description="Kill processes and connections under load.")
    parser.add_argument("minutes", type=float, nargs="?", default=10.0)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = parser.parse_args()
    print_report(f"seed {options.seed}")
    with (
        postgresql_server(fsync="on", full_page_writes="on") as server,
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(prefix="wd-ceph-") as ceph,
        ceph_rgw.running(Path(ceph)) as store,
    ):
        os.environ.update(store.environment)
        wrong = run(server, store, Path(folder) / "data", options.minutes, options.seed)
    print_report("everything held" if not wrong else "; ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
