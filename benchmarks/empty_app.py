"""An application of the marketplace's framework whose answers are empty, as a reference.

`python -m benchmarks.empty_app PORT` serves it with the settings of the marketplace's server.
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI(openapi_url=None)


@app.get("/v1/me")
def empty_get() -> dict[str, str]:
    """An empty object."""
    return {}


@app.put("/v1/segments/{sha}", status_code=201)
async def empty_put(sha: str, request: Request) -> dict[str, str]:  # noqa: ARG001 - as ours
    """Read the body; an empty object."""
    await request.body()
    return {}


def main() -> None:
    """Serve until it is terminated."""
    uvicorn.run(
        app, port=int(sys.argv[1]), http="h11", loop="asyncio", ws="none", access_log=False,
        log_level="critical",
    )  # fmt: skip


if __name__ == "__main__":
    main()
