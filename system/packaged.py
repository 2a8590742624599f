"""The environment of a program that PyInstaller has packaged.

Its bootloader sets LD_LIBRARY_PATH to the program's folder and some variables of its own. Other
programs, such as the browser, must not inherit them: they would load this program's libraries.
"""

from __future__ import annotations

from collections.abc import MutableMapping

_LIBRARIES = "LD_LIBRARY_PATH"
_OWN = "_PYI_"


def restore_environment(environ: MutableMapping[str, str]) -> None:
    """Undo the bootloader's changes of an environment. Without its variables nothing changes."""
    own = [name for name in environ if name.startswith(_OWN)]
    for name in own:
        del environ[name]
    original = environ.pop(f"{_LIBRARIES}_ORIG", None)
    if original is not None:
        environ[_LIBRARIES] = original
    elif own:
        environ.pop(_LIBRARIES, None)
