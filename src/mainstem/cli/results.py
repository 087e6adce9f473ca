"""Search results as a person reads them on a terminal: title, passage with what was found, whose, where."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from mainstem.cli.amounts import counted
from mainstem.search.find import Result, Results
from mainstem.search.highlight import Mark

FOUND = "bold yellow"


def heading(results: Results) -> Text:
    """How many there are, and how many of them are shown."""
    said = Text(counted(results.total, "documents"), style="bold")
    if results.total > len(results.results):
        said.append(f", the best {len(results.results):,}", style="dim")
    if results.relaxed:
        said.append(", with some of the words", style="dim")
    return said


def card(result: Result, number: int) -> RenderableType:
    """One result in full, with its address."""
    title = Text(f"{number:>2}  ", style="dim") + _marked(result.title, result.title_marks, "bold")
    parts: list[RenderableType] = [title]
    about = [result.kind.value, result.space, result.author, _day(result), ", ".join(result.labels)]
    parts.append(_indented(Text(" · ".join(part for part in about if part), style="dim")))
    if result.heading_path:
        parts.append(_indented(Text(" > ".join(result.heading_path), style="italic")))
    if result.passage.text:
        parts.append(_indented(passage(result)))
    parts.append(_indented(Text(result.url, style="blue")))
    return Group(*parts)


def passage(result: Result) -> Text:
    """The passage in one flow, with what was found in it marked."""
    # One sign for one sign, so that the marks stay where they are.
    flowing = result.passage.text.replace("\n", " ").replace("\t", " ")
    return _marked(flowing, result.passage.marks, "")


def rows(results: Sequence[Result]) -> Iterator[tuple[Text, Text]]:
    """Title and space of each result, for a narrow list."""
    for result in results:
        yield _marked(result.title, result.title_marks, ""), Text(result.space, style="dim")


def _day(result: Result) -> str:
    return f"{result.updated_at:%Y-%m-%d}" if result.updated_at else ""


def _indented(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 4))


def _marked(text: str, marks: tuple[Mark, ...], style: str) -> Text:
    shown = Text(text, style=style)
    for mark in marks:
        shown.stylize(FOUND, *mark)
    return shown
