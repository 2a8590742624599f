"""The contents of the pages, and data that they never contain, read as HTML."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from marketplace.core.problems import ProblemError
from marketplace.http.language import language_choices
from marketplace.review.view_models import FindingView
from tests.marketplace.pages import sample_month, sample_week, samples
from tests.marketplace.pages.sample_site import SampleReview, sample_app

DAY = f"/contracts/{samples.CTR}/days/{samples.DAY}"
TWO = f"/contracts/{samples.CTR}/slots/{samples.slot_at(14, 0)}"
LOCKED = f"/contracts/{samples.CTR}/slots/{samples.slot_at(11, 10)}"
WEEK_PAGE = f"/contracts/{samples.CTR}/weeks/{sample_week.ISO}"
MONTH_PAGE = f"/contracts/{samples.CTR}/months/{sample_month.NAME}"
APPROVE = f"/approve?week={sample_week.ISO}"
PAGES = [
    "/", DAY, f"/contracts/{samples.CTR}/days/2026-11-16", TWO, LOCKED, "/signin/client",
    WEEK_PAGE, MONTH_PAGE, APPROVE,
]  # fmt: skip
BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


class Client:
    """Asks the application in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def get(self, path: str, headers: dict[str, str] = BROWSER) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, headers))

    def post(self, path: str, headers: dict[str, str] = BROWSER) -> httpx.Response:
        return asyncio.run(self._ask("POST", path, headers))

    async def _ask(self, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=headers)


@dataclasses.dataclass(frozen=True)
class Reader:
    """A user with a browser."""

    client: Client
    review: SampleReview

    def html(self, path: str, status: int = 200, **cookies: str) -> str:
        jar = {"wd_session": "client"} | cookies
        sent = "; ".join(f"{name}={value}" for name, value in jar.items() if value)
        answer = self.client.get(path, headers=BROWSER | {"cookie": sent})
        assert answer.status_code == status
        return answer.text


def reader(speed: int | None = None) -> Reader:
    app, review, _ = sample_app(speed=speed)
    return Reader(Client(app), review)


