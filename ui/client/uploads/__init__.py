"""Uploads to a marketplace, by the open client or without one."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from ui.client.interface import ClientCallbacks
from ui.client.keys import KeyRing
from ui.client.resources import open_resources, transport_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.client.options import Options
    from ui.client.resources import ClientResources
    from uploader.account.device_keys import DeviceKeys
    from uploader.account.membership import Membership
    from uploader.api.client import MarketplaceClient
    from uploader.worker.worker import UploadWorker


def make_worker(
    client: MarketplaceClient,
    membership: Membership,
    keys: DeviceKeys,
    resources: ClientResources,
    on_status: Callable[[object], None] = lambda _: None,
    on_contracts: Callable[[], None] = lambda: None,
) -> UploadWorker:
    """The upload worker, not started yet. Raises UploaderError if the disk fails."""
    from uploader.worker.worker import UploadWorker, WorkerTiming

    session, lapse = resources.session, resources.lapse
    return UploadWorker(
        resources.outbox,
        client,
        membership,
        WorkerTiming(
            now_ms=session.now_ms,
            prove=session.prove,
            in_doubt=lambda: session.in_doubt,
            time_refused=lambda: session.marketplace_refused,
            real_delay=lapse.real_delay if lapse else lambda ms: ms / 1000,
        ),
        keys.signing,
        on_status=on_status,
        on_contracts=on_contracts,
        on_reviews=lambda: on_status(None),
    )


def upload_pending(options: Options, seconds: float) -> None:
    """Upload pending work to a marketplace at which this computer is signed in.

    Runs on the caller's thread and returns after about `seconds` real seconds, or earlier if the
    marketplace cannot be reached. Raises UploaderError and leaves nothing open: ALREADY_RUNNING
    while a client uses the folder, or the problem of the keyring or the disk.
    """
    from uploader.account import membership as memberships
    from uploader.api.client import DeviceCredentials, MarketplaceClient

    with ExitStack() as undo:
        resources = open_resources(options, undo)
        member = memberships.load(resources.folder)
        if member is None or member.enrolment is None or not member.joined:
            return
        ring = KeyRing(ClientCallbacks(lambda _: None, lambda _: None, lambda _: None))
        undo.callback(ring.close)
        ring.find()
        keys = ring.box.load(member.aud, member.enrolment.kid)
        transport = transport_of(options.base, resources.clock, resources.session)
        undo.callback(transport.close)
        credentials = DeviceCredentials(keys.kid, keys.auth)
        client = MarketplaceClient(options.marketplace, transport, credentials)
        worker = make_worker(client, member, keys, resources)
        undo.callback(worker.close)
        worker.drain(seconds)
