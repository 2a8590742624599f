"""Schedules the checks: once a day, at different times on different computers."""

from __future__ import annotations

DAY_S = 86_400
#: Seconds from the program's start to the first check, so that a login is not slowed down.
FIRST_S = 180.0
#: The fraction of a day by which a check may be earlier or later.
JITTER = 0.1
#: Seconds from a failed check to the next one.
RETRY_S = 3 * 3600


def seconds_to_next(checked_s: int, now_s: float, chance: float) -> float:
    """Seconds until the next check. `checked_s` is the Unix time of the last one, 0 for none;
    `now_s` is the Unix time; `chance` is a random number from 0 to 1. A last check in the future
    does not count: the clock was set back.
    """
    jitter_s = DAY_S * JITTER * (2 * chance - 1)
    due_s = checked_s + DAY_S + jitter_s if 0 < checked_s <= now_s else now_s
    return max(due_s - now_s, FIRST_S * (1 + chance))
