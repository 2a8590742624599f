"""Assembles the client: state folder, clocks, keys, outbox, recorder, upload worker. No Qt.

`open_client` runs on a separate thread, since the keyring may wait for the person and the network
for the marketplace. A device that has joined starts without a network. A failure raises an error
with a stable `code` and leaves the folder unlocked, so that the caller can try again.

Modules that are slow to import are imported where they are used, after the icon is visible.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.client.assemble import assemble
from ui.client.interface import ClientCallbacks
from ui.client.keys import KeyRing, enrol, finish_sign_out, join, one_time_code
from ui.client.options import has_joined
from ui.client.resources import open_resources, transport_of
from ui.presenters.app_state import StartupPhase

if TYPE_CHECKING:
    from ui.client.client import DesktopClient
    from ui.client.options import Options

#: Real seconds for uploading pending work before signing out; the rest is uploaded later.
SIGN_OUT_S = 20.0
_NO_CALLBACKS = ClientCallbacks(lambda _: None, lambda _: None, lambda _: None)


def open_client(options: Options, reports: ClientCallbacks) -> DesktopClient:
    """Open the client and start its threads; may take long.

    Raises UploaderError or any other error, and leaves nothing open then.
    """
    from uploader.api.client import MarketplaceClient

    reports.phase(StartupPhase.OPENING)
    with ExitStack() as undo:
        resources = open_resources(options, undo)
        transport = transport_of(options.base, resources.clock, resources.session)
        undo.callback(transport.close)
        public = MarketplaceClient(options.marketplace, transport)
        ring = KeyRing(reports)
        undo.callback(ring.close)
        ring.find()
        finish_sign_out(resources, ring.box)
        membership, keys = join(options, resources, public, ring.box, reports)
        client = assemble(options, membership, keys, ring, resources, transport, reports)
        undo.pop_all()
        # The next call is at the sign-out.
        ring.close()
        return client


def join_marketplace(options: Options) -> bool:
    """Join by the one-time code of `enrol_file`, without a window. Returns False if this computer
    has joined before; the code is then unused, and may be missing after the first join.

    Raises UploaderError: CODE_INVALID without a code, ALREADY_RUNNING while a client uses the
    folder, or a problem of the keyring, the network, the disk or the marketplace.
    """
    from uploader.account import membership as memberships
    from uploader.api.client import MarketplaceClient
    from uploader.errors import KeysError, Problem

    if has_joined(options.base, options.marketplace):
        return False
    if one_time_code(options) is None:
        raise KeysError(Problem.CODE_INVALID)
    with ExitStack() as undo:
        resources = open_resources(options, undo)
        member = memberships.load(resources.folder)
        if member is not None and member.joined:
            return False
        transport = transport_of(options.base, resources.clock, resources.session)
        undo.callback(transport.close)
        ring = KeyRing(_NO_CALLBACKS)
        undo.callback(ring.close)
        ring.find()
        public = MarketplaceClient(options.marketplace, transport)
        enrol(options, resources, public, ring.box, replace_key=False)
    return True


def sign_out(options: Options, seconds: float = SIGN_OUT_S) -> str:
    """Sign this computer out, without a window. Returns `signed_out`, or the code of the failure.

    Raises as `open_client`; NOT_ENROLLED if this computer has not joined.
    """
    return open_client(replace(options, enrol_file=None), _NO_CALLBACKS).sign_out(seconds)


def rotate_key(options: Options) -> None:
    """Give this computer a new key by the one-time code of `enrol_file`. The old key seals the open
    segment, vouches for the new key and retires; the next start uploads both statements.

    Raises as `open_client`; the caller may then try again.
    """
    from uploader.account.sign_out import rotate_key
    from uploader.api.client import MarketplaceClient
    from uploader.errors import KeysError, Problem, StoreError

    if one_time_code(options) is None:
        raise KeysError(Problem.CODE_INVALID)
    old = open_client(replace(options, enrol_file=None), _NO_CALLBACKS)
    sealed = old.settle(SIGN_OUT_S)
    old.close(SIGN_OUT_S)
    if not sealed:
        # The new key could not seal what the old one has recorded.
        raise StoreError(Problem.STILL_SAVING)
    with ExitStack() as undo:
        resources = open_resources(options, undo)
        transport = transport_of(options.base, resources.clock, resources.session)
        undo.callback(transport.close)
        ring = KeyRing(_NO_CALLBACKS)
        undo.callback(ring.close)
        ring.find()
        public = MarketplaceClient(options.marketplace, transport)
        member = enrol(options, resources, public, ring.box, replace_key=True)
        now_ms = resources.session.now_ms()
        rotate_key(resources.outbox, ring.box, member, now_ms=now_ms, random=secrets.token_bytes)
