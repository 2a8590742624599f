"""Puts the client together: state folder, clocks, keys, outbox, recorder, upload worker. No Qt.

`open_client` runs on a thread of its own, since the keyring may wait for its person and the network
for its marketplace. A device that has joined starts without a network. Whatever fails is an error
with a stable `code`, and leaves the folder unlocked, so that the same call can be made again.

What else may be slow to import is imported where it is used: the icon is there before.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.client.assemble import assemble
from ui.client.interface import ClientCallbacks
from ui.client.keys import KeyRing, enrol, finish_sign_out, join, one_time_code
from ui.client.resources import open_resources, transport_of
from ui.presenters.app_state import StartupPhase

if TYPE_CHECKING:
    from ui.client.client import DesktopClient
    from ui.client.options import Options

#: Real seconds for sending what waits before signing out; what is left then goes out later.
SIGN_OUT_S = 20.0
#: Where nobody looks.
_NO_CALLBACKS = ClientCallbacks(lambda _: None, lambda _: None, lambda _: None)


def open_client(options: Options, reports: ClientCallbacks) -> DesktopClient:
    """Make the client ready and start its threads; may take long.

    Raises UploaderError, or whatever else fails, with nothing left open.
    """
    from uploader.api.client import MarketplaceClient

    reports.phase(StartupPhase.OPENING)
    with ExitStack() as undo:
        ground = open_resources(options, undo)
        transport = transport_of(ground.clock, ground.session)
        undo.callback(transport.close)
        public = MarketplaceClient(options.marketplace, transport)
        ring = KeyRing(reports)
        undo.callback(ring.close)
        ring.find()
        finish_sign_out(ground, ring.box)
        membership, keys = join(options, ground, public, ring.box, reports)
        client = assemble(options, membership, keys, ring, ground, transport, reports)
        undo.pop_all()
        # It is asked again at the signing out only.
        ring.close()
        return client


def sign_out(options: Options, seconds: float = SIGN_OUT_S) -> str:
    """Sign this computer out, without a window. Returns `signed_out`, or the code of what failed.

    Raises as `open_client`; NOT_ENROLLED if nobody is signed in here.
    """
    return open_client(replace(options, enrol_file=None), _NO_CALLBACKS).sign_out(seconds)


def rotate_key(options: Options) -> None:
    """Give this computer a new key by the one-time code of `enrol_file`; the old one seals what
    runs, vouches for the new one and retires. Both are told to the marketplace at the next start.

    Raises as `open_client`; then the same call may be made again.
    """
    from uploader.account.sign_out import rotate_key
    from uploader.api.client import MarketplaceClient
    from uploader.errors import KeysError, Problem

    if one_time_code(options) is None:
        raise KeysError(Problem.CODE_INVALID)
    open_client(replace(options, enrol_file=None), _NO_CALLBACKS).close(SIGN_OUT_S)
    with ExitStack() as undo:
        ground = open_resources(options, undo)
        transport = transport_of(ground.clock, ground.session)
        undo.callback(transport.close)
        ring = KeyRing(_NO_CALLBACKS)
        undo.callback(ring.close)
        ring.find()
        public = MarketplaceClient(options.marketplace, transport)
        member = enrol(options, ground, public, ring.box, anew=True)
        now_ms = ground.session.now_ms()
        rotate_key(ground.outbox, ring.box, member, now_ms=now_ms, random=secrets.token_bytes)
