"""Texts that widgets draw themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from diary.core.display import FSI, PDI
from ui.qt.painted_text import fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetrics:
    return QFontMetrics(QFont(qapp.font()))


@pytest.fixture
def right_to_left(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_words_wrap_and_the_last_line_is_cut(metrics: QFontMetrics) -> None:
    width = metrics.horizontalAdvance("Call without the")
    lines = fit(
        "Call without the computer at all, in the garden", metrics, width, 2 * metrics.lineSpacing()
    )
    first, last = lines.split("\n")
    assert first == "Call without the"
    assert last.startswith("computer")
    assert last.endswith("…")
    assert all(metrics.horizontalAdvance(line) <= width for line in (first, last))


def test_text_is_cut_to_one_line_only_if_it_does_not_fit(metrics: QFontMetrics) -> None:
    assert fit("Call with Li", metrics, 10_000, 1) == "Call with Li"
    assert fit("", metrics, 100, 100) == ""
    assert "\n" not in fit("Call with Li", metrics, 20, 1)


def test_hostile_text_is_bounded_and_harmless(metrics: QFontMetrics) -> None:
    lines = fit("a\u202eb\n" * 100_000, metrics, 100, 4 * metrics.lineSpacing())
    assert "\u202e" not in lines
    assert len(lines.split("\n")) == 4


@pytest.mark.usefixtures("right_to_left")
def test_the_ellipsis_of_a_cut_latin_line_is_at_its_end_in_arabic(metrics: QFontMetrics) -> None:
    line = fit("Call without the computer", metrics, 60, 1)
    assert FSI in line
    assert line.endswith("…" + PDI)
