"""`mainstem convert`: one body, from a file or standard input, as Markdown, HTML, text or the tree itself.

Links stay as the source says them: nothing is looked up.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mainstem import convert as converter
from mainstem.cli import site
from mainstem.cli.amounts import counted
from mainstem.cli.endings import told
from mainstem.cli.forms import Forms
from mainstem.cli.options import JsonOption
from mainstem.errors import TellPerson
from mainstem.wiki.conversion import ConversionOptions
from mainstem.wiki.documents import BodyFormat
from mainstem.wiki.macros import WHY, MacroUse, Treatment

STANDARD_INPUT = Path("-")


class Source(StrEnum):
    """What a body is written in."""

    STORAGE = "storage"
    ADF = "adf"


class Target(StrEnum):
    """What it can become."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    JSON = "json"


_FORMATS = {Source.STORAGE: BodyFormat.STORAGE, Source.ADF: BodyFormat.ADF}
_EMITTERS: dict[Target, Callable[[converter.nodes.Document], str]] = {
    Target.MARKDOWN: converter.to_markdown,
    Target.HTML: converter.to_html,
    Target.TEXT: converter.to_text,
    Target.JSON: converter.to_json,
}


class Unreadable(TellPerson):
    """The body cannot be read."""


@site.with_site_options
def convert(
    file: Annotated[Path, typer.Argument(help="A file with the body of a page, or - for standard input.")],
    source: Annotated[
        Source | None, typer.Option("--from", help="What it is written in; without it, as it looks.")
    ] = None,
    target: Annotated[Target, typer.Option("--to", help="What it becomes.")] = Target.MARKDOWN,
    *,
    forms: Forms,
    report: Annotated[
        bool, typer.Option("--report", help="Say beside it which macros were simplified, and why.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn the body of one page into Markdown, safe HTML, plain text, or its document tree."""
    with told():
        source, document = _parsed(file, source, forms.options)
        made = _EMITTERS[target](document)
        if as_json:
            content = json.loads(made) if target is Target.JSON else made
            macros = {"macros": [_described(use) for use in document.macros]} if report else {}
            made = json.dumps({"from": source, "to": target, "content": content} | macros, ensure_ascii=False)
        typer.echo(made, nl=not made.endswith("\n"))
        if report and not as_json:
            for line in _told(document.macros):
                typer.echo(line, err=True)


def _parsed(file: Path, source: Source | None, options: ConversionOptions) -> tuple[Source, converter.nodes.Document]:
    """The tree of a body, which itself is let go before the tree is written: either may be large."""
    body = _read(file)
    source = source or _seen(body)
    return source, converter.parse(body, _FORMATS[source], options)


def _seen(body: str) -> Source:
    return Source.ADF if converter.format_of(body) is BodyFormat.ADF else Source.STORAGE


def _told(uses: Sequence[MacroUse]) -> Iterator[str]:
    """The report in words: how many macros came out how, and of each that is not as it was, why."""
    counts = Counter[Treatment]()
    for use in uses:
        counts[use.treatment] += use.uses
    yield f"{counted(counts.total(), 'macros')}: " + ", ".join(f"{counts[each]} {each}" for each in Treatment)
    for use in uses:
        if use.reason is not None:
            times = f" ({use.uses} times)" if use.uses > 1 else ""
            yield f"{use.treatment}: {use.name}{times}. {WHY[use.reason]}"


def _described(use: MacroUse) -> dict[str, Any]:
    why = "" if use.reason is None else WHY[use.reason]
    return {"macro": use.name, "uses": use.uses, "treatment": use.treatment, "reason": use.reason, "why": why}


def _read(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"Cannot read {file} ({error.strerror}): check the path and its rights.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not text in UTF-8: save it as UTF-8, or give another file.") from None
