"""Widgets without a screen: one theme for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ui.qt.theme import LIGHT, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, whatever the previous test has chosen."""
    made = Theme(qapp, LIGHT)
    yield made
    made.deleteLater()
