"""Pictures that computers send through the processes of `shared_processes`, or directly to the
object store.
"""

from __future__ import annotations

import contextlib
import secrets
import threading

import httpx

from diary.formats.encoding import digest
from tests.marketplace.shared_answers import renew_token, require
from tests.marketplace.simulated_device import SimulatedDevice, webp


class SentPictures:
    """Sends pictures and keeps those whose upload was confirmed, by hash."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._store = httpx.Client(timeout=60, trust_env=False)
        self.confirmed: dict[str, bytes] = {}
        #: Uploads to the object store that were confirmed, and requests to it that failed.
        self.direct = 0
        self.store_failed = 0

    def close(self) -> None:
        self._store.close()

    def new(self) -> tuple[bytes, bytes]:
        """A picture and its thumbnail, which no account has sent."""
        with self._gate:
            # Large ones take several packets, and can be cut.
            size = (640, 400) if secrets.randbelow(4) else (1920, 1080)
            return webp(*size), webp(32, 20)

    def send(self, device: SimulatedDevice, data: bytes) -> None:
        """Send a picture once, in a random way, unless it is confirmed.

        Raises RepeatError, or httpx.HTTPError without an answer of the marketplace.
        """
        sha = digest(data)
        if sha in self.confirmed:
            return
        direct = bool(secrets.randbelow(2)) and self._put_directly(device, sha, data)
        if not direct:
            answer = device.put_blob(data)
            renew_token(device, answer)
            require(answer, 200, 201)
        with self._gate:
            self.confirmed[sha] = data
            self.direct += direct

    def _put_directly(self, device: SimulatedDevice, sha: str, data: bytes) -> bool:
        """Whether the picture arrived by the object store; a program sends it to the marketplace
        otherwise.
        """
        wanted = {"length": len(data), "type": "image/webp"}
        answer = device.call("PUT", f"/v1/uploads/{sha}", json=wanted)
        renew_token(device, answer)
        require(answer, 200)
        given = answer.json()
        status = 0
        with contextlib.suppress(httpx.HTTPError):
            status = self._store.put(
                given["url"], headers=given["headers"], content=data
            ).status_code
        if status not in {200, 412}:
            with self._gate:
                self.store_failed += 1
            return False
        answer = device.call("POST", f"/v1/uploads/{sha}/complete")
        renew_token(device, answer)
        # A repeated request may find that the first one has used the upload.
        require(answer, 200, 201, 409)
        return answer.status_code != 409
