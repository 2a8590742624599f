"""Ids on a command line: they are random, and one in 64 begins with a dash."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A 22-letter id or a 43-letter digest (base64url) that argparse would take for an option.
_DASHED = re.compile("-[A-Za-z0-9_-]{21}|-[A-Za-z0-9_-]{42}")


def escape_leading_dash(argv: Sequence[str]) -> list[str]:
    """The same arguments, changed so that argparse does not take an id for an option.

    An option's value is joined to the option by `=`. Elsewhere `--` is put before the id, so that
    options must come before such an id.
    """
    escaped: list[str] = []
    for argument in argv:
        if "--" in escaped or not _DASHED.fullmatch(argument):
            escaped.append(argument)
        elif escaped and escaped[-1].startswith("--"):
            escaped[-1] += f"={argument}"
        else:
            escaped += ["--", argument]
    return escaped
