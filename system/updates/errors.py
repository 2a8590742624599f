"""The problems of an update, each with a stable code and one sentence."""

from __future__ import annotations

from enum import StrEnum

from system.i18n import mark


class UpdateProblem(StrEnum):
    """The stable codes of the problems."""

    UNREACHABLE = "unreachable"
    MISSING = "missing"
    SERVER_ERROR = "server_error"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    EXPIRED = "expired"
    INCONSISTENT = "inconsistent"
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_CONTENT = "wrong_content"
    MALFORMED = "malformed"
    ARCHIVE_REFUSED = "archive_refused"
    SELFTEST_FAILED = "selftest_failed"
    BUSY = "busy"
    DISK = "disk"
    HELPER_FAILED = "helper_failed"

    @property
    def sentence(self) -> str:
        """What happened, in English."""
        return _SENTENCES[self]


#: The received data contradicts its signatures or exceeds a limit: an attack, or a fault of the
#: repository.
REFUSED = frozenset({
    UpdateProblem.TOO_LARGE, UpdateProblem.EXPIRED, UpdateProblem.INCONSISTENT,
    UpdateProblem.WRONG_SIGNATURE, UpdateProblem.WRONG_CONTENT, UpdateProblem.MALFORMED,
    UpdateProblem.ARCHIVE_REFUSED,
})  # fmt: skip

_SENTENCES: dict[UpdateProblem, str] = {
    UpdateProblem.UNREACHABLE: mark("The update server could not be reached."),
    UpdateProblem.MISSING: mark("The update server lacks a file that an update needs."),
    UpdateProblem.SERVER_ERROR: mark("The update server reported an error."),
    UpdateProblem.TOO_SLOW: mark("The update server sent its data too slowly."),
    UpdateProblem.TOO_LARGE: mark("The update server sent more data than was signed or allowed."),
    UpdateProblem.EXPIRED: mark(
        "The signed information about updates has expired. The server may withhold newer "
        "information, or this computer's clock is wrong."
    ),
    UpdateProblem.INCONSISTENT: mark(
        "The signed information about updates is older than before, or its parts do not belong "
        "together."
    ),
    UpdateProblem.WRONG_SIGNATURE: mark(
        "The information about updates is not signed by enough trusted keys."
    ),
    UpdateProblem.WRONG_CONTENT: mark("A downloaded file differs from the signed one."),
    UpdateProblem.MALFORMED: mark("The information about updates cannot be read."),
    UpdateProblem.ARCHIVE_REFUSED: mark("The update's archive has contents that are not allowed."),
    UpdateProblem.SELFTEST_FAILED: mark("The new version did not pass its self-test."),
    UpdateProblem.BUSY: mark("Another process is working on an update."),
    UpdateProblem.DISK: mark("The update could not be written to the disk."),
    UpdateProblem.HELPER_FAILED: mark("The helper program for updates failed."),
}


class UpdateError(Exception):
    """A problem. `detail` is not translated and may contain text from the network."""

    def __init__(self, code: UpdateProblem, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code.sentence} ({self.detail})" if self.detail else self.code.sentence
