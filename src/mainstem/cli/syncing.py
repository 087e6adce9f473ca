"""`mainstem sync`: one sync, here and now, with live progress."""

import asyncio
import json
import os
import sys
from typing import Annotated, Any

import typer

from mainstem.cli import options, site
from mainstem.cli.bringing import agree
from mainstem.cli.choosing import chosen
from mainstem.cli.content import Content
from mainstem.cli.endings import Exit, told
from mainstem.cli.forms import Forms
from mainstem.cli.progress import progress_of
from mainstem.cli.summary import sentence_of, summary_of
from mainstem.cli.taking import Files
from mainstem.settings import load_settings
from mainstem.sync.connecting import Connected, Wanted, WouldLeave
from mainstem.sync.foreseeing import leaves
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import open_reader

STOPPED = "Stopped. What is stored is kept, and the next sync goes on from there."


@site.with_site_options
def sync(
    name: Annotated[
        str | None,
        typer.Argument(help="A connection. Default: the only one there is. With --url: what to call the new one."),
    ] = None,
    *,
    given: site.Site,
    content: Content,
    forms: Forms,
    files: Files,
    home: options.HomeOption = None,
    approve_deletions: Annotated[
        bool, typer.Option("--approve-deletions", help="Remove what is gone, however much of a space it is.")
    ] = False,
    as_json: options.JsonOption = False,
) -> None:
    """Bring a hub in step with Confluence: content, labels and permissions. A second run takes only what changed.

    Where a server owns the home, it is asked to, and this command waits until it has.
    """
    with told(interrupted=STOPPED):
        settings = load_settings()
        given.refuse_without_url(name, content, forms, files)
        wanted = given.wanted(settings, name=name, content=content, forms=forms, files=files) if given.url else None
        folder = home or settings.home
        try:
            with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
                summary = asyncio.run(_sync(hub, wanted or name, approve_deletions=approve_deletions))
                # A loop of its own: the durable engine took the threads of the other one along.
                asyncio.run(hub.read_anew())
        except HomeInUse as in_use:
            if wanted:
                raise
            from mainstem.cli.sending import sync_there  # noqa: PLC0415  what a server needs takes a third of a second

            with open_reader(settings, folder=folder, clock=options.clock) as reader:
                summary = sync_there(reader, Home(folder), name, in_use, approve_deletions=approve_deletions)
        typer.echo(json.dumps(summary) if as_json else sentence_of(summary))
        if not summary["complete"]:
            raise typer.Exit(Exit.INCOMPLETE)


async def _connected(hub: Hub, wanted: Wanted, *, approve_deletions: bool) -> Connected:
    """The connection that was asked for; whether documents may leave by it, a person at a terminal is asked."""
    try:
        return await hub.connect_again(wanted, by=None, approve_deletions=approve_deletions)
    except WouldLeave as would:
        if not sys.stdin.isatty():
            raise
        typer.echo("\n".join(f"Would leave: {said}" for said in leaves(would.change)))
        agree(would.change.leaving, yes=False)
    return await hub.connect_again(wanted, by=None, approve_deletions=True)


async def _sync(hub: Hub, which: Wanted | str | None, *, approve_deletions: bool) -> dict[str, Any]:
    began = hub.clock()
    if isinstance(which, Wanted):
        connected = await _connected(hub, which, approve_deletions=approve_deletions)
    else:
        connected = Connected(chosen(hub.engine, which), requests=0)
    with progress_of(hub, connected.connection):
        run = await hub.sync(connected.connection, approve_deletions=approve_deletions, requests=connected.requests)
    return summary_of(hub, run, (hub.clock() - began).total_seconds())
