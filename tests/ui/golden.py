"""Pictures of every window and state in each variant, with a contact sheet per variant.

`python -m tests.ui.golden FOLDER` (`make golden`) writes them for review. Each variant needs a
program: Qt reads the screen and its scale once. `--check` lists the windows of one variant that do
not fit on its screen. Needs no screen.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)

from tests.ui.render import grab, main_windows, menu, windows
from ui.qt.theme import DARK, LIGHT, Theme
from ui.qt.translation import install_translation

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
#: The frame that a window manager adds around a window, in pixels at 100 %.
FRAME = QSize(2, 28)
_SHEET_WIDTH, _GAP, _LABEL = 2400, 16, 18


@dataclass(frozen=True)
class Variant:
    """One way to show the windows. At 300 % only the main window is promised to fit."""

    scheme: str = LIGHT
    language: str = "en"
    screen: tuple[int, int] = (1920, 1080)
    scale: int = 1
    main_only: bool = False


VARIANTS = {
    "light": Variant(),
    "dark": Variant(DARK),
    "arabic": Variant(language="ar"),
    "german": Variant(language="de"),
    "spanish": Variant(language="es"),
    "portuguese": Variant(language="pt"),
    "scale-200": Variant(scale=2),
    "screen-1024x600": Variant(screen=(1024, 600)),
    "scale-300": Variant(scale=3, main_only=True),
}


def run(name: str, folder: Path, *, check: bool = False) -> str:
    """Run a variant in a program of its own; returns its output."""
    variant = VARIANTS[name]
    width, height = variant.screen
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    with tempfile.TemporaryDirectory() as kept:
        config = Path(kept) / "screens.json"
        config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "LANG", "LC_"))}
        env |= {
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
            "QT_SCALE_FACTOR": str(variant.scale),
            "LANG": "C.UTF-8",
        }
        argv = [sys.executable, "-m", "tests.ui.golden", str(folder), "--variant", name]
        done = subprocess.run(
            [*argv, *(["--check"] if check else [])],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return done.stdout


def shown(variant: Variant, theme: Theme) -> Iterator[tuple[str, QWidget]]:
    """The windows of a variant, at the sizes in which they open."""
    theme.choose(variant.scheme)
    if variant.main_only:
        yield from (pair for pair in main_windows(theme) if pair[0].startswith("window-"))
    else:
        yield from windows(theme, resized=variant.scale == 1 and variant.screen[0] > 1100)


def misfits(window: QWidget) -> Iterator[str]:
    """The parts that are off the screen: a window that is larger than the screen, or a control
    outside of its window that no scrolling reaches.
    """
    window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.show()
    QApplication.processEvents()
    room = window.screen().availableGeometry().size() - FRAME
    size = window.frameGeometry().size()
    if not QRect(QPoint(), room).contains(QRect(QPoint(), size)):
        yield f"{size.width()} x {size.height()} of {room.width()} x {room.height()}"
    for part in window.findChildren(QWidget):
        interactive = isinstance(part, QAbstractButton | QComboBox | QLineEdit)
        if interactive and part.isVisible() and not _reachable(part, window):
            text = part.accessibleName() or type(part).__name__
            yield f"{text} is outside of the window"


def _reachable(part: QWidget, window: QWidget) -> bool:
    above: QWidget | None = part
    while above is not None and above is not window:
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is above:
            return True
        above = area
    return window.rect().contains(QRect(part.mapTo(window, QPoint()), part.size()))


def sheet(pictures: list[tuple[str, QImage]], target: Path) -> None:
    """Put pictures with their names side by side, in rows."""
    places: list[tuple[int, int]] = []
    x = y = high = 0
    for _, image in pictures:
        size = image.deviceIndependentSize().toSize()
        if x and x + size.width() > _SHEET_WIDTH:
            x, y, high = 0, y + high + _GAP + _LABEL, 0
        places.append((x, y))
        x, high = x + size.width() + _GAP, max(high, size.height())
    whole = QImage(_SHEET_WIDTH, y + high + _LABEL + _GAP, QImage.Format.Format_RGB32)
    whole.fill("#CFD3D1")
    painter = QPainter(whole)
    painter.setPen("#1D1F1E")
    for (name, image), (left, top) in zip(pictures, places, strict=True):
        painter.drawText(left, top + _LABEL - 5, name)
        painter.drawImage(left, top + _LABEL, image)
    painter.end()
    whole.save(str(target))


def main() -> int:
    """Write all variants, or one, or check one."""
    parser = argparse.ArgumentParser(description="Write pictures of every window and state.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant", choices=VARIANTS)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    if options.variant is None:
        for name in VARIANTS:
            run(name, folder)
            print(f"{name}: {options.folder / name}.png", flush=True)  # noqa: T201
        return 0
    variant = VARIANTS[options.variant]
    app = QApplication(sys.argv[:1])
    install_translation(app, QLocale(variant.language))
    theme = Theme(app)
    if options.check:
        for name, window in shown(variant, theme):
            for text in misfits(window):
                print(f"{name}: {text}")  # noqa: T201
        return 0
    (folder / options.variant).mkdir(parents=True, exist_ok=True)
    pictures = []
    for name, window in shown(variant, theme):
        image = grab(window)
        image.save(str(folder / options.variant / f"{name}.png"))
        pictures.append((name, image))
    tray = menu()
    pictures.append(("menu", grab(tray.menu)))
    sheet(pictures, folder / f"{options.variant}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
