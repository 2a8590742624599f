"""The tray: two panels that show icons by the two protocols, and the position of an icon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PIL import ImageChops

from tests.desktop_fixtures.waiting import wait_for
from tests.desktop_fixtures.x11 import Rect

if TYPE_CHECKING:
    from PIL import Image

    from tests.desktop_fixtures.desktop import Desktop

TrayKind = Literal["trayer", "lxqt-panel"]

TRAYER = (
    "trayer", "--edge", "bottom", "--align", "right", "--widthtype", "percent", "--width", "12",
    "--heighttype", "pixel", "--height", "32", "--SetDockType", "true", "--transparent", "true",
    "--alpha", "0", "--tint", "0x333333",
)  # fmt: skip

LXQT_PANEL = """\
[General]
__userfile__=true
panels=panel1
[panel1]
plugins=statusnotifier
position=Bottom
panelSize=32
[statusnotifier]
type=statusnotifier
"""


class Tray:
    """A panel: `trayer` shows XEMBED icons, `lxqt-panel` StatusNotifier ones."""

    def __init__(self, desktop: Desktop, kind: TrayKind) -> None:
        """Start it; it is usable once `is_ready` is true."""
        self._desktop = desktop
        self.kind = kind
        self._bare_panel: Image.Image | None = None
        if kind == "lxqt-panel":
            settings = desktop.home / ".config/lxqt/panel.conf"
            settings.parent.mkdir(parents=True, exist_ok=True)
            settings.write_text(LXQT_PANEL)
        self.service = desktop.serve(kind, TRAYER if kind == "trayer" else ["lxqt-panel"])

    def is_ready(self) -> bool:
        """Whether it accepts icons and its panel is on the screen."""
        x, bus = self._desktop.x, self._desktop.bus
        takes_icons = x.tray_is_ready() if self.kind == "trayer" else bus.tray_is_ready()
        return takes_icons and bool(x.docks())

    def remember_bare_panel(self) -> None:
        """Store a picture of the panel, with which an icon is located later."""
        if self.kind == "lxqt-panel":
            self._bare_panel = self._settled(self._desktop.x.docks()[0])

    def icon(self, *, index: int = 0, timeout: float = 20.0) -> Rect:
        """Wait for an icon; returns its position; `index` counts from the left.

        XEMBED icons are windows. StatusNotifier does not report where an icon is drawn: the icon is
        then the difference to the empty panel, and `index` must be 0.
        """
        if self.kind == "trayer":
            return wait_for(
                lambda: self._embedded(index), timeout=timeout, what="an icon in the tray"
            )
        assert index == 0, "a StatusNotifier panel cannot tell its icons apart"
        wait_for(self._desktop.bus.tray_items, timeout=timeout, what="a registered icon")
        return wait_for(self._painted, timeout=timeout, what="an icon painted in the panel")

    def _embedded(self, index: int) -> Rect | None:
        icons = self._desktop.x.embedded_icons()
        return icons[index] if len(icons) > index else None

    def _painted(self) -> Rect | None:
        assert self._bare_panel is not None, "the panel was not ready"
        panel = self._desktop.x.docks()[0]
        box = ImageChops.difference(self._bare_panel, self._settled(panel)).getbbox()
        if box is None:
            return None
        left, top, right, bottom = box
        return Rect(panel.x + left, panel.y + top, right - left, bottom - top)

    def _settled(self, area: Rect) -> Image.Image:
        """A picture of an area that no longer changes."""
        last = [self._desktop.x.grab(area)]

        def same() -> bool:
            last.append(self._desktop.x.grab(area))
            return last[-1].tobytes() == last[-2].tobytes()

        wait_for(same, every=0.15, what="the panel to be painted")
        return last[-1]
