r"""Reads the policy in the registry of Windows, as the ADMX template and other tools write it.

    Software\Policies\Workdiary                 organisation (REG_SZ), Policy (REG_SZ)
    Software\Policies\Workdiary\Enforced        a value for each setting
    Software\Policies\Workdiary\Defaults        a value for each setting

A switch and a number are REG_DWORD, a text REG_SZ; a list is REG_MULTI_SZ, or a subkey whose values
are its texts. It ran against a simulated registry and under Wine, never on Windows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ui.settings.policy.policy import DEFAULTS, ENFORCED, ORGANISATION

if TYPE_CHECKING:
    from ui.settings.setting import Setting

#: Below HKEY_LOCAL_MACHINE.
KEY = r"Software\Policies\Workdiary"
#: The subkeys of the sections.
SECTIONS = {ENFORCED: "Enforced", DEFAULTS: "Defaults"}
#: Returns the values and the subkeys of `KEY` by their names: integers, texts, lists of texts and
#: mappings. None without the key. Raises OSError.
ReadKey = Callable[[], Mapping[str, object] | None]


@dataclass(frozen=True)
class RegistryPolicy:
    """See `ui.settings.policy.sources.PolicySource`. Upper and lower case of names are the same, as
    on Windows.
    """

    read_key: ReadKey
    table: Sequence[Setting]
    has_line: ClassVar[bool] = True

    @property
    def place(self) -> str:
        return rf"HKEY_LOCAL_MACHINE\{KEY}"

    def read(self) -> object | None:
        """See `PolicySource`."""
        found = self.read_key()
        if not found:
            return None
        rows = {row.name: row for row in self.table}
        names = {name.lower(): name for name in (ORGANISATION, "Policy")}
        names |= {key.lower(): section for section, key in SECTIONS.items()}
        raw: dict[str, object] = {}
        for name, value in found.items():
            entry = names.get(name.lower(), name)
            if entry in SECTIONS and isinstance(value, Mapping):
                raw[entry] = {
                    each.lower(): _value(rows.get(each.lower()), data)
                    for each, data in value.items()
                }
            else:
                raw[entry] = value
        return raw


def _value(row: Setting | None, data: object) -> object:
    """The data of a value, converted to the JSON type of its row if possible."""
    if row is None:
        return data
    if isinstance(row.default, bool) and data in (0, 1):
        return bool(data)
    if isinstance(row.default, tuple) and isinstance(data, Mapping):
        return list(data.values())
    return data
