"""Only `ui.links` opens addresses, since it detects failures."""

from __future__ import annotations

import ast

import pytest

from tests.repository.tree import modules

_OPENERS = {"openUrl", "startDetached", "open_new", "open_new_tab", "startfile"}
_HELPER = "ui.links"


def openers(source: str) -> list[int]:
    """Lines that open an address, or start a program without checking its result."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in _OPENERS)
        or (isinstance(node, ast.Constant) and node.value == "xdg-open")
    ]


@pytest.mark.parametrize("module", sorted({*modules("ui")} - {_HELPER}))
def test_no_other_module_opens_addresses(module: str) -> None:
    assert openers(modules("ui")[module].read_text("utf-8")) == []


def test_an_opener_is_found() -> None:
    assert openers("QDesktopServices.openUrl(QUrl(x))") == [1]
    assert openers("b.clicked.connect(lambda: QDesktopServices.openUrl(x))") == [1]
    assert openers("\nrun(['xdg-open', x])") == [2]
    assert openers(modules("ui")[_HELPER].read_text("utf-8")) != []
