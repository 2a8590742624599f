"""The callback by which the parts of the state folder report a problem."""

from __future__ import annotations

from collections.abc import Callable

from uploader.errors import Problem

Report = Callable[[Problem, str], None]
