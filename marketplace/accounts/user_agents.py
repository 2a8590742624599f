"""A browser's name and system from its User-Agent: as much as a person needs to recognise it.

The rest of that header would reveal versions and models, and is not kept.
"""

from __future__ import annotations

#: The first that occurs is the one: later ones occur in the names of earlier ones.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def agent_of(header: str) -> str:
    """Like "Firefox, Linux", at most 40 characters, from a User-Agent; "" for an unknown one."""
    found = [
        next((name for mark, name in table if mark in header), "")
        for table in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
