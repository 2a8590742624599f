"""The credited time of a contract on this computer: every second once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

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


def own(seq: int, t0: int = START, seconds: int = 600, **changes: Any) -> OwnSegment:
    return OwnSegment(row(seq, t0, seconds), seconds, **changes)


def figure(day_s: int, week_s: int, *runs: CountedRun) -> CreditFigure:
    return CreditFigure(DAY_FROM, day_s, WEEK_FROM, week_s, runs)


def run(first: int, last: int, *, given_back: bool = False, kid: str = DESK) -> CountedRun:
    return CountedRun(kid, 0, first, last, given_back)


@dataclass(frozen=True)
class Case:
    """The known data, and the resulting seconds of the day and the week."""

    name: str
    figure_of_server: CreditFigure | None
    segments: list[OwnSegment]
    expected: tuple[int, int]
    limit_s: int | None = None
    now_s: int = START + 3_600


CASES = [
    Case("nothing", None, [], (0, 0)),
    Case("never in contact", None, [own(0), own(1, START - DAY)], (600, 1_200)),
    Case("all of it is counted", figure(600, 600, run(0, 0)), [own(0)], (600, 600)),
    Case("another device too", figure(1_000, 3_000, run(0, 0)), [own(0)], (1_000, 3_000)),
    Case("sealed since", figure(1_000, 3_000, run(0, 0)), [own(0), own(1)], (1_600, 3_600)),
    Case("an answer was lost", figure(600, 600, run(0, 0)), [own(0), own(1)], (1_200, 1_200)),
    Case("a gap", figure(600, 600, run(0, 0), run(2, 2)), [own(0), own(1), own(2)], (1_200, 1_200)),
    Case("same number, other device", figure(9, 9, run(0, 0, kid=LAPTOP)), [own(0)], (609, 609)),
    Case("signer unknown", figure(9, 9, run(0, 0)), [OwnSegment(row(0, kid=""), 600)], (9, 9)),
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
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_credited_seconds(case: Case) -> None:
    assert credited(case.figure_of_server, case.segments, case.now_s, case.limit_s) == case.expected


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
        {"day": {"from": DAY_FROM, "payable": 86_401}},
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
