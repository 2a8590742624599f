"""The timesheet of a contract as PDF: hours per day, the ledger of each week, and what proves them.

The fonts cover the Latin, Greek, Cyrillic and Arabic scripts; other letters appear as a replacement
character. HarfBuzz shapes the text, and lines run from right to left in Arabic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import TextMode, WrapMode
from fpdf.fonts import TTFFont

from diary.core.display import REPLACEMENT, clean
from diary.core.slots import to_datetime
from diary.verification.credit import Totals
from marketplace.core import i18n
from marketplace.core.i18n import tr
from marketplace.exports.hours import ContractHours
from marketplace.exports.period import name_of_week
from marketplace.review.ledger import WeekLedger

_FONT, _ARABIC = "Noto Sans", "Noto Sans Arabic"
_FILES = {
    _FONT: fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    _ARABIC: fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf",
}
#: Millimetres.
_MARGIN, _LINE, _ROW, _HEADER, _GAP = 18.0, 5.5, 6.5, 4.0, 6.0
#: Points.
_TITLE, _HEADING, _TEXT, _SMALL = 20, 12, 9, 8
_INK, _MUTED, _RULE = (29, 31, 30), (95, 101, 98), (228, 228, 223)
_LEFT_TO_RIGHT_MARK = "\u200e"
#: The fonts have one weight; an outline of this width (mm) makes totals bolder.
_BOLDER = 0.08


@dataclass(frozen=True)
class TimesheetProof:
    """What the timesheet names as its proof: the log's origin, size and root (base64), and for a
    single week the digest of its record (None otherwise).
    """

    origin: str
    size: int
    root: str
    record: str | None


def timesheet_pdf(hours: ContractHours, proof: TimesheetProof | None, now_s: int) -> bytes:
    """The timesheet in the current language; `now_s` (Unix s) is its date. `proof` is None for an
    empty log.
    """
    # Once to count the pages, which the foot of each page names.
    pages, _ = _draw(hours, proof, now_s, pages=0)
    return _draw(hours, proof, now_s, pages)[1]


def _draw(
    hours: ContractHours, proof: TimesheetProof | None, now_s: int, pages: int
) -> tuple[int, bytes]:
    """The number of pages, and the file; `pages` is the number that the foot names."""
    sheet = _Timesheet(hours, pages)
    try:
        sheet.head(now_s)
        sheet.days()
        sheet.weeks()
        sheet.proof(proof)
        return sheet.pdf.page_no(), bytes(sheet.pdf.output())
    finally:
        sheet.pdf.close_fonts()


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
        self.set_text_color(*_MUTED)
        page = tr("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": self._pages}
        for text, align in ((self._foot, "L"), (page, "R")):
            self.use(_SMALL)
            self.cell(self.epw / 2, _LINE, text, align=align)


class _Timesheet:
    def __init__(self, hours: ContractHours, pages: int) -> None:
        self._hours = hours
        self._rtl = i18n.locale().text_direction == "rtl"
        access = hours.access
        foot = _text(f"{access.contract.title} · {hours.period.name}")
        self.pdf = _Document(foot, pages, rtl=self._rtl)
        self.pdf.set_title(_text(f"{tr('Timesheet')}: {access.contract.title}"))
        self.pdf.add_page()

    def head(self, now_s: int) -> None:
        access, period = self._hours.access, self._hours.period
        self._paragraph(tr("Timesheet"), _TITLE, height=11)
        self._paragraph(_text(access.contract.title), _HEADING, _MUTED, height=8)
        self.pdf.ln(_GAP / 2)
        span = tr("%(first)s to %(last)s, whole days in UTC") % {
            "first": _date(period.first),
            "last": _date(period.last),
        }
        name = period.week_name
        created = format_datetime(to_datetime(now_s, dt.UTC), "long", locale=i18n.locale())
        self._facts(
            (tr("Client"), _text(access.client)),
            (tr("Freelancer"), _text(access.person)),
            (tr("Time zone of the freelancer"), str(self._hours.zone)),
            (tr("Period"), f"{_left_to_right(name)}: {span}" if name else span),
            (tr("Created"), created),
        )

    def days(self) -> None:
        self._heading(tr("Hours per day"))
        header = (
            tr("Day"), tr("Tracked"), tr("Idle time kept"), tr("Manual"), tr("Deleted"),
            tr("Not payable"), tr("Over the limit"), tr("Payable"),
        )  # fmt: skip
        rows = [(_date(day, "medium"), *_columns(sums)) for day, sums in self._hours.days]
        total = (tr("Total"), *_columns(self._hours.totals))
        self._table((31, *(20.4,) * 7), header, rows, total)
        self._paragraph(_equation(self._hours.totals), _SMALL, _MUTED)

    def weeks(self) -> None:
        self._heading(tr("Amount per week"))
        rows = [self._week(week) for week in self._hours.weeks]
        amounts = [money(amount, code) for code, amount in sorted(self._hours.amounts.items())]
        total = (tr("Total"), _clock(self._hours.totals.payable), "", " + ".join(amounts) or "–")
        header = (tr("Week"), tr("Payable"), tr("Rate per hour"), tr("Amount"))
        self._table((43.8, 43.4, 43.4, 43.4), header, rows, total)
        if any(not self._hours.period.is_whole(week.week) for week in self._hours.weeks):
            self._paragraph(
                tr(
                    "The amount of a week is computed once for the whole week. A week that is only "
                    "partly in the period has no amount here."
                ),
                _SMALL,
                _MUTED,
            )

    def _week(self, week: WeekLedger) -> tuple[str, ...]:
        period = self._hours.period
        inside = [
            sums.payable
            for day, sums in self._hours.days
            if name_of_week(week.week) == f"{day.isocalendar()[0]:04}-W{day.isocalendar()[1]:02}"
        ]
        rate, amount = "–", "–"
        if week.rate is not None:
            rate = money(week.rate.hourly_minor, week.rate.currency)
            if period.is_whole(week.week) and week.amount_minor is not None:
                amount = money(week.amount_minor, week.rate.currency)
        return _left_to_right(name_of_week(week.week)), _clock(sum(inside)), rate, amount

    def proof(self, proof: TimesheetProof | None) -> None:
        if proof is None:
            return
        self._heading(tr("Proof"))
        record = ((tr("Record of the week"), proof.record),) if proof.record else ()
        self._facts(
            (tr("Log"), proof.origin),
            (tr("Entries in the log"), str(proof.size)),
            (tr("Root hash of the log"), proof.root),
            *record,
        )
        self._paragraph(
            tr(
                "This sheet itself is not signed. The signed record of each week can be downloaded "
                "from the marketplace and checked with workdiary-verify."
            ),
            _SMALL,
            _MUTED,
        )

    # Drawing

    def _heading(self, text: str) -> None:
        self.pdf.ln(_GAP)
        if self.pdf.will_page_break(5 * _ROW):
            self.pdf.add_page()
        self._paragraph(text, _HEADING, height=8)

    def _paragraph(
        self, text: str, size: float, colour: tuple[int, int, int] = _INK, height: float = _LINE
    ) -> None:
        self.pdf.use(size)
        self.pdf.set_text_color(*colour)
        align = "R" if self._rtl else "L"
        self.pdf.multi_cell(0, height, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def _facts(self, *facts: tuple[str, str]) -> None:
        name, value = 48.0, self.pdf.epw - 48.0
        for label, text in facts:
            top = self.pdf.get_y()
            align = "R" if self._rtl else "L"
            columns = [(label, name, _MUTED), (text, value, _INK)]
            left, bottom = _MARGIN, top + _LINE
            for content, width, colour in reversed(columns) if self._rtl else columns:
                self.pdf.set_xy(left, top)
                self.pdf.use(_TEXT)
                self.pdf.set_text_color(*colour)
                self.pdf.multi_cell(
                    width, _LINE, content, align=align, wrapmode=WrapMode.CHAR, new_y="NEXT"
                )
                bottom, left = max(bottom, self.pdf.get_y()), left + width
            self.pdf.set_xy(_MARGIN, bottom)

    def _table(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        total: Sequence[str],
    ) -> None:
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
        self.pdf.set_text_color(*_MUTED)
        for width, text, align in self._columns(widths, cells):
            self.pdf.set_xy(left, top)
            self.pdf.use(_SMALL)
            self.pdf.multi_cell(width, _HEADER, text, align=align, new_y="NEXT")
            bottom, left = max(bottom, self.pdf.get_y()), left + width
        self.pdf.set_xy(_MARGIN, bottom + 1)
        self._line(widths)

    def _row(self, widths: Sequence[float], cells: Sequence[str], *, bold: bool = False) -> None:
        pdf = self.pdf
        options: dict[str, Any] = {"text_color": _INK}
        if bold:
            options |= {
                "text_mode": TextMode.FILL_STROKE, "line_width": _BOLDER, "draw_color": _INK,
            }  # fmt: skip
        with pdf.local_context(**options):
            for width, text, align in self._columns(widths, cells):
                pdf.use(_TEXT)
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


def _columns(sums: Totals) -> tuple[str, ...]:
    seconds = (
        sums.tracked,
        sums.kept,
        sums.manual,
        sums.given_back,
        sums.unpaid + sums.overlap,
        sums.over_limit,
        sums.payable,
    )
    return tuple(_clock(each) for each in seconds)


def _equation(sums: Totals) -> str:
    """The totals as one equation."""
    return tr(
        "%(tracked)s tracked + %(kept)s idle time kept + %(manual)s manual − %(deleted)s deleted − "
        "%(unpaid)s not payable − %(over)s over the limit = %(payable)s payable (hours, minutes, "
        "seconds)"
    ) % {
        "tracked": _clock(sums.tracked, none="0"),
        "kept": _clock(sums.kept, none="0"),
        "manual": _clock(sums.manual, none="0"),
        "deleted": _clock(sums.given_back, none="0"),
        "unpaid": _clock(sums.unpaid + sums.overlap, none="0"),
        "over": _clock(sums.over_limit, none="0"),
        "payable": _clock(sums.payable, none="0"),
    }


def _clock(seconds: int, none: str = "–") -> str:
    """Hours, minutes and seconds, like "39:20:05"; `none` for no time."""
    if not seconds:
        return none
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _date(day: dt.date, width: str = "long") -> str:
    return str(format_date(day, width, locale=i18n.locale()))


def _left_to_right(text: str) -> str:
    """A name like "2026-W48", whose parts keep their order in a line from right to left."""
    return f"{_LEFT_TO_RIGHT_MARK}{text}" if i18n.locale().text_direction == "rtl" else text


def _text(text: str) -> str:
    """A text of a person, in letters that the fonts have."""
    known = _letters()
    return "".join(char if ord(char) in known else REPLACEMENT for char in clean(text))


@cache
def _letters() -> frozenset[int]:
    found: set[int] = set()
    for path in _FILES.values():
        found |= _letters_of(path)
    return frozenset(found)


def _letters_of(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())
