"""The commands of `mainstem`, each in the module of its subject, which is imported when the command is called.

So `mainstem --help` and a search are not kept waiting by what only a sync needs.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from mainstem.sync.collector import collect_seldom
from mainstem.sync.processes import prepare


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is written, and what the list of commands says of it.

    `workers`: it may put other cores to work, which had better begin to import before it does.
    """

    module: str
    function: str
    says: str
    workers: bool = False


COMMANDS = {
    "connect": Place("connecting", "connect", "keeps a site's address and its sealed credential in the home"),
    "test": Place("checking", "check", "checks a connection, by name or by `--url`, and explains what fails"),
    "sync": Place("syncing", "sync", "loads what is new, changed or gone, by name or by `--url`", workers=True),
    "explain": Place("explaining", "explain", "says whether a page is here, by its address in Confluence, or why not"),
    "content": Place("bringing", "content", "tells what comes in, or changes it, saying first what would leave"),
    "spaces": Place("spaces", "spaces", "lists the spaces of a site, and decides about new ones"),
    "schedule": Place("scheduling", "schedule", "tells when a connection is synced by itself, or sets it"),
    "search": Place("searching", "search", "finds passages, as a person, `anonymous` or `operator`"),
    "ask": Place("asking", "ask", "answers from passages, as a person, `anonymous` or `operator`"),
    "convert": Place(
        "converting", "convert", "turns a file of storage format or ADF into Markdown, HTML, text or JSON"
    ),
    "rules": Place("ruling", "rules", "makes tags, categories, collections and owners of labels, spaces and fields"),
    "sso": Place("signing_on", "sso", "tells where people sign in, or names a provider of OpenID Connect"),
    "doctor": Place("examining", "doctor", "checks the home and says what to repair"),
    "reindex": Place("reindexing", "reindex", "makes the index anew from the store"),
    "serve": Place("serving", "serve", "serves the hub to browsers, and syncs behind it"),
    "worker": Place("working", "worker", "syncs beside others that share a PostgreSQL server", workers=True),
    "mcp": Place("mcp", "mcp", "lets a language model search, read and ask, as the member whose API key it is given"),
    "demo": Place("demo", "demo", "loads the sample site, searches it as three people, and serves it to your browser"),
}
"""In the order of a first day."""


class Unloaded(TyperCommand):
    """A command that only its name and its line in the list are known of until it is called."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name, short_help=place.says.replace("`", ""))
        self._place = place

    def make_context(self, info_name: str | None, args: list[str], *arguments: Any, **more: Any) -> Any:
        """Import the command and let it answer in this one's stead."""
        if self._place.workers and "--help" not in args:
            prepare("mainstem.convert", "mainstem.sync.conversion", "mainstem.wiring.indexer")
        return self.load().make_context(info_name, args, *arguments, **more)

    def load(self) -> Any:
        """The command itself."""
        with _for_good():
            module = import_module(f"mainstem.cli.{self._place.module}")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(self.name)(getattr(module, self._place.function))
        return typer.main.get_command(alone)


@contextmanager
def _for_good() -> Iterator[None]:
    """Keep what is made here from the garbage collector: modules stay, and to look through them takes half a second."""
    gc.disable()
    try:
        yield
    finally:
        collect_seldom()
        gc.enable()


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, place in COMMANDS.items():
            self.add_command(Unloaded(name, place))


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mainstem {import_module('importlib.metadata').version('mainstem')}")
        raise typer.Exit


@app.callback(epilog="New here? `mainstem demo --once` shows it all on a sample site.")
def opening(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """A permission-aware, searchable knowledge hub over Confluence."""
    del show_version  # its callback has answered
