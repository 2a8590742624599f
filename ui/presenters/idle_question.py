"""The question about time without input: keep it with a note, or remove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.presenters.formatting import named, span, substitute, time_of_day

if TYPE_CHECKING:
    from datetime import tzinfo

    from tracker.model.status import IdleTime
    from ui.presenters.formatting import Translate


@dataclass(frozen=True)
class IdleView:
    """The question, the label of its field and the labels of its answers."""

    title: str
    text: str
    details: str
    note: str
    keep: str
    keep_and_continue: str
    discard: str


def idle_view(idle: IdleTime, client: str, zone: tzinfo | None, translate: Translate) -> IdleView:
    """The question about `idle`; `client` is the name of the person who reads the note."""
    return IdleView(
        title=translate("Idle", "Time without input"),
        text=substitute(
            translate("Idle", "No input from {since} to {until}"),
            since=time_of_day(idle.since_ms, zone),
            until=time_of_day(idle.until_ms, zone),
        ),
        details=substitute(
            translate(
                "Idle",
                "Were you working away from the keyboard, for example on the phone? Keep these "
                "{time} with a note: {client} sees the note, and that there was no input. If you "
                "remove the time, no record of it remains.",
            ),
            time=span(idle.seconds, translate),
            client=named(client) or translate("Idle", "the client"),
        ),
        note=translate("Idle", "What did you do?"),
        keep=translate("Idle", "&Keep"),
        keep_and_continue=translate("Idle", "Keep and &continue"),
        discard=translate("Idle", "&Remove this time"),
    )
