"""Templates to HTML: one environment, escaping everywhere, addresses made in one place.

Rules kept: autoescape is on for every template; a name that a template does not know is an error;
no page needs a style or a script inside it, so that the content security policy can forbid both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from diary.bundle.html_verifier import bundle_modules, module_text
from diary.core.display import isolated, tidy
from diary.core.slots import SLOT
from marketplace.http.sessions import services_of
from marketplace.pages.formatting import Formatter
from marketplace.review.view_models import DayView, FindingView, HomeRow, PictureRef, SlotView

#: The check in the reader's browser: with all modules that it needs in one file.
_OWN_CHECK = "own.js"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """A file of the pages; `version` changes with its bytes."""

    data: bytes
    mime: str
    version: str


@dataclass(frozen=True)
class PageAction:
    """The one thing that a message offers: a link, or a button that posts."""

    words: str
    href: str
    post: bool = False


@cache
def static_files() -> dict[str, StaticFile]:
    """All files under `static/`, by name."""
    found = {}
    for item in files("marketplace.pages").joinpath("static").iterdir():
        suffix = "." + item.name.rsplit(".", 1)[-1]
        if suffix in _TYPES:
            data = _script(item.name) if item.name == _OWN_CHECK else item.read_bytes()
            found[item.name] = StaticFile(
                data, _TYPES[suffix], hashlib.sha256(data).hexdigest()[:12]
            )
    return found


def _script(name: str) -> bytes:
    """A module that uses the verifier's, as one script with them."""
    own = files("marketplace.pages").joinpath("static", name).read_text("utf-8")
    return bundle_modules(name, lambda n: own if n == name else module_text(n)).encode()


def static_url(name: str) -> str:
    """The address of a static file, which may be cached for ever."""
    return f"/static/{name}?v={static_files()[name].version}"


def day_url(ctr: str, date: dt.date) -> str:
    """The address of a day."""
    return f"/contracts/{quote(ctr, safe='')}/days/{date.isoformat()}"


def bundle_url(view: DayView) -> str:
    """The address of the record of the day's week, which is one of UTC: that of the day's last
    moment, or of the present one.
    """
    end = dt.datetime.combine(view.date + dt.timedelta(days=1), dt.time(), view.now.tzinfo)
    last = min(end - dt.timedelta(seconds=1), view.now).astimezone(dt.UTC)
    year, week, _ = last.isocalendar()
    return f"/v1/bundles/{quote(view.ctr, safe='')}/{year:04}-W{week:02}"


def slot_url(ctr: str, slot: int, part: int = 1) -> str:
    """The address of a cell, or of a page of its segments."""
    address = f"/contracts/{quote(ctr, safe='')}/cells/{slot}"
    return address if part == 1 else f"{address}?part={part}"


def slot_end(cell: SlotView) -> dt.datetime:
    """When the cell's slot ends, in the cell's own zone."""
    end = cell.start.astimezone(dt.UTC) + dt.timedelta(seconds=SLOT)
    return end.astimezone(cell.start.tzinfo)


def has_minutes(cell: SlotView) -> bool:
    """Whether any minute of the cell is covered; where time was given back there are no bars."""
    return any(state != "none" for state in cell.minutes)


def distinct(findings: Iterable[FindingView]) -> list[FindingView]:
    """One finding for each code: picture and thumbnail of one cell make one sentence."""
    return list({finding.code: finding for finding in findings}.values())


def fit(picture: PictureRef) -> str:
    """How a picture takes the 16:10 frame: a usual screen fills it, an unusual one stands whole."""
    return "fill" if 1.3 <= picture.width / max(1, picture.height) <= 2 else "whole"


def harmless(value: object) -> object:
    """What every `{{ … }}` of a template passes through: text without control characters and
    overrides of the writing direction. Markup stays markup, numbers stay numbers.
    """
    # The type stays: markup is a subclass of str.
    return type(value)(tidy(str(value), lines=True)) if isinstance(value, str) else value


def environment(words: Formatter) -> Environment:
    """The templates in one language."""
    env = Environment(
        loader=PackageLoader("marketplace.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True
    )

    def days_words(row: HomeRow) -> str:
        """What the seven small bars of a contract say."""
        monday = dt.date(2024, 1, 1)
        return ", ".join(
            f"{words.weekday(monday + dt.timedelta(days=i))} {words.duration(seconds)}"
            for i, seconds in enumerate(row.days)
        )

    env.globals |= {
        "words": words,
        # A name inside a sentence or an attribute, where no element can isolate it.
        "name": isolated,
        "static": static_url,
        "day_url": day_url,
        "bundle_url": bundle_url,
        "cell_url": slot_url,
        "slot_end": slot_end,
        "has_minutes": has_minutes,
        "distinct": distinct,
        "fit": fit,
        "days_words": days_words,
    }
    return env


@cache
def _own() -> Environment:
    return environment(Formatter())


def demo_notice(request: Request) -> str | None:
    """The sentence of the banner while this marketplace is a demo, else None."""
    speed = services_of(request).config.speed
    if speed is None:
        return None
    words = Formatter()
    if speed == 1:
        return words.gettext("Demonstration. Nothing on these pages is a real record.")
    return words.ngettext(
        "Demonstration, in which time runs %(speed)d time as fast. "
        "Nothing on these pages is a real record.",
        "Demonstration, in which time runs %(speed)d times as fast. "
        "Nothing on these pages is a real record.",
        speed,
    ) % {"speed": speed}


def page(
    request: Request, template: str, *, account: str | None, status: int = 200, **values: Any
) -> Response:
    """An HTML answer; 304 with no body when the browser holds the same page already.

    The tag lets an open page ask often whether anything changed, at the price of a few bytes.
    """
    text = (
        _own().get_template(template).render(demo=demo_notice(request), account=account, **values)
    )
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    return HTMLResponse(text, status, headers={"etag": tag})
