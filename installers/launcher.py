"""Entry point of the packaged program, and of its helper processes."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

_LIBRARIES = "LD_LIBRARY_PATH"


def restore_environment(environ: MutableMapping[str, str]) -> None:
    """Remove what PyInstaller's bootloader has added, so that other programs, such as the browser,
    do not load the libraries of this one.
    """
    original = environ.pop(f"{_LIBRARIES}_ORIG", None)
    if original is not None:
        environ[_LIBRARIES] = original
    else:
        environ.pop(_LIBRARIES, None)
    for name in [name for name in environ if name.startswith("_PYI_")]:
        del environ[name]


if __name__ == "__main__":
    restore_environment(os.environ)
    from ui.cli.main import main

    sys.exit(main())
