"""The tokens: readable colours, one source, and a style sheet with the same values."""

import subprocess
import sys
from pathlib import Path

import pytest

from assets import tokens
from marketplace.pages.render import static_files

SCHEMES = {"light": tokens.load().light, "dark": tokens.load().dark}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "amber", "red"])
@pytest.mark.parametrize("paper", ["ground", "card", "amber-wash", "red-wash"])
def test_text_is_legible_on_every_ground(scheme: str, ink: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert tokens.contrast(colors[ink], colors[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "paper"),
    [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-red", "red")],
)
def test_text_is_legible_on_filled_buttons(scheme: str, ink: str, paper: str) -> None:
    colors = SCHEMES[scheme]
    assert tokens.contrast(colors[ink], colors[paper]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("shape", "ground"),
    [("accent", "quiet"), ("accent", "line"), ("hatch-strong", "ground"), ("focus", "ground")],
)
def test_shapes_that_carry_meaning_have_contrast(scheme: str, shape: str, ground: str) -> None:
    """WCAG 2.2, 1.4.11: 3 to 1 for what is needed to understand a graphic."""
    colors = SCHEMES[scheme]
    assert tokens.contrast(colors[shape], colors[ground]) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert tokens.contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def test_the_marketplace_serves_the_style_sheet_made_from_the_tokens() -> None:
    assert static_files()["tokens.css"].data.decode() == tokens.css(tokens.load()), (
        "run: python -m assets.tokens"
    )


def test_the_command_writes_the_style_sheet(tmp_path: Path) -> None:
    target = tmp_path / "made" / "tokens.css"
    subprocess.run([sys.executable, "-m", "assets.tokens", str(target)], check=True)
    assert target.read_bytes() == static_files()["tokens.css"].data


def test_a_colour_missing_from_one_scheme_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in both colour tables"):
        tokens.parse('[color.light]\nground = "#FFFFFF"\n[color.dark]\n')


def test_a_colour_that_is_not_understood_is_an_error() -> None:
    with pytest.raises(ValueError, match="ground is not #RRGGBB"):
        tokens.parse('[color.light]\nground = "white"\n[color.dark]\nground = "#000000"\n')
