"""What a way to measure may need of the desk: libraries, services, extensions of the display.

One table: a probe looks whether a tool is there, quickly and without asking a person. The choosers
name tools in their rows (`needs`); what was found is in `Desk.tools`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

_log = logging.getLogger(__name__)

Session = Literal["x11", "wayland", "windows", "aqua", "none"]


@dataclass(frozen=True)
class Probe:
    """Looks for `tool` in these sessions; `look` gets the environment. It may raise: not there."""

    tool: str
    sessions: frozenset[Session]
    look: Callable[[Mapping[str, str]], bool]


def found(probes: Sequence[Probe], session: Session, environ: Mapping[str, str]) -> frozenset[str]:
    """The tools that are there."""
    return frozenset(
        probe.tool for probe in probes if session in probe.sessions and _there(probe, environ)
    )


def _there(probe: Probe, environ: Mapping[str, str]) -> bool:
    try:
        return probe.look(environ)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it cannot be used
        _log.info("%s cannot be used here: %s", probe.tool, error)
        return False


# The probes import late: a tool's library is not loaded where its session is not.


def _idle_notify(environ: Mapping[str, str]) -> bool:
    from tracker.input.idle_notify import can_tell

    return can_tell(environ)


def _portal_screenshot(environ: Mapping[str, str]) -> bool:
    from tracker.capture.portal import can_take

    return can_take(environ)


PROBES: tuple[Probe, ...] = (
    Probe("ext-idle-notify", frozenset({"wayland"}), _idle_notify),
    Probe("portal-screenshot", frozenset({"wayland"}), _portal_screenshot),
)
