"""The upload status that the window shows."""

from __future__ import annotations

from dataclasses import dataclass

from uploader.api.responses import UnconfirmedDevice
from uploader.incidents import Incident


@dataclass(frozen=True)
class UploadStatus:
    """The state of the uploads.

    `waiting` counts segments, statements and answers to deliver; `last_ok_ms` is the session time
    (Unix ms) of the last good response; `problem` is the code (`uploader.errors.Problem`) of the
    current error, with `detail`; `offline`: the marketplace cannot be reached; `confirmed`: its
    current log is known to hold all receipted leaves. `refused` counts segments that the
    marketplace refused, `held` those of held contracts, `damaged` those that cannot be sent.
    `notices` are the events of this run, oldest first; `facts` are current. `unvouched` are newer
    devices of the account for which this one may vouch.
    """

    waiting: int = 0
    last_ok_ms: int | None = None
    problem: str | None = None
    offline: bool = False
    confirmed: bool = True
    detail: str = ""
    refused: int = 0
    held: int = 0
    damaged: int = 0
    notices: tuple[Incident, ...] = ()
    facts: tuple[Incident, ...] = ()
    unvouched: tuple[UnconfirmedDevice, ...] = ()
