"""Errands: what a command asks of the server that owns a home, instead of being turned away from it.

The server leaves its address and a token in the home, for as long as it serves. Whoever can read that file can read the
home's key beside it, so the token opens nothing that was not open; nobody else gets an answer, whatever their role.
"""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mainstem.errors import MainstemError
from mainstem.store import connections, plans
from mainstem.store.database import reading
from mainstem.store.errors import ConnectionGone
from mainstem.sync.schedule import BadSchedule, Schedule
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.hub import Hub
from mainstem.wiring.worker import Worker

PATH = "/errands"
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  what is bound to all addresses is reached by this one


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server of a home takes errands, and the token that it asks for."""

    url: str
    token: str


def server_of(file: Path) -> Server | None:
    """What the server of a home left in its file; None where there is none."""
    try:
        return Server(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def taking_errands(file: Path, door: socket.socket) -> Iterator[Server]:
    """Leave word of a server that listens at `door`, readable for the owner of the home alone, until the block ends."""
    host, port = door.getsockname()[:2]
    host = ANYWHERE.get(host, host)
    server = Server(f"http://{f'[{host}]' if ':' in host else host}:{port}", secrets.token_urlsafe(32))
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(server)), encoding="utf-8")
    try:
        yield server
    finally:
        file.unlink(missing_ok=True)


def errands(hub: Hub, worker: Worker, token: str) -> Starlette:
    """The face of a server for commands: a sync can be asked for and followed to its end, and a schedule be set."""

    def known(request: Request) -> int:
        return _known(request, token)

    def ask(connection_id: int, *, approve_deletions: bool) -> dict[str, Any]:
        with reading(hub.engine) as db:
            if plans.plan(db, connection_id).paused_at is not None:
                return {"state": "paused"}
        if approve_deletions:
            worker.approve(connection_id, None)
        else:
            worker.ask(connection_id)
        return {"state": worker.state(connection_id)}

    async def sync(request: Request) -> JSONResponse:
        connection_id = known(request)
        try:
            if request.method == "GET":
                return JSONResponse({"state": await run_in_threadpool(worker.state, connection_id)})
            approved = "approve_deletions" in request.query_params
            return JSONResponse(await run_in_threadpool(ask, connection_id, approve_deletions=approved))
        except ConnectionGone:
            raise HTTPException(404) from None

    async def explain(request: Request) -> JSONResponse:
        return await _explain(hub, known(request), request.query_params.get("url", ""))

    async def schedule(request: Request) -> JSONResponse:
        return await _schedule(worker, known(request), request.query_params.get("schedule", ""))

    return Starlette(
        routes=[
            Route(f"{PATH}/sync/{{connection_id:int}}", sync, methods=["GET", "POST"]),
            Route(f"{PATH}/explain/{{connection_id:int}}", explain, methods=["GET"]),
            Route(f"{PATH}/schedule/{{connection_id:int}}", schedule, methods=["PUT"]),
        ]
    )


def _known(request: Request, token: str) -> int:
    """The connection that it is about, for whoever shows the token of the home."""
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(shown.encode(), token.encode()):
        raise HTTPException(404)
    return int(request.path_params["connection_id"])


async def _explain(hub: Hub, connection_id: int, url: str) -> JSONResponse:
    try:
        with reading(hub.engine) as db:
            connection = connections.connection(db, connection_id)
        return JSONResponse((await hub.whereabouts(connection, url, viewer=OPERATOR)).facts)
    except ConnectionGone:
        raise HTTPException(404) from None
    except MainstemError as trouble:
        return JSONResponse({"trouble": str(trouble)})


async def _schedule(worker: Worker, connection_id: int, text: str) -> JSONResponse:
    try:
        chosen = Schedule.parse(text)
        await run_in_threadpool(worker.schedule, connection_id, chosen, None)
    except (ConnectionGone, BadSchedule):
        raise HTTPException(404) from None
    return JSONResponse({"schedule": str(chosen)})
