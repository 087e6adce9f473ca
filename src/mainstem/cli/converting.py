"""`mainstem convert`: one body, from a file or standard input, as Markdown, HTML, text or the tree itself.

Links stay as the source says them: nothing is looked up.
"""

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mainstem import convert as converter
from mainstem.cli.endings import told
from mainstem.cli.options import JsonOption
from mainstem.errors import TellPerson
from mainstem.wiki.documents import BodyFormat

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


class NotYet(TellPerson):
    """A conversion that Mainstem does not have yet."""


def convert(
    file: Annotated[Path, typer.Argument(help="A file with the body of a page, or - for standard input.")],
    source: Annotated[
        Source | None, typer.Option("--from", help="What it is written in; without it, as it looks.")
    ] = None,
    target: Annotated[Target, typer.Option("--to", help="What it becomes.")] = Target.MARKDOWN,
    report: Annotated[bool, typer.Option("--report", help="Say what was simplified, and where.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn the body of one page into Markdown, safe HTML, plain text, or its document tree."""
    with told():
        _refuse_missing(report)
        body = _read(file)
        source = source or _seen(body)
        document = converter.parse(body, _FORMATS[source])
        made = _EMITTERS[target](document)
        if as_json:
            content = json.loads(made) if target is Target.JSON else made
            made = json.dumps({"from": source, "to": target, "content": content}, ensure_ascii=False)
        typer.echo(made, nl=not made.endswith("\n"))


def _seen(body: str) -> Source:
    return Source.ADF if converter.format_of(body) is BodyFormat.ADF else Source.STORAGE


def _refuse_missing(report: bool) -> None:
    if report:
        raise NotYet("There is no report on losses yet: leave --report out, and look for placeholders in the result.")


def _read(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"Cannot read {file} ({error.strerror}): check the path and its rights.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{file} is not text in UTF-8: save it as UTF-8, or give another file.") from None
