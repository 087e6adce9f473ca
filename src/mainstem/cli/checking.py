"""`mainstem test`: a connection is checked step by step, and what fails is explained down to its repair."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mainstem.cli import options, site
from mainstem.cli.choosing import chosen
from mainstem.cli.content import SpaceOption
from mainstem.cli.endings import Exit, told
from mainstem.cli.lines import hanging, paper
from mainstem.confluence import conformance
from mainstem.confluence.checks import CheckResult, State, run_checks
from mainstem.confluence.client import Count
from mainstem.confluence.credentials import Credential
from mainstem.confluence.opening import Line
from mainstem.convert.macros import MACROS
from mainstem.settings import Settings, load_settings
from mainstem.sync.connecting import credential_of
from mainstem.wiki.content import Deployment, Space
from mainstem.wiring.grants import keeper_of
from mainstem.wiring.home import Home
from mainstem.wiring.line import line_of
from mainstem.wiring.reader import open_reader
from mainstem.wiring.vault import vault_of


@dataclass(frozen=True, slots=True)
class Tested:
    """What to test. `keys` None: all spaces."""

    url: str
    credential: Credential
    deployment: Deployment | None
    keys: tuple[str, ...] | None


@site.with_site_options
def check(
    name: Annotated[
        str | None, typer.Argument(help="A connection. Default: the only one there is.", show_default=False)
    ] = None,
    *,
    given: site.Site,
    space: SpaceOption = None,
    report: Annotated[
        bool, typer.Option("--report", help="Print what the site shows of itself, anonymously, to be sent on.")
    ] = False,
    home: options.HomeOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Check a connection step by step. Nothing is written, in Confluence or here; exit code 2 when a check fails."""
    with told():
        settings = load_settings()
        given.refuse_without_url(name)
        if given.url is not None and name is not None:
            raise site.BadOptions(f"Both {name} and --url are given: test one of them at a time.")
        keys = tuple(space) if space else None
        if given.url is None:
            tested = _stored(name, keys, settings, Home(home or settings.home))
        else:
            tested = Tested(given.url, given.credential(settings), given.deployment, keys)
        if report:
            facts = asyncio.run(_report(tested, line_of(settings)))
            typer.echo(json.dumps(facts, indent=None if as_json else 2))
            raise typer.Exit(Exit.DONE if facts["passed"] else Exit.BAD_INPUT)
        console = None if as_json else paper()
        results = asyncio.run(_results(tested, line_of(settings), console))
        passed = all(result.state is not State.FAILED for result in results)
        if as_json:
            typer.echo(json.dumps({"passed": passed, "checks": [_plain(result) for result in results]}))
        if not passed:
            raise typer.Exit(Exit.BAD_INPUT)


def _stored(name: str | None, keys: tuple[str, ...] | None, settings: Settings, home: Home) -> Tested:
    vault = vault_of(settings.key, home.key)
    with open_reader(settings, folder=home.folder, clock=options.clock) as reader:
        connection = chosen(reader.engine, name)
    # Its tokens may be renewed while it is tested; an engine that was disposed of connects anew.
    keeper = keeper_of(settings, reader.engine, vault, line_of(settings), options.clock)
    credential = credential_of(connection, vault.open(connection.secret), keeper.grant)
    return Tested(connection.api_url, credential, connection.deployment, keys or connection.chosen_spaces)


async def _report(tested: Tested, line: Line) -> dict[str, Any]:
    facts = await conformance.report(
        tested.url, tested.credential, tested.keys, deployment=tested.deployment, line=line, known_macros=MACROS
    )
    return {"mainstem": version("mainstem")} | facts


async def _results(tested: Tested, line: Line, console: Console | None) -> list[CheckResult]:
    checks = run_checks(tested.url, tested.credential, tested.keys, deployment=tested.deployment, line=line)
    return [result async for result in _shown(checks, console)]


async def _shown(checks: AsyncIterator[CheckResult], console: Console | None) -> AsyncIterator[CheckResult]:
    """Hand each result on, once a person has seen it."""
    async for result in checks:
        if console is not None:
            show(result, console)
        yield result


_SIGNS = {
    State.OK: ("✓", "green"),
    State.WARNED: ("!", "yellow"),
    State.FAILED: ("✗", "bold red"),
    State.SKIPPED: ("-", "dim"),
}


def show(result: CheckResult, console: Console) -> None:
    """Print one check for a person, with what to do where it did not pass."""
    sign, style = _SIGNS[result.state]
    console.print(hanging(Text(f"{sign} {result.name:<19}", style=style), Text(result.detail)))
    if result.symptom:
        console.print(Padding(hanging(Text("Confluence shows:", style="dim"), Text(result.symptom)), (0, 0, 0, 4)))
    if result.causes:
        _list(console, "Possible causes, in the order to check", result.causes)
    if result.fixes:
        _list(console, "What to do", result.fixes)
        console.print()
    if result.counts:
        console.print(Padding(_by_space(result.counts), (0, 0, 0, 2)))


def _list(console: Console, title: str, texts: tuple[str, ...]) -> None:
    console.print(Padding(Text(title, style="bold"), (1, 0, 0, 4), expand=False))
    for number, text in enumerate(texts, start=1):
        console.print(Padding(hanging(Text(f"{number}."), Text(text)), (0, 0, 0, 4), expand=False))


def _by_space(counts: tuple[tuple[Space, Count], ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("space")
    table.add_column("name")
    table.add_column("pages and posts", justify="right")
    for space, count in counts:
        table.add_row(space.key, space.name, f"{'' if count.exact else 'about '}{count.number:,}")
    return table


def _plain(result: CheckResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "state": result.state,
        "detail": result.detail,
        "symptom": result.symptom,
        "causes": result.causes,
        "fixes": result.fixes,
        "field": result.field,
        "spaces": [
            {"key": space.key, "name": space.name, "pages": count.number, "exact": count.exact}
            for space, count in result.counts
        ],
    }
