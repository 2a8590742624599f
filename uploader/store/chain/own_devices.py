"""The device of a state folder, and the account's devices that used the folder before it."""

from __future__ import annotations

import threading

from diary.core.findings import DiaryError
from diary.formats.jws import Jws
from diary.formats.jws import parse as parse_jws
from diary.objects.enrolment import TYP as DEVICE_TYP
from diary.objects.enrolment import Enrolment, parse_enrolment
from uploader.errors import Problem, StoreError
from uploader.store.index_rebuild import ENROLMENT, FORMER
from uploader.store.state_folder import StateFolder


class OwnDevices:
    """Reads the enrolments of the folder. Methods may be called from any thread and raise
    StoreError: NOT_ENROLLED, FILE_DAMAGED.
    """

    def __init__(self, folder: StateFolder) -> None:
        self._folder = folder
        self._lock = threading.RLock()  # guards the next two
        self._current: Jws | None = None
        self._kids: tuple[str, ...] | None = None

    def forget(self) -> None:
        """Read the enrolment again at the next use, because another one was stored."""
        with self._lock:
            self._current = self._kids = None

    def current(self) -> Jws:
        """The signed enrolment of the current device."""
        with self._lock:
            if self._current is None:
                data = self._folder.read(ENROLMENT)
                if data is None:
                    raise StoreError(Problem.NOT_ENROLLED)
                try:
                    self._current = parse_jws(data, DEVICE_TYP)
                except DiaryError as error:
                    raise StoreError(Problem.FILE_DAMAGED, ENROLMENT) from error
            return self._current

    def former(self, kid: str) -> Enrolment | None:
        """The enrolment of an earlier device of this folder; None if there is none."""
        data = self._folder.read(f"{FORMER}/{kid}.jws")
        try:
            return None if data is None else parse_enrolment(data)
        except DiaryError:
            return None

    def kids(self) -> tuple[str, ...]:
        """The current device and the earlier ones of the same account: this program may upload what
        they signed.
        """
        with self._lock:
            if self._kids is None:
                current = self.current()
                kids = [current.kid]
                for name in self._folder.names(FORMER):
                    former = self.former(name.removesuffix(".jws"))
                    if former is not None and former.sub == str(current.payload.get("sub")):
                        kids.append(former.kid)
                self._kids = tuple(kids)
            return self._kids
