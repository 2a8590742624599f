"""The command `workdiary-marketplace seed`."""

from __future__ import annotations

import argparse
import datetime as dt
import secrets
import time
from pathlib import Path

from diary.cli.output import print_report
from marketplace import composition
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.seed.generate import SeedCounts, generate
from marketplace.seed.plan import SeedOptions
from marketplace.storage.data_folder import DATABASE

_SEED_BITS = 256
#: A report of the progress after this many days.
_REPORTED_DAYS = 30


def run(options: argparse.Namespace, name: str) -> int:
    """Generate the data folder `options.data_dir`; returns the exit status 0. Raises ConfigError
    for invalid options and for a folder with a marketplace.
    """
    data_dir: Path = options.data_dir
    if options.demo_speed is not None:
        raise ConfigError(tr("A generated marketplace is no demo: omit --demo-speed."))
    if options.blobs is not None:
        raise ConfigError(tr("Generated pictures are in the data folder: omit --blobs."))
    if (data_dir / DATABASE).exists():
        raise ConfigError(
            tr("%(path)s already holds a marketplace. Choose a new folder; nothing was changed.")
            % {"path": data_dir}
        )
    seed = options.random_seed
    chosen = SeedOptions.create(
        name=name,
        contracts=options.contracts,
        days=options.days,
        segments=options.segments,
        freelancers=options.freelancers,
        clients=options.clients,
        last_day=_last_day(options.last_day),
        random_seed=secrets.randbits(_SEED_BITS) if seed is None else seed,
    )
    begin = time.monotonic()
    with composition.lock(data_dir):
        counts = generate(data_dir, chosen, _report)
    print_report(_summary(counts, time.monotonic() - begin))
    return 0


def _last_day(text: str | None) -> dt.date:
    yesterday = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    if text is None:
        return yesterday
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(tr("%(text)r is not a date like 2026-11-30.") % {"text": text}) from error
    if not dt.date(2021, 1, 1) <= day <= yesterday:
        raise ConfigError(tr("The last day must be from 2021-01-01 to yesterday."))
    return day


def _report(done: int, days: int) -> None:
    if done % _REPORTED_DAYS == 0 and done < days:
        print_report(tr("generated %(done)d of %(days)d days") % {"done": done, "days": days})


def _summary(counts: SeedCounts, seconds: float) -> str:
    lines = [
        (tr("accounts"), counts.accounts),
        (tr("contracts"), counts.contracts),
        (tr("computers"), counts.devices),
        (tr("segments"), counts.segments),
        (tr("deleted segments"), counts.deletions),
        (tr("recorded hours"), counts.seconds // 3600),
        (tr("beacons"), counts.beacons),
        (tr("log entries"), counts.leaves),
        (tr("picture files"), counts.pictures),
        (tr("seconds taken"), round(seconds)),
    ]
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {value:>10,}" for name, value in lines)
