"""A page of a connection as it is converted now and as it would be: what stands beside the form of a choice.

Only a page that the member who asks may read is shown, or named; a role opens none. Where there is none, an example of
our own stands in, and the page says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Final

from sqlalchemy import Connection

from mainstem.reading.preview import Look, Preview, example, preview
from mainstem.store.examples import Example, examples, examples_called
from mainstem.web import addresses
from mainstem.web.conversion import SentConversion
from mainstem.wiki.audience import Viewer
from mainstem.wiki.conversion import ConversionOptions

OFFERED: Final = 25
"""Pages that are offered to be looked at."""

COMPARED: Final = 3_000
"""Lines of Markdown that are compared; of longer ones none is marked."""

INVITATION: Final = "Change something above, and see here what becomes of a page."
UNREAD: Final = (
    "Nothing of this site has been read yet, so this is an example of ours. After the first sync, the connection's "
    "settings show the same on its own pages, those that you may read."
)
UNREADABLE: Final = (
    "This is an example of ours: here is no page that you may read. A role in the hub opens none; who each member is "
    "in Confluence is set under Members."
)
ABSENT: Final = "None of the pages that were looked through, and that you may read, holds what you changed."
UNCHANGED: Final = "Nothing changes on pages yet. This is how it is now."
SAME: Final = "Your choice changes nothing on this page."


@dataclass(frozen=True, slots=True)
class Side:
    """One look of the page: safe `html`, and its Markdown in lines, each with whether the other side has another."""

    name: str
    html: str
    lines: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """The preview. `href` leads to the page, "" for our example; one side alone where both are the same, none at first.

    `offered` are pages to choose from, `picked` the id of one that was, "" for none, `called` what was searched for.
    """

    title: str = ""
    href: str = ""
    notes: tuple[str, ...] = (INVITATION,)
    sides: tuple[Side, ...] = ()
    offered: tuple[Example, ...] = ()
    picked: str = ""
    called: str = ""


NOTHING_YET: Final = Shown()


def offering(db: Connection, connection_id: int, *, viewer: Viewer) -> Shown:
    """No page as yet, but some to choose from."""
    offered = examples(db, connection_id, names=(), markup=(), viewer=viewer, limit=OFFERED)
    return Shown(offered=offered)


def shown(
    db: Connection,
    connection_id: int,
    choice: tuple[ConversionOptions, ConversionOptions],
    sent: SentConversion,
    *,
    viewer: Viewer,
    now: datetime,
) -> Shown:
    """A page of the connection by the choice of before and that of now."""
    names, markup = _changes(*choice)
    fitting = examples(db, connection_id, names=names, markup=markup, viewer=viewer, limit=OFFERED)
    called = sent.called.strip()
    offered = (
        examples_called(db, connection_id, called, viewer=viewer, limit=OFFERED) if called or not fitting else fitting
    )
    wanted = [int(sent.example)] if re.fullmatch(r"[0-9]{1,18}", sent.example) else []
    for id_ in (*wanted, *(each.document_id for each in offered[:1])):
        page = (connection_id, id_)
        found = preview(db, page, choice, viewer=viewer, addresses=addresses.Ours(), now=now)
        if found is not None:
            lacking = (ABSENT,) if (names or markup) and not fitting else ()
            picked = sent.example if [id_] == wanted else ""
            return Shown(
                found.title,
                addresses.document(id_),
                (*lacking, *_notes(choice, found)),
                _sides(found),
                offered=offered,
                picked=picked,
                called=called,
            )
    return shown_example(choice, UNREADABLE)


def shown_example(choice: tuple[ConversionOptions, ConversionOptions], why: str) -> Shown:
    """Our own example by both choices; `why` says why it is not one of theirs."""
    found = example(choice)
    return Shown(found.title, "", (why, *_notes(choice, found)), _sides(found))


def _changes(before: ConversionOptions, after: ConversionOptions) -> tuple[set[str], tuple[str, ...]]:
    """The macros that a choice treats otherwise, and the markup of whatever else it does."""
    names = {name for name, _ in {*before.macros} ^ {*after.macros}}
    changed = (("<table", before.tables != after.tables), ("<ac:image", before.images != after.images))
    return names, tuple(word for word, other in changed if other)


def _notes(choice: tuple[ConversionOptions, ConversionOptions], found: Preview) -> Iterator[str]:
    if choice[0].digest == choice[1].digest:
        yield UNCHANGED
    elif found.looks[0] == found.looks[1]:
        yield SAME


def _sides(found: Preview) -> tuple[Side, ...]:
    before, after = found.looks
    if before == after:
        return (_side("Now", before, set()),)
    old, new = _others(before.markdown.splitlines(), after.markdown.splitlines())
    return _side("Now", before, old), _side("With your choice", after, new)


def _side(name: str, look: Look, marked: set[int]) -> Side:
    return Side(name, look.html, tuple((line, at in marked) for at, line in enumerate(look.markdown.splitlines())))


def _others(before: list[str], after: list[str]) -> tuple[set[int], set[int]]:
    """The lines of either that the other has not."""
    if max(len(before), len(after)) > COMPARED:
        return set(), set()
    steps = SequenceMatcher(None, before, after).get_opcodes()
    changed = [step for step in steps if step[0] != "equal"]
    old = {at for _, start, end, _, _ in changed for at in range(start, end)}
    return old, {at for *_, start, end in changed for at in range(start, end)}
