"""The route of the client's requests, by the settings and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ui.settings.settings import (
    AUTHORITY,
    NETWORK,
    PROXY,
    PROXY_SCRIPT,
    PROXY_USER,
    SETTINGS,
    load,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ui.settings.settings import Settings
    from uploader.api.network.route import Mode, Route, RouteChoice


def open_route(base: Path) -> Route:
    """The route by the settings in a base folder; the keyring is asked when a proxy needs it."""
    return route_by(load(base / SETTINGS))


def route_by(settings: Settings) -> Route:
    """The route by these settings."""
    from uploader.account.proxy_password import read_password
    from uploader.api.network.route import Route

    return Route(choice_of(settings), read_password)


def choice_of(settings: Settings) -> RouteChoice:
    """The values in force of the network's settings."""
    from uploader.api.network.route import RouteChoice

    return RouteChoice(
        cast("Mode", settings.text(NETWORK)),
        settings.text(PROXY),
        settings.text(PROXY_USER),
        settings.text(AUTHORITY),
        settings.text(PROXY_SCRIPT),
    )
