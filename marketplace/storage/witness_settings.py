"""The witnesses that a marketplace asks to cosign its log.

The settings are a C2SP tlog-policy file without logs. `serve --witnesses` stores a copy in the data
folder, which later starts and commands read.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from diary.core.findings import DiaryError
from diary.log.policy import MAX_POLICY, parse_witnesses
from diary.log.witnessing.witnesses import NO_WITNESSES, WitnessPolicy
from marketplace.core.i18n import tr
from system.files import write_private

#: The copy in the data folder.
FILE_NAME = "witnesses"
#: Without encryption a witness is asked on this computer only.
_URL = re.compile(
    r"https://[!-~]+|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?:/[!-~]*)?"
)


class WitnessSettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


def read_witnesses(path: Path) -> WitnessPolicy:
    """The witnesses in a file. Raises WitnessSettingsError, and OSError for an unreadable file."""
    with path.open("rb") as file:
        data = file.read(MAX_POLICY + 1)
    try:
        policy = parse_witnesses(data)
    except DiaryError as error:
        raise WitnessSettingsError(
            tr("%(path)s is not a policy with witnesses: %(reason)s.")
            % {"path": path, "reason": error.detail}
        ) from error
    for witness in policy.witnesses:
        if witness.url is None or not _URL.fullmatch(witness.url):
            raise WitnessSettingsError(
                tr(
                    "%(path)s: the witness %(name)r needs an address with https, or with http on "
                    "this computer."
                )
                % {"path": path, "name": witness.name}
            )
    return policy


def stored_witnesses(data_dir: Path) -> WitnessPolicy:
    """The witnesses of an earlier start. Raises WitnessSettingsError."""
    with contextlib.suppress(FileNotFoundError):
        return read_witnesses(data_dir / FILE_NAME)
    return NO_WITNESSES


def store_witnesses(data_dir: Path, file: Path) -> None:
    """Copy the settings to the data folder."""
    write_private(data_dir / FILE_NAME, file.read_bytes())
