"""The honest computers, with real keys and enrolments, which send signed segments and pictures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from joserfc.jwk import ECKey

from diary.core.slots import slot_of
from diary.formats.ed25519 import SigningKey
from diary.objects.enrolment import enrol
from diary.objects.segment import parse
from marketplace.accounts import one_time_codes
from marketplace.composition import lock, open_services
from marketplace.core.clock import system_ms
from marketplace.core.config import Config, DatabaseSettings
from marketplace.http.services import Services
from tests.marketplace.simulated_device import SimulatedDevice, webp

#: Seconds after which a computer fetches another token.
_RENEW_S = 120
_THREADS = 24


def now_s() -> int:
    return time.time_ns() // 1_000_000_000


@dataclass
class Computer:
    """An enrolled computer; its freelancer has one contract."""

    key: SigningKey
    auth: ECKey
    seed: bytes
    sub: str
    ctr: str
    enrolment: bytes
    beacon: bytes
    source: str
    device: SimulatedDevice | None = None
    signed_in_s: int = 0

    def write_keys(self, path: Path) -> None:
        """Store its keys for an attacker who controls it."""
        path.write_text(
            json.dumps({"key": self.key.seed.hex(), "auth": self.auth.as_dict(private=True)})
        )


def populate(
    folder: Path,
    name: str,
    sources: Sequence[str],
    system: Callable[[], int] = system_ms,
    postgresql: DatabaseSettings | None = None,
) -> list[Computer]:
    """Enrol a computer of a separate freelancer for each address, before requests are served.
    `system` is the wall clock (Unix ms).
    """
    config = Config(folder, name, "http://127.0.0.1:1", postgresql=postgresql)
    with lock(folder), open_services(config, system) as deps, ThreadPoolExecutor(_THREADS) as pool:
        client = deps.contracts.add_account("client", "Acme")
        return list(pool.map(lambda source: _enrolled(deps, name, client, source), sources))


def _enrolled(deps: Services, name: str, client: str, source: str) -> Computer:
    person = deps.contracts.add_account("freelancer", "Ana Ruiz")
    contract = deps.contracts.add_contract("Shop", freelancer=person, client=client)
    now = deps.clock.real_s()
    code = deps.store.write(lambda c: one_time_codes.new(c, person, "enrol", now)).result()
    begun = deps.enrolments.begin(code)
    key, auth = SigningKey.generate(), ECKey.generate_key("P-256")
    seed = bytes.fromhex(key.kid.encode().hex()[:64])
    public = auth.as_dict(private=False)
    jws = enrol(
        key,
        key.public,
        aud=name,
        sub=begun.sub,
        auth_jwk={part: public[part] for part in ("crv", "kty", "x", "y")},
        week0=begun.week0,
        seed=seed,
        name="laptop",
        store="os",
        nonce=begun.nonce,
    )
    beacon = deps.enrolments.finish(begun.session, jws.decode()).beacon
    return Computer(key, auth, seed, begun.sub, contract.ctr, jws, beacon, source)


@dataclass
class Score:
    """The results of the crowd's requests: seconds of each, and failures."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        """A summary in one line."""
        ordered = sorted(self.seconds)
        middle, most = ordered[len(ordered) // 2], ordered[-1]
        late = ordered[int(len(ordered) * 0.99)]
        return (
            f"{len(ordered)} honest requests, {len(self.failures)} failed; "
            f"median {middle:.3f} s, 99% below {late:.3f} s, longest {most:.3f} s"
        )


def work(url: str, computers: Sequence[Computer], rounds: int) -> Score:
    """Let each computer sign in, make its initial requests, and send segments and pictures."""
    score = Score()

    def turn(computer: Computer) -> None:
        began = time.monotonic()
        try:
            _turn(url, computer, score)
        except (AssertionError, httpx.HTTPError, LookupError, ValueError) as error:
            waited = time.monotonic() - began
            text = str(error).splitlines()[0] if str(error) else ""
            score.failures.append(f"{computer.source} {waited:.1f} s {type(error).__name__} {text}")

    with ThreadPoolExecutor(_THREADS) as pool:
        for _ in range(rounds):
            list(pool.map(turn, computers))
    for computer in computers:
        if computer.device is not None:
            computer.device.http.close()
    return score


def _turn(url: str, computer: Computer, score: Score) -> None:
    def timed(response: httpx.Response) -> None:
        response.read()
        score.seconds.append(response.elapsed.total_seconds())
        if response.status_code >= 400:
            score.failures.append(f"{computer.source} {response.status_code} {response.text[:200]}")

    if computer.device is None:
        computer.device = device = SimulatedDevice(
            url, now_s, key=computer.key, auth=computer.auth, seed=computer.seed,
            source=computer.source,
        )  # fmt: skip
        device.http.event_hooks = {"response": [timed]}
        device.sub, device.enrolment = computer.sub, computer.enrolment
        device.keep_beacon(computer.beacon)
        device.sign_in()
        picture = webp()
        assert device.put_blob(picture).status_code == 201
        computer.signed_in_s = now_s()
    device = computer.device
    # A token expires after five minutes, which a slow machine may take for a round.
    if now_s() % 2 or now_s() > computer.signed_in_s + _RENEW_S:
        device.sign_in()
        computer.signed_in_s = now_s()
    assert device.call("GET", "/v1/me").json()["device"]["kid"] == computer.key.kid
    slot = slot_of(now_s())
    if slot not in device.beacons:
        # In the minute before a slot it is that slot's; otherwise the last known one is used.
        device.keep_beacon(device.http.get("/v1/beacons/current").content)
    begin = max(slot, now_s() - 3)
    data = device.work(computer.ctr, slot, begin, begin + 1)
    device.send(data)
    assert device.call("GET", f"/v1/segments/{parse(data).hash}").content == data
