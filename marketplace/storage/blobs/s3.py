"""Pictures as objects of an S3-compatible store, `<prefix><first two characters>/<hash>`.

An object is created only after its bytes were checked, and never replaced while its bytes have its
hash. Time-outs and repetitions are those of `obstore`. An error of the store becomes a BlobsError
whose message has the code of the store but none of its text, which may repeat parts of a request.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store
from starlette.concurrency import run_in_threadpool

from diary.formats.encoding import digest
from marketplace.core import logging
from marketplace.core.config import ConfigError
from marketplace.core.i18n import tr
from marketplace.core.storage_settings.s3 import S3Settings
from marketplace.storage.blobs.arrival import Arrivals
from marketplace.storage.blobs.interface import BlobsError, Keep, StoredBlob

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ClientConfig, ObjectStore, S3Config

#: The object that names the marketplace to which the objects of a prefix belong.
OWNER = "owner"
#: The folder of uploads by signed addresses (`marketplace.storage.blobs.direct_uploads`).
ARRIVING = "arriving"
#: The longest wait of a start for a store that earlier ones have used, in seconds.
START_S = 5.0
_PIECE = 1 << 20
_LISTED = 1_000
_SHA = re.compile(r"[A-Za-z0-9_-]{43}")
_STORE_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_STATUS = re.compile(r"\bstatus: ([1-5][0-9]{2})\b")
#: Where the library asks for credentials when the environment has none.
_NO_CREDENTIALS = ("169.254.169.254", "169.254.170.2")
_log = logging.get("marketplace.storage.blobs.s3")


class S3Objects:
    """The pictures among `objects`, without uploads: several processes may use it."""

    def __init__(self, objects: ObjectStore) -> None:
        self.objects = objects

    def has(self, sha: str) -> bool:
        """See `Blobs`."""
        with errors_of_the_store():
            try:
                obstore.head(self.objects, _key(sha))
            except FileNotFoundError as error:
                _require_bucket(error)
                return False
        return True

    def read(self, sha: str) -> bytes | None:
        """See `Blobs`."""
        with errors_of_the_store():
            try:
                return bytes(obstore.get(self.objects, _key(sha)).bytes())
            except FileNotFoundError as error:
                _require_bucket(error)
                return None

    def pieces(self, sha: str) -> Iterator[bytes] | None:
        """See `Blobs`."""
        with errors_of_the_store():
            try:
                found = obstore.get(self.objects, _key(sha))
            except FileNotFoundError as error:
                _require_bucket(error)
                return None
        stream = found.stream(_PIECE)

        def read() -> Iterator[bytes]:
            with errors_of_the_store():
                for piece in stream:
                    yield bytes(piece)

        return read()

    def names(self) -> Iterator[str]:
        """See `Blobs`. Objects that are no pictures are left out."""
        with errors_of_the_store():
            for listed in obstore.list(self.objects, chunk_size=_LISTED):
                for entry in listed:
                    sha = entry["path"].rpartition("/")[2]
                    if _SHA.fullmatch(sha) and entry["path"] == _key(sha):
                        yield sha

    def erase(self, sha: str) -> None:
        """See `Blobs`. Former versions stay in a bucket that keeps versions."""
        with errors_of_the_store(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self.objects, _key(sha))

    def uploads(self) -> set[str]:
        """The names of the uploads by signed addresses, complete or not."""
        with errors_of_the_store():
            listed = obstore.list(self.objects, prefix=ARRIVING, chunk_size=_LISTED)
            return {entry["path"] for entries in listed for entry in entries}

    def remove(self, name: str) -> None:
        """Remove an object by its name if it exists."""
        with errors_of_the_store(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self.objects, name)

    def store(self, sha: str, data: bytes) -> bool:
        """Store checked bytes; returns whether no such object existed.

        An object of this hash counts as stored if its bytes have the hash, else it is replaced.
        """
        with errors_of_the_store():
            try:
                self._put(sha, data, "create")
            except AlreadyExistsError:
                stored = self.read(sha)
                if stored is None or digest(stored) != sha:
                    self._put(sha, data, "overwrite")
                return False
        return True

    def _put(self, sha: str, data: bytes, mode: str) -> None:
        obstore.put(
            self.objects,
            _key(sha),
            data,
            mode=mode,  # type: ignore[arg-type]
            attributes={"Content-Type": "image/webp"},
            use_multipart=False,
        )

    def keeps_versions(self) -> bool:
        """Whether the bucket keeps versions of replaced and erased objects."""
        with errors_of_the_store():
            return bool(obstore.head(self.objects, OWNER)["version"])

    def claim(self, owner: str) -> bool:
        """Whether the prefix belongs to `owner`; a prefix of nobody does afterwards."""
        with errors_of_the_store():
            try:
                obstore.put(self.objects, OWNER, owner.encode(), mode="create")
            except AlreadyExistsError:
                return bytes(obstore.get(self.objects, OWNER).bytes()) == owner.encode()
        return True


class S3Blobs(S3Objects):
    """The pictures among `objects`; `arriving` is a local folder for uploads."""

    def __init__(self, objects: ObjectStore, arriving: Path, *, shared: bool = False) -> None:
        super().__init__(objects)
        self._arrivals = Arrivals(arriving, shared=shared)
        #: Whether the store did not answer at the start.
        self.away = False

    async def receive(
        self, sha: str, chunks: AsyncIterator[bytes], limit: int, keep: Keep
    ) -> StoredBlob:
        """See `Blobs`."""
        async with self._arrivals.receive(sha, chunks, limit) as arrived:
            await run_in_threadpool(keep, partial(self._send, arrived.path, sha), arrived.picture)
            return arrived.picture

    async def adopt(self, name: str, sha: str, limit: int, keep: Keep) -> StoredBlob | None:
        """Store the object `name` as a picture after the checks of `receive`; None without it.

        Nothing may change the object meanwhile. It stays. Raises the same problems as `receive`.
        """
        with errors_of_the_store():
            try:
                found = await obstore.get_async(self.objects, name)
            except FileNotFoundError as error:
                _require_bucket(error)
                return None
        async with self._arrivals.receive(sha, _stream(found), limit) as arrived:
            await run_in_threadpool(keep, partial(self._copy, name, sha), arrived.picture)
            return arrived.picture

    def _send(self, path: Path, sha: str) -> None:
        self.store(sha, path.read_bytes())

    def _copy(self, name: str, sha: str) -> None:
        """Copy a checked object to the key of its hash, unless that has the right bytes."""
        with errors_of_the_store():
            stored = self.read(sha)
            if stored is None or digest(stored) != sha:
                obstore.copy(self.objects, name, _key(sha))


async def _stream(found: GetResult) -> AsyncIterator[bytes]:
    with errors_of_the_store():
        async for piece in found.stream(_PIECE):
            yield bytes(piece)


def open_s3(
    settings: S3Settings,
    arriving: Path,
    owner: str,
    *,
    shared: bool = False,
    claimed: bool = False,
) -> S3Blobs:
    """The pictures of the marketplace `owner`, whose place may be `claimed` by an earlier start:
    then an outage of the store prevents no start.

    Raises ConfigError if they cannot be used.
    """
    # Others wait for this start.
    asked = replace(settings, timeout_s=START_S, retries=0) if claimed else settings
    try:
        blobs = S3Blobs(object_store(settings), arriving, shared=shared)
    except BlobsError as error:
        raise ConfigError(explained(settings, error)) from None
    try:
        mine = S3Objects(object_store(asked)).claim(owner)
    except BlobsError as error:
        if not (claimed and is_outage(error)):
            raise ConfigError(explained(settings, error)) from None
        _log.warning("pictures_unavailable", reason=str(error))
        blobs.away = True
        return blobs
    if not mine:
        raise ConfigError(
            tr(
                "The pictures in %(place)s belong to another marketplace. Choose another prefix; "
                "nothing was changed."
            )
            % {"place": settings.place}
        )
    return blobs


def object_store(settings: S3Settings) -> S3Store:
    """The client of a store. Raises ConfigError for unusable certificates."""
    client: ClientConfig = {
        "connect_timeout": timedelta(seconds=min(5.0, settings.timeout_s)),
        "timeout": timedelta(seconds=settings.timeout_s),
        "allow_http": (settings.endpoint or "").startswith("http://"),
    }
    if settings.ca_file is not None:
        try:
            client["root_certificate"] = settings.ca_file.read_bytes()
        except OSError as error:
            raise ConfigError(
                tr("%(path)s cannot be read: %(reason)s.")
                % {"path": settings.ca_file, "reason": error.strerror}
            ) from error
    config: S3Config = {
        "bucket": settings.bucket,
        "region": settings.region,
        "virtual_hosted_style_request": not settings.path_style,
        # Not every store implements the deletion of several objects.
        "disable_bulk_delete": True,
    }
    if settings.endpoint is not None:
        # The most specific setting, so that no variable of the environment replaces it. The library
        # adds the bucket to the path only.
        config["aws_endpoint_url_s3"] = (
            settings.endpoint if settings.path_style else settings.address(settings.endpoint)
        )
    with errors_of_the_store():
        return S3Store(
            config=config,
            prefix=settings.prefix or None,
            client_options=client,
            retry_config={
                "max_retries": settings.retries,
                "retry_timeout": timedelta(seconds=settings.retry_s),
                "backoff": {"max_backoff": timedelta(seconds=2)},
            },
        )


def _key(sha: str) -> str:
    return f"{sha[:2]}/{sha}"


def _require_bucket(error: FileNotFoundError) -> None:
    """Raise BlobsError if not only the object is missing."""
    if _reason(error) == "NoSuchBucket":
        raise BlobsError("NoSuchBucket") from None


@contextlib.contextmanager
def errors_of_the_store() -> Iterator[None]:
    """Replace errors of the store by BlobsError. Their texts repeat the store's response, which may
    repeat the request's signature.
    """
    try:
        yield
    except BlobsError:
        raise
    except (BaseError, FileNotFoundError, ValueError) as error:
        if isinstance(error, AlreadyExistsError):
            raise
        raise BlobsError(_reason(error)) from None
    except OSError as error:
        # The iterators of the library raise OSError for a broken connection.
        raise BlobsError(_reason(error)) from None


def _reason(error: Exception) -> str:
    """A word for the cause: a code of the store, a status, or one of our own."""
    text = str(error)
    if any(address in text for address in _NO_CREDENTIALS):
        return "NoCredentials"
    if code := _STORE_CODE.search(text):
        return code[1]
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return "AccessDenied"
    if status := _STATUS.search(text):
        return f"HTTP {status[1]}"
    if "kind: Timeout" in text or "operation timed out" in text:
        return "Timeout"
    if "kind: Connect" in text:
        return "Unreachable"
    return type(error).__name__


_REFUSED = {
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}


def is_outage(error: BlobsError) -> bool:
    """Whether the store may work again without a change of the settings."""
    return str(error) not in _REFUSED | {"NoSuchBucket", "NoCredentials"}


def explained(settings: S3Settings, error: BlobsError) -> str:
    """A sentence for the operator about an error of the store."""
    reason = str(error)
    values = {
        "bucket": settings.bucket,
        "endpoint": settings.endpoint or "amazonaws.com",
        "reason": reason,
    }
    if reason == "NoSuchBucket":
        return tr("There is no bucket %(bucket)s at %(endpoint)s. Create it first.") % values
    if reason == "NoCredentials":
        return tr(
            "There are no credentials for the object store. Set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or give this computer a role."
        )
    if reason in _REFUSED:
        return (
            tr(
                "The object store at %(endpoint)s refuses the credentials, or they may not write "
                "to the bucket %(bucket)s (%(reason)s)."
            )
            % values
        )
    return (
        tr(
            "The object store at %(endpoint)s cannot be used (%(reason)s). Check its address, or "
            "start again later; nothing was changed."
        )
        % values
    )
