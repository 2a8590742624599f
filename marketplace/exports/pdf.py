"""Sheets of a PDF file: paragraphs, facts and tables on numbered A4 pages.

The fonts cover the Latin, Greek, Cyrillic and Arabic scripts; other letters appear as a replacement
character. HarfBuzz shapes the text, and lines run from right to left in Arabic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode
from fpdf.fonts import TTFFont

from diary.core.display import REPLACEMENT, clean
from marketplace.core import i18n
from marketplace.core.i18n import tr

_FONT, _ARABIC = "Noto Sans", "Noto Sans Arabic"
_FILES = {
    _FONT: fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    _ARABIC: fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf",
}
#: Millimetres.
_MARGIN, _LINE, _ROW, _HEADER, GAP = 18.0, 5.5, 6.5, 4.0, 6.0
#: Points.
TITLE, HEADING, TEXT, SMALL = 20, 12, 9, 8
INK, MUTED, _RULE = (29, 31, 30), (95, 101, 98), (228, 228, 223)
_LEFT_TO_RIGHT_MARK = "\u200e"
#: The fonts have one weight; an outline of this width (mm) makes totals bolder.
_BOLDER = 0.08


class _Document(FPDF):
    """A4 pages with a numbered foot."""

    def __init__(self, foot: str, pages: int, *, rtl: bool) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self._pages = pages
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + _ROW)
        for family, path in _FILES.items():
            self.add_font(family, fname=path)
        self.set_fallback_fonts([_ARABIC])
        self.set_text_shaping(True, direction="rtl" if rtl else "ltr")
        self.set_creator("Workdiary")
        self.set_lang(i18n.current_language())

    def close_fonts(self) -> None:
        """Close the files of the fonts, which fpdf2 leaves open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def use(self, size: float) -> None:
        """Use the font in this size (points)."""
        self.set_font(_FONT, size=size)
        # fpdf2 2.8.9 takes a font for set although it was set inside of a graphics state that has
        # ended: text after a text with another colour would have the former size.
        self.current_font_is_set_on_page = False

    def footer(self) -> None:
        self.set_y(-_MARGIN)
        self.set_text_color(*MUTED)
        page = tr("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": self._pages}
        for text, align in ((self._foot, "L"), (page, "R")):
            self.use(SMALL)
            self.cell(self.epw / 2, _LINE, text, align=align)


