"""Takes a picture of a display: `python -m scripts.dev.screenshot :99 picture.png`.

For the throw-away desktop of `make run`, which has no visible screen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.desktop_fixtures.x11 import XClient


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="Take a picture of an X display.")
    parser.add_argument("display", help="as in :99")
    parser.add_argument("file", type=Path, help="a .png file to write")
    options = parser.parse_args()
    with XClient(options.display) as screen:
        screen.grab().save(options.file)


if __name__ == "__main__":
    main()
