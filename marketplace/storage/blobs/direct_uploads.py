"""Presigned addresses, by which programs upload pictures directly to the object store (ADR 0037).

An address permits one PUT of exact bytes (AWS Signature Version 4 in the query, with the signed
headers `Content-Length`, `Content-Type`, `If-None-Match` and `x-amz-content-sha256`) to a name of
its own, `arriving/…`. The marketplace copies the object to the name of its picture after its
checks.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from diary.formats.encoding import b64url_decode, digest
from marketplace.core import logging
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage.blobs.interface import BlobsError
from marketplace.storage.blobs.s3 import ARRIVING, START_S, S3Blobs, explained, is_outage

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

#: A signed address begins an upload for so many seconds; a slow upload may take longer.
VALID_S = 300
MIME = "image/webp"
_PROBE = f"{ARRIVING}/probe"
_log = logging.get("marketplace.storage.blobs.direct_uploads")


@dataclass(frozen=True)
class PresignedUpload:
    """A PUT to `url` with exactly these headers, until `expires_s` (Unix s, real time)."""

    url: str
    headers: Mapping[str, str]
    expires_s: int


class DirectUploads:
    """The uploads to a store that have not become pictures yet. Methods block."""

    def __init__(self, settings: S3Settings, blobs: S3Blobs) -> None:
        self._settings = settings
        self.blobs = blobs
        self._session = _session()

    def presign(self, name: str, sha: str, size: int) -> PresignedUpload:
        """A request that stores the `size` bytes with the hash `sha` as `name`, unless that exists.

        Raises BlobsError without credentials.
        """
        endpoint = self._settings.upload_endpoint
        if endpoint is None:
            raise ValueError("direct uploads are off")
        return self._presign(endpoint, name, b64url_decode(sha).hex(), size)

    def names(self) -> set[str]:
        """The names of all uploads in the store."""
        return self.blobs.uploads()

    def remove(self, name: str) -> None:
        """Remove an upload if it exists."""
        self.blobs.remove(name)

    def require_enforcement(self, *, tried_before: bool = False) -> bool:
        """Raise ConfigError unless the store refuses what an address does not permit.

        Sends a few small requests to the store, by the marketplace's own address. Returns False,
        instead of raising, for an outage of a store that was `tried_before`.
        """
        settings = self._settings
        if tried_before and self.blobs.away:
            return False
        try:
            accepted = self._probe(START_S if tried_before else settings.timeout_s)
        except (httpx.HTTPError, OSError) as error:
            reason = error if isinstance(error, BlobsError) else BlobsError(type(error).__name__)
            if tried_before and is_outage(reason):
                _log.warning("pictures_unavailable", reason=str(reason))
                return False
            raise ConfigError(explained(settings, reason)) from None
        if tried_before and len(accepted) == 1 and accepted[0].startswith("HTTP 5"):
            _log.warning("pictures_unavailable", reason=accepted[0])
            return False
        if accepted:
            raise ConfigError(
                tr(
                    "The object store cannot take uploads of programs (%(reason)s). Remove "
                    "upload-endpoint from the place of the pictures."
                )
                % {"reason": ", ".join(accepted)}
            )
        return True

    def _probe(self, timeout_s: float) -> list[str]:
        """What the store did wrong with uploads that an address does or does not permit."""
        settings = self._settings
        endpoint = settings.endpoint or settings.upload_endpoint or ""
        wrong = []
        name = f"{_PROBE}/{secrets.token_hex(16)}"
        data, other = os.urandom(32), os.urandom(32)
        signed = self._presign(endpoint, name, hashlib.sha256(data).hexdigest(), len(data))
        with httpx.Client(verify=_trust(settings), timeout=timeout_s) as http:

            def put(content: bytes, **headers: str | None) -> int:
                changed = {**signed.headers, **headers}
                sent = {key: value for key, value in changed.items() if value is not None}
                return http.put(signed.url, content=content, headers=sent).status_code

            refused = {
                "other bytes": put(other),
                "another hash": put(
                    other, **{"x-amz-content-sha256": hashlib.sha256(other).hexdigest()}
                ),
                "a longer body": put(data + other, **{"Content-Length": "64"}),
                "another type": put(data, **{"Content-Type": "text/html"}),
                "no condition": put(data, **{"If-None-Match": None}),
            }
            wrong += [what for what, status in refused.items() if 200 <= status < 300]
            if (status := put(data)) != 200:
                wrong.append(f"HTTP {status}")
            elif 200 <= put(data) < 300:
                wrong.append("a second upload")
        # After a failure the sweep of uploads removes it.
        self.remove(name)
        return wrong

    def _presign(self, endpoint: str, name: str, sha_hex: str, size: int) -> PresignedUpload:
        from botocore.auth import S3SigV4QueryAuth
        from botocore.awsrequest import AWSRequest

        settings = self._settings
        headers = {
            "Content-Length": str(size),
            "Content-Type": MIME,
            "If-None-Match": "*",
            "x-amz-content-sha256": sha_hex,
        }
        url = f"{settings.address(endpoint)}/{settings.prefix}{name}"
        request = AWSRequest("PUT", url, headers=dict(headers))
        expires_s = int(time.time()) + VALID_S
        auth = S3SigV4QueryAuth(self._credentials(), "s3", settings.region, VALID_S)
        auth.add_auth(request)
        return PresignedUpload(request.url, headers, expires_s)

    def _credentials(self) -> ReadOnlyCredentials:
        """The present credentials; those of a role are fetched again before they expire."""
        from botocore.exceptions import BotoCoreError

        try:
            found = self._session.get_credentials()
            if found is not None:
                return found.get_frozen_credentials()
        except BotoCoreError as error:
            raise BlobsError(type(error).__name__) from None
        raise BlobsError("NoCredentials")


def upload_name(sub: str, sha: str) -> str:
    """The name of an account's upload: accounts do not learn which pictures others have sent."""
    return f"{ARRIVING}/{digest(sub.encode())[:22]}/{sha}"


def _session() -> Any:
    """A session that reads credentials where the store's client does: not from files of profiles.

    Importing the library takes a while, and most marketplaces need none of it.
    """
    import botocore.session

    session = botocore.session.Session()
    session.set_config_variable("config_file", os.devnull)
    session.set_config_variable("credentials_file", os.devnull)
    return session


def _trust(settings: S3Settings) -> ssl.SSLContext:
    """The certificates that the store's client trusts."""
    context = ssl.create_default_context()
    if settings.ca_file is not None:
        context.load_verify_locations(settings.ca_file)
    return context
