"""What the routes work with, made once by `marketplace.app.create_app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.arrival import Arrivals
    from marketplace.beacons import Beacons
    from marketplace.blobs import Blobs
    from marketplace.bundles import Bundles
    from marketplace.clock import MarketClock
    from marketplace.config import Config
    from marketplace.deeds import Deeds
    from marketplace.devices import Devices
    from marketplace.enrolment import Enrolments
    from marketplace.erased import ErasedPictures
    from marketplace.log import Log
    from marketplace.metrics import Metrics
    from marketplace.people import People
    from marketplace.quota import Quota
    from marketplace.retention import Retention
    from marketplace.review import Review
    from marketplace.signin import SignIn
    from marketplace.store import Store
    from marketplace.throttle import Throttle
    from marketplace.tokens import Tokens
    from marketplace.viewings import Viewings


@dataclass(frozen=True)
class Deps:
    """The parts of a running marketplace. Pages need `config`, `clock`, `review` and `signin`.

    In a route: `deps_of(request)` of `marketplace.security`. All methods of the parts block on the
    disk; call them from plain (not `async`) route functions, which run in worker threads.
    """

    config: Config
    clock: MarketClock
    store: Store
    blobs: Blobs
    bundles: Bundles
    log: Log
    beacons: Beacons
    signin: SignIn
    review: Review
    viewings: Viewings
    people: People
    enrolments: Enrolments
    arrivals: Arrivals
    quota: Quota
    deeds: Deeds
    devices: Devices
    erased: ErasedPictures
    retention: Retention
    tokens: Tokens
    throttle: Throttle
    metrics: Metrics