class Texts(HTMLParser):
    """Every text that a person sees or hears, and every tag."""

    _SPOKEN = ("alt", "aria-label", "title", "placeholder")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._in_key = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_key = tag == "kbd"
        self.texts += [value for name, value in attrs if name in self._SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._in_key = self._in_key and tag != "kbd"

    def handle_data(self, data: str) -> None:
        # The names on keys are the same in all languages.
        if data.strip() and not self._in_key:
            self.texts.append(data.strip())


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from strings_in(item)


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize("path", [*PAGES, "/signin/unknown", "/contracts/x/slots/1"])
def test_every_visible_string_goes_through_the_catalogue(path: str) -> None:
    read = reader(speed=60)
    read.review.shown = samples.broken_day()
    jar = {"cookie": "wd_session=client"}
    texts = Texts(read.client.get(path, headers=BROWSER | jar).text).texts
    data = sorted(
        {
            text
            for view in (
                *(own_name for _, own_name in language_choices()),
                samples.broken_day(),
                samples.home("client"),
                sample_week.week(),
                sample_week.slot_review(),
                sample_month.month(),
                samples.CLIENT,
                samples.slot_detail(samples.slot_at(14, 0)),
                samples.slot_detail(samples.slot_at(11, 10)),
            )
            for text in strings_in(view)
            if text
        },
        key=len,
        reverse=True,
    )
    assert texts
    assert [text for text in texts if is_untranslated(text, data)] == []


def is_untranslated(text: str, data: Iterable[str]) -> bool:
    """Whether letters remain without the texts in brackets (see `bracketed`) and in `data`."""
    rest, before = text, ""
    # Innermost brackets first: a sentence may contain another one.
    while rest != before:
        before, rest = rest, re.sub(r"⟦[^⟦⟧]*⟧", "", rest)
    for known in data:
        rest = rest.replace(known, "")
    return re.search(r"[^\W\d_]", rest) is not None


@pytest.mark.parametrize("path", [*PAGES, "/signin/unknown"])
def test_no_page_needs_a_style_or_a_script_of_its_own(path: str) -> None:
    html = reader().html(path, 404 if "unknown" in path else 200)
    for tag, attributes in Texts(html).tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag == "script":
            assert (attributes["src"] or "").startswith("/static/")
        for name in ("src", "href", "action"):
            address = attributes.get(name)
            assert address is None or address.startswith(("/", "#"))


def test_hostile_text_stays_text() -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    read = reader()
    slots = (replace(samples.SLOTS[0], memo=evil), *samples.SLOTS[1:])
    read.review.shown = replace(samples.day(slots), title=evil, person=evil)
    read.review.detail = replace(
        samples.slot_detail(samples.slot_at(9, 20)),
        memo=evil,
        person=evil,
        findings=(FindingView(evil, "E_FORMAT", "error", evil, evil),),
    )
    for path in (DAY, TWO):
        texts = Texts(read.html(path))
        assert [tag for tag, _ in texts.tags if tag == "script"] == ["script"]
        assert not any("onerror" in attributes for _, attributes in texts.tags)
        assert any(evil in text for text in texts.texts)


def test_a_demo_is_labelled_on_every_page_and_a_real_marketplace_never() -> None:
    demo, real = reader(speed=60), reader()
    for path in PAGES:
        assert "Demo at 60x speed. Nothing is billed." in demo.html(path)
        assert "Nothing is billed" not in real.html(path)
    assert "Demo at 60x" in demo.html("/signin/unknown", 404)
    assert "Demonstration. Nothing" in reader(speed=1).html("/")


def test_the_badge_names_the_marketplace_as_the_checker() -> None:
    html = reader().html(DAY)
    assert "Checked by the marketplace: 20 of 20" in html
    assert "erified" not in html


def test_a_failed_check_is_a_sentence_with_the_slots_time_and_the_code() -> None:
    read = reader()
    read.review.shown = samples.broken_day()
    html = read.html(DAY)
    assert "Checked by the marketplace: 18 of 20" in html
    assert (
        "The slot at 09:40 did not pass its checks. "
        "A picture file differs from the one that was signed (E_SHOT_HASH)." in html
    )


def test_a_missing_picture_states_why_and_unmeasured_time_is_labelled() -> None:
    html = reader().html(DAY)
    assert "Screen locked, no picture" in html
    assert "Activity not measured" in html


def test_both_sides_see_the_same_page() -> None:
    read = reader()
    mine = read.html(DAY, wd_session="freelancer").replace("Ana Ruiz</bdi></a>", "</a>")
    mine = mine.replace(samples.FREELANCER.sub, samples.CLIENT.sub)
    theirs = read.html(DAY).replace("Li Wei</bdi></a>", "</a>")
    assert mine == theirs


def test_a_day_without_time_states_that_and_offers_one_with() -> None:
    html = reader().html(f"/contracts/{samples.CTR}/days/2026-11-15")
    assert "No time recorded on this day" in html
    assert f'href="{DAY}"' in html


def test_home_without_contracts_names_the_next_step() -> None:
    read = reader()
    for role, words in (
        ("client", "between you and a freelancer"),
        ("freelancer", "on your computer"),
    ):
        read.review.home_view = replace(samples.home(role), rows=(), total=0)
        html = read.html("/", wd_session=role)
        assert "No contract yet" in html
        assert words in html


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/contracts/zzz/slots/1", 404, "Page not found"),
        ("/contracts/" + "z" * 22 + f"/days/{samples.DAY}", 404, "Page not found"),
        (f"/contracts/{samples.CTR}/days/yesterday", 404, "Page not found"),
        (f"/contracts/{samples.CTR}/days/9999-99-99", 404, "Page not found"),
        (f"/contracts/{samples.CTR}/slots/x", 404, "Page not found"),
        ("/static/none.css", 404, "Page not found"),
        ("/signin/unknown", 404, "This link no longer works"),
    ],
)
def test_wrong_addresses_get_a_page_in_style(path: str, status: int, words: str) -> None:
    html = reader().html(path, status)
    assert words in html
    assert "/static/pages.css" in html


