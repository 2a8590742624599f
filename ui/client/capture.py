"""The settings that affect pictures, and the values that a capture backend stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.masking.masker import Masker, WindowLocator
    from tracker.selection.capture import ReselectingBackend
    from ui.settings.settings import Settings
    from uploader.store.state_folder import StateFolder


@dataclass(frozen=True)
class CaptureSettings:
    """Applies the settings to the capture backend and to the masker."""

    backend: ReselectingBackend
    locator: WindowLocator
    masker: Masker

    def apply_settings(self, settings: Settings) -> None:
        """See `ui.client.interface.Client`."""
        from ui.settings.settings import SCREENS

        self.masker.apply_settings(settings.rules(), settings.contract_rules())
        self.backend.set_target("pointer" if settings.text(SCREENS) == "pointer" else "all")


class StateFolderValue:
    """A value that a capture backend stores in the state folder, by its name; see
    `tracker.capture.interface.KeyValueFile`.
    """

    def __init__(self, folder: StateFolder, name: str) -> None:
        self._folder = folder
        self._name = name

    def get(self) -> str | None:
        """The stored text; None if there is none or the file is not text."""
        data = self._folder.read(self._name)
        try:
            return data.decode() if data else None
        except UnicodeDecodeError:
            return None

    def put(self, value: str | None) -> None:
        """Durable on return. Raises StoreError."""
        if value is None:
            self._folder.remove(self._name)
        else:
            self._folder.write(self._name, value.encode())
