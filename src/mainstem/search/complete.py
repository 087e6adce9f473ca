"""How an operator that somebody types may go on: its name, and then its values, with what they would leave.

Values are those of documents that this viewer may read and that fit what stands before.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from mainstem.index.passage_index import Count, PassageIndex
from mainstem.index.query import Field
from mainstem.search.find import COUNTS, Results, find
from mainstem.search.properties import OPERATOR, name_written, quoted
from mainstem.search.query import OPERATORS
from mainstem.store.targets import space_names
from mainstem.wiki.audience import Viewer

UPDATED: Final = "updated"
NAMES: Final = (
    *("space", "tag", "label", "category", "collection", "owner", "author", "type", "source"),
    OPERATOR,
    UPDATED,
)
SPANS: Final = ("<7d", "<30d", "<1y", ">1y")
SHORTEST: Final = 2
"""Letters of a word that may become the name of an operator."""

_WORD: Final = re.compile(r"(?P<before>(?:.*\s)?-?)(?P<word>[A-Za-z]+)", re.DOTALL)
_OPERATOR: Final = re.compile(
    r"""(?P<before>(?:.*\s)?-?) (?P<name>[A-Za-z]+): (?: "(?P<quoted>[^"]*) | (?P<plain>[^\s":,]*) )""",
    re.DOTALL | re.VERBOSE,
)
_PROPERTY: Final = re.compile(
    r"""(?P<before>(?:.*\s)?-?) (?i:property): (?P<name>"[^"]*"?|[^\s"=<>]*)
    (?: (?P<sign>=) (?: "(?P<quoted>[^"]*) | (?P<plain>[^\s",]*) ) )?""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to go on. `text` takes the place of what was typed; `name` is the operator, `value` "" for it alone.

    `title` is what a space is called, else the value; `documents` None where nothing was counted.
    """

    text: str
    name: str
    value: str = ""
    title: str = ""
    documents: int | None = None


def complete(
    text: str, *, viewer: Viewer, store: Connection, index: PassageIndex, now: datetime, limit: int = 8
) -> tuple[Choice, ...]:
    """How the end of a text may go on as an operator; nothing where it is none."""

    def counted(before: str) -> Results:
        return find(before, viewer=viewer, store=store, index=index, now=now, page=COUNTS)

    if asked := _PROPERTY.fullmatch(text):
        return _of_property(asked, counted, limit)
    last = _OPERATOR.fullmatch(text)
    if last is None:
        word = _WORD.fullmatch(text)
        return _named(word["before"], word["word"].lower()) if word else ()
    name, typed = last["name"].lower(), (last["quoted"] or last["plain"] or "").casefold()
    start = f"{last['before']}{name}:"
    if name == UPDATED:
        return tuple(Choice(f"{start}{span} ", name, span, span) for span in SPANS if span.startswith(typed))
    field = OPERATORS.get(name)
    if field is None:
        return ()
    found = counted(last["before"].rstrip("-")).facets.get(field, ())
    titles = space_names(store, [each.value for each in found], viewer=viewer) if field is Field.SPACE else {}
    fitting = [each for each in found if _fits(each, titles, typed)]
    return tuple(
        Choice(f"{start}{quoted(each.value)} ", name, each.value, titles.get(each.value, each.value), each.documents)
        for each in fitting[:limit]
    )


def _of_property(asked: re.Match[str], counted: Callable[[str], Results], limit: int) -> tuple[Choice, ...]:
    """The names of properties or, behind a name and a sign, the values of one."""
    before, name = asked["before"], asked["name"].strip('"')
    start = f"{before}{OPERATOR}:"
    if asked["sign"]:
        start += f"{name_written(name)}="
        typed = (asked["quoted"] or asked["plain"] or "").casefold()
        having = counted(f"{before.rstrip('-')} {OPERATOR}:{name_written(name)}") if name else None
        found = () if having is None else having.values.get(name, ())
        texts = [(each, f"{start}{quoted(each.value)} ") for each in found if _fits(each, {}, typed)]
    else:
        found = counted(before.rstrip("-")).facets.get(Field.PROPERTY, ())
        fitting = (each for each in found if _fits(each, {}, name.casefold()))
        texts = [(each, f"{start}{name_written(each.value)}=") for each in fitting]
    return tuple(Choice(text, OPERATOR, each.value, each.value, each.documents) for each, text in texts[:limit])


def _named(before: str, word: str) -> tuple[Choice, ...]:
    if len(word) < SHORTEST:
        return ()
    return tuple(Choice(f"{before}{name}:", name) for name in NAMES if name.startswith(word))


def _fits(count: Count, titles: dict[str, str], typed: str) -> bool:
    """Whether the value, its title, or a later word of either begins with what was typed."""
    words = f"{count.value} {titles.get(count.value, '')}".casefold()
    return words.startswith(typed) or f" {typed}" in words
