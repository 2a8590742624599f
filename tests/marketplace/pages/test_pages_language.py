"""The language of the pages: negotiated, chosen at the foot of a page, the same in all parts."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page

from diary.core.findings import Code
from marketplace.contracts.queries import Contract
from marketplace.core.i18n import languages
from marketplace.pages.render import static_files
from marketplace.review import sentences
from marketplace.review.view_models import NoPicture
from system.i18n import use_language
from tests.marketplace.live_marketplace import LiveMarketplace
from tests.marketplace.pages import samples
from tests.marketplace.pages.busy_week import busy_week
from tests.marketplace.pages.sample_site import SampleSite, sample_app
from tests.marketplace.pages.test_pages_html import BROWSER, DAY, LOCKED, PAGES, TWO
from tests.marketplace.simulated_device import SimulatedDevice

GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.5"}
LANGUAGES = [name for name in languages() if name != "en"]
#: The elements beyond an edge of the window, and those with a cut text.
OUTSIDE = """\
() => {
  const clipped = (element) => {
    const style = getComputedStyle(element);
    return style.overflowX !== "visible" && style.textOverflow !== "ellipsis"
      && style.position !== "absolute" && element.scrollWidth > element.clientWidth + 1
      && !element.matches(".scroll");
  };
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1)
      && !element.closest(".vh, .skip, .scroll");
  });
  const cut = [...document.querySelectorAll("body *")].filter(clipped);
  return [...wide, ...cut].map((element) => element.outerHTML.slice(0, 120));
}
"""
#: Pages of the client, besides the week.
PLACES = ("/", "/company", "/account", "/sessions", "/tokens")
SKIP = {
    "ar": "انتقال إلى المحتوى",
    "de": "Zum Inhalt springen",
    "es": "Saltar al contenido",
    "pt": "Ir para o conteúdo",
}


def ask(
    method: str, path: str, headers: dict[str, str], form: dict[str, str] | None = None
) -> httpx.Response:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(sample_app()[0])
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, headers=BROWSER | headers, data=form)

    return asyncio.run(answer())


def shown(path: str, cookie: str = "", **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask("GET", path, {"cookie": f"wd_session=client; {cookie}", **sent})


def language_of(response: httpx.Response) -> str:
    """The page's language, where all that name it agree."""
    match = re.search(r'<html lang="([^"]+)" dir="([a-z]+)">', response.text)
    assert match
    assert match[2] == ("rtl" if match[1] == "ar" else "ltr")
    assert response.headers["content-language"] == match[1]
    pressed = re.findall(r'value="([^"]+)" lang="\1" aria-pressed="true"', response.text)
    assert pressed == [match[1]]
    return match[1]


@pytest.mark.parametrize("path", [*PAGES, "/signin/unknown", "/contracts/x/slots/1", "/none"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_follows_the_browser_with_headers_for_caches(path: str, language: str) -> None:
    response = shown(path, accept_language=f"{language}-XX,{language};q=0.9,en;q=0.5")
    assert language_of(response) == language
    assert response.headers["vary"] == "Accept-Language, Cookie"
    assert SKIP[language] in response.text
    assert "Skip to content" not in response.text


@pytest.mark.parametrize("path", [*PAGES, "/signin/unknown", "/contracts/x/slots/1", "/none"])
def test_every_page_is_english_where_the_browser_names_no_language(path: str) -> None:
    response = shown(path)
    assert language_of(response) == "en"
    assert "Skip to content" in response.text


def test_sentences_dates_and_durations_are_german() -> None:
    day = shown(DAY, accept_language="de").text
    assert "Dienstag, 17. November" in day
    assert "Aktivität nicht gemessen" in day
    assert re.search(r"\d\s?Std\. \d\d\sMin\.", day)
    slot = shown(TWO, accept_language="de").text
    assert "14:00 bis 14:10" in slot


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ar", ("الثلاثاء، 17 نوفمبر", "النشاط غير مقيس", "فحصت المنصة")),
        ("es", ("martes, 17 de noviembre", "Actividad sin medir", "Comprobados por la plataforma")),
        (
            "pt",
            ("terça-feira, 17 de novembro", "Atividade não medida", "Verificados pela plataforma"),
        ),
    ],
)
def test_sentences_and_dates_are_in_the_language(language: str, texts: tuple[str, ...]) -> None:
    day = shown(DAY, accept_language=language).text
    assert [text for text in texts if text not in day] == []


