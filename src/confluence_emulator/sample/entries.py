"""Reads the sample's text files: what stands in them, and nothing about sites.

A file holds several entries:

    === Title
    under: Parent title          labels: a, b          kind: page (or blogpost, folder, whiteboard, database, embed)
    by: creator, editor ...      days: created changed (as days before today)          version: 3
    view: group:leadership user:ingrid          files: name.png, name.pdf          status: archived
    format: storage (where the body is written in storage format itself)
    (each on a line of its own; a blank line ends the header)
    the body, in the sample's notation
    ~~~
    - person 12: a comment of 12 days ago
      - person 11: an answer to it
    - person 9 on "words of the body" open: an inline comment

`{day:-30}`, `{iso:-30}`, `{month:-30}`, `{date:+14}`, `{quarter:-1}` and `{year:0}` are dates seen from today, never on
a weekend, so that the wiki is always as old as it was.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources.abc import Traversable

HEADER = re.compile(r"(?P<name>[a-z]+): *(?P<value>.*)")
COMMENT = re.compile(
    r'(?P<indent> *)- (?P<who>[a-z.]+) (?P<days>\d+)(?: on "(?P<selection>[^"]+)" (?P<state>\w+))?: (?P<text>.*)'
)
DATE = re.compile(r"\{(?P<form>day|iso|month|date|quarter|year):(?P<offset>[+-]?\d+)\}")


class EntryError(ValueError):
    """A text file of the sample is not written as it should be; names the title and the line."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; `selection` is what an inline one is about, `depth` counts the comments above the one it answers."""

    who: str
    days: int
    text: str
    depth: int = 0
    selection: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page, post or folder as it is written down. `created` and `changed` are days before today."""

    space_key: str
    title: str
    body: str
    kind: str
    under: str
    by: tuple[str, ...]
    created: int
    changed: int
    version: int
    labels: tuple[str, ...]
    view: tuple[str, ...]
    files: tuple[str, ...]
    status: str
    comments: tuple[Comment, ...]
    in_storage_format: bool = False


def workday(today: date, offset: int) -> date:
    """The day so many days from today, or the Friday before it when it falls on a weekend."""
    day = today + timedelta(days=offset)
    return day - timedelta(days=max(0, day.weekday() - 4))


def read(space_key: str, file: Traversable, today: date) -> Iterator[Entry]:
    """The entries of one file, in their order. Raises EntryError."""
    text = DATE.sub(lambda match: _written(match["form"], int(match["offset"]), today), file.read_text("utf-8"))
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        yield _entry(space_key, part)


def _written(form: str, offset: int, today: date) -> str:
    if form == "year":
        return str(today.year + offset)
    if form == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 + offset
        return f"Q{quarters % 4 + 1} {quarters // 4}"
    day = workday(today, offset)
    return {
        "day": f"{day.day} {day:%B %Y}",
        "iso": day.isoformat(),
        "month": f"{day:%B %Y}",
        "date": f"{{date:{day.isoformat()}}}",
    }[form]


def _entry(space_key: str, part: str) -> Entry:
    head, _, rest = part.partition("\n\n")
    title, *lines = head.strip().split("\n")
    body, _, comments = rest.partition("\n~~~\n")
    given = _header(title, lines)
    created, changed = (int(days) for days in (given.get("days") or "400 200").split())
    return Entry(
        space_key=space_key,
        title=title,
        body=body.strip("\n"),
        kind=given.get("kind", "page"),
        under=given.get("under", ""),
        by=_words(given.get("by", "mara")),
        created=created,
        changed=changed,
        version=int(given.get("version", "1")),
        labels=_words(given.get("labels", "")),
        view=tuple(given.get("view", "").split()),
        files=_words(given.get("files", "")),
        status=given.get("status", "current"),
        comments=tuple(_comment(title, line) for line in comments.split("\n") if line.strip()),
        in_storage_format=given.get("format") == "storage",
    )


def _header(title: str, lines: list[str]) -> dict[str, str]:
    given = {}
    for line in lines:
        match = HEADER.fullmatch(line)
        if not match:
            raise EntryError(f"{title}: {line!r} is no header")
        given[match["name"]] = match["value"]
    return given


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _comment(title: str, line: str) -> Comment:
    match = COMMENT.fullmatch(line)
    if not match:
        raise EntryError(f"{title}: {line!r} is no comment")
    depth = len(match["indent"]) // 2
    return Comment(
        match["who"], int(match["days"]), match["text"], depth, match["selection"] or "", match["state"] or ""
    )
