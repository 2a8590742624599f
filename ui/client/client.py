"""The open client: implements `ui.client.interface.Client`."""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from ui.client.interface import LoadedPicture
from ui.client.network.route import choice_of
from ui.presenters.consent import Agreement
from ui.presenters.diary import RowAction
from ui.settings.settings import MINIMUM_REVIEW, limit_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from diary.core.vocabulary import InputQuality, Scope
    from diary.objects.enrolment import Enrolment
    from tracker.power.coordinator import PowerCoordinator
    from ui.client.capture import CaptureSettings
    from ui.client.input_control import InputControl
    from ui.client.interface import ClientCallbacks
    from ui.client.keys import KeyRing
    from ui.client.picture_views import ViewReader
    from ui.client.resources import ClientResources
    from ui.presenters.own_diary.manual_time import ManualEntry
    from ui.settings.settings import Settings
    from uploader.account.device_keys import DeviceKeys
    from uploader.account.membership import Membership
    from uploader.api.network.route import Route
    from uploader.store.manual_time import ManualTime
    from uploader.worker.worker import UploadWorker

_log = logging.getLogger(__name__)

CONSENT = "consent.json"
LAST_CONTRACT = "desk.json"
_SCOPES: dict[RowAction, frozenset[Scope]] = {
    RowAction.DELETE_PICTURE: frozenset({"shot"}),
    RowAction.DELETE_MEMO: frozenset({"memo"}),
    RowAction.DELETE_MINUTES: frozenset({"minutes"}),
    RowAction.DELETE_TIME: frozenset({"time"}),
}
#: The share of the closing time for sealing; the rest is for the other threads.
_SEALING_SHARE = 0.75


