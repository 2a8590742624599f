"""The desktop's colours are legible in every scheme (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11)."""

from __future__ import annotations

import pytest

from assets.tokens import contrast, load
from ui.qt.theme import with_more_contrast

PLAIN = {"light": load().light, "dark": load().dark}
STRONG = {f"{name}, more contrast": with_more_contrast(PLAIN[name]) for name in PLAIN}
SCHEMES = PLAIN | STRONG


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "amber", "red"])
@pytest.mark.parametrize("paper", ["ground", "card", "tint", "amber-wash", "red-wash"])
def test_text_is_legible(scheme: str, ink: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert contrast(colors[ink], colors[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "paper"),
    [("on-accent", "accent"), ("on-accent", "accent-strong"), ("accent", "tint")],
)
def test_text_on_the_accent_is_legible(scheme: str, ink: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert contrast(colors[ink], colors[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("shape", "paper"),
    [
        ("field", "card"),
        ("focus", "ground"),
        ("accent", "quiet"),
        ("hatch-strong", "ground"),
        ("accent", "tint"),
    ],
)
def test_shapes_that_carry_meaning_are_seen(scheme: str, shape: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert contrast(colors[shape], colors[paper]) >= 3


@pytest.mark.parametrize("scheme", STRONG)
@pytest.mark.parametrize("ink", ["text", "muted"])
@pytest.mark.parametrize("paper", ["ground", "card", "tint", "amber-wash", "red-wash"])
def test_more_contrast_makes_texts_and_borders_stand_out(scheme: str, ink: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert contrast(colors[ink], colors[paper]) >= 7
    assert contrast(colors["edge"], colors[paper]) >= 7
