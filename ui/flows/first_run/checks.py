"""The checks of this computer on the last page of the first start. No Qt."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.diagnostics import Diagnosis

log = logging.getLogger(__name__)


def run_checks(base: Path) -> tuple[Diagnosis, ...]:
    """The results, with the settings of the base folder; empty if the checks failed. Takes up to a
    few seconds.
    """
    from tracker.diagnostics import diagnose
    from tracker.selection.environment import detect_environment
    from ui.settings.settings import COUNT_INPUT, SETTINGS, load

    try:
        counts = load(base / SETTINGS).flag(COUNT_INPUT)
        return diagnose(detect_environment(os.environ), counts=counts)
    except Exception as error:
        log.warning("the checks of this computer failed", exc_info=error)
        return ()
