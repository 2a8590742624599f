"""The options of a start of the client, and the marketplace of a start without any."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uploader.account.join import Login


@dataclass(frozen=True)
class Options:
    """The base folder, the marketplace's address ("" if it is not known), and how to join: a file
    with a one-time code, or the login of the first start's window.
    """

    base: Path
    marketplace: str
    enrol_file: Path | None = None
    login: Login | None = None


def known_marketplace(base: Path, remembered: str) -> str:
    """The address for a start that names none: the remembered one, or the only one that this folder
    has; "" otherwise.
    """
    if remembered:
        return remembered
    found = set()
    for path in base.glob("*/marketplace.json"):
        try:
            url = json.loads(path.read_bytes())["url"]
        except (OSError, ValueError, KeyError, TypeError):
            # `workdiary doctor` and a start with this address report the damage.
            continue
        if isinstance(url, str):
            found.add(url)
    return found.pop() if len(found) == 1 else ""
