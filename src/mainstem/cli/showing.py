"""The demo's show: one search, seen by three people beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mainstem.cli.lines import rule
from mainstem.cli.results import heading, marked
from mainstem.search.find import Results
from mainstem.search.highlight import excerpt

SNIPPET = 110
"""Letters of a passage in a narrow panel."""

WIDE = 100
"""Columns of a terminal that has room for three panels beside each other."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Somebody who searches, and what they found. `role` is a few words about them."""

    name: str
    role: str
    found: Results


def show_search(query: str, everybody: Sequence[Eyes], remark: str, console: Console) -> None:
    """Print who finds what with a query."""
    console.print()
    console.print(rule(f"search: {query}"))
    panels = [_panel(eyes) for eyes in everybody]
    if console.width >= WIDE:
        grid = Table.grid(expand=True, padding=(0, 1, 0, 0))
        for _ in panels:
            grid.add_column(ratio=1)
        grid.add_row(*panels)
        console.print(grid)
    else:
        console.print(Group(*panels))
    console.print(Text(remark, style="italic"))


def _panel(eyes: Eyes) -> RenderableType:
    lines: list[RenderableType] = [heading(eyes.found) if eyes.found.total else Text("nothing", style="bold red")]
    for result in eyes.found.results:
        short = excerpt(result.passage.text, result.passage.marks, SNIPPET)
        title = marked(result.title, result.title_marks, "bold") + Text(f"  {result.space}", style="dim")
        lines += [Text(), title, *([marked(short.text, short.marks)] if short.text else [])]
    return Panel(
        Group(*lines),
        title=Text(eyes.name, style="bold"),
        subtitle=Text(eyes.role, style="dim"),
        border_style="green" if eyes.found.total else "red",
    )
