"""`mainstem mcp`: the tools for a language model on the same machine, over standard input and output."""

import json
from importlib import import_module
from typing import Annotated

import typer

from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.errors import TellPerson
from mainstem.mcp.tools import Tools
from mainstem.settings import load_settings
from mainstem.web.addresses import Ours
from mainstem.wiring.callers import caller
from mainstem.wiring.models import model_of
from mainstem.wiring.reader import open_reader


class NoKey(TellPerson):
    """No key was given, or it lets nobody in."""


def mcp(
    key: Annotated[
        str | None,
        typer.Option("--key", help="An API key of yours. Default: MAINSTEM_API_KEY.", show_default=False),
    ] = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Serve search, read and ask to a language model over standard input and output, as the member whose key it is.

    With --json, print how to enter it in a program that speaks MCP, and end.
    """
    with told():
        settings = load_settings()
        folder = home or settings.home
        if as_json:
            typer.echo(
                json.dumps({"mcpServers": {"mainstem": {"command": "mainstem", "args": _arguments(str(folder))}}})
            )
            return
        shown = key or (settings.api_key.get_secret_value() if settings.api_key else "")
        with open_reader(settings, folder=folder, clock=options.clock) as reader:
            if caller(reader, shown) is None:
                raise NoKey("This lets nobody in: pass an API key with --key, or set MAINSTEM_API_KEY.")

            def member_of(_context: object) -> object:
                holder = caller(reader, shown)
                return None if holder is None else holder.member

            tools = Tools(reader, Ours(settings.public_url), model_of(settings))
            import_module("mainstem.mcp.server").make_server(tools, member_of).run("stdio")


def _arguments(home: str) -> list[str]:
    return ["mcp", "--home", home]
