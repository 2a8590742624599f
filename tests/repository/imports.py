"""Reads which modules a source file imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

#: The top-level packages of the product. `.importlinter` has the rules between them.
PACKAGES = ("assets", "diary", "marketplace", "system", "tracker", "ui", "uploader")


@dataclass(frozen=True)
class Import:
    """One imported name, as written, and whether it is imported together with the file."""

    module: str
    line: int
    at_import: bool


def imports_of(source: str) -> list[Import]:
    """Every import in a file: statements, and calls of `import_module` or `__import__` with a text.

    Imports within functions and under `if TYPE_CHECKING:` do not happen at import time.
    `from a import b` counts as both `a` and `a.b`, since `b` may be a module.
    """
    return list(_walk(ast.parse(source), at_import=True))


def _walk(node: ast.AST, *, at_import: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import():
                for alias in child.names:
                    yield Import(alias.name, child.lineno, at_import)
            case ast.ImportFrom(module=module, level=level):
                base = "." * level + (module or "")
                yield Import(base, child.lineno, at_import)
                for alias in child.names:
                    yield Import(f"{base}.{alias.name}", child.lineno, at_import)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if _imports(func):
                yield Import(name, child.lineno, at_import)
            case ast.If(test=test) if _is_type_checking(test):
                for inner in child.body:
                    yield from _walk_statement(inner, at_import=False)
                for inner in child.orelse:
                    yield from _walk_statement(inner, at_import=at_import)
                continue
            case _:
                pass
        late = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(child, at_import=at_import and not late)


def _walk_statement(statement: ast.stmt, *, at_import: bool) -> Iterator[Import]:
    yield from _walk(ast.Module([statement], []), at_import=at_import)


def _imports(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in {"import_module", "__import__"}


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"
