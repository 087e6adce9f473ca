"""`mainstem rules`: by what the documents of a connection get tags, categories, collections and owners."""

import asyncio
import json
import os
from dataclasses import replace
from typing import Annotated

import typer

from mainstem.cli import options
from mainstem.cli.amounts import counted
from mainstem.cli.choosing import chosen
from mainstem.cli.endings import told
from mainstem.errors import TellPerson
from mainstem.settings import load_settings
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.filing import numbers, would_file
from mainstem.wiki import filing
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.filing import Drawer, FilingRule, On
from mainstem.wiring.hub import Hub, open_hub
from mainstem.wiring.reader import open_reader

ConnectionOption = Annotated[
    str | None, typer.Argument(help="The name of a connection; not needed where there is one.", show_default=False)
]
GivesOption = Annotated[Drawer | None, typer.Option("--gives", help="Add a rule that gives this.", show_default=False)]
NamedOption = Annotated[
    str,
    typer.Option(
        "--named",
        help="What the rule gives is called. Default: as the label, the space, or each value of the field.",
        show_default=False,
    ),
]
SpaceOption = Annotated[
    list[str] | None, typer.Option("--space", help="It looks at this space, by its key; repeat for more.")
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option("--label", help="It looks at this label, * standing for any characters; repeat for more."),
]
FieldOption = Annotated[str | None, typer.Option("--field", help="It looks at this page property.", show_default=False)]
ValueOption = Annotated[
    str, typer.Option("--value", help="What the page property must be. Default: anything.", show_default=False)
]
AtOption = Annotated[
    int | None, typer.Option("--at", min=1, help="Where in the list it stands. Default: last.", show_default=False)
]
PreviewOption = Annotated[
    bool, typer.Option("--preview", help="Only count the documents that it would give something.")
]
RemoveOption = Annotated[
    int | None, typer.Option("--remove", min=1, help="Take the rule of this number away.", show_default=False)
]


class NoSuchRule(TellPerson):
    """What was asked for of the list of rules is not there, or not clear."""


def rules(
    connection: ConnectionOption = None,
    *,
    gives: GivesOption = None,
    named: NamedOption = "",
    space: SpaceOption = None,
    label: LabelOption = None,
    field: FieldOption = None,
    value: ValueOption = "",
    at: AtOption = None,
    preview: PreviewOption = False,
    remove: RemoveOption = None,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """List the rules of a connection, add one with --gives, or take one away with --remove.

    Without --space, --label or --field a rule looks at everything. Documents are filed anew from what is stored.
    """
    with told():
        settings = load_settings()
        folder = home or settings.home
        wanted = _wanted(gives, named, space or [], label or [], field, value)
        if remove is None and (wanted is None or preview):
            with open_reader(settings, folder=folder, clock=options.clock) as reader, reading(reader.engine) as db:
                before = chosen(reader.engine, connection)
                if wanted is not None:
                    number = len(would_file(db, before.id, before.rules, wanted, viewer=OPERATOR))
                    said = f"{counted(number, 'documents')} would get the {wanted.outcome}."
                    typer.echo(json.dumps({"documents": number}) if as_json else said)
                    return
                _show(before, numbers(db, before.id, viewer=OPERATOR), as_json=as_json)
                return
        with open_hub(settings, folder=folder, pid=os.getpid(), clock=options.clock) as hub:
            before = chosen(hub.engine, connection)
            after = _changed(hub, before, _list(before.rules, wanted, at, remove))
            with reading(hub.engine) as db:
                _show(after, numbers(db, after.id, viewer=OPERATOR), as_json=as_json)


def _wanted(
    gives: Drawer | None, named: str, space: list[str], label: list[str], field: str | None, value: str
) -> FilingRule | None:
    """The rule that the options describe; None without any. Raises BadRule and NoSuchRule."""
    looks = {On.SPACE: space, On.LABEL: label, On.FIELD: [] if field is None else [field]}
    given = [on for on, names in looks.items() if names]
    if gives is None:
        if given or named or value:
            raise NoSuchRule("What does the rule give? Say --gives tag, category, collection or owner.")
        return None
    if len(given) > 1:
        raise NoSuchRule("A rule looks at one thing: say --space, --label or --field, and make one rule for each.")
    on = given[0] if given else On.ALL
    facts = {"on": on, "drawer": gives, "names": looks.get(on, []), "value": value, "name": named}
    return filing.rule_of(facts)


def _list(
    rules: tuple[FilingRule, ...], wanted: FilingRule | None, at: int | None, remove: int | None
) -> tuple[FilingRule, ...]:
    """The list as it is to be. Raises BadRule and NoSuchRule."""
    if remove is not None:
        if remove > len(rules):
            raise NoSuchRule(f"There is no rule {remove}: list them with `mainstem rules`.")
        rules = filing.without_rule(rules, rules[remove - 1].number)
    return rules if wanted is None else filing.with_rule(rules, wanted, None if at is None else at - 1)


def _changed(hub: Hub, before: SavedConnection, rules: tuple[FilingRule, ...]) -> SavedConnection:
    from mainstem.accounts import connection_deeds  # noqa: PLC0415  only a change is written down

    with hub.engine.begin() as db:
        after = connection_deeds.change(db, None, before, replace(before, rules=rules), hub.clock())
    asyncio.run(hub.read_anew())
    return after


def _show(connection: SavedConnection, found: dict[tuple[Drawer, str, str], int], *, as_json: bool) -> None:
    listed = connection.rules
    documents = [found.get(rule.key, 0) for rule in listed]
    if as_json:
        facts = filing.facts_of(listed)
        told = [said | {"documents": number} for said, number in zip(facts, documents, strict=True)]
        typer.echo(json.dumps({"connection": connection.name, "rules": told}, ensure_ascii=False))
        return
    for place, (rule, number) in enumerate(zip(listed, documents, strict=True), start=1):
        typer.echo(f"{place:>3}  {rule.condition}: {rule.outcome} ({counted(number, 'documents')})")
    typer.echo("     Always: each label is a tag, and the space is the category where no rule gives one.")
