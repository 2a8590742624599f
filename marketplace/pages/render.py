"""Render templates to HTML, and make the addresses of pages.

Rules kept: autoescape is on for every template; an undefined name in a template is an error; pages
contain no inline style or script, so that the content security policy can forbid both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from diary.bundle.html_verifier import bundle_modules, module_text
from diary.core.day_bounds import midnight
from diary.core.display import isolated, tidy
from diary.core.findings import Code
from diary.core.slots import SLOT
from diary.verification.credit import Totals
from marketplace.core.i18n import current_language, languages, tr, trn, use_language
from marketplace.core.names import shown_name
from marketplace.core.problems import ProblemError
from marketplace.core.week_names import name_of_month, name_of_week
from marketplace.http.language import language_choices, return_path
from marketplace.http.sessions import services_of
from marketplace.pages.formatting import Formatter
from marketplace.review.view_models import (
    DayView,
    FindingView,
    HomeRow,
    SlotView,
    TotalsView,
)
from system.i18n import SOURCE

#: Scripts that are served together with the modules that they import, each as one file.
_SCRIPTS = ("pages.js", "own.js", "check_worker.js", "passkeys.js", "api_docs.js")
#: Swagger UI, as the package `fastapi-offline` ships it.
_SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css")
#: The style sheet of the design tokens; the offline verifier page uses the same file.
_TOKENS = "tokens.css"
#: Marks and reasons of missing pictures, see `is_exception`.
_MARKED = frozenset(
    ("kept", "manual", "over-limit", "overlap", "unpaid", "unchecked", "deleted", "given-back")
)
_EXPECTED = frozenset(("ended", "paused", "locked", "none", "manual"))
_POLL_MS, _POLL_LEAST_MS = 20_000, 2_000
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class StaticFile:
    """A static file; `version` is derived from its bytes."""

    data: bytes
    mime: str
    version: str


@dataclass(frozen=True)
class PageAction:
    """The action that a message offers: a link, or with `post` a button that sends a form."""

    label: str
    href: str
    post: bool = False


@cache
def static_files() -> dict[str, StaticFile]:
    """All files under `static/`, the verifier's `tokens.css`, and Swagger UI, by name."""
    own = files("marketplace.pages").joinpath("static")
    contents = {
        item.name: item.read_bytes() for item in own.iterdir() if not item.name.endswith(".js")
    }
    contents |= {name: _script(name) for name in _SCRIPTS}
    swagger = files("fastapi_offline").joinpath("static")
    contents |= {name: swagger.joinpath(name).read_bytes() for name in _SWAGGER}
    contents[_TOKENS] = module_text(f"page/{_TOKENS}").encode()
    contents |= {f"sentences.{tag}.json": _sentences(tag) for tag in languages() if tag != SOURCE}
    found = {}
    for name, data in contents.items():
        mime = _TYPES.get("." + name.rsplit(".", 1)[-1])
        if mime:
            found[name] = StaticFile(data, mime, hashlib.sha256(data).hexdigest()[:12])
    return found


def _sentences(tag: str) -> bytes:
    """The finding codes' sentences for the check in the browser: English text to translation."""
    with use_language(tag):
        return json.dumps({code.sentence: tr(code.sentence) for code in Code}).encode()


def _script(name: str) -> bytes:
    """A module bundled with the modules of the pages and of the verifier that it imports."""
    own = files("marketplace.pages").joinpath("static")

    def text(module: str) -> str:
        here = own.joinpath(module)
        return here.read_text("utf-8") if here.is_file() else module_text(module)

    return bundle_modules(name, text).encode()


def static_url(name: str) -> str:
    """The address of a static file, with its version, so that it can be cached permanently."""
    return f"/static/{name}?v={static_files()[name].version}"


def day_url(ctr: str, date: dt.date) -> str:
    """The address of a day."""
    return f"/contracts/{quote(ctr, safe='')}/days/{date.isoformat()}"


def month_url(ctr: str, day: dt.date) -> str:
    """The address of the month of a day."""
    return f"/contracts/{quote(ctr, safe='')}/months/{name_of_month(day)}"


def bundle_url(view: DayView) -> str:
    """The address of the record of the week (UTC) in which the day ends, or of the current week
    where the day has not ended.
    """
    end = dt.datetime.combine(view.date + dt.timedelta(days=1), dt.time(), view.now.tzinfo)
    last = min(end - dt.timedelta(seconds=1), view.now).astimezone(dt.UTC)
    week = name_of_week(int(last.timestamp()))
    return f"/v1/bundles/{quote(view.ctr, safe='')}/{week}"


def slot_url(ctr: str, slot: int, part: int = 1) -> str:
    """The address of a slot; `part` is the page of its segments, from 1."""
    address = f"/contracts/{quote(ctr, safe='')}/slots/{slot}"
    return address if part == 1 else f"{address}?part={part}"


def slot_end(slot: SlotView) -> dt.datetime:
    """When the slot ends, in the time zone of its start."""
    end = slot.start.astimezone(dt.UTC) + dt.timedelta(seconds=SLOT)
    return end.astimezone(slot.start.tzinfo)


