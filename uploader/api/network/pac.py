"""Proxy auto-configuration (PAC): a script names the proxies for an address.

Rules kept: the script is fetched without a proxy, bounded in size and time, and runs in a helper
process that is killed after a time limit, so that neither an endless script nor a large one harms
this program. The script receives the scheme, host and port of an address, never its path.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from uploader.api.network.system_trust import SystemTrust
from uploader.api.watchdog import GuardedAdapter, Watchdog
from uploader.errors import NetworkError, Problem

#: The option that starts a packaged program as the helper.
OPTION = "--find-proxy"
#: Bytes of a script; those of large organisations have some 100 kB.
LARGEST = 1 << 20
#: Seconds to fetch a script, and to run it with its DNS queries.
FETCH_S, RUN_S = 10.0, 10.0
DIRECT = "DIRECT"
_CHUNK = 65_536


def command() -> list[str]:
    """The helper's command line: Python, or the packaged program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, OPTION]
    return [sys.executable, "-m", "uploader.api.network.pac_helper"]


def find_proxies(script: str, authority: str, url: str, run_s: float = RUN_S) -> tuple[str, ...]:
    """The proxies for an address in the script's order, each an address or `DIRECT`; at least one.

    `script` is the address (http, https) or the path of a script, `authority` the file of
    `RouteChoice`. Raises NetworkError: PAC_UNREADABLE, PAC_BROKEN, or CA_UNUSABLE.
    """
    web = script.startswith(("http://", "https://"))
    text = _fetch(script, authority) if web else _read(script)
    parts = urlsplit(url)
    call = {
        "script": text,
        "url": f"{parts.scheme}://{parts.netloc}/",
        "host": parts.hostname or "",
    }
    try:
        done = subprocess.run(
            command(),
            input=json.dumps(call).encode("ascii"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=run_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NetworkError(Problem.PAC_BROKEN, "it does not end") from None
    except OSError as error:
        raise NetworkError(Problem.PAC_BROKEN, "no helper can be started") from error
    return _result(done.stdout)


def _result(data: bytes) -> tuple[str, ...]:
    """The proxies in the helper's output, which is as untrusted as the script."""
    try:
        found = json.loads(data)
    except ValueError:
        raise NetworkError(Problem.PAC_BROKEN, "it ended early") from None
    if isinstance(found, str):
        raise NetworkError(Problem.PAC_BROKEN, found[:80])
    proxies = tuple(str(each)[:300] for each in found[:20]) if isinstance(found, list) else ()
    if not proxies:
        raise NetworkError(Problem.PAC_BROKEN, "it names no proxy")
    return proxies


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unreadable("the file is missing") from None
    except (OSError, ValueError) as error:
        raise _unreadable("the file cannot be read") from error
    return _text(data)


def _fetch(address: str, authority: str) -> str:
    with requests.Session() as session, Watchdog(FETCH_S) as dog:
        session.trust_env = False
        session.mount("http://", GuardedAdapter())
        session.mount("https://", SystemTrust(authority))
        try:
            with session.get(
                address,
                headers={"Accept-Encoding": "identity", "User-Agent": "workdiary"},
                timeout=(FETCH_S, FETCH_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise _unreadable(f"status {response.status_code}")
                data = b""
                while piece := response.raw.read1(_CHUNK, decode_content=False):
                    data += piece
                    if len(data) > LARGEST:
                        break
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
        ) as error:
            raise _unreadable(type(error).__name__) from error
        if dog.expired:
            raise _unreadable("no answer in time")
    return _text(data)


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _unreadable("it is too large")
    # Scripts are ASCII or, in comments, of any encoding.
    return data.decode("utf-8", "replace")


def _unreadable(reason: str) -> NetworkError:
    return NetworkError(Problem.PAC_UNREADABLE, reason)
