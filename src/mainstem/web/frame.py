"""What is around every page: its files, what is said when something fails, and whether the server is well."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as Refusal
from starlette.middleware.gzip import GZipMiddleware

from mainstem.accounts.roles import Act
from mainstem.store.database import reading
from mainstem.web.asking import allowed, who
from mainstem.web.assets import Assets
from mainstem.web.face import Face, face_of
from mainstem.web.offers import Offers
from mainstem.web.pages import Pages, Part, page
from mainstem.web.security import Security, secure

HERE = Path(__file__).parent

SMALLEST_PACKED = 600
"""Bytes of an answer that are worth compressing."""

PACKED_LIKE = 4
"""How hard an answer is compressed: 9 makes pages 2 % smaller, and takes two and a half times as long."""

LARGEST_BODY = 1_000_000
"""Bytes of a request: no form of ours is nearly as long."""

plain = APIRouter()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page says that could not be shown."""

    title: str
    text: str


TROUBLES = {
    400: Trouble("This address makes no sense", "Part of it is not what it should be. Go back, or search instead."),
    403: Trouble(
        "Your role does not allow this", "An admin or an owner of this workspace can do it, or give you another role."
    ),
    404: Trouble("There is no such page", "It may have moved, or you may not be allowed to see it."),
    405: Trouble("This cannot be done here", "Go back and try it from the page again."),
    413: Trouble("This is too much at once", "Go back, and send less."),
    500: Trouble(
        "Something went wrong here", "It is not your fault. Try again in a moment; if it stays, tell an admin."
    ),
}
VIEWING = Trouble(
    "You only read at the moment", "While you view as somebody else, search and documents are all that is open."
)


def framed(face: Face, offers: Offers, pages: Iterable[tuple[APIRouter, Act | None]]) -> FastAPI:
    """An application of pages, each for those who may do its act; None: for anybody.

    It reads what `face` names, which must stay open as long as it serves. `offers`: what else is at its address.
    """
    app = FastAPI(openapi_url=None, redirect_slashes=False, max_body_size=LARGEST_BODY)
    app.state.face = face
    app.state.offers = offers
    app.state.assets, app.state.pages = _looks()
    for router, act in ((plain, None), *pages):
        app.include_router(router, dependencies=[Depends(allowed(act))] if act else [])
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, misunderstood)
    app.add_exception_handler(Exception, broken)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_PACKED, compresslevel=PACKED_LIKE)
    app.add_middleware(Security, public_url=face.public_url)
    return app


@plain.get("/static/{version}/{name:path}")
def static(request: Request, version: str, name: str) -> Response:
    """A stylesheet, script, font or icon."""
    assets: Assets = request.app.state.assets
    found = assets.response(version, name, packed="gzip" in request.headers.get("accept-encoding", ""))
    if found is None:
        return PlainTextResponse("There is no such file.\n", 404)
    return found


@plain.get("/healthz")
def healthz() -> JSONResponse:
    """Whether this process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@plain.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """Whether pages can be served: the database answers and the index opens. What is wrong, the log tells."""
    reader = face_of(request).reader
    parts = {"database": True, "index": True}
    try:
        with reading(reader.engine) as db:
            db.execute(select(1))
    except SQLAlchemyError:
        parts["database"] = False
    try:
        reader.index.count()
    except (ValueError, OSError):
        parts["index"] = False
    said = {name: "ok" if well else "failing" for name, well in parts.items()}
    return JSONResponse(said, 200 if all(parts.values()) else 503, headers={"Cache-Control": "no-store"})


def refused(request: Request, error: Exception) -> Response:
    """The page for what cannot be shown, or the way to where it can."""
    assert isinstance(error, HTTPException | Refusal)
    headers = dict(error.headers or {})
    if {"Location", "HX-Redirect"} & headers.keys():
        return Response(status_code=error.status_code, headers=headers)
    answer = _trouble(request, error.status_code)
    answer.headers.update(headers)
    return answer


def misunderstood(request: Request, error: Exception) -> Response:
    """An address whose path has not the right form is that of no page; anything else is a bad question."""
    assert isinstance(error, RequestValidationError)
    in_path = any(fault["loc"][0] == "path" for fault in error.errors())
    return _trouble(request, 404 if in_path else 400)


def broken(request: Request, _error: Exception) -> Response:
    """The page for a fault of ours, which the server logs. Nothing is read for it: reading may be the fault."""
    answer = page(request, "error.html", TROUBLES[500], asking=None, part=Part("main"), status=500)
    # It is sent from outside of all middleware.
    secure(answer.headers, request.headers)
    return answer


def _trouble(request: Request, status: int) -> HTMLResponse:
    asking = who(request)
    trouble = TROUBLES.get(status) or Trouble(HTTPStatus(status).phrase, "Go back, or search instead.")
    if status == HTTPStatus.FORBIDDEN and asking and asking.viewing:
        trouble = VIEWING
    return page(request, "error.html", trouble, asking=asking, part=Part("main"), status=status)


@cache
def _looks() -> tuple[Assets, Pages]:
    """What this package brings along to be shown, read and compiled once for every application of a process."""
    assets = Assets(HERE / "static", HERE / "icons")
    return assets, Pages(assets)