class DesktopClient:
    """See `ui.client.interface.Client` for the methods."""

    def __init__(
        self,
        membership: Membership,
        resources: ClientResources,
        recording: InputControl,
        worker: UploadWorker,
        keys: DeviceKeys,
        ring: KeyRing,
        reports: ClientCallbacks,
        pictures: CaptureSettings,
        power: PowerCoordinator,
        measures: Callable[[], InputQuality],
        views: ViewReader,
        route: Route,
        report_sync: Callable[[], None],
    ) -> None:
        from tracker.recording.picture_worker import SerialWorker
        from ui.client import capture_permission
        from uploader.store.edits import Edits

        self._membership = membership
        self._keys = keys
        self._ring = ring
        self._reports = reports
        self._pictures = pictures
        self._power = power
        self._route = route
        self._report_sync = report_sync
        self._serial = SerialWorker("workdiary-diary")
        self._edits = Edits(
            resources.outbox,
            keys.signing,
            membership.aud,
            now_ms=resources.session.now_ms,
            random=secrets.token_bytes,
        )
        self.engine = recording
        self.aud = membership.aud
        self.account = membership.name
        self.demo = membership.lapse is not None
        self.now_ms = resources.session.now_ms
        self.input_quality = measures
        self.needs_permission = partial(capture_permission.needs_permission, pictures.backend)
        self._folder = resources.folder
        self._outbox = resources.outbox
        self._worker = worker
        self._views = views
        # The day that is shown, as a time within it; None: today.
        self._day_s: int | None = None

    def request_trial_picture(self) -> None:
        """See `ui.client.interface.Client`."""
        from ui.client.trial_picture import take_trial_picture

        self._serial.do(lambda: self._reports.trial(take_trial_picture(self._pictures)))

    def agreement(self) -> Agreement | None:
        """The agreement in this state folder; None also if it is unreadable."""
        try:
            data = self._folder.read(CONSENT)
        except OSError as error:
            _log.info("the agreement could not be read: %s", error)
            return None
        return None if data is None else Agreement.parse(data)

    def save_agreement(self, agreement: Agreement) -> None:
        """Save the agreement durably. Raises StoreError."""
        self._folder.write(CONSENT, agreement.data())

    def last_contract(self) -> str | None:
        """The contract that was started last."""
        try:
            found = json.loads(self._folder.read(LAST_CONTRACT) or b"{}")
            return str(found["contract"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember_contract(self, ctr: str) -> None:
        """Save the contract; if the disk fails, the first contract is offered next time."""
        try:
            self._folder.write(LAST_CONTRACT, json.dumps({"contract": ctr}).encode())
        except OSError as error:
            _log.info("the chosen contract was not kept: %s", error)

    # Pictures

    def apply_settings(self, settings: Settings) -> None:
        """See `ui.client.interface.Client`."""
        self._pictures.apply_settings(settings)
        self.engine.set_minimum_review(settings.number(MINIMUM_REVIEW))
        self._outbox.limit_bytes = limit_bytes(settings)
        self._route.change(choice_of(settings))

    def request_picture(self, file: str) -> None:
        """See `ui.client.interface.Client`."""

        def work() -> None:
            try:
                data = self.engine.read_picture(file)
            except OSError as error:
                _log.info("a picture could not be read: %s", error)
                data = None
            self._reports.picture(LoadedPicture(file, data or b""))

        self._serial.do(work)

    def request_thumbnails(self, names: tuple[str, ...]) -> None:
        """See `ui.client.interface.Client`."""

        def read(name: str) -> bytes:
            try:
                return self._outbox.blob(name) or b""
            except OSError as error:
                _log.info("a thumbnail could not be read: %s", error)
                return b""

        self._serial.do(lambda: self._reports.thumbnails({name: read(name) for name in names}))

    def request_applications(self) -> None:
        """See `ui.client.interface.Client`."""
        self._serial.do(lambda: self._reports.applications(self._pictures.locator.names()))

    # Retries

    def try_again(self) -> None:
        """See `ui.client.interface.Client`."""
        self.engine.try_again()
        self._worker.wake()

    def send_again(self, segment: str | None) -> None:
        """See `ui.client.interface.Client`."""

        def retry() -> None:
            self._outbox.try_refused_again(segment)
            self._worker.wake()

        def work() -> None:
            self._report_failure(retry)
            self._report_day()

        self._serial.do(work)

    # Today's entries

    def request_day(self, at_s: int | None = None) -> None:
        """See `ui.client.interface.Client`."""
        self._day_s = at_s
        self._serial.do(self._report_day)

    def request_views(self, segment: str) -> None:
        """See `ui.client.interface.Client`."""
        self._views.request(segment)

    def change_memo(self, segment: str, memo: str) -> None:
        """See `ui.client.interface.Client`."""
        self._change(segment, lambda: self._edits.change_memo(segment, memo))

    def delete(self, segment: str, action: RowAction) -> None:
        """See `ui.client.interface.Client`."""
        self._change(segment, lambda: self._edits.delete(segment, _SCOPES[action]))

    def add_manual_time(self, entry: ManualEntry) -> None:
        """See `ui.client.interface.Client`."""

        def work() -> None:
            from uploader.errors import UploaderError

            try:
                self._manual_time().add(entry.ctr, entry.t0, entry.t1, entry.memo, entry.reason)
            except UploaderError as error:
                self._reports.manual(error.code.value)
            else:
                self._reports.manual("")
            self._report_day()
            self.engine.choose(entry.ctr)

        self._serial.do(work)

    def check_week(self, ctr: str, week: int, file: str) -> None:
        """See `ui.client.interface.Client`."""

        def work() -> None:
            from uploader.export.week_check import check_week

            self._reports.week(check_week(self._folder.root, ctr, week, self._route, file))

        # On a thread of its own: the network may keep it waiting.
        threading.Thread(target=work, name="workdiary-week", daemon=True).start()

    def _manual_time(self) -> ManualTime:
        import sys
        from importlib.metadata import version

        from tracker.platform.clock import utc_offset
        from uploader.store.manual_time import ManualTime

        enrolment = self._membership.enrolment
        assert enrolment is not None  # noqa: S101 - the keys were loaded by it
        return ManualTime(
            self._outbox,
            self._keys.signing,
            self.aud,
            enrolment.sub,
            now_ms=self.now_ms,
            random=secrets.token_bytes,
            zone=utc_offset,
            app=version("workdiary"),
            os=sys.platform,
        )

    def answer_question(self, ctr: str, question: str, text: str) -> None:
        """See `ui.client.interface.Client`."""
        from diary.formats.encoding import b64url_encode
        from uploader.store.reviews.entries import UnsentAnswer

        def store() -> None:
            salt = b64url_encode(secrets.token_bytes(32))
            answer = UnsentAnswer(ctr, question, salt, text, self.now_ms() // 1000)
            self._outbox.reviews.write_answer(answer)
            self._report_sync()
            self._worker.wake()

        self._serial.do(lambda: self._report_failure(store))

    def vouch(self, kid: str) -> None:
        """See `ui.client.interface.Client`."""
        from diary.objects.device_lifecycle import vouch
        from uploader.store.statements import StatementKind

        def sign() -> None:
            enrolment = self._membership.enrolment
            assert enrolment is not None  # noqa: S101 - the keys were loaded by it
            own = {"aud": enrolment.aud, "sub": enrolment.sub}
            self._outbox.add_statement(
                StatementKind.VOUCH, vouch(self._keys.signing, **own, kid=kid)
            )

        self._serial.do(lambda: self._report_failure(sign))

    def _change(self, segment: str, job: Callable[[], None]) -> None:
        def work() -> None:
            self._report_failure(job)
            self._report_day()
            found = self._outbox.segment(segment)
            if found is not None:
                self.engine.choose(found[0].ctr)

        self._serial.do(work)

    def _report_day(self) -> None:
        from uploader.store.local_diary import load_day

        self._report_failure(
            lambda: self._reports.day(load_day(self._outbox, self.now_ms(), self._day_s))
        )

    def _report_failure(self, job: Callable[[], None]) -> None:
        from uploader.errors import UploaderError

        try:
            job()
        except UploaderError as error:
            self._reports.notice(error.code.value)

    # The end

    def settle(self, seconds: float) -> bool:
        """End the recording and wait until all of it is sealed; returns whether it is."""
        return self.engine.settle(seconds)

    def sign_out(self, seconds: float) -> str:
        """See `ui.client.interface.Client`."""
        from uploader.errors import Problem, UploaderError

        enrolment = self._membership.enrolment
        assert enrolment is not None  # noqa: S101 - the keys were loaded by it
        # After the review of a picture, whose segment could not be sealed without the keys.
        sealed = self.settle(seconds)
        ended = self.engine.close(seconds)
        try:
            if not sealed or not ended:
                # The recorder may still have to seal with the keys: keep them.
                return Problem.STILL_SAVING.value
            return self._destroy_keys(enrolment, seconds)
        except UploaderError as error:
            _log.warning("signing out stopped: %s", error.code)
            return error.code.value
        finally:
            self._ring.close()
            self._power.stop()
            self._worker.close(1.0)
            self._serial.stop()
            self._release(ended=ended)

    def _destroy_keys(self, enrolment: Enrolment, seconds: float) -> str:
        """Upload pending work and the retirement, destroy the keys. Raises UploaderError."""
        from tracker.selection.capture import PORTAL_PICTURE, SCREENCAST_TOKEN
        from uploader.account.sign_out import sign_out, sign_retirement
        from uploader.errors import Problem

        stopped = self._worker.stop(seconds)
        if stopped:
            self._worker.drain(seconds)
        now_ms, random_ = self.now_ms(), secrets.token_bytes
        signer = self._keys.signing
        sign_retirement(self._outbox, signer, enrolment, now_ms=now_ms, random=random_)
        if stopped:
            self._worker.drain(seconds)
        sign_out(self._folder, self._outbox, self._ring.box, self._membership)
        for name in (PORTAL_PICTURE, SCREENCAST_TOKEN):
            self._folder.remove(name)
        return Problem.SIGNED_OUT.value

    def _release(self, *, ended: bool) -> None:
        """Unlock the folder once the recorder, which may write until then, has ended."""
        if ended:
            self._outbox.close()
            return

        def later() -> None:
            self.engine.wait_closed()
            self._outbox.close()

        threading.Thread(target=later, name="workdiary-release", daemon=True).start()

    def leave(self, seconds: float) -> None:
        """See `ui.client.interface.Client`."""
        ended = self.engine.close(seconds)
        self._power.stop()
        self._serial.stop()
        if self._worker.stop(seconds):
            self._worker.drain(seconds)
        self._worker.close(1.0)
        self._release(ended=ended)

    def close(self, timeout: float) -> None:
        """Seal, then end the threads; work that is not sealed in time is in the journal."""
        end = time.monotonic() + timeout
        ended = self.engine.close(timeout * _SEALING_SHARE)
        # After the sealing: until then, a computer that shuts down waits for us.
        self._power.stop()
        self._serial.stop()
        self._worker.close(max(0.1, end - time.monotonic()))
        self._release(ended=ended)
