"""The keyring and the device's keys in it: loaded, or made by joining with a one-time code."""

from __future__ import annotations

import logging
import platform
import random
import secrets
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ui.presenters.app_state import StartupPhase

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.client.interface import ClientCallbacks
    from ui.client.options import Options
    from ui.client.resources import ClientResources
    from uploader.account.device_keys import DeviceKeys, DeviceKeyStore
    from uploader.account.join import Login
    from uploader.account.keyring_helper import HelperKeyring
    from uploader.account.membership import Membership
    from uploader.api.client import MarketplaceClient

T = TypeVar("T")
_log = logging.getLogger(__name__)


class KeyRing:
    """The system's keyring and the key store `box` in it. A call that waits for the person reports
    the phase KEYRING.
    """

    def __init__(self, reports: ClientCallbacks) -> None:
        from uploader.account.device_keys import DeviceKeyStore
        from uploader.account.keyring_helper import HelperKeyring

        self._reports = reports
        self._store: HelperKeyring = HelperKeyring()
        self.box = DeviceKeyStore(self)

    def find(self) -> None:
        """Find the system's keyring. Raises KeysError: KEYRING_ABSENT if there is none."""
        self._ask(self._store.find)

    def close(self) -> None:
        """End the helper process; the next call starts another one. Never raises, since the
        client's threads may run already.
        """
        try:
            self._store.close()
        except Exception as error:  # noqa: BLE001 - no error may stop the open client
            _log.warning("the keyring's helper could not be ended", exc_info=error)

    def get_password(self, service: str, username: str) -> str | None:
        return self._ask(lambda: self._store.get_password(service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._ask(lambda: self._store.set_password(service, username, password))

    def delete_password(self, service: str, username: str) -> None:
        self._ask(lambda: self._store.delete_password(service, username))

    def _ask(self, call: Callable[[], T]) -> T:
        from uploader.account.device_keys import with_keyring_timeout

        waited: list[bool] = []

        def waiting() -> None:
            waited.append(True)
            self._reports.phase(StartupPhase.KEYRING)

        answer = with_keyring_timeout(call, waiting)
        if waited:
            self._reports.phase(StartupPhase.OPENING)
        return answer


def finish_sign_out(resources: ClientResources, box: DeviceKeyStore) -> None:
    """Finish a sign-out that was interrupted after the device signed its retirement."""
    from uploader.account import membership as memberships
    from uploader.account.sign_out import sign_out

    member = memberships.load(resources.folder)
    if member is not None:
        sign_out(resources.folder, resources.outbox, box, member)


def join(
    options: Options,
    resources: ClientResources,
    public: MarketplaceClient,
    box: DeviceKeyStore,
    reports: ClientCallbacks,
) -> tuple[Membership, DeviceKeys]:
    """The membership and its keys; joins with the one-time code if there is no membership."""
    from uploader.account import membership as memberships
    from uploader.account.sign_out import rotate_key
    from uploader.errors import KeysError, Problem

    member = memberships.load(resources.folder)
    keys: DeviceKeys | None = None
    if member is not None and member.joined and member.enrolment is not None:
        try:
            keys = box.load(member.aud, member.enrolment.kid)
        except KeysError as error:
            if error.code is not Problem.KEYS_MISSING or login_of(options) is None:
                raise
    if member is None or keys is None:
        reports.phase(StartupPhase.SIGNING_IN)
        member = enrol(options, resources, public, box, replace_key=bool(member and member.joined))
        if member.enrolment is None:
            raise KeysError(Problem.NOT_ENROLLED)
        keys = box.load(member.aud, member.enrolment.kid)
    rotate_key(
        resources.outbox,
        box,
        member,
        now_ms=resources.session.now_ms(),
        random=secrets.token_bytes,
    )
    if member.url != public.base_url:
        # The same marketplace, as its pinned key shows, at another address.
        member = replace(member, url=public.base_url)
        memberships.save(resources.folder, member)
    return member, keys


def enrol(
    options: Options,
    resources: ClientResources,
    public: MarketplaceClient,
    box: DeviceKeyStore,
    *,
    replace_key: bool,
) -> Membership:
    """Join with the options' login or one-time code, and remove the code's file; `replace_key` if
    this folder has joined before.

    Raises KeysError: NOT_ENROLLED without either; and the errors of `Joining.join`.
    """
    from uploader.account.join import Joining
    from uploader.errors import KeysError, Problem

    login = login_of(options)
    if login is None:
        raise KeysError(Problem.NOT_ENROLLED)
    joining = Joining(
        resources.folder,
        resources.outbox,
        public,
        box,
        now_ms=resources.session.now_ms,
        wait=time.sleep,
        random=random.random,
        prove=resources.session.prove,
    )
    # Not the host name, which may hold the person's name.
    member = joining.join(login, platform.system() or "computer", replace_key=replace_key)
    if options.enrol_file is not None:
        with suppress(OSError):
            options.enrol_file.unlink()
    return member


def login_of(options: Options) -> Login | None:
    """The login of the first start's window, or the one-time code of the options' file."""
    from uploader.account.join import CodeLogin

    code = one_time_code(options)
    return options.login or (None if code is None else CodeLogin(code))


def one_time_code(options: Options) -> str | None:
    """The code in the options' file; None if there is no file or it is unreadable."""
    if options.enrol_file is None:
        return None
    try:
        return options.enrol_file.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeError):
        return None
