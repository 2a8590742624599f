"""Operates the tray client from outside: reads the screen, clicks and types.

It finds buttons by their appearance (Start: the large field in the accent colour; Stop: its outline
in the colour of the text) and never calls into the program, so that the demo and the end-to-end
tests do only what a user can do.
"""

from __future__ import annotations

from PIL import Image

from assets.tokens import load
from tests.desktop_fixtures.screen import Screen
from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect, Window

WINDOW = "Workdiary"
CONSENT = "Before you start"
#: The position of the memo's field, in pixels from the window's top left corner.
_MEMO = (150, 94)
#: openbox's close button: offset to the left and up from the window's top right corner.
_CLOSE = (10, 10)
#: Pixels of the accent colour in each row, which the label leaves free, and rows.
_SMALLEST_BUTTON = (24, 24)
#: Height of Stop's outline, outer edges included. The focus ring of a field is lower.
_STOP_HEIGHT = 44
#: Length of its lines, which no row of text reaches.
_STOP_LINE = 150
#: The maximum number of looks at the clock while windows appear and disappear.
_LOOKS = 10


class GuiDriver:
    """The mouse and keyboard of `desktop`. `clicks` counts the clicks so far."""

    def __init__(self, desktop: Screen) -> None:
        self.desktop = desktop
        self.clicks = 0
        self._accents, self._texts = (
            [
                tuple(bytes.fromhex(colours[name].removeprefix("#")))
                for colours in (load().light, load().dark)
                for name in names
            ]
            for names in (("accent", "accent-strong"), ("text",))
        )

    def window(self) -> Window | None:
        """The client's window, if it is shown."""
        return next((w for w in self.desktop.windows(WINDOW) if w.name == WINDOW), None)

    def consent(self) -> Window | None:
        """The consent page, if it is shown."""
        return next((w for w in self.desktop.windows(CONSENT)), None)

    def open_window(self) -> Window:
        """Click the icon in the tray, unless the window is there; another program's window may
        cover it then, so bring it to the front.
        """
        window = self.window()
        if window is not None:
            self.desktop.focus(window)
            return window
        self.desktop.click_tray_icon()
        self.clicks += 1
        return wait_for(self.window, what="the client's window")

    def start_recording(self, memo: str) -> None:
        """Write a memo, press Start and accept the consent page if it is shown; then it records."""
        window = self.open_window()
        self.wait_ready(window)
        self.write_memo(window, memo)
        self.press_button(window)
        page = wait_for(lambda: self.consent() or self.is_recording(window), what="a start")
        if isinstance(page, Window):
            self.press_button(page)
            wait_for(lambda: self.consent() is None, what="the consent page to close")
        self.wait_recording(window)

    def wait_recording(self, window: Window) -> None:
        """Wait until the clock runs: on a busy machine one look may miss it."""
        wait_for(lambda: self.is_recording(window), what="the clock to run", timeout=60)

    def stop_recording(self) -> None:
        """Press Stop."""
        window = self.open_window()
        self.press_button(window)
        wait_for(lambda: not self.is_recording(window), what="the clock to stop", timeout=60)

    def move_window(self, x: int, y: int) -> None:
        """Put the window's top left corner near x, y."""
        window = self.open_window()
        self.desktop.xdotool("windowmove", "--sync", str(window.id), str(x), str(y))

    def hide_window(self) -> None:
        """Close the window by its frame's button; the program continues in the tray."""
        place = self._now(self.open_window())
        self._click(place.x + place.width - _CLOSE[0], place.y - _CLOSE[1])
        wait_for(lambda: self.window() is None, what="the window to hide in the tray")

    def wait_ready(self, window: Window) -> None:
        """Wait until the large button can be pressed."""
        wait_for(lambda: self._button(window), what="the Start button", timeout=120)

    def write_memo(self, window: Window, memo: str) -> None:
        """Click the memo's field and replace its text."""
        desktop = self.desktop
        desktop.focus(window)
        place = self._now(window)
        self._click(place.x + _MEMO[0], place.y + _MEMO[1])
        desktop.xdotool("key", "ctrl+a")
        desktop.xdotool("type", "--delay", "8", "--", memo)

    def press_button(self, window: Window) -> None:
        """Click the window's large button, once it no longer moves: a window that has just appeared
        may still change its size.
        """
        self.desktop.focus(window)
        seen: list[Rect | None] = [None]

        def settled() -> Rect | None:
            seen.append(self._button(window))
            return seen[-1] if seen[-1] == seen[-2] else None

        button = wait_for(settled, what="the large button", timeout=60, every=0.1)
        self._click(*button.centre)

    def _click(self, x: int, y: int) -> None:
        """Click as slowly as a person. The release must precede the reaction to the click."""
        self.desktop.xdotool("mousemove", str(x), str(y))
        self.desktop.xdotool("mousedown", "1", "sleep", "0.15", "mouseup", "1")
        self.clicks += 1

    def is_recording(self, window: Window) -> bool:
        """Whether the seconds of the session's clock advance: the area above the button changes.
        If a window appeared or disappeared meanwhile, the driver looks again.
        """
        for _ in range(_LOOKS):
            # The window manager lists a window before anything of it is seen.
            others = self._shown()
            moves = self._clock_moves(window)
            if self._shown() == others:
                return moves
        return False

    def _clock_moves(self, window: Window) -> bool:
        first = self._clock(window)
        if first is None:
            return False
        try:
            wait_for(lambda: self._clock(window) not in (None, first), timeout=3.0)
        except TimeoutError:
            return False
        return True

    def _shown(self) -> set[int]:
        return {each.id for each in self.desktop.windows()}

    def _clock(self, window: Window) -> bytes | None:
        place, button = self._now(window), self._button(window)
        if button is None:
            return None
        area = Rect(place.x + 44, button.y - 52, 200, 40)
        return self.desktop.screenshot(area=area).tobytes()

    def _now(self, window: Window) -> Rect:
        return self.desktop.x.window(window.id).rect

    def _button(self, window: Window) -> Rect | None:
        """Stop, else the tallest field in an accent colour, in pixels of the screen."""
        place = self._now(window)
        picture = self.desktop.screenshot(area=place)
        found = find_outline(picture, self._texts) or find_field(picture, self._accents)
        if found is None:
            return None
        return Rect(place.x + found.x, place.y + found.y, found.width, found.height)


