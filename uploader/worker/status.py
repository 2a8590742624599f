"""What the way out tells the window."""

from __future__ import annotations

from dataclasses import dataclass

from uploader.api.responses import UnconfirmedDevice
from uploader.incidents import Incident


@dataclass(frozen=True)
class UploadStatus:
    """How things stand.

    `waiting` sealed segments are still to be delivered; `last_ok_ms` is session time (Unix ms) of
    the last good answer; `problem` the stable code (`uploader.errors.Problem`) of what is wrong
    now, with `detail`; `offline`: nobody was reached; `confirmed`: the marketplace's present log
    was seen to hold what it has receipted. `refused` segments were set aside by the marketplace's
    word, `held` are held back, `damaged` cannot be sent. `notices` is everything found in this run
    that a person should hear of, oldest first; `facts` what holds now, each as long as it does.
    `unvouched` are newer devices of the account for which this one may vouch.
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
