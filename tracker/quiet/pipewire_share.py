"""Whether a program receives the screen through PipeWire, as video calls do on Wayland.

`pw-dump` lists the nodes of PipeWire. A running video source that is not a camera is a screen:
portals and compositors create one for each share. A program on X11 can read the screen without
PipeWire; no system reports that.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from tracker.quiet.interface import QuietReason

COMMAND = "pw-dump"
_COMMAND_S = 2.0
_NODE = "PipeWire:Interface:Node"
_SOURCES = frozenset({"Video/Source", "Stream/Output/Video"})
#: Properties that only the nodes of cameras have.
_CAMERA = ("device.api", "api.v4l2.path", "api.libcamera.path")


class PipeWireShare:
    """See `QuietSource`."""

    name = "screen-share"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)

    def reasons(self) -> frozenset[QuietReason]:
        """See `QuietSource`. Raises OSError, subprocess.SubprocessError, TypeError, ValueError."""
        command = shutil.which(COMMAND, path=self._environ.get("PATH"))
        if command is None:
            return frozenset()
        done = subprocess.run(
            (command,),
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_COMMAND_S,
            check=False,
        )
        if done.returncode != 0:
            return frozenset()  # PipeWire does not run
        return frozenset({QuietReason.SHARED} if is_shared(json.loads(done.stdout)) else ())


def is_shared(objects: Any) -> bool:
    """Whether a list of `pw-dump` has a running source of the screen. Raises TypeError."""
    if not isinstance(objects, list):
        raise TypeError("pw-dump printed no list")
    return any(_is_screen(one) for one in objects if isinstance(one, dict))


def _is_screen(found: dict[str, Any]) -> bool:
    info = found.get("info")
    if found.get("type") != _NODE or not isinstance(info, dict) or info.get("state") != "running":
        return False
    props = info.get("props")
    if not isinstance(props, dict) or props.get("media.class") not in _SOURCES:
        return False
    return not any(name in props for name in _CAMERA)
