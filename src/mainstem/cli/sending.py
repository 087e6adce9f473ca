"""Sending an errand to the server that owns a home, and waiting until it is done. See `errands` for the other side."""

from time import sleep
from typing import Any

import httpx
import typer

from mainstem.cli.choosing import chosen
from mainstem.cli.endings import Exit, say_error
from mainstem.cli.errands import PATH, Server, server_of
from mainstem.cli.progress import progress_of
from mainstem.cli.summary import summary_of
from mainstem.errors import RetryLater, TellPerson
from mainstem.store import runs
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.runs import Run
from mainstem.sync.schedule import Schedule
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.reader import Reader

EVERY = 0.3
"""Seconds between questions whether it is done."""

LEFT = "The server goes on with it; its page shows how it gets on."


class ServerGone(RetryLater):
    """The server ended before the errand was done."""


class Paused(TellPerson):
    """The connection rests, so its server does not sync it."""


class Unanswered(TellPerson):
    """Confluence did not say what was asked; the text says why."""


def sync_there(reader: Reader, home: Home, name: str | None, refused: HomeInUse, *, approve_deletions: bool) -> Any:
    """Have the server of a home sync a connection; the summary. Raises `refused` where the owner is no server."""
    server = server_of(home.server)
    if server is None:
        raise refused
    connection, began = chosen(reader.engine, name), reader.clock()
    with _line(server) as line:
        try:
            asked = line.post(_path(connection), params={"approve_deletions": ""} if approve_deletions else None)
        except httpx.TransportError:
            raise refused from None
        if asked.status_code != httpx.codes.OK:
            raise refused
        if asked.json()["state"] == "paused":
            raise Paused(f"{connection.name} is paused: resume it on its page, then run the command again.")
        run = _followed(reader, connection, line)
    return summary_of(reader, run, (reader.clock() - began).total_seconds())


def schedule_there(home: Home, connection: SavedConnection, schedule: Schedule, refused: HomeInUse) -> None:
    """Have the server of a home keep to another schedule. Raises `refused` where the owner is no server."""
    _told(home, "PUT", f"schedule/{connection.id}", {"schedule": str(schedule)}, refused)


def explain_there(home: Home, connection: SavedConnection, url: str, refused: HomeInUse) -> dict[str, Any]:
    """Have the server of a home ask where a page is. Raises Unanswered, and `refused` where the owner is no server."""
    facts: dict[str, Any] = _told(home, "GET", f"explain/{connection.id}", {"url": url}, refused)
    if trouble := facts.get("trouble"):
        raise Unanswered(trouble)
    return facts


def _told(home: Home, method: str, path: str, params: dict[str, str], refused: HomeInUse) -> Any:
    server = server_of(home.server)
    if server is None:
        raise refused
    with _line(server) as line:
        try:
            answer = line.request(method, f"{PATH}/{path}", params=params)
        except httpx.TransportError:
            raise refused from None
    if answer.status_code != httpx.codes.OK:
        raise refused
    return answer.json()


def _followed(reader: Reader, connection: SavedConnection, line: httpx.Client) -> Run:
    try:
        with progress_of(reader, connection):
            while line.get(_path(connection)).json()["state"] is not None:
                sleep(EVERY)
    except httpx.TransportError:
        raise ServerGone("The server was stopped. Serve the home again, and it goes on with the sync.") from None
    except KeyboardInterrupt:
        say_error(LEFT)
        raise typer.Exit(Exit.INTERRUPTED) from None
    with reading(reader.engine) as db:
        run = runs.latest(db, connection.id)
    if run is None:
        raise ServerGone("The server could not begin the sync. Its log tells why.")
    return run


def _line(server: Server) -> httpx.Client:
    headers = {"Authorization": f"Bearer {server.token}"}
    # Never through a proxy: the server is on this machine, and the token is for it alone.
    return httpx.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False)


def _path(connection: SavedConnection) -> str:
    return f"{PATH}/sync/{connection.id}"
