"""Search results as a person reads them on a terminal: title, passage with what was found, whose, where."""

import re

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from mainstem.cli.amounts import counted
from mainstem.search.find import Result, Results
from mainstem.search.highlight import Mark

FOUND = "bold yellow"

TASK = re.compile(r"^\[([ x])\]", re.MULTILINE)
BLANKS = re.compile(r"\s+")
HALF_SIGN = re.compile(r"\A…[^\w…]+")


def heading(results: Results) -> Text:
    """How many there are, and how many of them are shown."""
    said = Text(counted(results.total, "documents"), style="bold")
    if results.total > len(results.results):
        said.append(f", the best {len(results.results):,}", style="dim")
    if results.relaxed:
        said.append(", with some of the words", style="dim")
    return said


def card(result: Result, number: int) -> RenderableType:
    """One result, all but its address, which must stay in one piece."""
    title = Text(f"{number:>2}  ", style="dim") + marked(result.title, result.title_marks, "bold")
    parts: list[RenderableType] = [title]
    about = [result.kind.value, result.space, result.author, _day(result), ", ".join(result.tags)]
    parts.append(_indented(Text(" · ".join(part for part in about if part), style="dim")))
    if result.heading_path:
        parts.append(_indented(Text(" > ".join(result.heading_path), style="italic")))
    if result.passage.text:
        parts.append(_indented(marked(result.passage.text, result.passage.marks)))
    return Group(*parts)


def marked(text: str, marks: tuple[Mark, ...], style: str = "") -> Text:
    """A text in one flow, with what was found in it highlighted."""
    shown = Text(style=style)
    at = 0
    for start, end in marks:
        shown.append(_flowing(text[at:start]))
        shown.append(_flowing(text[start:end]), FOUND)
        at = end
    return shown.append(_flowing(text[at:]))


def _flowing(text: str) -> str:
    boxed = TASK.sub(lambda task: "☐" if task[1] == " " else "☑", text)
    return BLANKS.sub(" ", HALF_SIGN.sub("…", boxed))


def _day(result: Result) -> str:
    return f"{result.updated_at:%Y-%m-%d}" if result.updated_at else ""


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 4), expand=False)
