"""Writes the icon and the version information of workdiary.exe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from installers.project import ROOT, SUMMARY

if TYPE_CHECKING:
    from installers.project import Release

COMPANY = "The Workdiary maintainers"
_SIZES = (16, 24, 32, 48, 64, 128, 256)
_LANGUAGE, _UNICODE = 0x0409, 1200


def write_icon(target: Path) -> Path:
    """Draw the program's icon in all sizes into an .ico file; returns it."""
    renderer = QSvgRenderer(str(ROOT / "assets" / "icons" / "app.svg"))
    pictures = [_picture(renderer, size) for size in _SIZES]
    target.parent.mkdir(parents=True, exist_ok=True)
    pictures[-1].save(
        target, sizes=[each.size for each in pictures], append_images=pictures[:-1], format="ICO"
    )
    return target


def _picture(renderer: QSvgRenderer, size: int) -> Image.Image:
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


def write_version(release: Release, target: Path) -> Path:
    """Write the version information in the form that PyInstaller reads; returns the file."""
    numbers = (*(int(each) for each in release.windows.split(".")), 0)
    texts = {
        "CompanyName": COMPANY,
        "FileDescription": f"Workdiary, {SUMMARY}",
        "FileVersion": str(release.version),
        "ProductName": "Workdiary",
        "ProductVersion": str(release.version),
        "OriginalFilename": "workdiary.exe",
        "LegalCopyright": f"{COMPANY}. Apache License 2.0",
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('{_LANGUAGE:04X}{_UNICODE:04X}', [{strings}])]), "
        f"VarFileInfo([VarStruct('Translation', [{_LANGUAGE}, {_UNICODE}])])])\n",
        "utf-8",
    )
    return target
