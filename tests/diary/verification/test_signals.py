"""Patterns that a reader may ask about, and ordinary work that must raise no question."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from diary.core.slots import SLOT
from diary.objects.picture import Row
from diary.verification.signals import (
    REGULAR_MINUTES,
    SAME_PICTURES,
    FairSignal,
    SignalInput,
    SignalKind,
    signals,
)

BEGIN = 1_794_992_400


def slot(number: int, *rows: Row | None, picture: str = "") -> SignalInput:
    """A full slot; with less than ten rows the last one is repeated."""
    filled = (*rows, *[rows[-1]] * (10 - len(rows)))
    begin = BEGIN + number * SLOT
    return SignalInput(begin, begin, filled, (picture or f"picture {number}",))


def ordinary(number: int) -> SignalInput:
    dice = random.Random(number)
    return slot(
        number,
        *(
            (dice.randint(0, 300), dice.randint(0, 20), dice.randint(0, 30), dice.randint(0, 60), 0)
            for _ in range(10)
        ),
    )


def slots_of(found: tuple[FairSignal, ...], kind: SignalKind) -> list[int]:
    return [(at - BEGIN) // SLOT for each in found if each.kind is kind for at in each.slots]


def test_ordinary_work_raises_no_question() -> None:
    assert signals(ordinary(number) for number in range(54)) == ()


def test_input_that_a_program_made() -> None:
    injected = slot(1, (100, 0, 0, 0, 60))
    a_password_filled_in = slot(2, (100, 0, 0, 0, 20), (100, 0, 0, 0, 0))
    not_reported = slot(3, (100, 0, 0, 0, None))
    found = signals([injected, a_password_filled_in, not_reported, ordinary(4)])
    assert slots_of(found, SignalKind.INJECTED) == [1]


def test_unusually_regular_input() -> None:
    steady = [slot(number, (60, 0, 0, 0, 0)) for number in range(2)]
    assert slots_of(signals(steady), SignalKind.REGULAR) == [0, 1]
    short = [slot(0, (60, 0, 0, 0, 0)), slot(1, *[(60, 0, 0, 0, 0)] * 4, (0, 0, 0, 0, 0))]
    assert REGULAR_MINUTES > 14
    assert signals(short) == ()
    few = [slot(number, (3, 0, 0, 0, 0)) for number in range(6)]
    assert signals(few) == ()
    interrupted = [slot(0, (60, 0, 0, 0, 0)), slot(2, (60, 0, 0, 0, 0))]
    assert signals(interrupted) == ()


def test_identical_pictures_with_much_input() -> None:
    same = [replace(ordinary(number), pictures=("one",)) for number in range(SAME_PICTURES)]
    assert slots_of(signals(same), SignalKind.SAME_PICTURE) == [0, 1, 2]
    assert signals(same[:-1]) == ()
    reading = [slot(number, (0, 0, 0, 0, 0), picture="one") for number in range(6)]
    assert signals(reading) == ()
    another_between = [same[0], ordinary(1), *same[2:], replace(ordinary(3), pictures=("one",))]
    assert signals(another_between) == ()


def test_time_for_another_client() -> None:
    found = signals([ordinary(0), replace(ordinary(1), parallel=True)])
    assert found == (FairSignal(SignalKind.PARALLEL, (BEGIN + SLOT,)),)


def test_deleted_minutes_and_pictures_raise_no_question() -> None:
    bare = [replace(ordinary(n), minutes=None, pictures=()) for n in range(4)]
    assert signals(bare) == ()


_COUNT = st.one_of(st.none(), st.integers(0, 1_000_000))
_ROWS = st.lists(st.one_of(st.none(), st.tuples(*[_COUNT] * 5)), min_size=10, max_size=10).map(
    tuple
)


@given(st.lists(st.tuples(st.integers(0, 20), _ROWS, st.booleans()), max_size=12), st.randoms())
def test_the_order_of_the_segments_does_not_matter(
    made: list[tuple[int, tuple[Row | None, ...], bool]], dice: random.Random
) -> None:
    each = [
        SignalInput(BEGIN + n * SLOT, BEGIN + n * SLOT + place, rows, (str(n % 3),), parallel)
        for place, (n, rows, parallel) in enumerate(made)
    ]
    found = signals(each)
    shuffled = list(each)
    dice.shuffle(shuffled)
    assert signals(shuffled) == found
    known = {segment.slot for segment in each}
    assert all(set(signal.slots) <= known for signal in found)
