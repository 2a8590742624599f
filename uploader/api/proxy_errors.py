"""Distinguishes errors of a proxy from those of the marketplace.

They have separate codes, because the user must correct the proxy and not the marketplace.
"""

from __future__ import annotations

import re
import socket
import traceback
from collections.abc import Iterator

import requests
import urllib3.exceptions

from uploader.errors import NetworkError, Problem

#: http.client's message for a response to CONNECT other than 200 (RFC 9110, section 9.3.6).
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_SIGN_IN = 407
_UNSUPPORTED = (
    requests.exceptions.InvalidProxyURL,
    # A proxy type whose library is not installed, such as SOCKS.
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.ProxySchemeUnknown,
    urllib3.exceptions.ProxySchemeUnsupported,
    urllib3.exceptions.LocationParseError,
)
#: The problems after which another proxy may be tried.
NOT_REACHED = frozenset({
    Problem.PROXY_UNREACHABLE, Problem.PROXY_UNKNOWN, Problem.PROXY_UNSUPPORTED,
})  # fmt: skip
_UNREACHED = (
    ConnectionRefusedError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
)


def problem_of(error: BaseException, proxy: str) -> NetworkError | None:
    """The error of the proxy, which its detail names; None if the proxy is not the cause.

    `proxy` is its address without a sign-in, "" for a direct connection.
    """
    if not proxy:
        return None
    found = tuple(_within(error))
    if any(isinstance(one, _UNSUPPORTED) for one in found):
        return NetworkError(Problem.PROXY_UNSUPPORTED, proxy)
    blamed = (requests.exceptions.ProxyError, urllib3.exceptions.ProxyError)
    if not any(isinstance(one, blamed) or _in_tunnel(one) for one in found):
        return None
    status = next((m[1] for one in found if (m := _TUNNEL.search(str(one)))), "")
    if status:
        code = Problem.PROXY_SIGN_IN if int(status) == _SIGN_IN else Problem.PROXY_FAILED
        return NetworkError(code, f"{proxy}: {status}")
    if any(isinstance(one, socket.gaierror) for one in found):
        return NetworkError(Problem.PROXY_UNKNOWN, proxy)
    reached = not any(isinstance(one, _UNREACHED) for one in found)
    return NetworkError(Problem.PROXY_FAILED if reached else Problem.PROXY_UNREACHABLE, proxy)


def sign_in_wanted(proxy: str) -> NetworkError:
    """The error for a response with status 407 (RFC 9110, section 15.5.8)."""
    return NetworkError(Problem.PROXY_SIGN_IN, proxy)


def _in_tunnel(error: BaseException) -> bool:
    """Whether it was raised while http.client waited for the response to CONNECT: such an error
    does not mention the proxy.
    """
    frames = traceback.walk_tb(error.__traceback__)
    return any(frame.f_code.co_name == "_tunnel" for frame, _ in frames)


def _within(error: BaseException) -> Iterator[BaseException]:
    """The error and all its causes."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        todo += [each for each in more if isinstance(each, BaseException)]
