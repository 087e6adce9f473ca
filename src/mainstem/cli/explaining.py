"""`mainstem explain`: where a page of Confluence is, by its address."""

import asyncio
import json
import os
from typing import Annotated, Any

import typer

from mainstem.cli import options
from mainstem.cli.choosing import chosen
from mainstem.cli.endings import told
from mainstem.settings import Settings, load_settings
from mainstem.wiki.audience import OPERATOR
from mainstem.wiring.home import Home, HomeInUse
from mainstem.wiring.hub import open_hub
from mainstem.wiring.reader import open_reader


def explain(
    url: Annotated[str, typer.Argument(help="The address of a page, as a browser shows it.", show_default=False)],
    connection: Annotated[
        str | None, typer.Option(help="A connection. Default: the only one there is.", show_default=False)
    ] = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Ask Confluence, as the account of a connection, where a page is: here, left out, gone or not to be seen."""
    with told():
        settings = load_settings()
        facts = _facts(settings, Home(home or settings.home), connection, url)
        typer.echo(json.dumps(facts) if as_json else f"{facts['says']}\n{facts['next_step']}".rstrip())


def _facts(settings: Settings, home: Home, name: str | None, url: str) -> dict[str, Any]:
    try:
        with open_hub(settings, folder=home.folder, pid=os.getpid(), clock=options.clock) as hub:
            return asyncio.run(hub.whereabouts(chosen(hub.engine, name), url, viewer=OPERATOR)).facts
    except HomeInUse as in_use:
        from mainstem.cli.sending import explain_there  # noqa: PLC0415  what a server needs takes a third of a second

        with open_reader(settings, folder=home.folder, clock=options.clock) as reader:
            return explain_there(home, chosen(reader.engine, name), url, in_use)
