"""The file with certificates of an own certificate authority, which the settings can add."""

from __future__ import annotations

import ssl
from pathlib import Path

from uploader.errors import NetworkError, Problem

#: Bytes of the file; a system's whole list of roots has about 250 kB.
LARGEST = 1 << 20
_SECRET = "PRIVATE KEY-----"  # noqa: S105 - the end of a PEM header (RFC 7468)


def read_authority(path: str) -> str:
    """The certificates in a PEM file (RFC 7468).

    Raises NetworkError(CA_UNUSABLE) with one of these as its detail: `missing`, `unreadable`,
    `too_large`, `private_key` (the file contains one), `no_certificate`.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unusable("missing") from None
    except (OSError, ValueError) as error:
        raise _unusable("unreadable") from error
    if len(data) > LARGEST:
        raise _unusable("too_large")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise _unusable("no_certificate") from None
    if _SECRET in text:
        raise _unusable("private_key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=text)
    except (ssl.SSLError, ValueError) as error:
        raise _unusable("no_certificate") from error
    if not context.cert_store_stats()["x509"]:
        raise _unusable("no_certificate")
    return text


def _unusable(reason: str) -> NetworkError:
    return NetworkError(Problem.CA_UNUSABLE, reason)
