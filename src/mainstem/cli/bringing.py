"""`mainstem content`: what comes in by a connection; another choice says first what would leave and come."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer

from mainstem.cli import options, site
from mainstem.cli.choosing import chosen
from mainstem.cli.content import Content
from mainstem.cli.endings import Exit, told
from mainstem.confluence.opening import ignore
from mainstem.settings import load_settings
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.sync.changing import bringing, difference
from mainstem.sync.foreseeing import Foreseen, foreseen
from mainstem.wiki.content import Kind
from mainstem.wiki.selection import EVERYTHING, Filter, facts_of
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import open_reader

UNASKED = "Nothing was changed: say --yes if this may leave."
LEFT = "Nothing was changed."


@site.with_site_options
def content(
    connection: Annotated[
        str | None, typer.Argument(help="The name of a connection; not needed where there is one.", show_default=False)
    ] = None,
    *,
    content: Content,
    everything: Annotated[
        bool, typer.Option("--everything", help="Begin with everything, instead of with what comes in so far.")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would leave and come.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="What would leave may leave.")] = False,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Tell what comes in by a connection, or change it; the next sync makes it so.

    What is not said stays as it was. What would leave and come is said first, and nothing leaves unasked.
    """
    with told():
        settings = load_settings()
        folder = home or settings.home
        if not content.given and not everything:
            with open_reader(settings, folder=folder, clock=options.clock) as reader:
                _tell(_facts(chosen(reader.engine, connection)), [], as_json=as_json)
            return
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
            before = chosen(hub.engine, connection)
            after = asyncio.run(_wanted(hub, before, content, everything=everything))
            coming = asyncio.run(_foreseen(hub, before, after))
            facts = {"adds": coming.adds, "leaves": coming.leaves, "removes": coming.removes}
            if preview:
                _tell(_facts(after) | facts, in_words(coming), as_json=as_json)
                return
            if not as_json:
                typer.echo("\n".join(in_words(coming)))
            agree(coming.removes, yes=yes)
            _change(hub, before, after)
            _tell(_facts(after) | facts, [], as_json=as_json)


def in_words(coming: Foreseen) -> list[str]:
    """What a change means, in lines."""
    if coming.nothing:
        return ["Nothing differs from how it is now."]
    return [
        *(f"Would come: {said}" for said in coming.adds or ("nothing.",)),
        *(f"Would leave: {said}" for said in coming.leaves or ("nothing.",)),
    ]


def agree(removes: int, *, yes: bool) -> None:
    """Ask whether so many documents may leave, where anybody can be asked; ends the command where they may not."""
    if not removes or yes:
        return
    if not sys.stdin.isatty():
        typer.echo(UNASKED, err=True)
        raise typer.Exit(Exit.BAD_INPUT)
    if not typer.confirm(f"Let {removes:,} documents leave with the next sync?"):
        typer.echo(LEFT, err=True)
        raise typer.Exit(Exit.BAD_INPUT)


async def _wanted(hub: Hub, before: SavedConnection, content: Content, *, everything: bool) -> SavedConnection:
    kinds = content.kinds if content.without or everything else before.kinds
    base = EVERYTHING if everything else before.filter
    spaces = None if everything else before.chosen_spaces
    if content.space:
        async with hub.open_client(before, ignore) as confluence:
            spaces = tuple(space.key for space in await confluence.spaces(content.space))
    if spaces is not None:
        spaces = tuple(key for key in spaces if not content.filter.leaves_out(key))
        if not spaces:
            raise site.BadOptions("This leaves out every space that is chosen: name another with --space.")
    return bringing(before, spaces=spaces, kinds=kinds, narrowed=_over(base, content))


def _over(base: Filter, content: Content) -> Filter:
    """A filter with what was said in place of what it said of the same."""
    said, plain = content.filter, Filter()
    names = [name for name in Filter.__slots__ if getattr(said, name) != getattr(plain, name)]
    return replace(base, **{name: getattr(said, name) for name in names})


async def _foreseen(hub: Hub, before: SavedConnection, after: SavedConnection) -> Foreseen:
    with reading(hub.engine) as db:
        change = difference(db, before, after, hub.clock())
    return await foreseen(before, after, change, hub.open_client(after, ignore), hub.clock())


def _change(hub: Hub, before: SavedConnection, after: SavedConnection) -> None:
    from mainstem.accounts import connection_deeds  # noqa: PLC0415  only a change is written down

    with hub.engine.begin() as db:
        connection_deeds.change(db, None, before, after, hub.clock())


def _facts(connection: SavedConnection) -> dict[str, Any]:
    return {
        "connection": connection.name,
        "spaces": connection.chosen_spaces,
        "kinds": sorted(connection.kinds),
        "later": connection.later,
        "filter": facts_of(connection.filter),
    }


def _tell(facts: dict[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts))
        return
    spaces = "all spaces" if facts["spaces"] is None else ", ".join(facts["spaces"])
    kinds = ", ".join(f"{Kind(kind)}s" for kind in facts["kinds"])
    typer.echo(f"{facts['connection']}: {kinds} of {spaces}.")
    for name, value in facts["filter"].items():
        typer.echo(f"  {name.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}")
    for line in lines:
        typer.echo(line)
