"""The hub of the demo, served to browsers: its three people, who can sign in at once, and the address to do it at.

Their passwords are printed, so it is served to this machine alone.
"""

import asyncio
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import NoReturn

from rich.console import Console
from rich.text import Text

from confluence_emulator.sample import MEMBER, OUTSIDER, OWNER
from mainstem.accounts import members
from mainstem.accounts.roles import Role
from mainstem.cli.errands import taking_errands
from mainstem.cli.lines import rule
from mainstem.cli.serving import serving
from mainstem.settings import has_display
from mainstem.wiring.hub import Hub

HOST = "127.0.0.1"
PORT = 8080
PASSWORD = "rivers run to the sea"  # noqa: S105  printed for everybody, on a hub of made-up pages

CAST = (
    (OWNER, Role.OWNER, "owns the hub; reads what Mara may read in Confluence, which is nearly all"),
    (MEMBER, Role.READER, "reads what engineering reads"),
    (OUTSIDER, Role.READER, "is a guest of one space, and finds nothing else"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in; `sees` says what there is to be seen by it."""

    name: str
    email: str
    password: str
    sees: str


SIGN_INS = tuple(SignIn(person.name, person.email, PASSWORD, sees) for person, _, sees in CAST)


@contextmanager
def open_door() -> Iterator[socket.socket]:
    """The usual port, or a free one where something listens there already."""
    try:
        door = socket.create_server((HOST, PORT))
    except OSError:
        door = socket.create_server((HOST, 0))
    with door:
        yield door


def address_of(door: socket.socket) -> str:
    """Where a browser finds it."""
    return f"http://{HOST}:{door.getsockname()[1]}"


def settle_in(hub: Hub, workspace: str, connection_id: int) -> None:
    """Let the three people of the demo sign in, each tied to who they are in Confluence; nothing where they can."""
    now = hub.clock()
    with hub.engine.begin() as db:
        if members.workspace(db) is not None:
            return
        found = partial(members.found, db, workspace=workspace, now=now, password=PASSWORD)
        add = partial(members.add, db, role=Role.READER, now=now, password=PASSWORD)
        for person, role, _ in CAST:
            join = found if role is Role.OWNER else add
            member = join(name=person.name, email=person.email)
            members.tie(db, member.id, connection_id, person.account_id, now)


def serve_on(hub: Hub, door: socket.socket, console: Console) -> None:
    """Serve until Ctrl+C or a signal, with the sign-ins on the screen, in a browser where somebody sits at one."""
    url = address_of(door)
    console.print()
    console.print(rule("Now in your browser"))
    console.print(Text(url, style="bold green"), soft_wrap=True)
    console.print(f"Sign in with the password “{PASSWORD}” as")
    for each in SIGN_INS:
        console.print(Text.assemble("  ", (each.email, "bold"), f"  {each.name} {each.sees}"), soft_wrap=True)
    console.print("Ctrl+C ends it; what was loaded is kept.")
    if sys.stdout.isatty() and has_display():
        webbrowser.open(url)
    with taking_errands(hub.home.server, door) as server:
        asyncio.run(serving(hub, door, server.token))


@contextmanager
def ending_well() -> Iterator[None]:
    """Take Ctrl+C and a request to end, which are the way to end the demo, for what they are."""
    before = {each: signal.signal(each, _end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
