"""The accounts, contracts, terms and computers of the generated time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey

from diary.core.slots import WEEK, number_in_week, week_of
from diary.formats.ed25519 import SigningKey
from diary.formats.encoding import Json, b64url_encode
from diary.objects.enrolment import enrol, parse_enrolment
from diary.objects.picture_times import week_chain
from diary.objects.segment import random_id
from diary.objects.terms import Terms
from marketplace.core.config import RULES
from marketplace.review.ledger import Rate
from marketplace.seed.plan import SeedOptions

_GIVEN = (
    "Ana", "Jonas", "Mei", "Omar", "Priya", "Lucía", "Noah", "Yuki", "Zoë", "Tomasz", "Leïla",
    "Björn", "Sara", "Kofi", "Inés", "Łukasz", "Dana", "Ravi", "Emre", "Chloé",
)  # fmt: skip
_FAMILY = (
    "Ruiz", "Weber", "Lin", "Haddad", "Nair", "Moreno", "Berg", "Tanaka", "Kowalski", "Benali",
    "Lindqvist", "Osei", "Silva", "Novak", "Cohen", "Kaya", "Dubois", "Mensah", "Costa", "Meyer",
)  # fmt: skip
_CLIENTS = ("Acme", "Nordlicht", "Bluewater", "Casa Verde", "Orbital", "Lumen", "Fjord", "Tessera")
_TITLES = (
    "shop rebuild", "mobile app", "data pipeline", "brand site", "support tools", "billing",
    "search", "design system", "translations", "test automation",
)  # fmt: skip
ZONES = (
    "Europe/Madrid", "America/Bogota", "Asia/Kolkata", "Europe/Berlin", "America/New_York",
    "Asia/Tokyo",
)  # fmt: skip
#: Hours a week of the first contract's limit: a full week of 40 hours exceeds it by one.
FULL_LIMIT_H = 39
_LIMITS_H = (None, 10, 20, 30)
_RATES = (
    Rate(4_000, "USD"), Rate(5_550, "EUR"), Rate(6_275, "USD"), Rate(5_200, "JPY"), None,
)  # fmt: skip
#: Every this many freelancers one has a second computer.
SECOND_COMPUTER = 5
_ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)


@dataclass
class Chain:
    """The end of a device's chain for one contract."""

    seq: int
    prev: str


@dataclass
class Computer:
    """An enrolled device. `chains` has the ends of its chains by contract."""

    key: SigningKey
    seed: bytes
    enrolment: bytes
    digest: str
    boot: str
    chains: dict[str, Chain] = field(default_factory=dict)
    _week: tuple[int, tuple[bytes, ...]] = (0, ())

    def chain_value(self, slot: int) -> bytes:
        """`c_w[k]` of a slot; consecutive slots of a week are cheap."""
        week = week_of(slot)
        if self._week[0] != week:
            self._week = (week, week_chain(self.seed, week))
        return self._week[1][number_in_week(slot)]

    def chain(self, ctr: str) -> Chain:
        """The end of its chain for a contract."""
        return self.chains.setdefault(ctr, Chain(0, self.digest))


@dataclass
class Freelancer:
    """A freelancer with one or two computers. `named` has the files that a segment has named."""

    sub: str
    name: str
    zone: str
    computers: list[Computer]
    named: dict[str, str] = field(default_factory=dict)

    def computer_on(self, day: int) -> Computer:
        """The computer of a day (Unix s): two computers alternate weekly."""
        return self.computers[day // WEEK % len(self.computers)]


@dataclass(frozen=True)
class SeedClient:
    """A client and the identifier that its terms show."""

    sub: str
    name: str
    pseudonym: str


@dataclass(frozen=True)
class SeedContract:
    """A contract with its terms; `rate` is None for one without a rate."""

    ctr: str
    title: str
    freelancer: Freelancer
    client: SeedClient
    terms: Terms
    terms_hash: str
    rate: Rate | None


def make_people(
    options: SeedOptions, rng: random.Random, enrolled_s: int, terms_s: int
) -> tuple[list[Freelancer], list[SeedClient], list[SeedContract]]:
    """Everyone. Computers are enrolled at `enrolled_s`, terms begin at `terms_s` (Unix s)."""
    freelancers = [
        _freelancer(options, rng, number, enrolled_s) for number in range(options.freelancers)
    ]
    clients = [
        SeedClient(_id(rng), _numbered(_CLIENTS, number), _id(rng))
        for number in range(options.clients)
    ]
    contracts = []
    for number in range(options.contracts):
        client = clients[number % options.clients]
        freelancer = freelancers[options.freelancer_of(number)]
        hours = FULL_LIMIT_H if number == 0 else _LIMITS_H[number % len(_LIMITS_H)]
        rate = _RATES[number % len(_RATES)]
        terms = Terms(
            aud=options.name,
            ctr=_id(rng),
            sub=freelancer.sub,
            client=client.pseudonym,
            from_s=terms_s,
            limit_s=None if hours is None else hours * 3600,
            limit_rule="unpaid",
            rules=RULES,
        )
        title = f"{client.name} {_numbered(_TITLES, number)}"
        contracts.append(
            SeedContract(terms.ctr, title, freelancer, client, terms, terms.digest, rate)
        )
    return freelancers, clients, contracts


def _freelancer(
    options: SeedOptions, rng: random.Random, number: int, enrolled_s: int
) -> Freelancer:
    sub = _id(rng)
    given = _GIVEN[number % len(_GIVEN)]
    family = _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
    suffix = number // (len(_GIVEN) * len(_FAMILY))
    count = 2 if number % SECOND_COMPUTER == SECOND_COMPUTER - 1 else 1
    return Freelancer(
        sub=sub,
        name=f"{given} {family}" + (f" {suffix + 1}" if suffix else ""),
        zone=ZONES[number % len(ZONES)],
        computers=[
            _computer(options.name, sub, rng, enrolled_s, f"{given}'s {kind}")
            for kind in ("laptop", "desktop")[:count]
        ],
    )


def _computer(aud: str, sub: str, rng: random.Random, enrolled_s: int, name: str) -> Computer:
    key, seed = SigningKey.from_seed(rng.randbytes(32)), rng.randbytes(32)
    data = enrol(
        key,
        key.public,
        aud=aud,
        sub=sub,
        auth_jwk=_sign_in_key(rng),
        week0=week_of(enrolled_s),
        seed=seed,
        name=name,
        store="os",
        nonce=b64url_encode(rng.randbytes(16)),
    )
    return Computer(key, seed, data, parse_enrolment(data).digest, b64url_encode(rng.randbytes(16)))


def _sign_in_key(rng: random.Random) -> Json:
    """A public P-256 key; the computers of a generated year never sign in."""
    private = ec.derive_private_key(rng.randrange(1, _ORDER), ec.SECP256R1())
    public = ECKey.import_key(private.public_key()).as_dict(private=False)
    return {member: public[member] for member in ("crv", "kty", "x", "y")}


def _numbered(names: tuple[str, ...], number: int) -> str:
    turn, index = divmod(number, len(names))
    return names[index] + (f" {turn + 1}" if turn else "")


def _id(rng: random.Random) -> str:
    random_bytes: Callable[[int], bytes] = rng.randbytes
    return random_id(random_bytes)
