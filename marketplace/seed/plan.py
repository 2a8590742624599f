"""Who works when in the generated time.

The first contract has full days of eight hours at the end of the time, as long as they take at most
half of the segments. The other segments are spread over the other contracts in sessions of an hour.
A freelancer never records two contracts at the same time.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from diary.core.slots import DAY, SLOT
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr

#: Slots of a full day and of a session.
FULL_DAY, SESSION = 48, 6
#: The longest break of a full day begins after this many slots and has this many.
_MORNING, _BREAK = 24, 6
#: Work begins at 08:00 UTC and ends before midnight.
_BEGIN, _LAST = 48, 143
_WORKING_DAYS = 5
_CONTRACTS_PER_FREELANCER = 4
MAX_CONTRACTS, MAX_DAYS, MAX_SEGMENTS = 10_000, 366, 10_000_000


@dataclass(frozen=True)
class SeedOptions:
    """What to generate. `last_day` is the last day (UTC), `random_seed` makes the result
    reproducible.
    """

    name: str
    contracts: int
    days: int
    segments: int
    freelancers: int
    clients: int
    last_day: dt.date
    random_seed: int

    @classmethod
    def create(
        cls,
        *,
        name: str,
        contracts: int,
        days: int,
        last_day: dt.date,
        random_seed: int,
        segments: int | None = None,
        freelancers: int | None = None,
        clients: int = 1,
    ) -> SeedOptions:
        """The options with defaults for those that are None. Raises ConfigError for numbers out of
        range.
        """
        people = max(1, contracts // _CONTRACTS_PER_FREELANCER)
        found = cls(
            name=name,
            contracts=contracts,
            days=days,
            segments=100 * contracts if segments is None else segments,
            freelancers=people if freelancers is None else freelancers,
            clients=clients,
            last_day=last_day,
            random_seed=random_seed,
        )
        for option, value, highest in (
            ("--contracts", found.contracts, MAX_CONTRACTS),
            ("--days", found.days, MAX_DAYS),
            ("--segments", found.segments, MAX_SEGMENTS),
            ("--freelancers", found.freelancers, found.contracts),
            ("--clients", found.clients, found.contracts),
        ):
            if not 1 <= value <= highest:
                raise ConfigError(
                    tr("%(option)s must be between 1 and %(highest)d.")
                    % {"option": option, "highest": highest}
                )
        return found

    @property
    def begin_s(self) -> int:
        """00:00 UTC of the first day, Unix s."""
        end = dt.datetime.combine(self.last_day, dt.time(), dt.UTC) + dt.timedelta(days=1)
        return int(end.timestamp()) - self.days * DAY

    @property
    def end_s(self) -> int:
        """24:00 UTC of the last day, Unix s."""
        return self.begin_s + self.days * DAY

    def freelancer_of(self, contract: int) -> int:
        """The number of the freelancer of a contract; the first one has only the first contract."""
        if contract == 0 or self.freelancers == 1:
            return 0
        return 1 + (contract - 1) % (self.freelancers - 1)


@dataclass(frozen=True)
class PlannedSlot:
    """A slot in which a contract gets a segment; `last` is true for the last one of a session."""

    slot: int
    contract: int
    first: bool
    last: bool


def plan(options: SeedOptions, rng: random.Random) -> Iterator[list[PlannedSlot]]:
    """The planned slots of each day, in order of time. Raises ConfigError if a freelancer's day has
    no room.
    """
    days = [options.begin_s + n * DAY for n in range(options.days)]
    working = [day for day in days if _is_working(day)] or days
    sessions = _sessions(options, rng, len(working))
    number = {day: n for n, day in enumerate(working)}
    for day in days:
        yield _day(options, day, sessions.get(number.get(day, -1), []))


def _is_working(day: int) -> bool:
    return dt.datetime.fromtimestamp(day, dt.UTC).weekday() < _WORKING_DAYS


def _sessions(
    options: SeedOptions, rng: random.Random, days: int
) -> dict[int, list[tuple[int, int]]]:
    """The sessions of each working day: contract and number of slots."""
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    alone = options.contracts == 1
    full = options.segments if alone else min(options.segments // 2, days * FULL_DAY)
    for back in range(-(-full // FULL_DAY)):
        slots = min(FULL_DAY, full - back * FULL_DAY)
        found[(days - 1 - back) % days].append((0, slots))
    if alone:
        return found
    others = options.contracts - 1
    share, more = divmod(options.segments - full, others)
    for contract in range(1, options.contracts):
        slots = share + (contract <= more)
        count = -(-slots // SESSION)
        phase = rng.random()
        for session in range(count):
            day = int((session + phase) * days / count) % days
            found[day].append((contract, min(SESSION, slots - session * SESSION)))
    return found


def _day(options: SeedOptions, day: int, sessions: list[tuple[int, int]]) -> list[PlannedSlot]:
    used: defaultdict[int, int] = defaultdict(lambda: _BEGIN)
    found = []
    for contract, slots in sessions:
        person = options.freelancer_of(contract)
        for n in range(slots):
            if slots > _MORNING and n == _MORNING:
                used[person] += _BREAK
            if used[person] > _LAST:
                raise ConfigError(
                    tr("A day has no room for so many segments. Choose fewer, or more freelancers.")
                )
            pause = n == _MORNING and slots > _MORNING
            ends = n == slots - 1 or (n == _MORNING - 1 and slots > _MORNING)
            slot = day + used[person] * SLOT
            found.append(PlannedSlot(slot, contract, first=n == 0 or pause, last=ends))
            used[person] += 1
    return sorted(found, key=lambda planned: (planned.slot, planned.contract))