@pytest.mark.parametrize("path", ["/", DAY, TWO, "/pictures/x/0", "/thumbs/x/0"])
def test_nothing_is_visible_without_signing_in(path: str) -> None:
    html = reader().html(path, 401, wd_session="")
    assert "You are signed out" in html
    assert "Acme" not in html


def test_today_leads_to_the_date_in_the_zone_that_is_shown() -> None:
    read = reader()
    path = f"/contracts/{samples.CTR}/days/today"
    jar = {"cookie": "wd_session=client; wd_tz=mine; wd_zone=Pacific/Kiritimati"}
    there = read.client.get(path, headers=BROWSER | jar)
    here = read.client.get(path, headers=BROWSER | {"cookie": "wd_session=client"})
    assert there.headers["location"].endswith("/days/2026-11-18")
    assert here.headers["location"].endswith("/days/2026-11-17")


def test_an_unknown_zone_is_ignored() -> None:
    html = reader().html(DAY, wd_tz="mine", wd_zone="../../etc/passwd")
    assert '<option value="person" selected>' in html


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    read = reader()
    jar = {"cookie": "wd_session=client"}
    first = read.client.get(DAY, headers=BROWSER | jar)
    again = read.client.get(DAY, headers=BROWSER | jar | {"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    read.review.shown = samples.broken_day()
    changed = read.client.get(DAY, headers=BROWSER | jar | {"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


def test_a_sign_in_link_is_used_up_only_by_the_button_of_the_same_site() -> None:
    app, _, signin = sample_app()
    client = Client(app)
    assert "Sign in to Workdiary" in client.get("/signin/client", headers=BROWSER).text
    foreign = client.post(
        "/signin/client", headers={"sec-fetch-site": "cross-site"} | {"accept": "text/html"}
    )
    assert foreign.status_code == 403
    assert "Nothing was changed" in foreign.text
    assert signin.used == set()
    answer = client.post("/signin/client", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert client.post("/signin/client", headers=BROWSER).status_code == 404


def test_static_files_are_named_by_their_bytes_and_may_be_kept() -> None:
    read = reader()
    html = read.html("/")
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
        answer = read.client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert re.search(r"\?v=[0-9a-f]{12}$", address)


FORBIDDEN = re.compile(r"fraud|suspicious|employee|monitoring|!", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_the_texts_use_standard_terms(path: str) -> None:
    for text in Texts(reader(speed=60).html(path)).texts:
        assert not FORBIDDEN.search(text.removeprefix("doctype")), text


def test_a_live_page_asks_oftener_in_a_demo_and_only_today() -> None:
    assert 'data-live="20000"' in reader().html(DAY)
    assert 'data-live="2000"' in reader(speed=60).html(DAY)
    yesterday = samples.DAY - dt.timedelta(days=1)
    assert "data-live" not in reader().html(f"/contracts/{samples.CTR}/days/{yesterday}")


def test_a_failing_marketplace_shows_a_page_without_a_session() -> None:
    app, review, signin = sample_app()

    def broken(token: str) -> None:
        raise AssertionError(token)

    def unavailable(*_: object) -> None:
        signin.account = broken  # type: ignore[method-assign]
        raise ProblemError("log_unavailable", headers={"Retry-After": "5"})

    review.home = unavailable  # type: ignore[method-assign,assignment]
    answer = Client(app).get("/", BROWSER | {"cookie": "wd_session=client"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Recorded time is safe." in answer.text


@pytest.mark.parametrize("query", ["", "?page=2"])
def test_the_former_address_of_a_slot_leads_to_its_page(query: str) -> None:
    answer = reader().client.get(TWO.replace("/slots/", "/cells/") + query)
    assert (answer.status_code, answer.headers["location"]) == (301, TWO + query)
