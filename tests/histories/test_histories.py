"""A sample of the histories that `make histories` runs by the thousands."""

from __future__ import annotations

from collections import Counter

from tests.histories.machine import run, too_poor


def test_no_history_pays_twice_loses_time_or_brings_pictures_back() -> None:
    events: Counter[str] = Counter()
    for seed in (1001, 1002, 1003):
        run(seed, 5, events)
    assert events["histories"] >= 15
    assert events["segments"] >= 45
    assert sum(events[f"deletions of {what}"] for what in ("pictures", "time")) >= 5
    assert events["lost requests"]
    assert events["lost replies"]


def test_histories_without_work_or_deletions_are_too_poor() -> None:
    poor = too_poor({"histories": 121, "segments": 207, "deletions of pictures": 1})
    assert poor[0].startswith("207 segments, ")
    assert any(line.startswith("1 deletions of pictures, ") for line in poor)
