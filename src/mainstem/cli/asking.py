"""`mainstem ask`: an answer from what the viewer may read, with the passage behind each sentence."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from mainstem.assist.asking import Draft, Library, answer
from mainstem.assist.keeping import renumbered
from mainstem.cli import options
from mainstem.cli.endings import told
from mainstem.cli.lines import paper
from mainstem.cli.searching import ANYBODY, viewer_named
from mainstem.settings import load_settings
from mainstem.store.answers import Claim, Outcome
from mainstem.store.database import reading
from mainstem.store.quotes import Quote
from mainstem.wiring.models import model_of
from mainstem.wiring.reader import open_reader

NOT_THERE = "This is not in your documents."


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know; operators such as space:ENG narrow it.")],
    who: Annotated[
        str, typer.Option("--as", help="Whose eyes: an e-mail, an account id, anonymous, or operator (unrestricted).")
    ] = ANYBODY,
    quote: Annotated[bool, typer.Option("--quote", help="Quote passages, also where a language model is set.")] = False,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Answer a question from what the viewer may read, and say which passage each sentence rests on."""
    with told():
        settings = load_settings()
        model = None if quote else model_of(settings)
        with open_reader(settings, folder=home or settings.home, clock=options.clock) as reader:
            with reading(reader.engine) as db:
                viewer = viewer_named(db, who, rules_since=reader.rules_since)
            library = Library(reader.engine, reader.index)
            draft = asyncio.run(answer(question, viewer=viewer, library=library, now=reader.clock(), model=model))
        if as_json:
            typer.echo(json.dumps(_plain(question, draft)))
        else:
            show(draft, paper())


def show(draft: Draft, console: Console) -> None:
    """Print an answer for a person."""
    quotes, claims = renumbered(draft.quotes, draft.written.claims)
    if draft.written.trouble:
        console.print(Text(draft.written.trouble, style="yellow"))
    if draft.written.outcome is Outcome.NOTHING:
        console.print(NOT_THERE)
        if draft.written.missing:
            console.print(f"None of them mentions: {', '.join(draft.written.missing)}.")
        for near in draft.nearest:
            console.print(Text(f"Near it: {near.title}"))
            console.print(Text(f"    {near.url}", style="blue"), soft_wrap=True)
        return
    before: Claim | None = None
    for claim in claims:
        if before is not None and claim.paragraph != before.paragraph:
            console.print()
        console.print(_sentence(claim))
        before = claim
    console.print()
    for quote in quotes:
        console.print(Text(f"[{quote.number}] ", style="bold") + Text(_place(quote)))
        console.print(Text(f"    {quote.url}", style="blue"), soft_wrap=True)


def _sentence(claim: Claim) -> Text:
    numbers = "".join(f"[{number}]" for number in claim.cites) or "(no passage is cited)"
    return Text("- " if claim.listed else "") + Text(claim.text) + Text(f" {numbers}", style="dim")


def _place(quote: Quote) -> str:
    return " > ".join((quote.title, *quote.heading_path)) + (f" · {quote.space_key}" if quote.space_key else "")


def _plain(question: str, draft: Draft) -> dict[str, Any]:
    quotes, claims = renumbered(draft.quotes, draft.written.claims)
    return {
        "question": question,
        "outcome": draft.written.outcome,
        "claims": [{"text": claim.text, "cites": claim.cites, "paragraph": claim.paragraph} for claim in claims],
        "passages": [
            {
                "number": quote.number,
                "document_id": quote.document_id,
                "title": quote.title,
                "space": quote.space_key,
                "source": quote.source,
                "url": quote.url,
                "heading_path": quote.heading_path,
                "text": quote.text,
                "updated_at": quote.updated_at.isoformat() if quote.updated_at else None,
            }
            for quote in quotes
        ],
        "missing": draft.written.missing,
        "model": draft.written.model,
        "trouble": draft.written.trouble,
        "nearest": [{"document_id": near.document_id, "title": near.title, "url": near.url} for near in draft.nearest],
    }
