"""What is around every answer of the API: its description, its headers, and how a refusal reads."""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as Refusal
from starlette.middleware.gzip import GZipMiddleware

from mainstem.api.behind import Behind
from mainstem.api.description import described
from mainstem.api.headers import Headers
from mainstem.api.problems import broken, misunderstood, refused

PREFIX = "/api/v1"
LARGEST_BODY = 100_000
"""Bytes of a request."""


def framed(behind: Behind, routers: Iterable[APIRouter]) -> FastAPI:
    """An application of these routes. It reads what `behind` names, which must stay open as long."""
    app = FastAPI(
        title="Mainstem",
        version="1",
        description="What your members may read, for their programs. Each shows a member's API key.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=LARGEST_BODY,
        generate_unique_id_function=lambda route: f"{route.tags[0]}_{route.name}",
    )
    app.state.behind = behind
    for router in routers:
        app.include_router(router, prefix=PREFIX)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, misunderstood)
    app.add_exception_handler(Exception, broken)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=4)
    app.add_middleware(Headers)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # its own way to be told another
    return app
