"""Finding a marketplace and signing in with the browser, before any folder is open. No Qt."""

from __future__ import annotations

import platform
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.client.network.route import open_route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from uploader.account.browser_sign_in import BrowserSignIn
    from uploader.api.transport import Transport


def marketplace_name(address: str, base: Path) -> str:
    """The name of the marketplace at an address, by the network's settings in the base folder.
    Raises UploaderError.
    """
    from uploader.api.client import MarketplaceClient

    with _transport(base) as transport:
        return MarketplaceClient(address, transport).well_known().aud


@contextmanager
def browser_sign_in(
    address: str, base: Path, show: Callable[[str], None], text: str
) -> Iterator[BrowserSignIn]:
    """A sign-in at a marketplace, by the network's settings in the base folder; `show` receives
    the address for the browser, which shows `text` at the end.
    """
    from uploader.account.browser_sign_in import BrowserSignIn
    from uploader.account.loopback import ResultPage

    with _transport(base) as transport:
        yield BrowserSignIn(
            transport,
            address,
            show,
            # Not the host name, which may hold the person's name.
            device_name=platform.system(),
            page=ResultPage("Workdiary", text),
            random=random.random,
        )


@contextmanager
def _transport(base: Path) -> Iterator[Transport]:
    from uploader.api.transport import ServerClockObserver, Transport

    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), route=open_route(base))
    try:
        yield transport
    finally:
        transport.close()
