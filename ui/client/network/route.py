"""Builds the route of requests from the settings and the policy."""

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
    """The route for the settings in a base folder. It reads the keyring when a proxy needs it."""
    return route_by(load(base / SETTINGS))


def route_by(settings: Settings) -> Route:
    """The route for these settings."""
    from uploader.account.proxy_password import read_password
    from uploader.api.network.route import Route

    return Route(choice_of(settings), read_password)


def choice_of(settings: Settings) -> RouteChoice:
    """The network settings in force."""
    from uploader.api.network.route import RouteChoice

    return RouteChoice(
        cast("Mode", settings.text(NETWORK)),
        settings.text(PROXY),
        settings.text(PROXY_USER),
        settings.text(AUTHORITY),
        settings.text(PROXY_SCRIPT),
    )
