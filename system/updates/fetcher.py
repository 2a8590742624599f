"""Connects TUF's client with the program's own transport.

Rules kept: a download ends with an error if, after a grace period, it is slower on average than
`SLOWEST_BYTES_S`; TUF's client bounds its length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface

#: The lowest average speed of a download in bytes per second, and the seconds until it is checked.
SLOWEST_BYTES_S = 4096
GRACE_S = 30.0


class TransferError(Exception):
    """A transfer failed. `status` is the HTTP status of a server that refused, else 0; the message
    is a short reason.
    """

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class Download(Protocol):
    """The transport of the program."""

    def __call__(self, url: str) -> Iterator[bytes]:
        """The body of a file, in pieces. The call and each step raise TransferError."""


class TransportFetcher(FetcherInterface):
    """TUF's interface over a `Download`. `monotonic` is a clock in seconds."""

    def __init__(self, download: Download, monotonic: Callable[[], float]) -> None:
        self._download = download
        self._monotonic = monotonic

    def _fetch(self, url: str) -> Iterator[bytes]:
        begin = self._monotonic()
        received = 0
        try:
            for piece in self._download(url):
                received += len(piece)
                seconds = self._monotonic() - begin
                if seconds > GRACE_S and received < seconds * SLOWEST_BYTES_S:
                    raise SlowRetrievalError(f"{received} bytes in {seconds:.0f} s")
                yield piece
        except TransferError as error:
            if error.status:
                raise DownloadHTTPError(str(error), error.status) from error
            raise DownloadError(str(error)) from error
