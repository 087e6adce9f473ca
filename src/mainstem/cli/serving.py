"""`mainstem serve`: the hub in the browser, and the work behind it, in one process; busy, others read too."""

import asyncio
import json
import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Annotated

import typer
import uvicorn
from anyio import to_thread
from starlette.types import ASGIApp

from mainstem.cli import options
from mainstem.cli.beside import Beside, processes, reading_processes
from mainstem.cli.endings import told
from mainstem.cli.errands import taking_errands
from mainstem.cli.every_face import faces
from mainstem.cli.sample import sample_of
from mainstem.errors import TellPerson
from mainstem.settings import Settings, load_settings
from mainstem.sync.connecting import Wanted
from mainstem.sync.processes import prepare
from mainstem.web.offers import Offers
from mainstem.wiring.alerts import Watch
from mainstem.wiring.checkups import Rounds
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.line import is_exposed, line_of
from mainstem.wiring.worker import Worker

STOPPED = "Stopped. A sync that was under way goes on when you serve again."
THIS_MACHINE = "127.0.0.1,::1"

GRACE = 3
"""Seconds that open pages get to end their streams."""

AT_ONCE = 16
"""Requests that are worked on at a time; more would only take the processor and the database from each other."""


FORKED = ("mainstem.convert", "mainstem.sync.conversion", "mainstem.wiring.indexer", "mainstem.cli.beside")
"""What the processes need that a server puts to work on other cores."""


class PortTaken(TellPerson):
    """Something else listens where the hub was to be served."""


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to serve at; 0.0.0.0 is all of them.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to serve at; 0 takes a free one.")] = 8080,
    syncs: Annotated[
        bool, typer.Option("--sync/--no-sync", help="Whether it syncs too; `mainstem worker` can do so instead.")
    ] = True,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Serve the hub to browsers: set it up, search it, read it, and keep it in step with Confluence."""
    with told(interrupted=STOPPED):
        settings = load_settings()
        exposed = is_exposed(host, settings.public_url)
        folder, line = home or settings.home, line_of(settings, exposed=exposed)
        with (
            open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock, line=line, shared=True) as hub,
            _door(host, port) as door,
            taking_errands(hub.home.server, door) as server,
            sample_of(hub.home.sample) as sample,
        ):
            url = f"http://{host}:{door.getsockname()[1]}"
            typer.echo(json.dumps({"url": url}) if as_json else _said(url, settings.public_url))
            asyncio.run(serving(hub, door, server.token, None if exposed else sample, syncs=syncs))


async def serving(
    hub: Hub, door: socket.socket, token: str, sample: Callable[[], Wanted] | None = None, *, syncs: bool = True
) -> None:
    """Serve and work until a signal ends the server. `token` is what commands show that bring errands."""
    to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
    worker = Worker(hub, syncs=syncs)
    many, offers = reading_processes(hub.settings), Offers(connections=True, sample=sample is not None)
    begin = partial(processes, many, hub.settings, hub.home.folder, hub.clock, offers)
    app = Beside(faces(hub, worker, token=token, sample=sample), many, begin)
    config = configured(app, hub.settings)
    prepare(*FORKED)  # no sooner: it would take from the processor what the server needs to be there
    async with asyncio.TaskGroup() as tasks:
        working = [tasks.create_task(one.work()) for one in (worker, Watch(hub), Rounds(hub), app)]
        try:
            await uvicorn.Server(config).serve(sockets=[door])
        finally:
            for task in working:
                task.cancel()


def configured(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How an application is served; what proxies say of who asks is believed of those that the settings trust."""
    trusted = settings.trusted_proxies or (THIS_MACHINE if settings.public_url else "")
    return uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted or None,
    )


def _said(url: str, public_url: str) -> str:
    return f"Mainstem is at {public_url}, served from {url}" if public_url else f"Mainstem is at {url} (Ctrl+C ends it)"


def _door(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise PortTaken(f"Cannot serve at {host}:{port} ({error.strerror}): choose another with --port.") from error
