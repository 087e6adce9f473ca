"""`mainstem reindex`: makes the search index anew from the store, also where the old one is damaged.

What an older converter made of the stored bodies is made anew first.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mainstem.cli import options
from mainstem.cli.amounts import counted
from mainstem.cli.endings import told
from mainstem.cli.progress import watching
from mainstem.settings import load_settings
from mainstem.store import journal
from mainstem.store.database import reading
from mainstem.sync.conversion import conversion
from mainstem.sync.indexing import rebuild
from mainstem.sync.reconversion import reconvert
from mainstem.sync.refiling import refile
from mainstem.wiring.home import Home, NoHome
from mainstem.wiring.hub import Hub, open_hub

STOPPED = "Stopped. Search finds only part until the index is complete: run `mainstem reindex` again, or sync."


def reindex(home: options.HomeOption = None, as_json: options.JsonOption = False) -> None:
    """Make the search index anew from the store, and what a converter before this one made of the bodies there.

    Nothing is fetched from Confluence.
    """
    with told(interrupted=STOPPED):
        settings = load_settings()
        folder = home or settings.home
        if not Home(folder).exists and settings.database_url is None:
            raise NoHome(folder)
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock, index_anew=True) as hub:
            with conversion() as place:
                anew = asyncio.run(reconvert(hub.engine, place))
            refile(hub.engine)
            with _bar(hub):
                rebuild(hub.engine, hub.index)
            size = hub.index.count()
        if as_json:
            typer.echo(json.dumps(asdict(size) | {"read_anew": anew.read, "changed": anew.changed}))
            return
        if anew.read:
            typer.echo(f"{counted(anew.read, 'documents')} read anew by this converter: {anew.changed:,} changed.")
        said = f"{counted(size.documents, 'documents')} with {counted(size.passages, 'passages')}"
        typer.echo(f"The index is made anew: {said}.")


@contextmanager
def _bar(hub: Hub) -> Iterator[None]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with reading(hub.engine) as db:
        end = journal.last(db)
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=end)
        with watching(lambda: bar.update(task, completed=hub.index.position)):
            yield
