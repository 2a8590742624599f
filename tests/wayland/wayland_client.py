"""Starts the client in a Wayland session and reads its state folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from diary.objects.segment import SealedSegment, parse
from tests.desktop_fixtures.session import ROOT
from tests.desktop_fixtures.waiting import wait_for

if TYPE_CHECKING:
    from scripts.dev.processes import Links
    from tests.desktop_fixtures.session import Session


class WaylandClient:
    """The client, started in a session with a keyring."""

    def __init__(self, session: Session, links: Links) -> None:
        self._base = session.folder / "client"
        note = session.own_file("enrol-code", links.enrol_code)
        argv = ["run", "--base-dir", str(self._base), "--marketplace", links.marketplace]
        self.process = session.popen(
            [sys.executable, "-m", "ui.cli.main", *argv, "--enrol-file", str(note)],
            log="client",
            cwd=ROOT,
            env={"PYTHONUNBUFFERED": "1"},
        )
        wait_for(lambda: "ready" in session.log("client"), timeout=60, what="the client")

    def file(self, name: str) -> bytes:
        """A file of the only marketplace's folder."""
        return next(self._base.glob(f"*/{name}")).read_bytes()

    def sealed(self) -> list[SealedSegment]:
        """The segments in the client's folder."""
        found = [parse(path.read_bytes()) for path in self._base.glob("*/segments/*/*.sdjwt")]
        return sorted(found, key=lambda s: s.segment.seq)

    def all_sent(self) -> bool:
        """Whether there are segments and each has a receipt."""
        receipts = list(self._base.glob("*/segments/*/*.tlog-proof"))
        return len(receipts) == len(self.sealed()) > 0


def active_seconds(sealed: list[SealedSegment]) -> int:
    """The seconds with input in all of them, which must contain no other counts."""
    rows = [tuple(row) for one in sealed for row in one.minutes or () if row is not None]
    assert all(row[:3] == (None, None, None) for row in rows)
    return sum(row[3] or 0 for row in rows)
