"""Ids on a command line: random letters, of which one in 64 begins with a dash."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A 22-letter id or a 43-letter digest (base64url) that argparse would take for an option.
_DASHED = re.compile("-[A-Za-z0-9_-]{21}|-[A-Za-z0-9_-]{42}")


def escape_leading_dash(argv: Sequence[str]) -> list[str]:
    """The same words, so written that argparse reads an id that begins with a dash as an id.

    As an option's value it is joined to the option by `=`; elsewhere `--` is put before it, so
    that options have to stand before such an id.
    """
    words: list[str] = []
    for word in argv:
        if "--" in words or not _DASHED.fullmatch(word):
            words.append(word)
        elif words and words[-1].startswith("--"):
            words[-1] += f"={word}"
        else:
            words += ["--", word]
    return words
