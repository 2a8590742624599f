"""Reads the PEM file of a certificate authority that the settings add to the system's."""

from __future__ import annotations

import ssl
from pathlib import Path

from uploader.errors import NetworkError, Problem

#: Bytes. The list of all roots of a Linux system has about 250 kB.
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
