"""`verify.html`: one file that checks a bundle in a browser, from the disk, without a network."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assets import tokens
from diary.bundle.html_verifier import bundle_modules, verify_page
from system.i18n import Catalogue, use_language
from tests.diary.world import START, World
from tests.js import engines
from tests.js.test_bundles import FILES, KEY, WORLD, zipped

#: Records every breach of the content security policy before the page's own script runs.
_WATCH = """
window.breaches = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


FINE = "No error in what this bundle shows"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with engines.browser() as made:
        yield made


@pytest.fixture(params=["light", "dark"])
def page(chromium: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page opened from disk; at the end it must have no errors."""
    file = tmp_path / "verify.html"
    file.write_bytes(verify_page())
    context = chromium.new_context(offline=True, color_scheme=request.param)
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.add_init_script(_WATCH)
    made.goto(file.as_uri())
    yield made
    assert made.evaluate("window.breaches") == []
    assert complaints == []
    context.close()


def give(page: Page, data: bytes) -> str:
    """Choose a bundle; returns the verdict."""
    file = {"name": "bundle.zip", "mimeType": "application/zip", "buffer": data}
    page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    page.locator("#verdict").wait_for()
    return page.locator("#verdict").inner_text()


def changed(name: str, data: bytes) -> bytes:
    """The bundle with another file in the place of one, and the manifest it had."""
    held = {**FILES, name: data}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for each, content in held.items():
            archive.writestr(each, content)
    return sink.getvalue()


def test_an_honest_week(page: Page) -> None:
    assert give(page, zipped(FILES)) == FINE
    page.get_by_text("The log's key came with the bundle itself").wait_for()
    assert KEY.vkey in page.locator(".key").inner_text()
    assert page.locator(".totals div").first.inner_text().split("\n") == ["payable", "50 min"]
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert page.locator("#status").inner_text() == FINE
    page.locator("#result details summary").first.click()
    rows = page.locator("#result details table tbody tr")
    assert rows.count() == 5
    assert "Write tests" in rows.first.inner_text()


def test_a_key_that_the_user_gives(page: Page) -> None:
    give(page, zipped(FILES))
    page.locator("#known summary").click()
    page.locator("#key").fill(KEY.vkey)
    page.locator("#ctr").fill(WORLD.ctr)
    page.locator("#again").click()
    page.get_by_text("Checked with the key that you gave").wait_for()
    page.locator("#key").fill("not a key")
    page.locator("#again").click()
    page.locator(".verdict.unusable").wait_for()
    assert "E_POLICY" in page.locator(".verdict").inner_text()


def test_a_changed_segment(page: Page) -> None:
    name = min(name for name in FILES if name.endswith(".sdjwt"))
    data = FILES[name]
    body = data.partition(b".")[2]
    at = len(data) - len(body) + 100
    verdict = give(page, changed(name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]))
    assert verdict.endswith("errors")
    assert verdict != FINE
    codes = page.locator(".findings > li.error > code").all_inner_texts()
    assert "E_MANIFEST" in codes
    assert {"E_FORMAT", "E_SIG"} & set(codes)


def test_invalid_bundle(page: Page) -> None:
    assert give(page, b"not a bundle") == "Nothing can be checked"


def test_an_unpacked_bundle(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    page.locator("#folder").set_input_files(folder)
    page.locator("#verdict").wait_for()
    assert page.locator("#verdict").inner_text() == FINE


def hindrances(page: Page) -> list[str]:
    """axe-core's accessibility findings on the page."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {one['help']}" for one in found["violations"]]


def test_the_page_is_accessible(page: Page) -> None:
    assert hindrances(page) == []
    give(page, changed(min(n for n in FILES if n.startswith("blobs/")), b"x"))
    for summary in page.locator("#result summary").all():
        summary.click()
    assert hindrances(page) == []


def test_a_memo_is_never_markup(page: Page) -> None:
    world = World(shots=0)
    memo = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
    world.log_segment(world.work(START, memo=memo))
    assert give(page, zipped(world.bundle())) == FINE
    page.locator("#result details summary").first.click()
    assert memo in page.locator("#result details").first.inner_text()
    assert page.locator("#result img, #result script").count() == 0


def test_the_styles_are_made_from_the_tokens() -> None:
    made = Path(tokens.__file__).parent.parent / tokens.STYLE
    assert made.read_text(encoding="utf-8") == tokens.css(tokens.load()), (
        "run: python -m assets.tokens"
    )


def test_modules_become_one_script() -> None:
    sources = {
        "a.js": 'import { b, c as d } from "./b.js";\nimport * as e from "./e.js";\n'
        "export const a = b + d + e.f;\n",
        "b.js": 'import { f } from "./e.js";\nexport const b = f;\n\nexport function c() {}\n',
        "e.js": "export const f = 1;\nexport async function* g() {}\nexport class H {}\n",
    }
    assert bundle_modules("a.js", sources.__getitem__) == (
        "// ---- e.js ----\nconst $e = (() => {\n"
        "const f = 1;\nasync function* g() {}\nclass H {}\nreturn { f, g, H };\n})();\n\n"
        "// ---- b.js ----\nconst $b = (() => {\nconst { f } = $e;\n"
        "const b = f;\n\nfunction c() {}\nreturn { b, c };\n})();\n\n"
        "// ---- a.js ----\nconst $a = (() => {\nconst { b, c: d } = $b;\nconst e = $e;\n"
        "const a = b + d + e.f;\nreturn { a };\n})();\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "export default 1;\n",
        "const a = 1;\nexport { a };\n",
        'import a from "./b.js";\n',
        'import { a } from "elsewhere";\n',
        'export * from "./b.js";\n',
        'const a = "</script>";\n',
        "const a = '<!-- x';\n",
        'import { a } from "./a.js";\n',
    ],
)
def test_a_module_that_is_written_in_another_way_is_not_taken(source: str) -> None:
    with pytest.raises(ValueError, match=r"a\.js|one another"):
        bundle_modules("a.js", lambda _: source)


@pytest.mark.parametrize(
    ("locale", "lang", "verdict", "payable"),
    [
        ("de-AT", "de", "Kein Fehler in dem, was dieses Paket zeigt", ["abrechenbar", "50 Min."]),
        ("en-GB", "en", FINE, ["payable", "50 min"]),
        ("xx", "en", FINE, ["payable", "50 min"]),
    ],
)
def test_the_page_follows_the_language_of_the_browser(
    chromium: Browser, tmp_path: Path, locale: str, lang: str, verdict: str, payable: list[str]
) -> None:
    file = tmp_path / "verify.html"
    file.write_bytes(verify_page())
    context = chromium.new_context(offline=True, locale=locale)
    page = context.new_page()
    page.goto(file.as_uri())
    assert give(page, zipped(FILES)) == verdict
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator(".totals div").first.inner_text().split("\n") == payable
    for summary in page.locator("summary").all():
        summary.click()
    # No text of the page is left in English.
    german = Catalogue("diary")
    with use_language(lang):
        translated = [german.gettext(text) for text in page.locator("[data-tr]").all_inner_texts()]
    assert translated == page.locator("[data-tr]").all_inner_texts()
    if lang == "de":
        day = page.locator("#result h3 ~ details > summary").first.inner_text()
        assert re.fullmatch(r"\w\w\., \d+\. \w+\.?", day)
    context.close()
