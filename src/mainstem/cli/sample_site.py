"""The sample site, served by the emulator in a thread of this process for as long as the demo runs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep

import uvicorn

from confluence_emulator.accounts import CredentialKind
from confluence_emulator.app import create_app, open_desk
from confluence_emulator.cli import greeting, settle
from confluence_emulator.sample import OWNER, build_sample_site
from mainstem.cli.options import clock
from mainstem.confluence.credentials import EmailToken
from mainstem.errors import TellPerson
from mainstem.sync.connecting import Wanted

NAME = "Larkspur"
HOST = "127.0.0.1"
PORT = 8090
"""Where the emulator's own command serves too, so that links in results lead to either."""

STARTS_IN = 10.0
"""Seconds."""


class SiteSilent(TellPerson):
    """The sample site does not start."""


@dataclass(frozen=True, slots=True)
class SampleSite:
    """`url` is where it answers; `guide` tells whom it lets in with what, line by line."""

    url: str
    port: int
    guide: tuple[str, ...]


@contextmanager
def serving(known_as: int | None) -> Iterator[SampleSite]:
    """Serve the sample site, at `known_as` (or `PORT`) if that port is free.

    A site goes by its address, so where it was loaded from another port before (`known_as`), it keeps calling itself
    by that one, and is found again.
    """
    with socket.socket() as door:
        _bind(door, known_as or PORT)
        port: int = door.getsockname()[1]
        site = build_sample_site(clock)
        settle(site, known_as or port, "both")
        app = create_app(site, desk=open_desk(site), deployment="both", media_url=f"http://localhost:{port}")
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            _await(server)
            yield SampleSite(f"http://{HOST}:{port}/wiki", port, tuple(greeting(site, "both")))
        finally:
            server.should_exit = True
            thread.join()


def wanted(site: SampleSite) -> Wanted:
    """The connection that the owner of the sample wiki would make."""
    secret = f"{OWNER.key}-{CredentialKind.API_TOKEN}"
    return Wanted(url=site.url, credential=EmailToken(OWNER.email, secret), name=NAME)


def _bind(door: socket.socket, port: int) -> None:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError:
        door.bind((HOST, 0))


def _await(server: uvicorn.Server) -> None:
    for _ in range(int(STARTS_IN / 0.02)):
        if server.started:
            return
        sleep(0.02)
    raise SiteSilent("The sample site does not start: run the command again.")
