"""The options that every command has, and what enters at the edge: the clock."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The folder of the hub. Default: MAINSTEM_HOME, else ~/.mainstem.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def clock() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)  # noqa: TID251 - the edge where the clock enters
