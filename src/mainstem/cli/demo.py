"""`mainstem demo`: a sample Confluence is served, loaded, searched as three people, and then read in the browser."""

import asyncio
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from confluence_emulator.sample import MEMBER, OUTSIDER, OWNER, RESTRICTED_WORD
from mainstem.cli import options
from mainstem.cli.demo_hub import SIGN_INS, address_of, ending_well, open_door, serve_on, settle_in
from mainstem.cli.endings import Exit, told
from mainstem.cli.lines import paper, rule
from mainstem.cli.progress import progress_of
from mainstem.cli.sample_site import NAME, SampleSite, serving, wanted
from mainstem.cli.searching import search_as
from mainstem.cli.showing import Eyes, show_search
from mainstem.cli.summary import sentence_of, summary_of
from mainstem.settings import Settings, load_settings
from mainstem.store import connections
from mainstem.store.database import reading
from mainstem.wiring.home import Home
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import Reader, open_reader

FOLDER = Path("demo-home")
SHOWN = 3
MOST = 150
"""Columns: three panels that are wider are harder to read."""

CAST = ((OWNER, "owns the wiki"), (MEMBER, "is an engineer"), (OUTSIDER, "is a guest of one space"))

SEARCHES = {
    "gauge": "One index, three people: results, and even their number, are of what each of them may read.",
    RESTRICTED_WORD: "Only leadership may read of it: for others it is in no result, no count and no suggestion.",
}
"""What is searched for, and what is to be seen in it."""


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the show, instead of serving the hub.")] = False,
    home: Annotated[Path, typer.Option("--home", help="The folder to load into; it is kept.")] = FOLDER,
    as_json: options.JsonOption = False,
) -> None:
    """Load a sample Confluence, search it as three people, then serve it to your browser with a sign-in for each.

    Needs no account and no network. A second run takes only what changed.
    """
    with told():
        settings = load_settings()
        console = paper(at_most=MOST, stderr=as_json)
        with serving(_known_port(settings, home)) as site:
            console.print(rule("A made-up company's Confluence"))
            console.print(f"{NAME} watches rivers. Its wiki, played by the emulator, answers at {site.url}.")
            summary = _load(settings, home, site, console)
            with open_reader(settings, folder=home, clock=options.clock) as reader:
                totals = [_show(query, remark, reader, console) for query, remark in SEARCHES.items()]
            _say_next(home, console)
            told_so_far = {"sync": summary, "searches": totals}
            if once and as_json:
                typer.echo(json.dumps(told_so_far))
            if not summary["complete"]:
                raise typer.Exit(Exit.INCOMPLETE)
            if not once:
                _serve_on(settings, home, told_so_far if as_json else None, console)


def _known_port(settings: Settings, folder: Path) -> int | None:
    """The port by which the sample site was known when it was loaded first."""
    if not Home(folder).exists:
        return None
    with open_reader(settings, folder=folder, clock=options.clock) as reader, reading(reader.engine) as db:
        known = connections.named(db, NAME)
    return None if known is None else urlsplit(known.url).port


def _load(settings: Settings, folder: Path, site: SampleSite, console: Console) -> dict[str, Any]:
    console.print()
    console.print(rule("Loading it, with who may read what"))
    with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
        summary = asyncio.run(_sync(hub, site))
    console.print(sentence_of(summary))
    return summary


async def _sync(hub: Hub, site: SampleSite) -> dict[str, Any]:
    began = hub.clock()
    connected = await hub.connect_again(wanted(site), by=None)
    with progress_of(hub, connected.connection):
        run = await hub.sync(connected.connection, requests=connected.requests)
    return summary_of(hub, run, (hub.clock() - began).total_seconds())


def _show(query: str, remark: str, reader: Reader, console: Console) -> dict[str, Any]:
    # By account id: nobody's identity rests on an address that they may hide.
    found = [search_as(reader, query, person.account_id, SHOWN)[1] for person, _ in CAST]
    everybody = [Eyes(person.name, role, each) for (person, role), each in zip(CAST, found, strict=True)]
    show_search(query, everybody, remark, console)
    return {"query": query, "totals": {eyes.name: eyes.found.total for eyes in everybody}}


def _say_next(folder: Path, console: Console) -> None:
    called = _called()
    searching = f"--home {folder}"
    steps = {
        f"{called} search budget --as {MEMBER.email} {searching}": "what Tomás may read",
        f"{called} search budget --as {OWNER.email} {searching}": "what Mara may read, which is more",
        f'{called} search "space:OPS certificate" --as operator {searching}': "one space, without permissions",
        f"{called} doctor --home {folder}": "checks the folder that was made",
        f"{called} demo --home {folder}": "the same in your browser",
        f"{called} connect --help": "your own Confluence, of which it only reads",
    }
    console.print()
    console.print(rule("Try next"))
    for line, why in steps.items():
        console.print(Text(line, style="bold green"), soft_wrap=True)
        console.print(Text(f"    {why}", style="dim"))


def _called() -> str:
    """How this program is called from here."""
    path = Path(sys.argv[0])
    found = shutil.which(path.name)
    if found and Path(found).resolve() == path.resolve():
        return path.name
    return min(str(path), os.path.relpath(path), key=len)


def _serve_on(settings: Settings, folder: Path, told_so_far: dict[str, Any] | None, console: Console) -> None:
    """Serve the hub beside its Confluence. `told_so_far` is what a program is told besides, None for a person."""
    with ending_well(), open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
        with reading(hub.engine) as db:
            loaded = connections.named(db, NAME)
        if loaded is not None:
            settle_in(hub, NAME, loaded.id)
        with open_door() as door:
            if told_so_far is not None:
                people = [asdict(each) for each in SIGN_INS]
                typer.echo(json.dumps({**told_so_far, "url": address_of(door), "people": people}))
            serve_on(hub, door, console)
