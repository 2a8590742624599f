"""What `shared_load` accepts as an answer of a process that may be disturbed."""

from __future__ import annotations

import httpx

from tests.marketplace.simulated_device import SimulatedDevice


class RepeatError(Exception):
    """The request has to be sent again: the answer was 503 with Retry-After, or the token had
    expired and was renewed.
    """


def require(answer: httpx.Response, *statuses: int) -> None:
    """Raise RepeatError for 503 with Retry-After, AssertionError for other statuses than these."""
    if answer.status_code == 503:
        assert "retry-after" in answer.headers, answer.text
        raise RepeatError
    assert answer.status_code in statuses, f"{answer.status_code} {answer.text}"


def renew_token(device: SimulatedDevice, answer: httpx.Response) -> None:
    """Sign a device in again and raise RepeatError if its token has expired."""
    if answer.status_code == 401 and answer.json()["code"] == "token_expired":
        require(device.ask_token(), 200)
        device.sign_in()
        raise RepeatError
