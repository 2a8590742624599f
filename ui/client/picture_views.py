"""Reads who viewed the picture of a segment, on a thread that exists only while it reads."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from ui.client.interface import SegmentViews

if TYPE_CHECKING:
    from collections.abc import Callable

    from uploader.api.client import MarketplaceClient

_log = logging.getLogger(__name__)


class ViewReader:
    """Reads for the segment that was requested last. Methods may be called from any thread."""

    def __init__(self, client: MarketplaceClient, report: Callable[[SegmentViews], None]) -> None:
        self._client = client
        self._report = report
        self._lock = threading.Lock()  # guards the next two
        self._wanted: str | None = None
        self._reads = False

    def request(self, segment: str) -> None:
        """Read the views of a segment, by its hash; they are reported. Returns at once."""
        with self._lock:
            self._wanted = segment
            if self._reads:
                return
            self._reads = True
        threading.Thread(target=self._run, name="workdiary-views", daemon=True).start()

    def _run(self) -> None:
        from uploader.errors import UploaderError

        while True:
            with self._lock:
                segment, self._wanted = self._wanted, None
                if segment is None:
                    self._reads = False
                    return
            try:
                found = self._client.views(segment)
            except UploaderError as error:
                _log.info("the views of a picture could not be read: %s", error.code)
                found = None
            except Exception:  # noqa: BLE001 - the next request must be read
                _log.exception("the views of a picture could not be read")
                found = None
            self._report(SegmentViews(segment, found))
