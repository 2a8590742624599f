"""The report of `workdiary policy`: each setting with its value and source, and the errors of the
policy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from diary.core.display import for_terminal
from system.i18n import mark
from ui.i18n import tr
from ui.settings.policy.policy import SENTENCES
from ui.settings.settings import TABLE

if TYPE_CHECKING:
    from ui.settings.policy.policy import PolicyProblem
    from ui.settings.settings import Settings, Source

#: The version of the JSON. Raise it when a field changes its meaning or is removed, not for a new
#: one.
SCHEMA = 1
_LONGEST = 200
_SOURCES: dict[Source, str] = {
    "enforced": mark("enforced policy"),
    "user": mark("user"),
    "default": mark("default policy"),
    "built_in": mark("built-in"),
}


def policy_report(settings: Settings) -> dict[str, Any]:
    """The JSON output. `value` is in force; the values of other sources are None if not set."""
    policy = settings.policy
    return {
        "schema": SCHEMA,
        "ok": not policy.problems,
        "place": policy.place or None,
        "organisation": policy.organisation or None,
        "settings": [
            {
                "name": row.name,
                "value": settings.value(row),
                "source": settings.source(row),
                "enforced": policy.enforced.get(row.name),
                "user": settings.values.get(row.name),
                "default": policy.defaults.get(row.name),
                "built_in": row.default,
            }
            for row in TABLE
        ],
        "errors": [
            {
                "place": problem.place,
                "code": problem.code,
                "name": problem.name or None,
                "words": SENTENCES[problem.code].format(name=problem.name),
            }
            for problem in policy.problems
        ],
    }


def policy_table(settings: Settings) -> str:
    """The text for a terminal: the place of the policy, then a line for each setting."""
    policy = settings.policy
    rows = [
        (row.name, _value(settings.value(row)), tr(_SOURCES[settings.source(row)])) for row in TABLE
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    head = (
        tr("Policy: {place}").format(place=for_terminal(policy.place))
        if policy.place
        else tr("This computer has no policy.")
    )
    lines = [head, ""]
    if policy.organisation:
        text = tr("Organisation: {name}").format(name=for_terminal(policy.organisation))
        lines.insert(1, text)
    lines += [
        f"{name:{widths[0]}}  {value:{min(widths[1], 40)}}  {source}"
        for name, value, source in rows
    ]
    return "\n".join(lines)


def error_lines(settings: Settings) -> list[str]:
    """A line for each error of the policy."""
    return [_sentence(problem) for problem in settings.policy.problems]


def _sentence(problem: PolicyProblem) -> str:
    text = tr(SENTENCES[problem.code]).format(name=problem.name)
    return for_terminal(f"{problem.place}: {text}")


def _value(value: object) -> str:
    text = for_terminal(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