def find_field(picture: Image.Image, colours: list[tuple[int, ...]]) -> Rect | None:
    """The tallest block of rows that each hold a wide run of one of `colours`."""
    width, height = picture.size
    wanted = {bytes(colour) for colour in colours}
    data = picture.convert("RGB").tobytes()
    blocks: list[list[tuple[int, int, int]]] = [[]]
    for y in range(height):
        row = data[y * width * 3 : (y + 1) * width * 3]
        xs = [x for x in range(width) if row[x * 3 : x * 3 + 3] in wanted]
        if len(xs) >= _SMALLEST_BUTTON[0]:
            blocks[-1].append((y, xs[0], xs[-1]))
        elif blocks[-1]:
            blocks.append([])
    block = max(blocks, key=len)
    if len(block) < _SMALLEST_BUTTON[1]:
        return None
    left, right = min(row[1] for row in block), max(row[2] for row in block)
    return Rect(left, block[0][0], right - left + 1, len(block))


def find_outline(picture: Image.Image, colours: list[tuple[int, ...]]) -> Rect | None:
    """The highest outline of the height of Stop, whose horizontal lines have one of `colours`."""
    width, height = picture.size
    data = picture.convert("RGB").tobytes()
    for colour in colours:
        line = bytes(colour) * _STOP_LINE
        found = {
            y: _line_start(data[y * width * 3 : (y + 1) * width * 3], line) for y in range(height)
        }
        for y, x in found.items():
            if x is None or found.get(y + _STOP_HEIGHT - 1) != x:
                continue
            row = data[y * width * 3 : (y + 1) * width * 3]
            right = x
            while right < width and row[right * 3 : right * 3 + 3] == bytes(colour):
                right += 1
            return Rect(x, y, right - x, _STOP_HEIGHT)
    return None


def _line_start(row: bytes, line: bytes) -> int | None:
    """The first pixel of a line in a row of pixels."""
    at = row.find(line)
    while at >= 0 and at % 3:
        at = row.find(line, at + 1)
    return at // 3 if at >= 0 else None
