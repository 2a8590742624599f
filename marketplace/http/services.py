"""The services of a running marketplace, which the routes use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.accounts.api_tokens import ApiTokens
    from marketplace.accounts.companies import Companies
    from marketplace.accounts.credentials import Credentials
    from marketplace.accounts.oidc import OidcSignIn
    from marketplace.accounts.passkeys import Passkeys
    from marketplace.accounts.recovery import Recovery
    from marketplace.accounts.sign_in_links import SignIn
    from marketplace.contracts.registry import ContractRegistry
    from marketplace.contracts.retention import ContractRetention
    from marketplace.core.clock import MarketplaceClock
    from marketplace.core.config import Config
    from marketplace.core.metrics import Metrics
    from marketplace.core.rate_limit import Throttle
    from marketplace.devices.access_tokens import AccessTokens
    from marketplace.devices.authorization import AuthorizationCodes
    from marketplace.devices.enrolment import Enrolments
    from marketplace.devices.registry import DeviceRegistry
    from marketplace.erasure.erased_pictures import ErasedPictures
    from marketplace.erasure.person import PersonEraser
    from marketplace.erasure.retention import Retention
    from marketplace.exports.bundle import Bundles
    from marketplace.exports.files import HoursExports
    from marketplace.exports.person import PersonExport
    from marketplace.exports.public_hours import PublicHours
    from marketplace.exports.report import Reports
    from marketplace.exports.report_links import ReportLinks
    from marketplace.ingest.checks import SegmentChecks
    from marketplace.ingest.picture_uploads import PictureUploads
    from marketplace.ingest.segments import SegmentIngest
    from marketplace.ingest.statements import StatementIngest
    from marketplace.log.beacons import Beacons
    from marketplace.log.log import Log
    from marketplace.notifications.sender import MailSender
    from marketplace.records.audit import RecordAudit
    from marketplace.records.picture_views import PictureViews
    from marketplace.records.quota import PictureQuota
    from marketplace.review.decisions import Decisions
    from marketplace.review.disputes.disputes import Disputes
    from marketplace.review.months.queries import MonthQueries
    from marketplace.review.queries import ReviewQueries
    from marketplace.review.week import WeekQueries
    from marketplace.schedule.week_ready import WeekNotices
    from marketplace.storage.blobs import Blobs
    from marketplace.storage.database import Database
    from marketplace.storage.engines.shared_postgresql import Lease
    from marketplace.webhooks.endpoints import WebhookEndpoints
    from marketplace.webhooks.sender import WebhookSender
    from marketplace.weekly_reports.recipients import ReportRecipients
    from marketplace.weekly_reports.rounds import WeeklyReports
    from marketplace.witnesses.rounds import WitnessRounds


@dataclass(frozen=True)
class Services:
    """The services of a running marketplace, opened by `marketplace.composition`.

    A route gets them with `services_of(request)`. Their methods block on the disk: call them from
    plain (not `async`) route functions, which run in worker threads.
    """

    config: Config
    clock: MarketplaceClock
    store: Database
    blobs: Blobs
    uploads: PictureUploads | None
    bundles: Bundles
    hours_exports: HoursExports
    reports: Reports
    public_hours: PublicHours
    api_tokens: ApiTokens
    report_links: ReportLinks
    log: Log
    beacons: Beacons
    sign_in: SignIn
    credentials: Credentials
    passkeys: Passkeys
    oidc: OidcSignIn
    recovery: Recovery
    companies: Companies
    mail: MailSender
    report_recipients: ReportRecipients
    weekly_reports: WeeklyReports
    endpoints: WebhookEndpoints
    webhooks: WebhookSender
    witnesses: WitnessRounds
    review: ReviewQueries
    weeks: WeekQueries
    months: MonthQueries
    week_notices: WeekNotices
    picture_views: PictureViews
    contracts: ContractRegistry
    contract_retention: ContractRetention
    enrolments: Enrolments
    authorizations: AuthorizationCodes
    segments: SegmentIngest
    checks: SegmentChecks
    quota: PictureQuota
    statements: StatementIngest
    devices: DeviceRegistry
    erased: ErasedPictures
    audit: RecordAudit
    decisions: Decisions
    disputes: Disputes
    retention: Retention
    person_eraser: PersonEraser
    person_export: PersonExport
    tokens: AccessTokens
    throttle: Throttle
    metrics: Metrics
    #: The right to run the work in the background, if other processes serve the database too.
    lease: Lease | None = None
