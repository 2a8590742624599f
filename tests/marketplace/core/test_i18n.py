"""The language of a request, and durations in each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import i18n


@pytest.fixture(autouse=True)
def _three_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "languages", lambda: ("en", "de", "pt-BR"))


@pytest.mark.parametrize(
    ("field", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("pt-br", "pt-BR"),
        ("pt", "en"),
        # The quality decides, not the order; the order decides between equal ones.
        ("en;q=0.5, de;q=0.9", "de"),
        ("de;q=0.5, en;q=0.5", "de"),
        ("fr, de;q=0.1", "de"),
        ("en;q=0.001, de", "de"),
        # A repeated range has its highest quality.
        ("de;q=0.2, en;q=0.5, de;q=0.9", "de"),
        # q=0 refuses a language, English remains if nothing else fits.
        ("de;q=0", "en"),
        ("de;q=0, *", "en"),
        ("en;q=0, *", "de"),
        ("en;q=0, de;q=0, *", "pt-BR"),
        ("en;q=0", "en"),
        ("*;q=0", "en"),
        ("de, *;q=0", "de"),
        ("de-CH, *;q=0", "de"),
        ("de-CH;q=0, *", "en"),
        ("de;q=0.0, de-AT", "en"),
        # `*` matches all languages that the field does not list.
        ("*", "en"),
        ("*, de;q=0.5", "en"),
        ("en;q=0.1, *;q=0.9", "de"),
        ("de;q=0.9, *;q=0.1", "de"),
        # White space and empty elements are allowed (RFC 9110, section 5.6.1).
        (" ,, \tde ; q=0.5 ,", "de"),
        ("de;Q=1.000", "de"),
    ],
)
def test_the_language_follows_the_field(field: str, language: str) -> None:
    assert i18n.negotiate(field) == language


@pytest.mark.parametrize(
    "field",
    [
        "de;q=1.5",
        "de;q=-1",
        "de;q=",
        "de;q=0.1234",
        "de;q=nan",
        "de;level=1",
        "de q=1",
        "de_DE",
        "de-",
        "de--DE",
        "-de",
        "de;q=1;q=1",
        "deutschland",
        "../de",
        "de\x00",
        "\u0064\u0435",  # a Cyrillic letter
        "de\ufffd",
        "<script>",
        "%64%65",
        "**",
        "de/*",
        "d" * 100_000,
        "de," * 50_000,
        "-".join(["de"] * 10_000),
        ",".join(f"x{n}" for n in range(300)) + ",de",
        ";" * 900,
    ],
)
def test_a_malformed_or_huge_field_means_english(field: str) -> None:
    assert i18n.negotiate(field) == "en"


def test_a_malformed_element_leaves_the_others() -> None:
    assert i18n.negotiate("xx;q=9, de;q=0.3, ;;;") == "de"


@given(st.text(st.sampled_from("de n*-;q=01.,\t"), max_size=60))
def test_every_field_gives_a_language_that_exists(field: str) -> None:
    assert i18n.negotiate(field) in ("en", "de", "pt-BR")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 h 02 min 14 s"),
        ("de", "3\N{NO-BREAK SPACE}Std. 02\N{NO-BREAK SPACE}Min. 14\N{NO-BREAK SPACE}Sek."),
        ("pt-BR", "3\N{NO-BREAK SPACE}h 02\N{NO-BREAK SPACE}min 14\N{NO-BREAK SPACE}s"),
        (None, "3 h 02 min 14 s"),
    ],
)
def test_durations_have_the_units_of_the_language(language: str | None, text: str) -> None:
    with i18n.use_language(language):
        assert i18n.exact_duration(10_934) == text
