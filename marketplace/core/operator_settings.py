"""The operator of a marketplace, as the privacy notice names it.

The settings are a TOML file with the members of `OperatorSettings`. `serve --operator-file` stores
a copy in the data folder, which later starts and commands read.
"""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from marketplace.core.i18n import tr
from system.files import write_private

#: The copy in the data folder.
FILE_NAME = "operator.toml"
#: The longest file in bytes, and the longest text in characters.
_MAX_FILE, _MAX_TEXT = 65_536, 2_000


class OperatorSettingsError(ValueError):
    """An invalid setting; the message is a sentence for the operator."""


@dataclass(frozen=True)
class OperatorSettings:
    """The controller (GDPR Article 13(1)(a) to (f)): its name, postal address and e-mail address.

    `representative` and `data_protection_officer` are names with contacts, `authority` the
    supervisory authority, `transfers` the countries outside the European Economic Area with the
    safeguards; "" leaves each out.
    """

    name: str
    address: str
    email: str
    representative: str = ""
    data_protection_officer: str = ""
    authority: str = ""
    transfers: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value: object = getattr(self, field.name)
            if not isinstance(value, str) or len(value) > _MAX_TEXT:
                raise OperatorSettingsError(
                    tr("The operator's %(name)s is not a text of at most %(number)d characters.")
                    % {"name": field.name, "number": _MAX_TEXT}
                )
        if not (self.name.strip() and self.address.strip() and self.email.strip()):
            raise OperatorSettingsError(
                tr("The operator needs a name, an address and an e-mail address.")
            )


def read_operator(path: Path) -> OperatorSettings:
    """The settings in a file. Raises OperatorSettingsError, and OSError for an unreadable file."""
    data = path.read_bytes()
    try:
        if len(data) > _MAX_FILE:
            raise ValueError
        values = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise OperatorSettingsError(
            tr("%(path)s is not a TOML file of at most 64 KiB.") % {"path": path}
        ) from error
    known = {field.name for field in fields(OperatorSettings)}
    if unknown := sorted(values.keys() - known):
        raise OperatorSettingsError(
            tr("%(path)s has unknown settings: %(names)s.")
            % {"path": path, "names": ", ".join(unknown)}
        )
    # A missing text is refused like an empty one.
    return OperatorSettings(**{"name": "", "address": "", "email": "", **values})


def stored_operator(data_dir: Path) -> OperatorSettings | None:
    """The operator of an earlier start; None if there is none. Raises OperatorSettingsError."""
    with contextlib.suppress(FileNotFoundError):
        return read_operator(data_dir / FILE_NAME)
    return None


def store_operator(data_dir: Path, file: Path) -> None:
    """Copy the settings to the data folder."""
    write_private(data_dir / FILE_NAME, file.read_bytes())
