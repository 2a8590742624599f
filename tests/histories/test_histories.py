"""A sample of the histories that `make histories` runs by the thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.histories.machine import run


@pytest.mark.parametrize("seed", range(1001, 1005))
def test_no_history_pays_twice_loses_time_or_brings_pictures_back(seed: int) -> None:
    events: Counter[str] = Counter()
    run(seed, 20, events)
    assert events["histories"] >= 20
    assert events["segments"]
    assert events["losses"]
