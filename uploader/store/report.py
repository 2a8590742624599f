"""The type of the callback that reports a problem of the state folder."""

from __future__ import annotations

from collections.abc import Callable

from uploader.errors import Problem

Report = Callable[[Problem, str], None]
