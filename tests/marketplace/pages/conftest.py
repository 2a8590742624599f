"""A real browser for the pages, and a server with the sample day."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from babel.dates import format_date, format_interval
from babel.numbers import format_currency
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from marketplace.core import i18n
from marketplace.pages.formatting import Formatter
from marketplace.pages.render import static_files
from tests.marketplace.pages.sample_site import SampleSite, sample_site

# A loaded machine takes more than the default of five seconds to draw a large page.
expect.set_options(timeout=30_000)
_NAMES = ("chromium", "chromium-browser", "google-chrome")

#: Records every breach of the content security policy before a page's own script runs.
_WATCH = """
document.addEventListener("securitypolicyviolation",
  (event) => window.breached(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per module: its event loop must not run during other tests with a loop of their
    own.
    """
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: on Debian, apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def staged() -> Iterator[SampleSite]:
    with sample_site() as running:
        yield running


@pytest.fixture
def browse(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens an address; at the end no page may have errors or breaches of its security policy.

    Options are those of a browser context; `session` signs in, and `errors` are parts of the
    console messages that belong to the tested behaviour.
    """
    said: list[str] = []
    allowed: list[str] = []

    def breached(what: str) -> None:
        said.append(what)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    def open_page(
        url: str, *, session: str | None = None, errors: tuple[str, ...] = (), **options: Any
    ) -> Page:
        usual = {"viewport": {"width": 1240, "height": 1020}, "timezone_id": "Europe/Berlin"}
        context = chromium.new_context(**usual | options)
        # Registered during the test, so that it is closed before its server.
        request.node.addfinalizer(context.close)
        allowed.extend(errors)
        context.expose_function("breached", breached)
        context.add_init_script(_WATCH)
        if session:
            context.add_cookies(
                [{"name": "wd_session", "value": session, "url": urljoin(url, "/")}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", heard)
        page.goto(url)
        return page

    yield open_page
    assert [text for text in said if not any(words in text for words in allowed)] == []


@pytest.fixture
def visit(browse: Callable[..., Page], staged: SampleSite) -> Callable[..., Page]:
    """Opens an address of the sample site, signed in as `role` (None: nobody)."""

    def open_page(path: str, *, role: str | None = "client", **options: Any) -> Page:
        return browse(staged.url + path, session=role, **options)

    return open_page


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language in which every translated message and every format of Babel is in brackets."""
    # Made once, and not with brackets.
    static_files()

    def wrapped(function: Callable[..., Any]) -> Callable[..., str]:
        return lambda *args, **options: f"⟦{function(*args, **options)}⟧"

    monkeypatch.setattr(i18n.CATALOGUE, "gettext", wrapped(str))
    monkeypatch.setattr(
        i18n.CATALOGUE, "ngettext", wrapped(lambda one, many, n: one if n == 1 else many)
    )
    monkeypatch.setattr(i18n, "unit", wrapped(i18n.unit))
    monkeypatch.setattr("marketplace.pages.formatting.format_date", wrapped(format_date))
    monkeypatch.setattr("marketplace.pages.formatting.format_interval", wrapped(format_interval))
    monkeypatch.setattr("marketplace.pages.formatting.format_currency", wrapped(format_currency))
    monkeypatch.setattr(Formatter, "weekday", wrapped(Formatter.weekday))
