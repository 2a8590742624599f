"""Names and memos on the verifier page are shown as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from diary.bundle.html_verifier import verify_page
from diary.core.display import FSI, PDI
from tests.diary.world import START, World
from tests.js import engines
from tests.js.test_bundles import zipped

HOSTILE = "<b>x</b>\u202eevil\u2066y\x1bz"
HEBREW = "פרויקט (1)"
PERSIAN = "می\u200cخواهم 👩\u200d👧"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with engines.browser() as made:
        yield made


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "verify.html"
    file.write_bytes(verify_page())
    context = chromium.new_context(offline=True)
    made = context.new_page()
    made.goto(file.as_uri())
    yield made
    context.close()


def test_hostile_text_in_a_bundle_is_text(page: Page) -> None:
    world = World(name=HEBREW)
    for place, memo in enumerate((HOSTILE, HEBREW, PERSIAN)):
        world.log_segment(world.work(START + 600 * place, memo=memo))
    data = zipped(world.bundle())
    name = "\u202egnp.\u2066zip"
    page.locator("#file").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": data}
    )
    page.locator("#verdict").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    text = page.locator("body").inner_text()
    assert not set(text) & set("\u202e\u2066\x1b")
    assert "<b>x</b>\ufffdevil\ufffdy\ufffdz" in text
    assert PERSIAN in text.replace(FSI, "").replace(PDI, "")
    assert f"{FSI}{HEBREW}{PDI}" in text
    memos = page.locator("bdi").all_inner_texts()
    assert {memo.strip(FSI + PDI) for memo in memos} >= {HEBREW, PERSIAN}
    # The device's name is one of them.
    assert sum(memo.strip(FSI + PDI) == HEBREW for memo in memos) >= 2
