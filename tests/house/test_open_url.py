"""Every call that opens an address looks at what became of it."""

from __future__ import annotations

import ast

import pytest

from tests.house.tree import modules

_OPENERS = {"openUrl", "startDetached", "open_new", "open_new_tab"}


def ignored(source: str) -> list[int]:
    """Lines where the answer of an opener is dropped."""
    tree = ast.parse(source)
    dropped = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    dropped += [node.body for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return [
        call.lineno
        for call in dropped
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in _OPENERS
    ]


@pytest.mark.parametrize("module", modules("ui"))
def test_no_answer_is_dropped(module: str) -> None:
    assert ignored(modules("ui")[module].read_text("utf-8")) == []


def test_a_dropped_answer_is_found() -> None:
    assert ignored("QDesktopServices.openUrl(QUrl(x))") == [1]
    assert ignored("b.clicked.connect(lambda: QDesktopServices.openUrl(x))") == [1]
    assert ignored("if not QDesktopServices.openUrl(x):\n    tell(x)") == []
