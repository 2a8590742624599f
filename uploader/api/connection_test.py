"""One request to a marketplace: the way by which it is reached, or the problem."""

from __future__ import annotations

from dataclasses import dataclass

from uploader.api.client import MarketplaceClient
from uploader.api.network.route import Route
from uploader.api.transport import UNKNOWN_NAME, Limits, ServerClockObserver, Transport
from uploader.errors import NetworkError, Problem, UploaderError

#: Seconds to connect, to wait for a byte, and for everything: a person waits.
LIMITS = Limits(8.0, 8.0, 20.0)


@dataclass(frozen=True)
class ConnectionResult:
    """`problem` is "" if the marketplace answers as `name`; else the code of a `Problem`, or
    "name_unknown". `proxy` is the address of the proxy that was used, "" without one; `reason` is
    the detail of CA_UNUSABLE and of the problems of a script.
    """

    problem: str = ""
    name: str = ""
    proxy: str = ""
    reason: str = ""


def try_connection(url: str, route: Route, limits: Limits = LIMITS) -> ConnectionResult:
    """Ask the marketplace at `url` for its description. May wait for the keyring."""
    transport = Transport(ServerClockObserver(uptime_ms=lambda: 0), limits, route=route)
    try:
        name = MarketplaceClient(url, transport).well_known().aud
    except UploaderError as error:
        return _problem(error, route.address_of(url))
    finally:
        transport.close()
    return ConnectionResult(name=name, proxy=route.address_of(url))


def _problem(error: UploaderError, proxy: str) -> ConnectionResult:
    code = error.code.value
    if error.code is Problem.OFFLINE and error.detail == UNKNOWN_NAME:
        code = "name_unknown"
    explained = {Problem.CA_UNUSABLE, Problem.PAC_UNREADABLE, Problem.PAC_BROKEN}
    reason = error.detail if error.code in explained else ""
    if isinstance(error, NetworkError) and code.startswith("proxy_"):
        proxy = error.detail.partition(": ")[0] or proxy
    return ConnectionResult(code, proxy=proxy, reason=reason)
