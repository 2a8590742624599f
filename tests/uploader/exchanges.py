"""Which exchanges a fault applies to, and a refusal of the marketplace."""

from __future__ import annotations

import json

from tests.uploader import proxy as faults
from tests.uploader.proxy import Exchange


def on_batches(exchange: Exchange) -> bool:
    return (exchange.method, exchange.path) == ("POST", "/v1/segments")


def on_segments(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/segments/") or on_batches(exchange)


def on_blobs(exchange: Exchange) -> bool:
    return exchange.path.startswith("/v1/blobs/")


def on_uploads(exchange: Exchange) -> bool:
    return on_segments(exchange) or on_blobs(exchange)


def refusing(code: str, status: int = 422) -> faults.Fault:
    """A fault that answers with a problem."""
    text = json.dumps({"status": status, "code": code, "detail": "not this"}).encode()

    def fault(exchange: Exchange) -> None:
        exchange.answer(status, text, "application/problem+json")

    return fault
