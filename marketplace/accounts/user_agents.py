"""The browser and system of a User-Agent header, so that people recognise their sessions.

Other parts of the header, such as versions and device models, are not stored.
"""

from __future__ import annotations

#: The first match wins: the headers of earlier ones also contain the names of later ones.
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
