"""Names of files in a bundle: one spelling each, which determines the content."""

from __future__ import annotations

import pytest

from diary.bundle.layout import MANIFEST, MAX_BLOB, PAGE, POLICY, PROOF, parse_name
from diary.formats.encoding import MAX_INT, b64url_encode
from diary.formats.sd_jwt import MAX_SDJWT
from diary.log.receipt import MAX_RECEIPT

H = b64url_encode(bytes(32))


@pytest.mark.parametrize(
    ("name", "parts", "longest"),
    [
        (MANIFEST, (), 8 * 2**20),
        (POLICY, (), 65_536),
        (PAGE, (), 4 * 2**20),
        ("checkpoint/2026", ("2026",), 65_536),
        ("checkpoint/2026-12", ("2026-12",), 65_536),
        ("consistency/2026-2/17", ("2026-2", "17"), 8_192),
        (f"consistency/2026/{MAX_INT}", ("2026", str(MAX_INT)), 8_192),
        (f"keys/{H}.{PROOF}", (H,), MAX_RECEIPT),
        (f"devices/{H}.jws", (H,), 16_384),
        (f"beacons/0-{H}.{PROOF}", ("0", H), MAX_RECEIPT),
        (f"segments/{H}/{H}.sdjwt", (H, H), MAX_SDJWT),
        (f"segments/{H}/{H}.{PROOF}", (H, H), MAX_RECEIPT),
        (f"blobs/{H}", (H,), MAX_BLOB),
    ],
)
def test_the_parts_of_a_name(name: str, parts: tuple[str, ...], longest: int) -> None:
    named = parse_name(name)
    assert named is not None
    assert (named.name, named.parts, named.longest) == (name, parts, longest)
    assert name.startswith(named.stem)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "MANIFEST.JSON",
        "checkpoint/26",
        "checkpoint/2026-1",
        "checkpoint/2026-02",
        "checkpoint/2026/",
        "consistency/2026/0",
        "consistency/2026/007",
        f"consistency/2026/{MAX_INT + 1}",
        "consistency/2026",
        f"beacons/-1-{H}.{PROOF}",
        f"beacons/01-{H}.{PROOF}",
        f"beacons/{H}.{PROOF}",
        f"segments/{H}.sdjwt",
        f"segments/{H}/{H}.jws",
        f"devices/{H}.sdjwt",
        f"devices/{H}",
        f"devices/{H}.",
        f"blobs/{H}.",
        f"blobs/{H[:-1]}",
        f"blobs/{H[:-1]}B",
        f"blobs/{H}=",
        f"blob/{H}",
        f"reviews/{H}.jws",
        f"keys/{H}.{PROOF}.{PROOF}",
        f"terms/{H}\n.{PROOF}",
    ],
)
def test_invalid_name(name: str) -> None:
    assert parse_name(name) is None
