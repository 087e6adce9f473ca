"""Shapes of lines that several commands print."""

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text


def hanging(first: Text, text: Text) -> RenderableType:
    """Two columns, the second of which wraps below its own beginning."""
    line = Table.grid(padding=(0, 1))
    line.add_column(no_wrap=True)
    line.add_column()
    line.add_row(first, text)
    return line


def rule(title: str) -> RenderableType:
    """A line across that opens a part of a longer output."""
    return Rule(Text(title, style="bold"), align="left", style="dim")
