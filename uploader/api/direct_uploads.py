"""Sends pictures: directly to the marketplace's object store if it offers that, else to it.

Rules kept: the store gets the picture and the headers of the signed address, no token and no
cookie; its address is https, or on this computer if the marketplace is; the marketplace cannot
choose other headers than those of this picture; whatever the store answers, a picture counts as
sent only after the marketplace has checked it, and every failure ends with an upload to the
marketplace.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import socket
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from diary.core.findings import DiaryError
from diary.formats import json_fields
from diary.formats.encoding import Json
from uploader.api import responses
from uploader.api.client import MarketplaceClient
from uploader.api.network.route import is_loopback
from uploader.api.transport import check_address
from uploader.errors import NetworkError, Problem, RefusedError, UploaderError
from uploader.retry import Outcome, outcome_of

#: A direct upload takes three requests instead of one, so that it is not worth it for small files.
FEWEST_BYTES = 65_536
#: After a failure, pictures go to the marketplace for so many seconds.
PAUSE_S = 900.0
_MIME = "image/webp"
_MAX_URL = 4_096
_MAX_ANSWER = 65_536
#: 412: the store has the object already, from an attempt whose response was lost.
_SENT = frozenset({200, 201, 204, 412})
#: Failures that an upload to the marketplace would meet as well.
_NO_USE = frozenset({Outcome.NO_ROOM, Outcome.BUSY, Outcome.UNREACHED, Outcome.LOCKED_OUT})
_ERASED = "blob_erased"


class PictureSender:
    """Sends pictures by `client`. `monotonic` is in seconds. Safe to use from several threads."""

    def __init__(self, client: MarketplaceClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._monotonic = monotonic
        self._store = client.transport.for_other_servers()
        self._paused_until = float("-inf")

    def put(self, sha: str, data: bytes, at_ms: int | None) -> None:
        """Upload a picture under its digest, taken at `at_ms` (Unix ms). Raises RefusedError
        `blob_erased` if it was deleted, and the other errors of `MarketplaceClient.put_blob`.
        """
        if not (self._may_send_directly(data) and self._sent_directly(sha, data, at_ms)):
            self._client.put_blob(sha, data, at_ms)

    def close(self) -> None:
        """Close the connections to the store."""
        self._store.close()

    def _may_send_directly(self, data: bytes) -> bool:
        return (
            len(data) >= FEWEST_BYTES
            and self._monotonic() >= self._paused_until
            and self._client.description().direct_uploads
        )

    def _sent_directly(self, sha: str, data: bytes, at_ms: int | None) -> bool:
        """Whether the marketplace has the picture now. Raises the errors that sending it to the
        marketplace would meet as well.
        """
        url = f"{self._client.base_url}/v1/uploads/{quote(sha)}"
        wanted = json.dumps({"length": len(data), "type": _MIME}).encode()
        more = {} if at_ms is None else {"Workdiary-Shot-At": str(at_ms)}
        mime = "application/json"
        try:
            answer = self._client.expect("PUT", url, 200, body=wanted, mime=mime, more=more)
            upload = responses.read(answer, dict)
            if self._stored(upload, data):
                self._client.expect(
                    "POST", f"{url}/complete", 200, 201, body=b"", mime=mime, more=more
                )
                return True
        except UploaderError as error:
            erased = isinstance(error, RefusedError) and error.reason == _ERASED
            if erased or outcome_of(error) in _NO_USE:
                raise
        self._paused_until = self._monotonic() + PAUSE_S
        return False

    def _stored(self, upload: Json, data: bytes) -> bool:
        """Whether the store took the picture."""
        try:
            url = json_fields.string(upload, "url", _MAX_URL)
            headers = _checked_headers(upload.get("headers"), data)
            check_store(url, self._client.base_url)
            answer = self._store.send("PUT", url, headers=headers, body=data, longest=_MAX_ANSWER)
        except (UploaderError, DiaryError):
            return False
        return answer.status in _SENT


def check_store(url: str, marketplace: str) -> None:
    """Raise INSECURE_ADDRESS unless pictures may be sent to `url`, as the marketplace asks.

    A marketplace elsewhere must not reach programs on this computer, nor link-local addresses such
    as those of a cloud's metadata. Names may resolve to such addresses: over https, these would
    need a certificate for the name.
    """
    check_address(url)
    host = (urlsplit(url).hostname or "").rstrip(".")
    address = _address(host)
    local = is_loopback(host) or host == "localhost" or host.endswith(".localhost")
    if address is not None:
        local = address.is_loopback
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            raise NetworkError(Problem.INSECURE_ADDRESS, f"link-local: {host[:80]}")
    if local and not is_loopback(urlsplit(marketplace).hostname or ""):
        raise NetworkError(Problem.INSECURE_ADDRESS, f"this computer: {host[:80]}")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, also in the old notations that resolvers accept."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except (OSError, ValueError):
            return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def _checked_headers(given: object, data: bytes) -> dict[str, str]:
    """The headers to send: those of this picture, as the signature requires them. Raises
    UNEXPECTED_ANSWER for others.
    """
    right = {
        "content-length": str(len(data)),
        "content-type": _MIME,
        "if-none-match": "*",
        "x-amz-content-sha256": hashlib.sha256(data).hexdigest(),
    }
    if not isinstance(given, dict):
        raise NetworkError(Problem.UNEXPECTED_ANSWER, "no headers")
    for name, value in given.items():
        if not isinstance(name, str) or right.get(name.lower()) != value:
            raise NetworkError(Problem.UNEXPECTED_ANSWER, "other headers")
    # The transport states the length.
    return {name: value for name, value in given.items() if name.lower() != "content-length"}
