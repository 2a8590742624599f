"""All cases in a fixed order, file by file, independent of the order of imports."""

from __future__ import annotations

from tests.diary import cases, cases_devices, cases_later, cases_rules
from tests.diary.cases import Case

_FILES = [module.__name__ for module in (cases, cases_later, cases_rules, cases_devices)]

CASES: list[tuple[str, set[str], Case]] = sorted(
    cases.CASES,
    key=lambda each: (_FILES.index(each[2].__module__), each[2].__code__.co_firstlineno),
)
