"""A program with one window, which shows a large text and counts its input events.

    python -m tests.desktop_fixtures.target_window COUNTS.json --text "K7QX 42"
        [--title T] [--size WxH]

The file is replaced (by rename) after each batch of events: `keys` are presses without auto-repeat,
`presses` with it; `clicks` are presses of buttons that do not scroll, `scrolls` notches of the
wheel, `moves` motion events; `held` keys and buttons now down; `focused` whether it has the
keyboard. Typed text is counted, not stored.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from Xlib import X, Xatom
from Xlib.display import Display

from tests.desktop_fixtures.target import SCROLL_BUTTONS

FONT = "DejaVuSans.ttf"
PAPER, INK = "#fafaf8", "#1d1f1e"


def paint(text: str, size: tuple[int, int]) -> Image.Image:
    """The text, as large as fits, dark on light."""
    picture = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(picture)
    lines = text.splitlines() or [""]
    points = size[1] / (1.5 * len(lines))
    width = draw.textbbox((0, 0), max(lines, key=len), font=ImageFont.truetype(FONT, points))[2]
    font = ImageFont.truetype(FONT, min(points, points * size[0] * 0.9 / max(width, 1)))
    draw.multiline_text((size[0] / 2, size[1] / 2), text, INK, font, anchor="mm", align="center")
    return picture


class Counts:
    """The counts, and their file."""

    def __init__(self, path: Path, window: int) -> None:
        self._path = path
        self._down: set[tuple[str, int]] = set()
        self._last_release: tuple[int, int] | None = None
        self.values: dict[str, Any] = {
            "window": window, "focused": False, "keys": 0, "presses": 0, "clicks": 0,
            "scrolls": 0, "moves": 0, "held": 0,
        }  # fmt: skip

    def take(self, event: Any) -> None:
        """Count one event. An auto-repeat is a release and a press of one key at one time."""
        values = self.values
        if event.type == X.KeyPress:
            values["presses"] += 1
            if self._last_release != (event.detail, event.time):
                values["keys"] += 1
            self._down.add(("key", event.detail))
        elif event.type == X.KeyRelease:
            self._last_release = (event.detail, event.time)
            self._down.discard(("key", event.detail))
        elif event.type == X.ButtonPress:
            values["scrolls" if event.detail in SCROLL_BUTTONS else "clicks"] += 1
            self._down.add(("button", event.detail))
        elif event.type == X.ButtonRelease:
            self._down.discard(("button", event.detail))
        elif event.type == X.MotionNotify:
            values["moves"] += 1
        elif event.type in {X.FocusIn, X.FocusOut}:
            values["focused"] = event.type == X.FocusIn
        values["held"] = len(self._down)

    def write(self) -> None:
        """Write the counts to the file atomically."""
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self.values))
        new.replace(self._path)


def show(display: Any, title: str, picture: Image.Image) -> Any:
    """Create the window, with the picture as its background, and map it."""
    screen = display.screen()
    width, height = picture.size
    window = screen.root.create_window(
        0,
        0,
        width,
        height,
        0,
        screen.root_depth,
        event_mask=X.KeyPressMask | X.KeyReleaseMask | X.ButtonPressMask | X.ButtonReleaseMask
        | X.PointerMotionMask | X.FocusChangeMask,
    )  # fmt: skip
    pixmap = window.create_pixmap(width, height, screen.root_depth)
    pixmap.put_pil_image(pixmap.create_gc(), 0, 0, picture)
    window.change_attributes(background_pixmap=pixmap)
    window.set_wm_name(title)
    window.set_wm_class("target", "Target")
    window.set_wm_hints(flags=1, input=1)
    window.set_wm_normal_hints(flags=0x30, min_width=width, min_height=height,
                               max_width=width, max_height=height)  # fmt: skip
    window.set_wm_protocols([display.intern_atom("WM_DELETE_WINDOW")])
    window.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
    window.map()
    return window


def main() -> None:
    """Run until the window is closed or the server exits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=Path)
    parser.add_argument("--text", required=True)
    parser.add_argument("--title", default="Target")
    parser.add_argument("--size", default="900x500")
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    display = Display()
    window = show(display, options.title, paint(options.text, (width, height)))
    counts = Counts(options.counts, window.id)
    delete = display.intern_atom("WM_DELETE_WINDOW")
    with contextlib.suppress(ConnectionError):
        while True:
            event = display.next_event()
            if event.type == X.ClientMessage and event.data[1][0] == delete:
                return
            counts.take(event)
            if not display.pending_events():
                counts.write()


if __name__ == "__main__":
    main()