def test_tables_of_texts_are_translated_when_they_are_shown() -> None:
    def texts() -> tuple[str, ...]:
        return (
            sentences.no_picture_text("locked"),
            sentences.end_text("lock"),
            sentences.mark_text("given-back", sentences.time_text(580)),
            sentences.deletion_text(["memo", "time"], given_back=True, by_person=True),
            sentences.finding_text(Code.E_SIG),
        )

    with use_language("de"):
        assert texts() == (
            "Bildschirm gesperrt, kein Bild",
            "Bildschirm gesperrt",
            "Zeit vom Freelancer gelöscht: 9\N{NO-BREAK SPACE}Min. 40\N{NO-BREAK SPACE}Sek.",
            "Memo gelöscht, samt der Zeit",
            "Die Signatur passt nicht zu den signierten Daten.",
        )
    with use_language("en"):
        assert texts()[:3] == (
            "Screen locked, no picture",
            "screen locked",
            "Time deleted by the freelancer: 9 min 40 s",
        )


@pytest.mark.parametrize(
    ("cookie", "field", "language"),
    [
        ("wd_language=de", "en", "de"),
        ("wd_language=en", "de", "en"),
        ("wd_language=fr", "de", "de"),
        ("wd_language=DE", "en", "en"),
        ("wd_language=", "de", "de"),
        ("wd_language=../de", "en", "en"),
        ("wd_language=<script>", "en", "en"),
        ('wd_language="de', "en", "en"),
        ("wd_language=" + "d" * 4000, "en", "en"),
        ("wd_language=de%00", "en", "en"),
        ("wd_language=en; wd_language=fr", "de", "de"),
        ("wd_language", "de", "de"),
    ],
)
def test_the_cookie_decides_where_it_names_a_language(
    cookie: str, field: str, language: str
) -> None:
    response = shown("/", cookie, accept_language=field)
    assert (response.status_code, language_of(response)) == (200, language)


@pytest.mark.parametrize("field", ["\xe4", "de\xff", "d" * 30_000, ";;;,,,", "q=1", "\t"])
def test_a_hostile_field_gives_an_english_page(field: str) -> None:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(sample_app()[0])
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            head = [(b"accept-language", field.encode("latin-1")), (b"accept", b"text/html")]
            return await client.get("/signin/client", headers=head)

    response = asyncio.run(answer())
    assert (response.status_code, language_of(response)) == (200, "en")


def test_two_fields_are_one_list() -> None:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(sample_app()[0])
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            head = [("accept-language", "en;q=0.1"), ("accept-language", "de")]
            return await client.get("/signin/client", headers=head)

    assert language_of(asyncio.run(answer())) == "de"


def test_an_unchanged_page_in_another_language_is_sent_again() -> None:
    english = shown(DAY)
    tag = english.headers["etag"]
    same = shown(DAY, if_none_match=tag)
    assert (same.status_code, same.headers["vary"]) == (304, "Accept-Language, Cookie")
    assert shown(DAY, if_none_match=tag, accept_language="de").status_code == 200


def test_the_choice_is_stored_and_leads_back() -> None:
    response = ask("POST", "/language", {}, {"language": "de", "back": f"{DAY}?tz=utc"})
    assert (response.status_code, response.headers["location"]) == (303, f"{DAY}?tz=utc")
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith("wd_language=de;")
    for part in ("httponly", "samesite=lax", "path=/", "max-age=31536000"):
        assert part in cookie


@pytest.mark.parametrize(
    "back",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\r\nset-cookie: a=b",
        "/ä",
        "evil",
    ],
)
def test_the_choice_leads_to_no_other_site(back: str) -> None:
    response = ask("POST", "/language", {}, {"language": "de", "back": back})
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert "a=b" not in response.headers["set-cookie"]


