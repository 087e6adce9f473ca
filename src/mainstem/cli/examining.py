"""`mainstem doctor`: checks the home and says what to repair."""

import json

import typer
from rich.console import Console
from rich.text import Text

from mainstem.cli import options
from mainstem.cli.endings import Exit, told
from mainstem.cli.lines import hanging, paper
from mainstem.settings import load_settings
from mainstem.wiring.examination import Finding, State, examine

_STYLES = {State.OK: "green", State.WARN: "yellow", State.FAIL: "bold red"}


def doctor(home: options.HomeOption = None, as_json: options.JsonOption = False) -> None:
    """Check a home: its folder, database, key, index and last syncs. Exit code 3 when something must be repaired."""
    with told():
        settings = load_settings()
        console = None if as_json else paper()
        found = []
        for finding in examine(settings, home or settings.home):
            found.append(finding)
            if console is not None:
                show(finding, console)
        well = all(finding.state is not State.FAIL for finding in found)
        if as_json:
            typer.echo(json.dumps({"well": well, "findings": [_plain(finding) for finding in found]}))
        if not well:
            raise typer.Exit(Exit.INCOMPLETE)


def show(finding: Finding, console: Console) -> None:
    """Print one finding for a person, with the next step where there is one."""
    said = Text(f"{finding.detail}.")
    if finding.repair:
        said.append(f" {finding.repair}", style="bold")
    console.print(hanging(Text(f"{finding.state:<5}{finding.name:<9}", style=_STYLES[finding.state]), said))


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "name": finding.name,
        "state": finding.state,
        "detail": finding.detail,
        "repair": finding.repair,
    }