class Sheet:
    """A document that is drawn from top to bottom; `foot` and `pages` are on each page."""

    def __init__(self, title: str, foot: str, pages: int) -> None:
        self._rtl = i18n.locale().text_direction == "rtl"
        self.pdf = _Document(letters(foot), pages, rtl=self._rtl)
        self.pdf.set_title(letters(title))
        self.pdf.add_page()

    def heading(self, text: str) -> None:
        """A heading, on the same page as the lines after it."""
        self.pdf.ln(GAP)
        if self.pdf.will_page_break(5 * _ROW):
            self.pdf.add_page()
        self.paragraph(text, HEADING, height=8)

    def paragraph(
        self, text: str, size: float, colour: tuple[int, int, int] = INK, height: float = _LINE
    ) -> None:
        """A paragraph; `size` in points, `height` of a line in mm."""
        self.pdf.use(size)
        self.pdf.set_text_color(*colour)
        align = "R" if self._rtl else "L"
        self.pdf.multi_cell(0, height, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def facts(self, *facts: tuple[str, str]) -> None:
        """A line for each label and its text."""
        name, value = 48.0, self.pdf.epw - 48.0
        for label, text in facts:
            top = self.pdf.get_y()
            align = "R" if self._rtl else "L"
            columns = [(label, name, MUTED), (text, value, INK)]
            left, bottom = _MARGIN, top + _LINE
            for content, width, colour in reversed(columns) if self._rtl else columns:
                self.pdf.set_xy(left, top)
                self.pdf.use(TEXT)
                self.pdf.set_text_color(*colour)
                self.pdf.multi_cell(
                    width, _LINE, content, align=align, wrapmode=WrapMode.CHAR, new_y="NEXT"
                )
                bottom, left = max(bottom, self.pdf.get_y()), left + width
            self.pdf.set_xy(_MARGIN, bottom)

    def table(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        total: Sequence[str],
    ) -> None:
        """A table with the widths of its columns in mm; each page repeats the header."""
        self._header(widths, header)
        for row in rows:
            if self.pdf.will_page_break(_ROW):
                self.pdf.add_page()
                self._header(widths, header)
            self._row(widths, row)
        self._row(widths, total, bold=True)
        self.pdf.ln(1.5)

    def _columns(
        self, widths: Sequence[float], cells: Sequence[str]
    ) -> Iterator[tuple[float, str, str]]:
        """Width, text and alignment of each cell, from left to right: the first column is a text,
        the others are numbers.
        """
        first, number = ("R", "L") if self._rtl else ("L", "R")
        aligns = (first, *(number,) * (len(cells) - 1))
        listed = list(zip(widths, cells, aligns, strict=True))
        yield from reversed(listed) if self._rtl else listed

    def _header(self, widths: Sequence[float], cells: Sequence[str]) -> None:
        """The names of the columns, over several lines where they are long."""
        top = bottom = self.pdf.get_y()
        left = _MARGIN
        self.pdf.set_text_color(*MUTED)
        for width, text, align in self._columns(widths, cells):
            self.pdf.set_xy(left, top)
            self.pdf.use(SMALL)
            self.pdf.multi_cell(width, _HEADER, text, align=align, new_y="NEXT")
            bottom, left = max(bottom, self.pdf.get_y()), left + width
        self.pdf.set_xy(_MARGIN, bottom + 1)
        self._line(widths)

    def _row(self, widths: Sequence[float], cells: Sequence[str], *, bold: bool = False) -> None:
        pdf = self.pdf
        options: dict[str, Any] = {"text_color": INK}
        if bold:
            options |= {
                "text_mode": TextMode.FILL_STROKE, "line_width": _BOLDER, "draw_color": INK,
            }  # fmt: skip
        with pdf.local_context(**options):
            for width, text, align in self._columns(widths, cells):
                pdf.use(TEXT)
                pdf.cell(width, _ROW, _fitted(pdf, text, width), align=align)
        pdf.ln(_ROW)
        self._line(widths)

    def _line(self, widths: Sequence[float]) -> None:
        pdf = self.pdf
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.2)
        pdf.line(_MARGIN, pdf.get_y(), _MARGIN + sum(widths), pdf.get_y())


def money(amount_minor: int, currency: str) -> str:
    """An amount in the minor unit of a currency, such as "$1,200.00"."""
    digits = get_currency_precision(currency)
    value = Decimal(amount_minor).scaleb(-digits)
    return str(format_currency(value, currency, locale=i18n.locale()))


def _fitted(pdf: FPDF, text: str, width: float) -> str:
    """The text, shortened to the width of its cell."""
    while text and pdf.get_string_width(text) > width - 1:
        text = f"{text[:-2]}…" if len(text) > 1 else ""
    return text


def clock(seconds: int, none: str = "–") -> str:
    """Hours, minutes and seconds, like "39:20:05"; `none` for no time."""
    if not seconds:
        return none
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def date_text(day: dt.date, width: str = "long") -> str:
    """A date in the current language; `width` is that of Babel."""
    return str(format_date(day, width, locale=i18n.locale()))


def left_to_right(text: str) -> str:
    """A name like "2026-W48", whose parts keep their order in a line from right to left."""
    return f"{_LEFT_TO_RIGHT_MARK}{text}" if i18n.locale().text_direction == "rtl" else text


def letters(text: str) -> str:
    """A text of a person, in letters that the fonts have."""
    known = _known_letters()
    return "".join(char if ord(char) in known else REPLACEMENT for char in clean(text))


@cache
def _known_letters() -> frozenset[int]:
    found: set[int] = set()
    for path in _FILES.values():
        found |= _letters_of(path)
    return frozenset(found)


def _letters_of(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def draw(make: Callable[[int], Sheet]) -> bytes:
    """The file of a sheet. `make` draws it with the number of its pages in the foot; it is called
    twice, since the number is known only then.
    """
    pages, _ = _finished(make(0))
    return _finished(make(pages))[1]


def _finished(sheet: Sheet) -> tuple[int, bytes]:
    try:
        return sheet.pdf.page_no(), bytes(sheet.pdf.output())
    finally:
        sheet.pdf.close_fonts()
