"""The guide for IT departments names every helper process of the client."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from ui.cli.main import HELPERS

GUIDE = Path(__file__).parents[2] / "docs" / "it-guide.md"


@pytest.mark.parametrize("option", HELPERS)
def test_the_guide_names_the_helper(option: str) -> None:
    assert f"`{option}`" in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("module", HELPERS.values())
def test_the_helper_can_be_started(module: str) -> None:
    assert callable(importlib.import_module(module).main)
