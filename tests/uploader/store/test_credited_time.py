"""The credited time of a contract on this computer: every second once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Any

import pytest

from diary.core.day_bounds import LONGEST_DAY, day_bounds
from diary.core.findings import DiaryError
from diary.core.slots import DAY, WEEK, day_of, week_of
from tests.diary.world import START
from uploader.api.credit_figure import CountedRun, CreditFigure
from uploader.store.credited_time import OwnSegment, credited
from uploader.store.index.rows import IndexRow

DESK, LAPTOP = "A" * 43, "E" * 43
DAY_FROM, WEEK_FROM = day_of(START), week_of(START)


def row(seq: int, t0: int = START, seconds: int = 600, kid: str = DESK) -> IndexRow:
    return IndexRow(
        "c" * 22, 0, seq, kid, f"hash {kid}{seq}", "file", "auto", t0, t0, t0 + seconds, "Memo"
    )


def own(
    seq: int, t0: int = START, seconds: int = 600, within: int | None = None, **changes: Any
) -> OwnSegment:
    within_limit = seconds if within is None else within
    return OwnSegment(row(seq, t0, seconds), seconds, within_limit, **changes)


def figure(day_s: int, week_s: int, *runs: CountedRun) -> CreditFigure:
    return CreditFigure(DAY_FROM, day_s, WEEK_FROM, week_s, runs)


def run(first: int, last: int, *, given_back: bool = False, kid: str = DESK) -> CountedRun:
    return CountedRun(kid, 0, first, last, given_back)


@dataclass(frozen=True)
class Case:
    """The known data, and the resulting seconds of the day in the zone (hours ahead of UTC) and the
    week.
    """

    name: str
    figure_of_server: CreditFigure | None
    segments: list[OwnSegment]
    expected: tuple[int, int]
    limit_s: int | None = None
    now_s: int = START + 3_600
    ahead_h: float = 0


#: In a zone five hours behind, Sunday evening is in the next week of the contract.
SUNDAY = WEEK_FROM + WEEK - 19 * 3_600
MONDAY_UTC = WEEK_FROM + WEEK
#: In a zone eight hours ahead, Monday morning is in the week before.
EIGHT = 8 * 3_600

CASES = [
    Case("nothing", None, [], (0, 0)),
    Case("never in contact", None, [own(0), own(1, START - DAY)], (600, 1_200)),
    Case("all of it is counted", figure(600, 600, run(0, 0)), [own(0)], (600, 600)),
    Case("another device too", figure(1_000, 3_000, run(0, 0)), [own(0)], (1_000, 3_000)),
    Case("sealed since", figure(1_000, 3_000, run(0, 0)), [own(0), own(1)], (1_600, 3_600)),
    Case("an answer was lost", figure(600, 600, run(0, 0)), [own(0), own(1)], (1_200, 1_200)),
    Case("a gap", figure(600, 600, run(0, 0), run(2, 2)), [own(0), own(1), own(2)], (1_200, 1_200)),
    Case("same number, other device", figure(9, 9, run(0, 0, kid=LAPTOP)), [own(0)], (609, 609)),
    Case("signer unknown", figure(9, 9, run(0, 0)), [OwnSegment(row(0, kid=""), 600, 600)], (9, 9)),
    Case("given back, not sent", None, [own(0, given_back=True)], (0, 0)),
    Case(
        "given back, still in the sums",
        figure(600, 1_200, run(0, 0)), [own(0, given_back=True)], (0, 600),
    ),
    Case(
        "given back, in the sums as such",
        figure(600, 1_200, run(0, 0, given_back=True)), [own(0, given_back=True)], (600, 1_200),
    ),
    Case(
        "given back by another device",
        figure(600, 1_200, run(0, 0, given_back=True)), [own(0)], (600, 1_200),
    ),
    Case("the limit", figure(900, 900), [own(0)], (1_000, 1_000), 1_000),
    Case(
        "the limit cuts the later segment",
        figure(0, 0), [own(0, START - DAY), own(1)], (100, 700), 700,
    ),
    Case("a limit that is passed", figure(900, 900), [own(0)], (900, 900), 800),
    Case("no limit left", None, [own(0)], (0, 0), 0),
    Case(
        "from yesterday",
        figure(600, 1_200), [own(0, START + DAY)], (600, 1_800), None, START + DAY,
    ),
    Case(
        "from last week",
        figure(600, 900), [own(0, START + WEEK)], (600, 600), None, START + WEEK,
    ),
    Case(
        "unsent in another week",
        figure(600, 900), [own(0, START + WEEK)], (600, 600), 700, START + WEEK,
    ),
    Case(
        "an earlier day of the week",
        figure(0, 1_200, run(0, 1)), [own(0, START - DAY), own(1, START)], (600, 1_200), None,
        START - DAY,
    ),
    Case(
        "an earlier day of the week, over the limit",
        figure(0, 700, run(0, 1)), [own(0, START - DAY, within=100), own(1, START, within=0)],
        (100, 700), 700, START - DAY,
    ),
    Case(
        "the day's sum of another zone is not used",
        figure(900, 900, run(0, 0)), [own(0)], (600, 900), None, START + 3_600, 5.75,
    ),
    Case(
        "Sunday evening, this week's sums are not known yet",
        CreditFigure(SUNDAY, 1_000, WEEK_FROM, 3_000, (run(0, 0),)),
        [own(0, SUNDAY), own(1, MONDAY_UTC)], (1_600, 600), None, MONDAY_UTC + 60, -5,
    ),
    Case(
        "Sunday evening, all sums are known",
        CreditFigure(SUNDAY, 1_000, MONDAY_UTC, 300, (run(0, 0),)),
        [own(0, SUNDAY), own(1, MONDAY_UTC)], (1_600, 900), None, MONDAY_UTC + 60, -5,
    ),
    Case(
        "Monday morning, a deletion in the week before",
        CreditFigure(MONDAY_UTC - EIGHT, 1_000, MONDAY_UTC, 0, (run(0, 0),)),
        [own(0, MONDAY_UTC - EIGHT, given_back=True)], (400, 0), None, MONDAY_UTC, 8,
    ),
    Case(
        "Monday morning, the limit of the week before is not that of this one",
        CreditFigure(MONDAY_UTC - EIGHT, 0, MONDAY_UTC, 0),
        [own(0, MONDAY_UTC - EIGHT, within=200), own(1, MONDAY_UTC)], (800, 600), 600,
        MONDAY_UTC + 700, 8,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_credited_seconds(case: Case) -> None:
    day = day_bounds(case.now_s, timezone(timedelta(hours=case.ahead_h)))
    found = credited(case.figure_of_server, case.segments, case.now_s, day, case.limit_s)
    assert found == case.expected


ANSWER: dict[str, Any] = {
    "day": {"from": DAY_FROM, "payable": 600},
    "week": {"from": WEEK_FROM, "payable": 1_200},
    "counted": [{"kid": DESK, "epoch": 0, "first": 0, "last": 3, "given_back": False}],
}


def test_a_figure_of_a_response_is_restored_from_the_disk() -> None:
    figure_of_server = CreditFigure.from_response(ANSWER)
    assert figure_of_server == figure(600, 1_200, run(0, 3))
    assert CreditFigure.of(figure_of_server.obj()) == figure_of_server


@pytest.mark.parametrize(
    "changes",
    [
        {"day": None},
        {"day": {"from": DAY_FROM}},
        {"day": {"from": DAY_FROM, "payable": LONGEST_DAY + 1}},
        {"week": {"from": WEEK_FROM, "payable": 604_801}},
        {"week": {"from": WEEK_FROM, "payable": -1}},
        {"week": {"from": 2**53, "payable": 0}},
        {"counted": None},
        {"counted": [3]},
        {"counted": [{"kid": DESK, "epoch": 0, "first": 0, "last": 3}]},
        {"counted": [{**ANSWER["counted"][0], "kid": "short"}]},
        {"counted": ANSWER["counted"] * 2_001},
    ],
    ids=str,
)
def test_a_figure_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(DiaryError):
        CreditFigure.from_response({**ANSWER, **changes})
