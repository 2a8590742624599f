"""The language that the verifier page chooses from those of the browser."""

from __future__ import annotations

import pytest

from tests.js import engines


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ([], "en"),
        (["de"], "de"),
        (["de-CH", "en"], "de"),
        (["fr", "de"], "de"),
        (["en-GB", "de"], "en"),
        (["constructor", "__proto__"], "en"),
        (["", "-", "de-"], "de"),
    ],
)
def test_the_language_is_the_first_that_the_page_has(
    engine: engines.Engine, wanted: list[str], language: str
) -> None:
    assert engines.call(engine, "chosenLanguage", wanted=wanted) == language