@pytest.mark.parametrize("language", ["", "fr", "DE", "de;", "de\r\nx: y", "d" * 100_000])
def test_an_unknown_language_is_not_stored(language: str) -> None:
    response = ask("POST", "/language", {}, {"language": language, "back": "/"})
    assert response.status_code == 303
    assert "set-cookie" not in response.headers


def test_another_site_cannot_choose() -> None:
    response = ask("POST", "/language", {"sec-fetch-site": "cross-site"}, {"language": "de"})
    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_the_form_leads_back_to_the_page_and_not_to_a_form() -> None:
    assert f'name="back" value="{DAY}?tz=utc"' in shown(f"{DAY}?tz=utc").text
    cookie = {"cookie": "wd_session=client"}
    assert 'name="back" value="/"' in ask("POST", "/signout", cookie).text


def test_the_check_in_the_browser_explains_codes_in_the_language_of_the_page() -> None:
    served = re.search(r'data-sentences="([^"?]+)\?', shown(DAY, accept_language="de").text)
    assert served
    response = shown(served[1])
    assert response.headers["content-type"] == "application/json"
    texts = json.loads(response.content)
    assert texts[Code.E_SIG.sentence] == "Die Signatur passt nicht zu den signierten Daten."
    assert set(texts) == {code.sentence for code in Code}
    assert "data-sentences" not in shown(DAY).text
    assert "sentences.en.json" not in static_files()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", DAY, TWO, LOCKED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_in_any_language(
    visit: Callable[..., Page], path: str, width: int, language: str
) -> None:
    page = visit(path, viewport={"width": width, "height": 900})
    page.locator(f'button[value="{language}"]').click()
    page.locator(f'html[lang="{language}"]').wait_for()
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_the_pages_of_a_real_week(
    browse: Callable[..., Page],
    marketplace: LiveMarketplace,
    contract: Contract,
    device: SimulatedDevice,
    language: str,
) -> None:
    week = busy_week(marketplace, device, contract, slots=7)
    session = week.session(contract.client)
    for width in (360, 1280):
        options = {"viewport": {"width": width, "height": 900}, "locale": language}
        page = browse(marketplace.url + "/signin", **options)
        assert page.evaluate(OUTSIDE) == []
        for address in (week.address, *(marketplace.url + path for path in PLACES)):
            page = browse(address, session=session, **options)
            assert page.locator("html").get_attribute("lang") == language
            assert (address, page.evaluate(OUTSIDE)) == (address, [])


@pytest.mark.parametrize("width", [360, 700, 1280])
@pytest.mark.parametrize("language", languages())
def test_no_reason_for_a_missing_picture_is_cut(
    visit: Callable[..., Page], staged: SampleSite, language: str, width: int
) -> None:
    with use_language(language):
        texts = [sentences.no_picture_text(code, "Ana Ruiz") for code in sentences._NO_PICTURE]
    reasons = [NoPicture("error", text) for text in texts]
    slots = (
        dataclasses.replace(slot, picture=None, no_picture=reason)
        for slot, reason in zip(samples.SLOTS, reasons, strict=False)
    )
    staged.review.shown = samples.day(tuple(slots))
    page = visit(DAY, viewport={"width": width, "height": 900}, locale=language)
    gaps = page.locator(".pic.gap")
    assert gaps.count() == len(reasons)
    cut = gaps.evaluate_all(
        """(gaps) => gaps.filter((gap) => {
          const [outer, inner] = [gap, gap.querySelector(".why > span")].map(
            (element) => element.getBoundingClientRect());
          return inner.top < outer.top || inner.bottom > outer.bottom
            || inner.left < outer.left || inner.right > outer.right;
        }).map((gap) => gap.innerText)"""
    )
    assert cut == []


def test_the_choice_works_by_keyboard_without_a_script(
    visit: Callable[..., Page], staged: SampleSite
) -> None:
    page = visit(DAY, java_script_enabled=False)
    page.locator('button[value="de"]').focus()
    page.keyboard.press("Enter")
    page.locator('html[lang="de"]').wait_for()
    assert page.url == staged.url + DAY
    assert samples.DAY.isoformat() in page.url
    page.locator('button[value="en"]').press("Space")
    page.locator('html[lang="en"]').wait_for()
