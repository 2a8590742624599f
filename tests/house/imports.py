"""Reads which modules a source file imports, and judges them by the one rule of imports.

The rule: `diary` imports none of our packages; `tracker`, `uploader` and `marketplace` import
only `diary`; `ui` assembles the client from all but the marketplace; only `ui` imports Qt, its
presenters never, and its command line and wiring not while they are being imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ROOMS: Mapping[str, frozenset[str]] = {
    "assets": frozenset(),
    "system": frozenset(),
    "diary": frozenset({"system"}),
    "tracker": frozenset({"diary", "system"}),
    "uploader": frozenset({"diary", "system"}),
    "marketplace": frozenset({"diary", "system"}),
    "ui": frozenset({"assets", "diary", "system", "tracker", "uploader"}),
}
#: Not shipped, so no shipped module may need them.
NOT_SHIPPED = frozenset({"benchmarks", "installers", "scripts", "tests"})
QT = frozenset({"PySide6", "shiboken6"})
#: May be imported where there is no Qt at all: the module itself and everything below it.
WITHOUT_QT = ("ui.cli.main", "ui.client", "ui.presenters")
#: May not even name Qt, nor import it late.
NEVER_QT = ("ui.presenters",)


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


def _top(module: str) -> str:
    return module.partition(".")[0]


def _below(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in names)


def complaints(sources: Mapping[str, str]) -> list[str]:
    """What in these sources breaks the rule.

    Args:
        sources: dotted module name -> its source; a package's own file goes by the package's name.
    """
    found = {module: imports_of(source) for module, source in sources.items()}
    told = []
    for module, imports in found.items():
        room = _top(module)
        for imported in imports:
            top = _top(imported.module)
            where = f"{module}:{imported.line}"
            if imported.module.startswith("."):
                told.append(f"{where} imports relatively")
            elif top in ROOMS and top != room and top not in ROOMS[room]:
                told.append(f"{where} imports {top}, which {room} must not know")
            elif top in NOT_SHIPPED:
                told.append(f"{where} imports {top}, which is not shipped")
            elif top in QT and room != "ui":
                told.append(f"{where} imports Qt outside ui")
            elif top in QT and _below(module, NEVER_QT):
                told.append(f"{where} imports Qt in a presenter")
    for module in found:
        if _below(module, WITHOUT_QT):
            way = _way_to_qt(module, found)
            if way:
                told.append(f"{' -> '.join(way)} imports Qt while {module} is imported")
    return sorted(set(told))


def _way_to_qt(start: str, found: Mapping[str, list[Import]]) -> list[str]:
    """The chain of our modules by which importing `start` imports Qt, or nothing."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        reached: set[str] = set()
        for imported in found[way[-1]]:
            if not imported.at_import:
                continue
            if _top(imported.module) in QT:
                return way
            # Importing a.b.c imports a and a.b before it.
            parts = imported.module.split(".")
            reached |= {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
        for module in sorted(reached & found.keys() - seen):
            seen.add(module)
            ways.append([*way, module])
    return []
