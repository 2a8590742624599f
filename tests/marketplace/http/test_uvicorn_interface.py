"""The parts of uvicorn that `uvicorn_server` uses and uvicorn's documentation does not promise.

Each failure names the part, so that an update of uvicorn shows what has to follow (ADR 0013).
"""

from __future__ import annotations

import asyncio
import inspect

import pytest
import uvicorn

WHERE = (
    f"uvicorn {uvicorn.__version__} changed a part that marketplace/http/uvicorn_server.py uses: "
    "see docs/adr/0013-connections-in-front-of-uvicorn.md."
)


async def answer(scope: object, receive: object, send: object) -> None:
    raise AssertionError("never called")


@pytest.fixture
def config() -> uvicorn.Config:
    config = uvicorn.Config(answer, http="h11", ws="none", lifespan="off", log_config=None)
    config.load()
    return config


def test_a_server_without_sockets_starts_and_has_the_fields_that_ours_uses(
    config: uvicorn.Config,
) -> None:
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    asyncio.run(server.startup(sockets=[]))
    fields = {name for name in ("started", "should_exit", "server_state") if hasattr(server, name)}
    assert fields == {"started", "should_exit", "server_state"}, WHERE
    assert server.started, WHERE
    assert getattr(server, "servers", None) == [], f"{WHERE} Server.servers is no empty list."
    assert isinstance(getattr(server.lifespan, "state", None), dict), f"{WHERE} lifespan.state"
    assert list(inspect.signature(server.shutdown).parameters) == ["sockets"], WHERE


def test_a_protocol_can_be_made_for_a_connection_that_another_one_accepted(
    config: uvicorn.Config,
) -> None:
    protocol = getattr(config, "http_protocol_class", None)
    assert protocol is not None, f"{WHERE} Config.http_protocol_class"
    assert issubclass(protocol, asyncio.Protocol), f"{WHERE} It is no asyncio.Protocol."
    arguments = set(inspect.signature(protocol).parameters)
    assert {"config", "server_state", "app_state"} <= arguments, f"{WHERE} {arguments}"
