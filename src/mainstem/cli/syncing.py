"""`mainstem sync`: one sync, here and now, with live progress."""

import asyncio
import json
import os
from typing import Annotated, Any

import typer

from mainstem.cli import options
from mainstem.cli.endings import Exit, told
from mainstem.cli.progress import progress_of
from mainstem.cli.summary import sentence_of, summary_of
from mainstem.errors import TellPerson
from mainstem.settings import load_settings
from mainstem.store import connections
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.wiring.hub import Hub, open_hub


class NoConnection(TellPerson):
    """There is no connection of that name, or not exactly one to choose."""


def sync(
    name: Annotated[str | None, typer.Argument(help="A connection. Default: the only one there is.")] = None,
    *,
    url: options.UrlOption = None,
    deployment: options.DeploymentOption = None,
    email: options.EmailOption = None,
    token: options.TokenOption = None,
    token_file: options.TokenFileOption = None,
    user: options.UserOption = None,
    password: options.PasswordOption = None,
    space: options.SpaceOption = None,
    without: options.WithoutOption = None,
    home: options.HomeOption = None,
    approve_deletions: Annotated[
        bool, typer.Option("--approve-deletions", help="Remove what is gone, however much of a space it is.")
    ] = False,
    as_json: options.JsonOption = False,
) -> None:
    """Bring a hub in step with Confluence: content, labels and permissions. A second run takes only what changed."""
    with told():
        settings = load_settings()
        folder = options.folder_of(home, settings)
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
            site = options.SiteOptions(
                url,
                deployment,
                email,
                token,
                token_file,
                user,
                password,
                tuple(space or ()),
                name,
                tuple(without or ()),
            )
            summary = asyncio.run(_sync(hub, site, approve_deletions=approve_deletions))
        typer.echo(json.dumps(summary) if as_json else sentence_of(summary))
        if not summary["complete"]:
            raise typer.Exit(Exit.INCOMPLETE)


async def _sync(hub: Hub, site: options.SiteOptions, *, approve_deletions: bool) -> dict[str, Any]:
    began = hub.clock()
    connection = await hub.connect(site.wanted(hub.settings), again=True) if site.url else _named(hub, site.name)
    with progress_of(hub, connection):
        run = await hub.sync(connection, approve_deletions=approve_deletions)
    return summary_of(hub, run, (hub.clock() - began).total_seconds())


def _named(hub: Hub, name: str | None) -> SavedConnection:
    with reading(hub.engine) as db:
        known = connections.every(db)
    chosen = [connection for connection in known if name in (None, connection.name)]
    if len(chosen) == 1:
        return chosen[0]
    if not known:
        raise NoConnection("Nothing is connected yet: add a site with `mainstem connect --url ...`.")
    names = ", ".join(connection.name for connection in known)
    if name is None:
        raise NoConnection(f"Which connection? Name one of: {names}.")
    raise NoConnection(f"There is no connection named {name}: the names are {names}.")
