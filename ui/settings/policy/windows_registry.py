"""Reads a key of HKEY_LOCAL_MACHINE, with winreg. It ran under Wine, never on Windows."""

from __future__ import annotations

import sys
from collections.abc import Mapping

_DEEPEST = 2
_MOST = 1000

if sys.platform == "win32":
    import winreg

    def read_machine_key(path: str) -> Mapping[str, object] | None:
        """The values and subkeys of a key, by their names, two levels deep; None without the key.
        Raises OSError.
        """
        try:
            # A 32-bit program must read the same key, to which policies are written.
            access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            key = winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, access=access)
        except FileNotFoundError:
            return None
        # A subkey that is missing here is an error: the policy is being replaced.
        with key:
            return _content(key, 0)

    def _content(key: winreg.HKEYType, depth: int) -> dict[str, object]:
        subkeys, values, _ = winreg.QueryInfoKey(key)
        if subkeys > _MOST or values > _MOST:
            raise OSError("the key has too many entries")
        found: dict[str, object] = {}
        for index in range(values):
            name, data, _ = winreg.EnumValue(key, index)
            found[name] = data
        if depth < _DEEPEST:
            for index in range(subkeys):
                name = winreg.EnumKey(key, index)
                access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
                with winreg.OpenKey(key, name, access=access) as subkey:
                    found[name] = _content(subkey, depth + 1)
        return found
