"""The marketplace's public log, read without signing in, for the export of a state folder."""

from __future__ import annotations

import json
import time
from pathlib import Path

from uploader.api.client import MarketplaceClient
from uploader.api.network.route import Route
from uploader.api.transport import ServerClockObserver, Transport
from uploader.errors import UploaderError


def open_public_log(root: Path, route: Route) -> MarketplaceClient | None:
    """A client for public files, which the caller closes; None if the folder of the marketplace
    has no usable address.
    """
    try:
        url = json.loads((root / "marketplace.json").read_bytes())["url"]
        times = ServerClockObserver(uptime_ms=lambda: time.monotonic_ns() // 1_000_000)
        return MarketplaceClient(url, Transport(times, route=route))
    except (OSError, ValueError, KeyError, TypeError, UploaderError):
        return None