def has_minutes(slot: SlotView) -> bool:
    """Whether any minute of the slot is covered; deleted time has no bars."""
    return any(state != "none" for state in slot.minutes)


def one_per_code(findings: Iterable[FindingView]) -> list[FindingView]:
    """The findings without repeated codes: a picture and its thumbnail have the same."""
    return list({finding.code: finding for finding in findings}.values())


def day_bounds(view: DayView) -> tuple[int, int]:
    """Begin of the day and of the next one in the time zone of the view, Unix s."""
    tz = ZoneInfo(view.tz)
    return midnight(view.date, tz), midnight(view.date + dt.timedelta(days=1), tz)


def in_zone(moment: dt.datetime, zone: str) -> dt.datetime:
    """The moment in another time zone (IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


def erased_on(received: dt.datetime, days: int) -> dt.date:
    """The day on which the marketplace erases a picture, in the time zone of `received`."""
    return (received + dt.timedelta(days=days)).date()


def ledger_json(totals: Totals) -> str:
    """The sums of a week, like `sums_json`."""
    names = ("tracked", "kept", "manual", "payable", "overlap")
    return json.dumps({name: getattr(totals, name) for name in names})


def sums_json(totals: TotalsView) -> str:
    """The sums of a day that the check in the browser compares with the record (seconds)."""
    return json.dumps(
        {
            "tracked": totals.tracked_s,
            "kept": totals.kept_s,
            "manual": totals.manual_s,
            "payable": totals.payable_s,
            "overlap": totals.overlap_s,
        }
    )


def is_exception(slot: SlotView) -> bool:
    """Whether a reviewer should look at the slot first: the key for the next exception stops here.

    Findings, manual and kept time, deletions, unpaid time, and missing pictures.
    """
    missing = slot.no_picture is not None and slot.no_picture.code not in _EXPECTED
    marked = any(mark.code in _MARKED for mark in slot.marks)
    return bool(slot.failing) or not slot.checked or marked or missing


def isolated_name(name: str) -> str:
    """A name inside a sentence or an attribute, where <bdi> cannot isolate it."""
    return isolated(shown_name(name))


def without_control_characters(value: object) -> object:
    """Remove control characters and bidirectional overrides from the value of a `{{ … }}`, and
    translate the name of an erased account.

    The type of the value is kept: Markup stays Markup, numbers stay numbers.
    """
    if type(value) is str:
        value = shown_name(value)
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value
    return type(value)(tidy(str(value), lines=True)) if isinstance(value, str) else value


@cache
def environment() -> Environment:
    """The templates. They show texts in the current language."""
    formatter = Formatter()
    env = Environment(
        loader=PackageLoader("marketplace.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=without_control_characters,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(tr, trn, newstyle=True)  # type: ignore[attr-defined]

    def days_text(row: HomeRow) -> str:
        """The text alternative of a contract's seven bars."""
        monday = dt.date(2024, 1, 1)
        return ", ".join(
            f"{formatter.weekday(monday + dt.timedelta(days=i))} {formatter.hours(seconds)}"
            for i, seconds in enumerate(row.days)
        )

    env.filters["combined"] = lambda some, more: some | more
    env.globals |= {
        "formatter": formatter,
        "name": isolated_name,
        "static": static_url,
        "day_url": day_url,
        "month_url": month_url,
        "bundle_url": bundle_url,
        "day_bounds": day_bounds,
        "sums_json": sums_json,
        "ledger_json": ledger_json,
        "in_zone": in_zone,
        "utc": lambda time_s: dt.datetime.fromtimestamp(time_s, dt.UTC),
        "erased_on": erased_on,
        "slot_url": slot_url,
        "slot_end": slot_end,
        "has_minutes": has_minutes,
        "one_per_code": one_per_code,
        "is_exception": is_exception,
        "days_text": days_text,
        "language_choices": language_choices,
    }
    return env


def demo_notice(request: Request) -> str | None:
    """The banner of a demonstration; None for a real marketplace."""
    speed = services_of(request).config.speed
    if speed is None:
        return None
    if speed == 1:
        return tr("Demonstration. Nothing is billed.")
    return tr("Demo at %(speed)dx speed. Nothing is billed.") % {"speed": speed}


def poll_interval_ms(request: Request) -> int:
    """The polling interval of an open page, in real ms; shorter in a demo, whose time is faster."""
    return max(_POLL_LEAST_MS, _POLL_MS // services_of(request).clock.speed)


def path_number(text: str) -> int:
    """A whole number of an address. Raises `not_found` (404) for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ProblemError("not_found", "There is no such page.")
    return int(text)


def page(
    request: Request, template: str, *, account: str | None, status: int = 200, **values: Any
) -> Response:
    """An HTML response with an ETag; 304 if the browser already has the same page.

    Open pages poll: the ETag keeps an unchanged response small.
    """
    common = {"demo": demo_notice(request), "account": account, "back": return_path(request)}
    text = environment().get_template(template).render(**common, **values)
    # Weak, since the bytes of a compressed response differ.
    tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {
        "etag": tag,
        "content-language": current_language(),
        "vary": "Accept-Language, Cookie",
    }
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(text, status, headers=headers)
