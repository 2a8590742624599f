"""The options of a start of the client, and the marketplace of a start without any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.settings.settings import MARKETPLACE, SETTINGS, load

if TYPE_CHECKING:
    from ui.settings.settings import Settings
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
    """The address for a start that names none: the remembered one, the only one that this folder
    has, or the first one where this computer is signed in; "" otherwise.
    """
    if remembered:
        return remembered
    # Slow to import, and needed only if nothing is remembered.
    from uploader.account.marketplaces import list_marketplaces

    found = list_marketplaces(base)
    if len(found) == 1:
        return found[0].url
    return next((each.url for each in found if each.signed_in), "")


def has_joined(base: Path, address: str) -> bool:
    """Whether this computer is signed in at the marketplace of an address."""
    from uploader.account.marketplaces import list_marketplaces

    address = address.rstrip("/")
    return any(each.signed_in and each.url == address for each in list_marketplaces(base))


def start_address(base: Path, settings: Settings, given: str = "") -> str:
    """The address that a start opens: the one that the policy enforces, else the `given` one, else
    that of `known_marketplace`, else the default of the policy; "" if there is none.
    """
    chosen = given or str(settings.values.get(MARKETPLACE.name, ""))
    found = settings.policy_address or known_marketplace(base, chosen)
    return found or settings.text(MARKETPLACE)


def active_marketplace(base: Path) -> str:
    """The address that the program opens if its start names none."""
    return start_address(base, load(base / SETTINGS))
