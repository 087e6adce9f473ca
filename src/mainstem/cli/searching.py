"""`mainstem search`: the documents that fit, among those the viewer may read."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy import Connection

from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.cli.lines import paper
from mainstem.cli.results import card, heading
from mainstem.search.find import Page, Result, Results, find
from mainstem.settings import load_settings
from mainstem.store import visibility
from mainstem.store.database import reading
from mainstem.wiki.audience import ANONYMOUS, OPERATOR, Viewer
from mainstem.wiring.reader import Reader, open_reader

ANYBODY = "anonymous"
EVERYTHING = "operator"


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", and operators such as space:ENG property:owner=mara.')
    ],
    who: Annotated[
        str, typer.Option("--as", help="Whose eyes: an e-mail, an account id, anonymous, or operator (unrestricted).")
    ] = ANYBODY,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many results at most.")] = 10,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Search a hub. What the viewer may not read is in no result and in no count."""
    with told():
        settings = load_settings()
        with open_reader(settings, folder=home or settings.home, clock=options.clock) as reader:
            viewer, results = search_as(reader, query, who, limit)
        if as_json:
            typer.echo(json.dumps(_told(results)))
        else:
            show(results, viewer, paper())
            for trouble in results.troubles:
                typer.echo(trouble, err=True)


def search_as(reader: Reader, query: str, who: str, limit: int) -> tuple[Viewer, Results]:
    """What `who` finds: an e-mail, account id or user name, `anonymous` or `operator`."""
    with reading(reader.engine) as db:
        viewer = viewer_named(db, who, rules_since=reader.rules_since)
        return viewer, find(query, viewer=viewer, store=db, index=reader.index, now=reader.clock(), page=Page(limit))


def viewer_named(db: Connection, who: str, *, rules_since: datetime) -> Viewer:
    """The viewer that `--as` names: an e-mail, account id or user name, `anonymous` or `operator`."""
    if who == EVERYTHING:
        return OPERATOR
    if who == ANYBODY:
        return visibility.anonymous(db, rules_since=rules_since)
    return visibility.viewer_for(db, who, rules_since=rules_since)


def show(results: Results, viewer: Viewer, console: Console) -> None:
    """Print results for a person."""
    if not results.total:
        console.print(_nothing(viewer), soft_wrap=True)
        return
    console.print(heading(results))
    for number, result in enumerate(results.results, start=1):
        console.print()
        console.print(card(result, number))
        console.print(Text(f"    {result.url}", style="blue"), soft_wrap=True)


def _nothing(viewer: Viewer) -> str:
    if viewer.unrestricted:
        return "Nothing found. Try fewer or other words."
    if viewer.name == ANYBODY:
        return "Nothing found among what everybody may read. Say who looks with --as you@acme.example, or operator."
    if all(principal == ANONYMOUS for _, principal in viewer.principals):
        return f"Nothing found: no active account is known as {viewer.name}. Check the spelling of --as."
    return f"Nothing found among what {viewer.name} may read. Try fewer words, or look as somebody else with --as."


def _told(results: Results) -> dict[str, Any]:
    told = {"total": results.total, "results": [_plain(each) for each in results.results]}
    return told | ({"troubles": results.troubles} if results.troubles else {})


def _plain(result: Result) -> dict[str, Any]:
    return {
        "document_id": result.document_id,
        "source_id": result.source_id,
        "kind": result.kind,
        "title": result.title,
        "space": result.space,
        "source": result.source,
        "url": result.url,
        "heading_path": result.heading_path,
        "passage": result.passage.text,
        "tags": result.tags,
        "author": result.author,
        "updated_at": result.updated_at.isoformat() if result.updated_at else None,
        "score": result.score,
    }
