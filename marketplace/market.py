"""Putting a marketplace together: opens the data folder, and closes it in order.

One process owns a data folder: a lock on it is taken first and given back last. What must never
change (name, log, the demo's speed and origin) is written down at the first start and compared at
every later one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from diary.command.private import ExposedError, make_private
from diary.timelapse import TimeLapse
from marketplace import schema, shards
from marketplace.arrival import Arrivals, device
from marketplace.beacons import Beacons
from marketplace.blobs import Blobs
from marketplace.bundles import Bundles
from marketplace.clock import MarketClock, system_ms
from marketplace.config import Config, ConfigError, private_dir, secret
from marketplace.deeds import Deeds
from marketplace.deps import Deps
from marketplace.devices import Devices, revoked, signed_out
from marketplace.enrolment import Enrolments
from marketplace.erased import ErasedPictures
from marketplace.erasure import Eraser
from marketplace.evidence import Examiner
from marketplace.log import Log
from marketplace.metrics import Metrics
from marketplace.people import People
from marketplace.quota import Quota
from marketplace.retention import Retention
from marketplace.review import Review
from marketplace.shards import ShardKeys
from marketplace.signin import SignIn
from marketplace.store import Store
from marketplace.throttle import Throttle
from marketplace.tokens import Credential, Tokens
from marketplace.viewings import Viewings

#: What the system answers to a lock that another process holds; on Windows two others.
_HELD = (
    {errno.EACCES, errno.EDEADLK} if sys.platform == "win32" else {errno.EAGAIN, errno.EWOULDBLOCK}
)


@contextlib.contextmanager
def lock(data_dir: Path) -> Iterator[None]:
    """Own the data folder, with no rights of others left in it. Raises ConfigError if another
    process owns it, or if others keep rights.
    """
    private_dir(data_dir)
    try:
        # A folder that was closed has closed pictures: there may be millions of them.
        make_private(data_dir, skip=["blobs"])
    except ExposedError as error:
        raise ConfigError(
            f"{error} The marketplace has not started. Make its user the owner of the data folder "
            "(chown -R), then start again."
        ) from error
    descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _try_lock(descriptor)
        except OSError as error:
            if error.errno not in _HELD:
                raise ConfigError(
                    f"The folder {data_dir} cannot be locked ({error.strerror}), so that a second "
                    "marketplace could write to it. Choose a folder on another drive; nothing was "
                    "changed."
                ) from error
            raise LockedError(
                f"Another marketplace is running on {data_dir}. Stop it first, or choose another "
                "folder; nothing was changed."
            ) from error
        yield
    finally:
        os.close(descriptor)


class LockedError(ConfigError):
    """Another process owns the data folder."""


def _try_lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def open_market(config: Config, system: Callable[[], int] = system_ms) -> Iterator[Deps]:
    """A marketplace on its data folder, whose lock the caller holds. `system` is the wall clock.

    Raises ConfigError for a folder that belongs to another name, speed or version, or is damaged.
    """
    keys = ShardKeys(private_dir(config.keys))
    store = _open_store(config.database)
    try:
        fixed = _fixed(store, config, keys, system())
        lapse = TimeLapse(config.speed, int(fixed["origin_ms"])) if config.speed else None
        clock = MarketClock(lapse, system)
        log = Log(store, clock, keys)
        blobs = Blobs(config.blobs)
        examiner = Examiner(config.name, lambda: log.verifiers)
        viewings = Viewings(store, clock)
        quota = Quota(store, config.quotas, config.name)
        arrivals = Arrivals(store, log, blobs, examiner, quota)
        devices = Devices(store, log, clock)
        erased = ErasedPictures(secret(config.keys / "erased.key"))
        eraser = Eraser(store, blobs, config.name, arrivals.recheck, erased)
        # Before anything is shown, and also of what a crash has left in the write-ahead log.
        eraser.redo()
        store.scrub().result()
        beacons = Beacons(store, log, clock)
        beacons.start()
        people = People(store, log, clock, config.name)
        people.renew_terms()
        yield Deps(
            config=config,
            clock=clock,
            store=store,
            blobs=blobs,
            bundles=Bundles(
                store, blobs, clock, viewings, aud=config.name, log_url=f"{config.base_url}/log"
            ),
            log=log,
            beacons=beacons,
            signin=SignIn(store, clock),
            review=Review(store, blobs, clock, examiner, viewings),
            viewings=viewings,
            people=people,
            enrolments=Enrolments(store, log, clock, config.name),
            arrivals=arrivals,
            quota=quota,
            deeds=Deeds(store, log, clock, config.name, eraser, arrivals.recheck),
            devices=devices,
            erased=erased,
            retention=Retention(store, log, clock, config.name, eraser),
            tokens=Tokens(
                issuer=config.name,
                base_url=config.base_url,
                secret=secret(config.keys / "token.key"),
                credential=lambda kid: _credential(store, kid),
                revoked=lambda kid: _revoked(store, kid),
                issued=devices.seen,
                now_s=clock.real_s,
            ),
            throttle=Throttle(),
            metrics=Metrics(partial(_log_size, store)),
        )
    finally:
        store.close()


def stored_name(data_dir: Path) -> tuple[str, int | None] | None:
    """Name and speed of the marketplace in a data folder; None for a new one. Needs the lock."""
    path = data_dir / "marketplace.sqlite"
    if not path.exists():
        return None
    store = _open_store(path)
    try:
        values = _settings(store)
    finally:
        store.close()
    if "name" not in values:
        return None
    return values["name"], int(values["speed"]) or None


def _open_store(path: Path) -> Store:
    try:
        return Store(path)
    except SQLAlchemyError as error:
        raise ConfigError(
            f"{path} cannot be used: {getattr(error, 'orig', None) or error}. Check the rights of "
            "the data folder and the space on its disk; if it is damaged, restore your backup."
        ) from error


def _fixed(store: Store, config: Config, keys: ShardKeys, now_ms: int) -> dict[str, str]:
    """What the first start has fixed. Raises ConfigError if this start is told otherwise."""
    values = _settings(store)
    if not values:
        year = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).year
        verifier = keys.signer(f"{config.name}/log/{year}").verifier
        values = {
            "name": config.name,
            "speed": str(config.speed or 0),
            "origin_ms": str(now_ms),
        }
        rows: list[dict[str, object]] = [{"name": n, "value": v} for n, v in values.items()]

        def job(connection: Connection) -> None:
            schema.insert(connection, schema.setting, rows)
            shards.begin(connection, verifier)

        store.write(job).result()
        return values
    if values["name"] != config.name:
        raise ConfigError(
            f"This data folder belongs to the marketplace {values['name']!r}, not to "
            f"{config.name!r}. Its records name it, so it cannot be renamed."
        )
    if values["speed"] != str(config.speed or 0):
        was = values["speed"] if values["speed"] != "0" else "1 (no demo)"
        raise ConfigError(
            f"This data folder was made with the speed {was}. Time cannot change its pace in "
            "between: use that speed again, or another folder."
        )
    return values


def _settings(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return {row.name: row.value for row in connection.execute(select(schema.setting))}


def _log_size(store: Store) -> int:
    with store.read() as connection:
        last = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
    return 0 if last is None else last + 1


def _credential(store: Store, kid: str) -> Credential | None:
    with store.read() as connection:
        enrolment = device(connection, kid)
        if enrolment is None:
            return None
        ended = "device_retired" if signed_out(connection, kid) else None
        if revoked(connection, kid):
            ended = "device_revoked"
    return Credential(enrolment.sub, enrolment.auth_jwk, ended)


def _revoked(store: Store, kid: str) -> bool:
    with store.read() as connection:
        return revoked(connection, kid)
