"""How often one address or device may ask, counted in this process."""

from __future__ import annotations

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from marketplace.problems import ProblemError


class Throttle:
    """Limits how often one address or device may ask, in this process."""

    def __init__(
        self,
        *,
        enrol: str = "60/minute",
        sign_in: str = "600/minute",
        upload: str = "6000/minute",
    ) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        # Codes and assertions cannot be guessed; the first two only keep the noise down.
        self._rules = {"enrol": parse(enrol), "sign_in": parse(sign_in), "upload": parse(upload)}

    def hit(self, rule: str, who: str) -> None:
        """Count one request; raises the problem `too_many` (429)."""
        if not self._limiter.hit(self._rules[rule], rule, who):
            raise ProblemError(
                429,
                "too_many",
                "Too many requests in the last minute. Nothing was lost; try again soon.",
                headers={"Retry-After": "30"},
            )
