"""Each window fits on a low screen and on an enlarged one, and so do its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from tests.ui.golden import misfits, run
from ui.qt import plain_text

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("variant", ["scale-200", "screen-1024x600", "scale-300"])
def test_nothing_is_off_the_screen(tmp_path: Path, variant: str) -> None:
    assert run(variant, tmp_path, check=True) == ""


def test_the_search_finds_what_is_off_the_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 100)
    button = plain_text.button("Save")
    button.setParent(window)
    button.move(190, 10)
    assert list(misfits(window)) == ["QPushButton is outside of the window"]
    button.move(10, 10)
    assert list(misfits(window)) == []
    window.resize(200, 5000)
    assert len(list(misfits(window))) == 1
