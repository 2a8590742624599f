"""The ASGI application: routes, error responses, request limits and background tasks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from marketplace.api import (
    device,
    diary,
    document,
    enrolment,
    exports,
    heartbeat,
    public,
    reports,
    segments,
    statements,
    tlog,
    uploads,
)
from marketplace.api.review import entries, views
from marketplace.api.webhooks import endpoints
from marketplace.composition import lock, open_services
from marketplace.core import logging
from marketplace.core.clock import system_ms
from marketplace.core.config import Config
from marketplace.core.problems import ProblemError, declared
from marketplace.http.background import end, lead, start
from marketplace.http.compression import CompressionMiddleware
from marketplace.http.language import LanguageMiddleware
from marketplace.http.middleware import RequestLimits, RequestLimitsMiddleware
from marketplace.http.services import Services
from marketplace.http.sessions import services_of_app, set_services
from marketplace.pages.error_page import problem_page, wants_page
from marketplace.pages.routes import router
from marketplace.storage.blobs import BlobsError
from marketplace.storage.database import DatabaseError

_log = logging.get("marketplace.app")
_CODES = {404: "not_found", 405: "method_not_allowed"}


def create_app(
    config: Config,
    services: Services | None = None,
    *,
    limits: RequestLimits | None = None,
    system: Callable[[], int] = system_ms,
) -> FastAPI:
    """The marketplace as an ASGI application.

    Without `services` it opens the data folder at startup and closes it at shutdown; otherwise the
    caller keeps them open. `system` is the wall clock, Unix ms.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with contextlib.ExitStack() as stack:
            opened = services
            if opened is None:
                stack.enter_context(lock(config.data_dir, shared=config.shared))
                opened = stack.enter_context(open_services(config, system))
            set_services(app, opened)
            lease = opened.lease
            tasks = start(opened) if lease is None else [asyncio.create_task(lead(opened, lease))]
            try:
                yield
            finally:
                opened.retention.stop()
                opened.audit.stop()
                await end(tasks)

    app = FastAPI(
        title="Workdiary marketplace",
        version="1",
        summary="The receiving side of WD-1, the signed work diary.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # A redirect would be built from the request's Host header.
        redirect_slashes=False,
    )
    # The routes of devices first: a request is compared with each route before its own.
    for part in (
        segments,
        device,
        uploads,
        public,
        tlog,
        enrolment,
        heartbeat,
        statements,
        diary,
        exports,
        views,
        entries,
        reports,
        endpoints,
    ):
        app.include_router(part.router, responses=declared(400, 500))
    app.include_router(router())
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DatabaseError, _unavailable)
    app.add_exception_handler(BlobsError, _pictures_unavailable)
    app.add_middleware(LanguageMiddleware)
    app.add_middleware(CompressionMiddleware)
    app.add_middleware(
        RequestLimitsMiddleware, services=lambda: services_of_app(app), limits=limits
    )
    document.complete(app, config)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for this type only
    if wants_page(request):
        return await run_in_threadpool(problem_page, request, error)
    return error.response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    status = error.status_code
    code = _CODES.get(status, "bad_request" if status < 500 else "defect")
    detail = "There is nothing at this address." if status == 404 else ""
    headers = dict(error.headers) if error.headers else {}
    if status == 405:
        # Starlette lists the methods of one route only; an address may have several routes.
        path = getattr(request.scope.get("route"), "path", "")
        known = request.app.openapi()["paths"].get(path, {})
        headers["Allow"] = ", ".join(sorted({m.upper() for m in known})) or headers["Allow"]
    return await _problem(request, ProblemError(code, detail, status=status, headers=headers))


async def _invalid(request: Request, error: Exception) -> Response:
    """A request that does not match its schema. Names the fields, never repeats their values."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type only
    fields = sorted({".".join(str(step) for step in e["loc"])[:80] for e in error.errors()})
    detail = "The request does not have the declared form: " + ", ".join(fields[:8]) + "."
    if request.url.path == "/oauth/token":
        # RFC 6749 section 5.2 requires another status and member.
        problem = ProblemError("invalid_request", detail, status=400, error="invalid_request")
    else:
        problem = ProblemError("invalid_request", detail)
    return await _problem(request, problem)


async def _unavailable(request: Request, _error: Exception) -> Response:
    problem = ProblemError("log_unavailable", headers={"Retry-After": "5"})
    return await _problem(request, problem)


async def _pictures_unavailable(request: Request, error: Exception) -> Response:
    _log.warning("pictures_unavailable", reason=str(error))
    problem = ProblemError("pictures_unavailable", headers={"Retry-After": "30"})
    return await _problem(request, problem)
