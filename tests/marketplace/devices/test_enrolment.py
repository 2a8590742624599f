"""Enrolling a computer with a one-time code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from diary.core.slots import WEEK
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import b64url_encode
from diary.log.leaf import LeafType
from diary.log.receipt import open_receipt
from diary.objects.enrolment import parse_enrolment
from marketplace.accounts import one_time_codes
from marketplace.contracts.queries import Contract
from tests.marketplace.live_marketplace import LiveMarketplace, live_marketplace
from tests.marketplace.simulated_device import SimulatedDevice


@pytest.fixture(scope="module")
def marketplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveMarketplace]:
    """One marketplace for all tests of this file; each has its own accounts."""
    with live_marketplace(tmp_path_factory.mktemp("market") / "data") as running:
        yield running


@pytest.fixture
def fresh(new_device: Callable[[], SimulatedDevice]) -> SimulatedDevice:
    """A computer that is not enrolled."""
    return new_device()


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def begin(device: SimulatedDevice, code: str) -> httpx.Response:
    return device.http.post("/v1/enrolments", json={"code": code})


def test_an_enrolment_is_logged_after_a_beacon_and_answered_with_both(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    logged = fresh.enrol(marketplace.code(contract.freelancer))
    assert logged.leaf.type is LeafType.DEVICE
    assert logged.leaf.attrs == fresh.key.kid
    (beacon,) = fresh.beacons.values()
    assert open_receipt(beacon, [fresh.verifier], type=LeafType.BEACON).index < logged.index


def test_a_code_works_once(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    code = marketplace.code(contract.freelancer)
    assert begin(fresh, code).status_code == 200
    assert problem(begin(fresh, code)) == (401, "code_invalid")


def test_an_old_code_does_not_work(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    code = marketplace.code(contract.freelancer)
    marketplace.clock.ms += one_time_codes.LIFETIME_S["enrol"] * 1000
    assert problem(begin(fresh, code)) == (401, "code_invalid")


def test_codes_for_another_purpose_or_account_do_not_work(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    for code in (
        "no-such-code",
        marketplace.code(contract.freelancer, "signin"),
        marketplace.code(contract.client, "enrol"),
        "\x00",
        "ü" * 20,
        "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    ):
        assert problem(begin(fresh, code)) == (401, "code_invalid")


def test_the_same_enrolment_again_gets_the_same_answer(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    jws = fresh.make_enrolment(given)
    first = fresh.send_enrolment(given["session"], jws)
    again = fresh.send_enrolment(given["session"], jws)
    assert (first.status_code, again.status_code) == (201, 200)
    name = parse_enrolment(jws).digest
    opened = [
        open_receipt(
            answer.json()["receipt"].encode(),
            [fresh.verifier],
            type=LeafType.DEVICE,
            object_digest=name,
        )
        for answer in (first, again)
    ]
    assert opened[0].index == opened[1].index


def test_one_code_enrols_one_computer(
    marketplace: LiveMarketplace,
    contract: Contract,
    fresh: SimulatedDevice,
    new_device: Callable[[], SimulatedDevice],
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    assert fresh.send_enrolment(given["session"], fresh.make_enrolment(given)).status_code == 201
    second = new_device()
    answer = second.send_enrolment(given["session"], second.make_enrolment(given))
    assert problem(answer) == (409, "session_used")


def test_an_enrolled_key_cannot_be_enrolled_again(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    fresh.enrol(marketplace.code(contract.freelancer))
    other = marketplace.contract("Another contract")
    given = begin(fresh, marketplace.code(other.freelancer)).json()
    answer = fresh.send_enrolment(given["session"], fresh.make_enrolment(given))
    assert problem(answer) == (409, "device_known")


def test_an_enrolment_that_took_too_long_starts_again(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    marketplace.clock.ms += one_time_codes.LIFETIME_S["enrolling"] * 1000
    answer = fresh.send_enrolment(given["session"], fresh.make_enrolment(given))
    assert problem(answer) == (401, "session_invalid")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: {"aud": "other.example"},
        lambda _: {"sub": b64url_encode(b"s" * 16)},
        lambda _: {"nonce": "another"},
        lambda given: {"week0": given["week0"] - WEEK},
    ],
)
def test_an_enrolment_must_carry_what_it_was_given(
    marketplace: LiveMarketplace,
    contract: Contract,
    fresh: SimulatedDevice,
    change: Callable[[Any], dict[str, Any]],
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    jws = fresh.make_enrolment(given, **change(given))
    answer = fresh.send_enrolment(given["session"], jws)
    assert problem(answer) == (422, "enrolment_mismatch")


def test_forged_and_malformed_enrolments_are_refused_by_code(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    good = fresh.make_enrolment(given)
    head, body, _ = good.decode().split(".")
    forged = f"{head}.{body}.{b64url_encode(SigningKey.generate().sign(f'{head}.{body}'.encode()))}"
    off_curve = {
        "crv": "P-256",
        "kty": "EC",
        "x": b64url_encode(b"x" * 32),
        "y": b64url_encode(b"y" * 32),
    }
    expected = {
        forged: "E_SIG",
        "": "E_FORMAT",
        "a.b.c": "E_FORMAT",
        "é" * 50: "E_FORMAT",
        good.decode() + "~": "E_FORMAT",
        fresh.make_enrolment(given, auth_jwk=off_curve).decode(): "E_FORMAT",
    }
    for jws, code in expected.items():
        answer = fresh.send_enrolment(given["session"], jws.encode())
        assert problem(answer) == (422, code)


def test_a_weak_key_is_refused(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    class Weak(SigningKey):
        """Claims the neutral element as its public key."""

        def __init__(self) -> None:
            super().__init__(SigningKey.generate()._private)
            self.public = b"\x01" + b"\0" * 31

    fresh.key = Weak()
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    answer = fresh.send_enrolment(given["session"], fresh.make_enrolment(given))
    assert answer.status_code == 422
    assert answer.json()["code"] in {"E_KEY_WEAK", "E_KID_UNKNOWN"}


def test_without_the_token_of_the_first_step_nothing_is_enrolled(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    given = begin(fresh, marketplace.code(contract.freelancer)).json()
    jws = fresh.make_enrolment(given).decode()
    for headers in ({}, {"Authorization": "Basic eA=="}, {"Authorization": "Bearer x"}):
        answer = fresh.http.post("/v1/devices", json={"enrolment": jws}, headers=headers)
        assert problem(answer) == (401, "session_invalid")
    assert fresh.ask_token().status_code == 401


def test_codes_are_not_stored_in_the_clear(
    marketplace: LiveMarketplace, contract: Contract, fresh: SimulatedDevice
) -> None:
    enrol, signin = (
        marketplace.code(contract.freelancer),
        marketplace.code(contract.client, "signin"),
    )
    given = begin(fresh, enrol).json()
    session = marketplace.deps.sign_in.consume(signin)
    assert session is not None
    folder = marketplace.deps.config.data_dir
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (enrol, signin, given["session"], session):
        assert secret.encode() not in stored
    assert isinstance(fresh.auth, ECKey)
