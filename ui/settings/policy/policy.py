"""Parses a policy: enforced values, which a user cannot change, and defaults, which a user can.

A policy is an object with `organisation`, `enforced` and `defaults`. Rules kept: it may only set
the values that a row's `policy` allows, so that it can restrict what is recorded and can hide
nothing; the user's own values stay in the user's file and apply again without the policy; an error
never loosens what a policy may restrict: a malformed value of such a row counts as its strictest
value, and a malformed list of hidden things or an unreadable policy withholds all pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from diary.core.display import tidy
from system.i18n import mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ui.settings.setting import Setting, Value

ENFORCED, DEFAULTS, ORGANISATION = "enforced", "defaults", "organisation"
LONGEST_NAME = 80
_LONGEST_SHOWN = 60

ProblemCode = Literal[
    "unreadable",
    "exposed",
    "too_large",
    "malformed",
    "unknown_entry",
    "unknown_setting",
    "not_allowed",
    "invalid_value",
]
#: The sentence of each problem; `{name}` is the entry.
SENTENCES: dict[ProblemCode, str] = {
    "unreadable": mark("The policy cannot be read. Pictures are withheld until it can."),
    "exposed": mark(
        "Users other than the administrator can change the policy, so it is not used. Pictures are "
        "withheld until that is corrected."
    ),
    "too_large": mark("The policy is too large. Pictures are withheld until it is corrected."),
    "malformed": mark("The policy is malformed. Pictures are withheld until it is corrected."),
    "unknown_entry": mark("{name} is not an entry of a policy; it is ignored."),
    "unknown_setting": mark("{name} cannot be set by a policy; it is ignored."),
    "not_allowed": mark("A policy may not set {name} to this value; it is ignored."),
    "invalid_value": mark("The value of {name} is not valid."),
}


@dataclass(frozen=True)
class PolicyProblem:
    """An error of a policy: `place` is its file or key, `name` the entry, "" for the whole."""

    place: str
    code: ProblemCode
    name: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {SENTENCES[self.code].format(name=self.name)}"


@dataclass(frozen=True)
class Policy:
    """`enforced` and `defaults` are values by a setting's name; `organisation` is "" without a
    name. `place` is where the policy was found, "" without a policy. `withholds`: an error may have
    dropped a list of hidden things, so no pictures may be taken. `unreadable`: the whole policy
    cannot be read, and `enforced` has only the strictest values.
    """

    enforced: Mapping[str, Value] = field(default_factory=dict)
    organisation: str = ""
    place: str = ""
    defaults: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[PolicyProblem, ...] = ()
    withholds: bool = False
    unreadable: bool = False


def unreadable(place: str, code: ProblemCode, table: Iterable[Setting]) -> Policy:
    """The policy in place of one that cannot be read. It restricts all that a policy can restrict.

    `place` and `code` are those of its problem, `table` has the rows of the settings.
    """
    return Policy(
        {row.name: row.strictest for row in table if row.strictest is not None},
        place=place,
        problems=(PolicyProblem(place, code),),
        withholds=True,
        unreadable=True,
    )


def parse_policy(raw: object, place: str, table: Sequence[Setting]) -> Policy:
    """The policy in an object of a file or of the registry. Each ignored entry is a problem; an
    object of another form gives the policy of `unreadable`.
    """
    sections: dict[str, Mapping[object, object]] = {ENFORCED: {}, DEFAULTS: {}}
    if not isinstance(raw, Mapping):
        return unreadable(place, "malformed", table)
    for name in sections:
        section = raw.get(name, {})
        if not isinstance(section, Mapping):
            return unreadable(place, "malformed", table)
        sections[name] = section
    problems = [
        PolicyProblem(place, "unknown_entry", _shown(name))
        for name in raw
        if name not in {*sections, ORGANISATION}
    ]
    organisation = raw.get(ORGANISATION, "")
    if not isinstance(organisation, str):
        problems.append(PolicyProblem(place, "invalid_value", ORGANISATION))
        organisation = ""
    reader = _Reader(place, {row.name: row for row in table}, problems)
    enforced = reader.read(ENFORCED, sections[ENFORCED])
    defaults = reader.read(DEFAULTS, sections[DEFAULTS])
    return Policy(
        enforced,
        tidy(organisation)[:LONGEST_NAME].strip(),
        place,
        defaults,
        tuple(problems),
        reader.withholds,
    )


class _Reader:
    """Reads the values of a section, and adds to `problems`."""

    def __init__(
        self, place: str, rows: Mapping[str, Setting], problems: list[PolicyProblem]
    ) -> None:
        self._place = place
        self._rows = rows
        self._problems = problems
        self.withholds = False

    def read(self, section: str, given: Mapping[object, object]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for name, raw in given.items():
            row = self._rows.get(str(name))
            if row is None or row.policy is None:
                self._report("unknown_setting", section, name)
                continue
            value = row.from_json(raw)
            if value == "" or not row.accepts(value):
                # The value is not reported: a list may name private applications.
                self._report("invalid_value", section, name)
                self.withholds = self.withholds or row.hides
                if section == ENFORCED and row.strictest is not None:
                    values[row.name] = row.strictest
            elif row.policy and value not in row.policy:
                self._report("not_allowed", section, name)
            else:
                values[row.name] = value
        return values

    def _report(self, code: ProblemCode, section: str, name: object) -> None:
        self._problems.append(PolicyProblem(self._place, code, f"{section}.{_shown(name)}"))


def merged(policies: Sequence[Policy]) -> Policy:
    """One policy from those of several places. Each setting has the value of the first policy that
    sets it.
    """
    if len(policies) == 1:
        return policies[0]
    readable = [each for each in policies if not each.unreadable]
    # The strictest values of an unreadable policy come first: it may have set them.
    ordered = [each for each in policies if each.unreadable] + readable
    enforced: dict[str, Value] = {}
    defaults: dict[str, Value] = {}
    for each in reversed(ordered):
        enforced.update(each.enforced)
        defaults.update(each.defaults)
    return Policy(
        enforced,
        next((each.organisation for each in readable if each.organisation), ""),
        ", ".join(each.place for each in policies),
        defaults,
        tuple(problem for each in policies for problem in each.problems),
        any(each.withholds for each in policies),
        any(each.unreadable for each in policies),
    )


def _shown(name: object) -> str:
    return tidy(str(name))[:_LONGEST_SHOWN]
