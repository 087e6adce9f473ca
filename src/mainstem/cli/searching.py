"""`mainstem search`: the documents that fit, among those the viewer may read."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.search.find import Result, Results, find
from mainstem.search.highlight import Mark
from mainstem.settings import load_settings
from mainstem.store import visibility
from mainstem.store.database import reading
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiring.hub import Reader, open_reader


def search(
    query: Annotated[str, typer.Argument(help="Words, “phrases”, and operators such as space:ENG label:howto.")],
    who: Annotated[
        str, typer.Option("--as", help="Whose eyes: an e-mail, an account id, anonymous, or operator (unrestricted).")
    ] = "anonymous",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many results at most.")] = 10,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Search a hub. What the viewer may not read is in no result and in no count."""
    with told():
        settings = load_settings()
        with open_reader(settings, folder=options.folder_of(home, settings), clock=options.clock) as reader:
            results = search_as(reader, query, who, limit)
        if as_json:
            typer.echo(json.dumps({"total": results.total, "results": [_plain(each) for each in results.results]}))
        else:
            show(results, Console(highlight=False))


def search_as(reader: Reader, query: str, who: str, limit: int) -> Results:
    """What `who` finds: an e-mail, account id or user name, `anonymous` or `operator`."""
    with reading(reader.engine) as db:
        if who == "operator":
            viewer: Viewer = OPERATOR
        elif who == "anonymous":
            viewer = visibility.anonymous(db, rules_since=reader.rules_since)
        else:
            viewer = visibility.viewer_for(db, who, rules_since=reader.rules_since)
        return find(query, viewer=viewer, store=db, index=reader.index, now=reader.clock(), limit=limit)


def show(results: Results, console: Console) -> None:
    """Print results for a person."""
    if not results.total:
        console.print("Nothing found. Try fewer words, or look at it as somebody else with --as.")
        return
    count = "1 document" if results.total == 1 else f"{results.total:,} documents"
    console.print(f"{count}{', with some of the words' if results.relaxed else ''}", style="dim")
    for result in results.results:
        console.print()
        console.print(_marked(result.title, result.title_marks, "bold"), Text(f"  {result.space}", style="dim"))
        console.print(_marked(result.passage.text, result.passage.marks, ""))
        console.print(result.url, style="blue", soft_wrap=True)


def _marked(text: str, marks: tuple[Mark, ...], style: str) -> Text:
    shown = Text(text, style=style)
    for mark in marks:
        shown.stylize("bold yellow", *mark)
    return shown


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
        "labels": result.labels,
        "author": result.author,
        "updated_at": result.updated_at.isoformat() if result.updated_at else None,
        "score": result.score,
    }
