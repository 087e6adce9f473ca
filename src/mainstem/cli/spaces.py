"""`mainstem spaces`: which spaces a site has, which come in, and what becomes of those that are created later."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy import Engine

from mainstem.cli import options
from mainstem.cli.choosing import chosen
from mainstem.cli.endings import told
from mainstem.errors import TellPerson
from mainstem.settings import load_settings
from mainstem.store import met_spaces
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.met_spaces import MetSpace
from mainstem.sync.meeting import Whether, whether
from mainstem.wiki.selection import Later
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import open_reader

SAYS: Mapping[Whether, str] = {
    Whether.IN: "comes in",
    Whether.WAITS: "waits for you: --add or --leave it",
    Whether.OUT: "stays outside",
    Whether.GONE: "is gone, or closed to the account",
}
LATER: Mapping[Later, str] = {
    Later.ADD: "come in",
    Later.PUBLIC: "come in once nobody needs to sign in to them",
    Later.ASK: "wait for you",
    Later.IGNORE: "stay outside",
}


class NoSuchSpace(TellPerson):
    """A site has no space of this key, as far as the last sync knows."""


def spaces(
    connection: Annotated[
        str | None, typer.Argument(help="The name of a connection; not needed where there is one.", show_default=False)
    ] = None,
    *,
    later: Annotated[
        Later | None,
        typer.Option(help="What becomes of spaces that are created from now on.", show_default=False),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(help="The key of a space that comes in from now on; repeat for more.", show_default=False),
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option(help="The key of a new space that stays outside; repeat for more.", show_default=False),
    ] = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """List the spaces of a site as the last sync met them, decide about new ones, or set the rule for later ones."""
    with told():
        settings = load_settings()
        folder = home or settings.home
        if later is not None or add or leave:
            with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
                _change(hub, connection, later, add or [], leave or [])
        with open_reader(settings, folder=folder, clock=options.clock) as reader:
            _show(reader.engine, chosen(reader.engine, connection), as_json=as_json)


def _change(hub: Hub, name: str | None, later: Later | None, add: Sequence[str], leave: Sequence[str]) -> None:
    from mainstem.accounts import connection_deeds  # noqa: PLC0415  only a change is written down

    now, before = hub.clock(), chosen(hub.engine, name)
    with hub.engine.begin() as db:
        ids = {space.key.casefold(): space.id for space in met_spaces.met(db, before.id).values()}
        if unknown := [key for key in (*add, *leave) if key.casefold() not in ids]:
            raise NoSuchSpace(f"{before.name} has no space {', '.join(unknown)}: list them with `mainstem spaces`.")
        if later is not None:
            wanted = replace(before, filter=replace(before.filter, later=later))
            before = connection_deeds.change(db, None, before, wanted, now)
        for key in (*add, *leave):
            before = connection_deeds.place(db, None, before, ids[key.casefold()], inside=key in add, now=now)


def _show(engine: Engine, connection: SavedConnection, *, as_json: bool) -> None:
    with reading(engine) as db:
        found = sorted(met_spaces.met(db, connection.id).values(), key=lambda space: space.key)
    if as_json:
        facts = [
            {"key": each.key, "name": each.name, "stands": whether(connection, each), "why": each.standing}
            for each in found
        ]
        typer.echo(json.dumps({"connection": connection.name, "later": connection.later, "spaces": facts}))
        return
    for each in found:
        typer.echo(f"{each.key:<12} {each.name}: {SAYS[whether(connection, each)]}{_was(each)}")
    typer.echo(f"Spaces that are created later {LATER[connection.later]}.")


def _was(space: MetSpace) -> str:
    if space.renamed_at is None:
        return ""
    return f" (was {space.former_name}, {space.former_key}, until {space.renamed_at:%Y-%m-%d})"
