"""Signs .exe and .msi files with Authenticode. Needs osslsigncode.

Environment variables set the certificate:

    WORKDIARY_AUTHENTICODE            a PKCS #12 file with the certificate and its key
    WORKDIARY_AUTHENTICODE_PASSWORD   a file with its password
    WORKDIARY_TIMESTAMP               the address of a time stamping authority

Without them the build creates a test certificate, which no computer trusts, and puts it beside the
packages as TEST-CERTIFICATE.pem. A signature contains its time, so it differs in a second build.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from installers.project import BUILD, BuildError, run

TEST_CERTIFICATE = "TEST-CERTIFICATE.pem"
_FOLDER = BUILD / "authenticode"
_DESCRIPTION = "Workdiary"


def sign(file: Path) -> None:
    """Sign a file in place. Raises BuildError."""
    signed = file.with_name(f"{file.name}.signed")
    signed.unlink(missing_ok=True)
    words = ["osslsigncode", "sign", *_certificate(), "-h", "sha256", "-n", _DESCRIPTION]
    if authority := os.environ.get("WORKDIARY_TIMESTAMP", ""):
        words += ["-ts", authority]
    run([*words, "-in", str(file), "-out", str(signed)])
    signed.replace(file)


def sign_command(file: str) -> list[str]:
    """The command that signs a file, for the scripts of other programs."""
    return [sys.executable, "-m", "installers.windows.authenticode", file]


def verify(file: Path, authority: Path) -> None:
    """Check the signature of a file against the certificate of an authority. Raises BuildError."""
    run(["osslsigncode", "verify", "-CAfile", str(authority), "-in", str(file)])


def certificate_for_tests() -> Path | None:
    """The test certificate; None if an environment variable sets another one."""
    return None if os.environ.get("WORKDIARY_AUTHENTICODE", "") else _test_files()[0]


def export_certificate(folder: Path) -> None:
    """Copy the test certificate into the folder of the packages, if it has signed them."""
    if certificate := certificate_for_tests():
        shutil.copy(certificate, folder / TEST_CERTIFICATE)


def _certificate() -> list[str]:
    chosen = os.environ.get("WORKDIARY_AUTHENTICODE", "")
    if chosen:
        password = os.environ.get("WORKDIARY_AUTHENTICODE_PASSWORD", "")
        return ["-pkcs12", chosen, *(["-readpass", password] if password else [])]
    certificate, key = _test_files()
    return ["-certs", str(certificate), "-key", str(key)]


def _test_files() -> tuple[Path, Path]:
    certificate, key = _FOLDER / TEST_CERTIFICATE, _FOLDER / "key.pem"
    if not certificate.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
        subject = ["-subj", "/CN=Workdiary TEST certificate", "-days", "365"]
        usage = ["-addext", "extendedKeyUsage=codeSigning", "-addext", "keyUsage=digitalSignature"]
        new = ["-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", str(key)]
        made = certificate.with_suffix(".new")
        run(["openssl", "req", *new, *subject, *usage, "-out", str(made)])
        made.replace(certificate)
    return certificate, key


def main() -> int:
    """Sign the file that the command line names; returns the exit status."""
    try:
        sign(Path(sys.argv[1]))
    except BuildError as error:
        print(f"installers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
