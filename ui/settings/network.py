"""Validates the network settings: addresses of proxies, user names, paths of files.

Rule kept: an address with a password is refused, so that the settings file never contains one.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

_LONGEST_ADDRESS = 300
_LONGEST_USER = 256
_LONGEST_PATH = 4096


def proxy_address(text: str) -> str | None:
    """The stored form of a typed address of an HTTP proxy, such as `http://proxy.example:3128`;
    None if the text is not such an address. The scheme may be omitted.
    """
    text = text.strip()
    if text and "://" not in text:
        text = f"http://{text}"
    text = text.removesuffix("/")
    return text if is_proxy_address(text) else None


def is_proxy_address(text: str) -> bool:
    """Whether a text is `http://host` or `https://host`, optionally with a port."""
    if len(text) > _LONGEST_ADDRESS or not _is_plain(text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    more = parts.path or parts.query or parts.fragment or text.endswith(("?", "#"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or more or "@" in parts.netloc:
        return False
    return not parts.netloc.endswith(":") if port is None else port > 0


def is_user(text: str) -> bool:
    """Whether a text is a user name for Basic authentication (RFC 7617 §2 allows no colon)."""
    return 0 < len(text) <= _LONGEST_USER and text.isprintable() and ":" not in text


def is_file_path(text: str) -> bool:
    """Whether a text is the absolute path of a file."""
    return len(text) <= _LONGEST_PATH and text.isprintable() and Path(text).is_absolute()


def script_address(text: str) -> str | None:
    """The stored form of a typed address (http, https) or path of a proxy script; None if the text
    is neither. A `file:` address becomes the path.
    """
    text = text.strip()
    if text.lower().startswith("file:"):
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        if parts.netloc not in {"", "localhost"}:
            return None
        # Not at the start of the program: it imports the network's modules.
        from urllib.request import url2pathname

        text = url2pathname(parts.path)
    return text if is_script_address(text) else None


def is_script_address(text: str) -> bool:
    """Whether a text is an address (http, https) without a sign-in, or the absolute path of a
    file.
    """
    if not text.startswith(("http://", "https://")):
        return is_file_path(text)
    return _is_web_address(text)


def is_server_address(text: str) -> bool:
    """Whether a text is an address (https) of a server or a folder on it, without a sign-in."""
    plain = text.startswith("https://") and "?" not in text and "#" not in text
    return plain and _is_web_address(text)


def _is_web_address(text: str) -> bool:
    if len(text) > _LONGEST_ADDRESS or not _is_plain(text):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
