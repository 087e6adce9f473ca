"""The tables of the benchmark, as Markdown: totals, kinds of structure, and construct by construct."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.fidelity.constructs import Construct
from bench.fidelity.score import Score, total

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "fidelity.md"
KINDS = {
    "cells": "value under its header",
    "nested": "item in its item",
    "siblings": "items of one list",
    "numbered": "number of an item",
    "code": "code to the letter",
    "links": "link target",
    "images": "picture",
    "headings": "heading level",
    "tasks": "task state",
    "styled": "style",
    "once": "said once",
    "apart": "line of its own",
}

HEAD = """\
# Fidelity

{constructs} small pages of Confluence, each with what its readers see marked as **facts** ({facts}), what no
reader sees as **junk** ({junk}), and what must keep its place as **structure** ({checks}). Each converter's
output is rendered as Markdown (as plain text where it gives that) and searched; the scorer knows no converter.
Measured {day}.

- **Read** tells what a converter is given, as in real life: *storage* is the body as it is stored; *rendered*
  is the page as Confluence's server renders it for one account, macros computed, names of people and titles of
  pages filled in. We wrote those ourselves after what the server does; where we were not sure, they show more
  rather than less. A page asked for rendered costs the server more, and bakes in what that one account may read
  of other pages.
- LangChain's loader reads storage unless it is told otherwise, in its text mode and in its Markdown mode;
  confluence-markdown-exporter runs whole, fetching from a small server of these pages; the others are libraries
  that are handed HTML, here both ways.
- Ours reads storage, and asks for names and titles when somebody reads, as the hub does.
- **Broken**: the letters are there, but words are torn apart or stuck together, or stand in stray markup.
- The pages are ours, and our converter was mended where it failed on them; the others never saw them. Whoever
  finds a page or a reading unfair can show it with a few lines of data.

Every page is in `bench/fidelity/constructs`; `.venv/bin/python -m bench.fidelity --publish` runs all of it and
writes this page.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One converter: its name, its distribution with the version, what it read, and its score of each construct."""

    name: str
    version: str
    reads: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Converters of one format beside each other; the first column is ours."""

    reads: str
    asked: Sequence[Construct]
    columns: Sequence[Column]


def published(tables: Sequence[Table], day: date) -> str:
    """The whole page."""
    ours = total(one for table in tables for one in table.columns[0].scores)
    head = HEAD.format(
        constructs=sum(len(table.asked) for table in tables),
        facts=ours.facts,
        junk=ours.junk,
        checks=len(ours.checks),
        day=day.isoformat(),
    )
    return "\n".join([head, *(line for table in tables for line in _section(table))])


def _section(table: Table) -> Iterator[str]:
    yield from (f"## {'ADF' if table.reads == 'ADF' else 'Storage format'}: {len(table.asked)} pages", "")
    yield from _totals(table.columns)
    yield from ("", "What kept its place, by kind:", "")
    yield from _kinds(table.columns)
    yield from ("", "Page by page: facts kept, `+` junk leaked, `/` structure held; ✓ is all of it.", "")
    yield from _each(table.asked, table.columns)
    yield ""


def _totals(columns: Sequence[Column]) -> Iterator[str]:
    yield from _header(
        "converter", "read", "facts kept", "broken", "lost", "junk leaked", "structure held", "pages faultless"
    )
    for column in columns:
        sum_ = total(column.scores)
        faultless = sum(score.faultless for score in column.scores)
        yield _row(
            column.name if not column.version else f"{column.name} ({column.version})",
            column.reads,
            f"{sum_.kept} of {sum_.facts} ({sum_.kept / sum_.facts:.0%})",
            str(len(sum_.broken)),
            str(len(sum_.lost)),
            f"{len(sum_.leaked)} of {sum_.junk}",
            f"{sum_.held} of {len(sum_.checks)}",
            f"{faultless} of {len(column.scores)}",
        )


def _kinds(columns: Sequence[Column]) -> Iterator[str]:
    sums = [total(column.scores).by_kind() for column in columns]
    yield from _header("kind", *(column.name for column in columns))
    for kind, called in KINDS.items():
        if kind in sums[0]:
            yield _row(called, *("{} of {}".format(*each[kind]) for each in sums))


def _each(asked: Sequence[Construct], columns: Sequence[Column]) -> Iterator[str]:
    yield from _header("construct", *(column.name for column in columns))
    for number, construct in enumerate(asked):
        yield _row(f"{construct.group}: {construct.about}", *(_told(column.scores[number]) for column in columns))


def _told(score: Score) -> str:
    if score.faultless:
        return "✓"
    junk = f" +{len(score.leaked)}" if score.leaked else ""
    structure = f" / {score.held} of {len(score.checks)}" if score.displaced else ""
    return "failed" if score.failed else f"{score.kept} of {score.facts}{junk}{structure}"


def _header(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*["---"] * len(names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
