"""What several commands print on and with."""

from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

READABLE = 100
"""Columns: longer lines of text are harder to read."""


def paper(*, at_most: int = READABLE, stderr: bool = False) -> Console:
    """Where results go: as wide as the terminal, but not wider than people read with ease."""
    console = Console(highlight=False, stderr=stderr)
    console.width = min(console.width, at_most)
    return console


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
