"""Opens the services of a marketplace on its data folder, and closes them in order.

One process owns a data folder: its lock is taken first and released last. Settings that must never
change (name, log, the demo's speed and origin) are stored at the first start and compared at every
later one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from diary.core.demo_clock import TimeLapse
from marketplace.accounts.api_tokens import ApiTokens
from marketplace.accounts.companies import Companies
from marketplace.accounts.credentials import Credentials
from marketplace.accounts.oidc import OidcSignIn
from marketplace.accounts.passkeys import Passkeys
from marketplace.accounts.recovery import Recovery
from marketplace.accounts.sign_in_links import SignIn
from marketplace.contracts.registry import ContractRegistry
from marketplace.contracts.retention import ContractRetention
from marketplace.core.clock import MarketplaceClock, system_ms
from marketplace.core.config import DATABASE_URL, Config, ConfigError, DatabaseSettings, secret
from marketplace.core.i18n import tr
from marketplace.core.metrics import Metrics
from marketplace.core.rate_limit import Throttle
from marketplace.devices.access_tokens import AccessTokens, Credential
from marketplace.devices.authorization import AuthorizationCodes
from marketplace.devices.enrolment import Enrolments
from marketplace.devices.lookup import device
from marketplace.devices.registry import DeviceRegistry, revoked, signed_out
from marketplace.erasure.erased_pictures import ErasedPictures
from marketplace.erasure.eraser import Eraser
from marketplace.erasure.person import PersonEraser
from marketplace.erasure.retention import Retention
from marketplace.exports.bundle import Bundles
from marketplace.exports.files import HoursExports
from marketplace.exports.person import PersonExport
from marketplace.exports.public_hours import PublicHours
from marketplace.exports.report import Reports
from marketplace.exports.report_links import ReportLinks
from marketplace.http.services import Services
from marketplace.http.together import Together
from marketplace.ingest.checks import SegmentChecks
from marketplace.ingest.picture_uploads import PictureUploads, forget_uploads
from marketplace.ingest.segments import SegmentIngest
from marketplace.ingest.statements import StatementIngest
from marketplace.log import shards
from marketplace.log.beacons import Beacons
from marketplace.log.log import Log
from marketplace.log.shards import ShardKeys
from marketplace.notifications.sender import MailSender
from marketplace.records.audit import RecordAudit
from marketplace.records.examiner import RecordChecker
from marketplace.records.picture_views import PictureViews
from marketplace.records.quota import PictureQuota
from marketplace.review.decisions import Decisions
from marketplace.review.disputes.disputes import Disputes
from marketplace.review.months.queries import MonthQueries
from marketplace.review.queries import ReviewQueries
from marketplace.review.week import WeekQueries
from marketplace.schedule.week_ready import WeekNotices
from marketplace.storage import data_folder, schema
from marketplace.storage.blobs.open import open_blobs, open_direct_uploads
from marketplace.storage.database import Database
from marketplace.storage.engines.sqlite import SqliteDatabase
from marketplace.storage.local_settings import MOVED_TO, Moved
from marketplace.webhooks.endpoints import WebhookEndpoints
from marketplace.webhooks.sender import WebhookSender
from marketplace.weekly_reports.contents import makers
from marketplace.weekly_reports.recipients import ReportRecipients
from marketplace.weekly_reports.rounds import WeeklyReports
from marketplace.witnesses.rounds import WitnessRounds
from system.files import private_dir
from system.locks import LockHeldError, lock_file
from system.private_files import ExposedError, make_private


@contextlib.contextmanager
def lock(data_dir: Path, *, shared: bool = False) -> Iterator[None]:
    """Lock the data folder, alone or `shared` with processes that do the same, and remove the
    permissions of other users. Raises ConfigError if another process owns it, or if the permissions
    cannot be removed.
    """
    private_dir(data_dir)
    try:
        # Pictures in a private folder are private: skip what may be millions of files.
        make_private(data_dir, skip=["blobs"])
    except ExposedError as error:
        raise ConfigError(
            tr(
                "%(reason)s The marketplace has not started. Make its user the owner of the data "
                "folder (chown -R), then start again."
            )
            % {"reason": error}
        ) from error
    try:
        held = lock_file(data_dir / "lock", shared=shared)
    except LockHeldError as error:
        raise LockedError(
            tr(
                "Another marketplace is running on %(path)s. Stop it first, or choose another "
                "folder; nothing was changed."
            )
            % {"path": data_dir}
        ) from error
    except OSError as error:
        raise ConfigError(
            tr(
                "The folder %(path)s cannot be locked (%(reason)s), so that a second marketplace "
                "could write to it. Choose a folder on another drive; nothing was changed."
            )
            % {"path": data_dir, "reason": error.strerror}
        ) from error
    with held:
        yield


class LockedError(ConfigError):
    """Another process owns the data folder."""


@contextlib.contextmanager
def open_services(config: Config, system: Callable[[], int] = system_ms) -> Iterator[Services]:
    """The services of a data folder whose lock the caller holds. `system` is the wall clock, Unix
    ms.

    Raises ConfigError for a folder of another name, speed or version, for a damaged one, and if a
    database server fails during the start.
    """
    with contextlib.ExitStack() as stack:
        with _sentences(config.postgresql):
            services = stack.enter_context(_opened(config, system))
        yield services


def _sentences(settings: DatabaseSettings | None) -> contextlib.AbstractContextManager[None]:
    """Raise errors of a database server as ConfigError."""
    if settings is None:
        return contextlib.nullcontext()
    # Loads psycopg.
    from marketplace.storage.engines.postgresql import sentences

    return sentences(settings)


@contextlib.contextmanager
def _opened(config: Config, system: Callable[[], int]) -> Iterator[Services]:
    keys = ShardKeys(private_dir(config.keys), shared=config.shared)
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(
            contextlib.closing(
                _open_store(config.database, config.postgresql, shared=config.shared)
            )
        )
        stored = _fixed_settings(store, config, keys, system())
        lapse = TimeLapse(config.speed, int(stored["origin_ms"])) if config.speed else None
        clock = MarketplaceClock(lapse, system)
        log = Log(store, clock, keys)
        blobs = open_blobs(config, store)
        examiner = RecordChecker(config.name, lambda: log.verifiers)
        views = PictureViews(store, clock)
        quota = PictureQuota(store, config.quotas, config.name)
        # The audit needs the checks and follows below.
        metrics = Metrics(partial(_log_size, store), lambda: audit.figures())  # noqa: PLW0108
        checks = SegmentChecks(store, blobs, examiner, clock, metrics)
        stack.callback(checks.close)
        segments = SegmentIngest(store, log, blobs, quota, checks, config.name)
        devices = DeviceRegistry(store, log, clock)
        erased = ErasedPictures(secret(config.keys / "erased.key"))
        eraser = Eraser(store, blobs, config.name, checks.recheck, erased)
        # Before anything is served; a crash may have left deleted data in the write-ahead log.
        eraser.redo()
        store.scrub().result()
        beacons = Beacons(store, log, clock)
        beacons.start()
        contracts = ContractRegistry(store, log, clock, config.name)
        contracts.renew_terms()
        decisions = Decisions(store, log, clock, config.name)
        decisions.apply_allowed()
        retention = Retention(store, log, clock, config.name, eraser)
        persons = PersonEraser(
            store, clock, eraser, devices, retention.erase, contracts.end_contracts
        )
        retention.finish_persons = persons.finish
        uploads = None
        if (direct := open_direct_uploads(config, store, blobs)) is not None:
            uploads = PictureUploads(store, direct, quota, erased, checks, clock)
            retention.sweep_uploads = uploads.sweep
        else:
            forget_uploads(store)
        audit = RecordAudit(store, clock, checks.recheck, lambda: log.verifiers)
        witnesses = WitnessRounds(store, clock, config.witnesses, metrics.witnesses)
        witnesses.start()
        credentials = Credentials(store, clock)
        token_key = secret(config.keys / "token.key")
        together = Together.open(store, token_key, clock, stack)
        store.started()
        bundles = Bundles(
            store,
            blobs,
            clock,
            views,
            aud=config.name,
            log_url=f"{config.base_url}/log",
            witnesses=config.witnesses,
        )
        yield Services(
            config=config,
            clock=clock,
            store=store,
            blobs=blobs,
            uploads=uploads,
            bundles=bundles,
            hours_exports=HoursExports(store, clock, bundles, config.name, lambda: log.verifiers),
            reports=Reports(store),
            public_hours=PublicHours(store, clock),
            api_tokens=ApiTokens(store, clock),
            report_links=ReportLinks(store, clock),
            log=log,
            beacons=beacons,
            sign_in=SignIn(store, clock),
            credentials=credentials,
            passkeys=Passkeys(store, clock, config.base_url, together.pending),
            oidc=OidcSignIn(store, clock, config.oidc, config.base_url, shared=together.pending),
            recovery=Recovery(store, clock, credentials),
            companies=Companies(store, clock),
            mail=MailSender(store, clock, config.mail, config.base_url, makers(store, clock)),
            report_recipients=ReportRecipients(store, clock),
            witnesses=witnesses,
            weekly_reports=WeeklyReports(store, clock, enabled=config.mail is not None),
            endpoints=WebhookEndpoints(store, clock, config.webhooks),
            webhooks=WebhookSender(store, clock, config.webhooks),
            review=ReviewQueries(store, blobs, clock, examiner, views),
            weeks=WeekQueries(store, clock),
            months=MonthQueries(store, clock),
            week_notices=WeekNotices(store, clock),
            picture_views=views,
            contracts=contracts,
            contract_retention=ContractRetention(store, clock),
            enrolments=Enrolments(store, log, clock, config.name),
            authorizations=AuthorizationCodes(store, clock),
            segments=segments,
            checks=checks,
            quota=quota,
            statements=StatementIngest(store, log, clock, config.name, eraser, checks.recheck),
            devices=devices,
            erased=erased,
            audit=audit,
            decisions=decisions,
            disputes=Disputes(store, clock, decisions, config.name),
            retention=retention,
            person_eraser=persons,
            person_export=PersonExport(store, blobs, clock),
            tokens=AccessTokens(
                issuer=config.name,
                base_url=config.base_url,
                secret=token_key,
                credential=lambda kid: _credential(store, kid),
                revoked=devices.is_revoked,
                issued=devices.seen,
                now_s=clock.real_s,
                shared=together.proofs,
            ),
            throttle=Throttle(shared=together.counters),
            metrics=metrics,
            lease=together.lease,
        )


def read_marketplace_name(
    data_dir: Path, postgresql: DatabaseSettings | None = None, *, shared: bool = False
) -> tuple[str, int | None] | None:
    """Name and speed of the marketplace in a data folder or a PostgreSQL database; None for a new
    one. Needs the lock.
    """
    path = data_dir / "marketplace.sqlite"
    if postgresql is None and not path.exists():
        return None
    store = _open_store(path, postgresql, shared=shared)
    try:
        values = _settings(store)
    finally:
        store.close()
    if "name" not in values:
        return None
    return values["name"], int(values["speed"]) or None


def _open_store(
    path: Path, postgresql: DatabaseSettings | None, *, shared: bool = False
) -> Database:
    if postgresql is not None and shared:
        from marketplace.storage.engines.shared_postgresql import SharedPostgresqlDatabase

        return SharedPostgresqlDatabase(postgresql)
    if postgresql is not None:
        # Loads psycopg.
        from marketplace.storage.engines.postgresql import PostgresqlDatabase

        return PostgresqlDatabase(postgresql)
    try:
        return SqliteDatabase(path)
    except SQLAlchemyError as error:
        raise ConfigError(
            tr(
                "%(path)s cannot be used: %(reason)s. Check the permissions of the data folder and "
                "the space on its disk; if it is damaged, restore your backup."
            )
            % {"path": path, "reason": getattr(error, "orig", None) or error}
        ) from error


def _fixed_settings(
    store: Database, config: Config, keys: ShardKeys, now_ms: int
) -> dict[str, str]:
    """The settings stored by the first start. Raises ConfigError if this start's differ."""
    values = _settings(store)
    if MOVED_TO in values:
        raise ConfigError(
            tr(
                "The database in %(path)s moves or has moved to the PostgreSQL database %(name)r, "
                "and must not be served again: the log would get two different ends. Set "
                "%(variable)s, and run 'move' again if it was interrupted."
            )
            % {
                "path": config.data_dir,
                "name": Moved.parse(values[MOVED_TO]).database,
                "variable": DATABASE_URL,
            }
        )
    if "name" not in values:
        if config.postgresql is not None and data_folder.has_log_key(config.data_dir):
            raise ConfigError(
                tr(
                    "%(path)s holds a log's key, and the PostgreSQL database %(name)r holds no "
                    "marketplace. Check %(variable)s, or restore the database from your backup: a "
                    "new one under the old key would contradict all earlier records."
                )
                % {
                    "path": config.data_dir,
                    "name": config.postgresql.label,
                    "variable": DATABASE_URL,
                }
            )
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
            tr(
                "This data folder belongs to the marketplace %(name)r, not to %(other)r. Its "
                "records name it, so it cannot be renamed."
            )
            % {"name": values["name"], "other": config.name}
        )
    if values["speed"] != str(config.speed or 0):
        was = values["speed"] if values["speed"] != "0" else "1 (no demo)"
        raise ConfigError(
            tr(
                "This data folder was created with the speed %(speed)s, which cannot change: use "
                "that speed again, or another folder."
            )
            % {"speed": was}
        )
    return values


def _settings(store: Database) -> dict[str, str]:
    with store.read() as connection:
        return {row.name: row.value for row in connection.execute(select(schema.setting))}


def _log_size(store: Database) -> int:
    with store.read() as connection:
        last = connection.execute(select(func.max(schema.leaf.c.idx))).scalar()
    return 0 if last is None else last + 1


def _credential(store: Database, kid: str) -> Credential | None:
    with store.read() as connection:
        enrolment = device(connection, kid)
        if enrolment is None:
            return None
        ended = "device_retired" if signed_out(connection, kid) else None
        if revoked(connection, kid):
            ended = "device_revoked"
    return Credential(enrolment.sub, enrolment.auth_jwk, ended)
