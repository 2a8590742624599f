"""The keys of a shortcut, as in `Ctrl+Alt+R`: the portable text of a `QKeySequence`.

Rule kept: without Ctrl, Alt or Meta it is no shortcut, so that typing never starts or stops a
recording.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

#: In the order of Qt's text, with the names of X11's modifiers.
MODIFIERS = {"Ctrl": "Control", "Alt": "Mod1", "Shift": "Shift", "Meta": "Mod4"}
_NEEDED = {"Ctrl", "Alt", "Meta"}
_CONSOLE = {"Ctrl", "Alt"}
_FUNCTION_KEYS = tuple(f"F{number}" for number in range(1, 25))
#: X11's names of the keys, by Qt's.
_NAMED = {
    "Space": "space",
    "Pause": "Pause",
    "Ins": "Insert",
    "Del": "Delete",
    "Home": "Home",
    "End": "End",
    "PgUp": "Prior",
    "PgDown": "Next",
    "Left": "Left",
    "Right": "Right",
    "Up": "Up",
    "Down": "Down",
}
KEYSYMS = {
    **_NAMED,
    **{letter: letter.lower() for letter in string.ascii_uppercase},
    **{digit: digit for digit in string.digits},
    **{key: key for key in _FUNCTION_KEYS},
}


@dataclass(frozen=True)
class ShortcutKeys:
    """One key, by X11's name, and the modifiers, by Qt's names, that are held with it."""

    keysym: str
    modifiers: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> ShortcutKeys:
        """Parse a text such as `Ctrl+Alt+R`. Raises ValueError."""
        *modifiers, key = text.split("+")
        ordered = [name for name in MODIFIERS if name in modifiers]
        # On Linux, Ctrl+Alt with a function key changes the console: no program receives it.
        reserved = set(modifiers) >= _CONSOLE and key in _FUNCTION_KEYS
        misses = modifiers != ordered or not _NEEDED & set(modifiers)
        if key not in KEYSYMS or misses or reserved:
            raise ValueError(f"{text!r} is not a shortcut, such as 'Ctrl+Alt+R'")
        return cls(KEYSYMS[key], frozenset(modifiers))


def is_shortcut(text: str) -> bool:
    """Whether `ShortcutKeys.parse` accepts the text."""
    try:
        ShortcutKeys.parse(text)
    except ValueError:
        return False
    return True
