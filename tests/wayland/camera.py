"""The capture in a separate program, which runs as the session's user like the client."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.desktop_fixtures.session import ROOT
from tests.desktop_fixtures.wayland import WaylandSession
from tracker.capture.backends.portal_screenshot import PortalCapture
from tracker.capture.interface import CaptureError

MOMENT = 1234


@dataclass(frozen=True)
class Answer:
    """The picture, or the reason for none; the backend's permission, and the open files."""

    picture: Image.Image | None
    reason: str | None
    leave: str
    files: int


class Camera:
    """The parent's side; ends with the session's programs."""

    def __init__(self, session: WaylandSession, wait_s: float = 10.0) -> None:
        self._pixels = session.folder / "pixels"
        files = [str(session.folder / name) for name in ("pixels", "note")]
        self.child = session.popen(
            [sys.executable, "-m", "tests.wayland.camera", *files, str(wait_s)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def say(self, what: str) -> None:
        """Send `grab` or `ask_once`, without waiting for the result."""
        assert self.child.stdin is not None
        self.child.stdin.write(f"{what}\n".encode())
        self.child.stdin.flush()

    def ask(self, what: str) -> Answer:
        """Send it, and wait."""
        self.say(what)
        assert self.child.stdout is not None
        result = json.loads(self.child.stdout.readline())
        picture = None
        if result["size"]:
            size, data = tuple(result["size"]), self._pixels.read_bytes()
            picture = Image.frombytes("RGB", size, data, "raw", "BGRX")
        return Answer(picture, result["reason"], result["leave"], result["files"])


class Note:
    """A `KeyValueFile` in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self) -> str | None:
        return self._file.read_text() if self._file.exists() else None

    def put(self, value: str | None) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(value or "")
        new.replace(self._file)


def main() -> None:
    """Answers one line per request."""
    pixels, note, wait_s = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    capture = PortalCapture(Note(note), wait_s)
    for line in sys.stdin:
        size, reason = None, None
        if line.strip() == "ask_once":
            capture.request_once()
        else:
            try:
                frame = capture.grab(lambda: MOMENT)
                pixels.write_bytes(frame.bgrx)
                assert (frame.at_ms, frame.screen) == (MOMENT, "all")
                size = (frame.width, frame.height)
            except CaptureError as error:
                reason = error.reason
        files = len(list(Path("/proc/self/fd").iterdir()))
        result = {"size": size, "reason": reason, "leave": capture.permission, "files": files}
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
