"""Texts about the marketplaces at which this computer is signed in, and about switching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.presenters.app_state import StartupPhase
from ui.presenters.diary import QuestionView
from ui.presenters.formatting import named, substitute
from ui.presenters.notices import Action, NoticeView, action_label

if TYPE_CHECKING:
    from ui.presenters.app_state import AppState, JoinedMarketplace
    from ui.presenters.formatting import Translate

#: Prefix of the attention entry's key; the marketplace's address follows.
SWITCH_KEY = "switch:"


@dataclass(frozen=True)
class MarketplaceRow:
    """A marketplace in the settings. `name` and `url` are untrusted; `active`: it is open."""

    name: str
    url: str
    text: str
    active: bool


@dataclass(frozen=True)
class MarketplacesView:
    """The section of the settings. `can_sign_out` is about the active marketplace."""

    rows: tuple[MarketplaceRow, ...]
    can_sign_out: bool


def marketplaces_view(state: AppState, translate: Translate) -> MarketplacesView:
    """The marketplaces for the settings."""
    rows = tuple(_row(each, state, translate) for each in state.marketplaces)
    return MarketplacesView(rows, state.phase is StartupPhase.READY)


def _row(marketplace: JoinedMarketplace, state: AppState, translate: Translate) -> MarketplaceRow:
    active = marketplace.url == state.site
    if active:
        text = translate("Marketplaces", "Open now. Time is recorded for it.")
    elif marketplace.unsealed:
        text = translate(
            "Marketplaces",
            "%n entries waiting. Switch to it to finish them.",
            None,
            marketplace.entries,
        )
    elif marketplace.waiting:
        text = translate(
            "Marketplaces",
            "%n entries waiting. They could not be uploaded yet.",
            None,
            marketplace.waiting,
        )
    else:
        text = translate("Marketplaces", "Nothing is waiting.")
    return MarketplaceRow(marketplace.aud, marketplace.url, text, active)


def choices(state: AppState) -> tuple[tuple[tuple[str, str], ...], int]:
    """The (address, name) pairs for the tray menu and the index of the active one, or -1; no pairs
    while there is no other marketplace to switch to.
    """
    if not state.others:
        return (), -1
    found = tuple((each.url, each.aud) for each in state.marketplaces)
    return found, next((i for i, (url, _) in enumerate(found) if url == state.site), -1)


def waiting_notices(state: AppState, translate: Translate) -> tuple[NoticeView, ...]:
    """A notice for each other marketplace with pending work."""
    return tuple(
        NoticeView(
            substitute(
                translate(
                    "Marketplaces", "%n entries are waiting for {marketplace}.", None, each.entries
                ),
                marketplace=named(each.aud),
            ),
            Action.SWITCH,
            action_label(Action.SWITCH, translate),
            key=f"{SWITCH_KEY}{each.url}",
        )
        for each in state.others
        if each.entries
    )


def leave_question(to: str, current: str, translate: Translate) -> QuestionView:
    """The question before a switch stops a running recording; `to` is "" for a new marketplace."""
    text = (
        substitute(
            translate("Marketplaces", "Stop recording and switch to {marketplace}?"),
            marketplace=named(to),
        )
        if to
        else translate("Marketplaces", "Stop recording and add a marketplace?")
    )
    details = translate(
        "Marketplaces",
        "Your time up to now is saved for {current} and uploaded. What cannot be uploaded now "
        "stays safe on this computer and is uploaded later. A picture under review is shown again "
        "when you switch back.",
    )
    return QuestionView(
        text,
        substitute(details, current=named(current)),
        translate("Marketplaces", "&Stop and switch")
        if to
        else translate("Marketplaces", "&Stop and add"),
        translate("Marketplaces", "&Continue as before"),
    )
