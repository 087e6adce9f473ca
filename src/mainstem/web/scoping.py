"""Where a question is looked for: picked beside it, kept in it as the operators of a search, and shown as words.

There is one way to narrow, that of search. Nothing is offered or counted that the member may not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from mainstem.index.query import Field
from mainstem.search.find import COUNTS, find
from mainstem.search.query import operators, parse, without, written
from mainstem.store.targets import space_names
from mainstem.web.facets import FACETS, Facet, Picked, facet, facets_of
from mainstem.web.searching import Asked
from mainstem.wiki.audience import Viewer
from mainstem.wiring.reader import Reader

FIELDS: Final = (Field.SPACE, Field.KIND, Field.LABEL)
"""What can be picked; other operators stay words of the question."""

MOST: Final = 10
"""Values of one field, so that a question has room for words."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: what can be picked, and `chosen`, what is, in words; () is everywhere."""

    facets: tuple[Facet, ...]
    chosen: tuple[str, ...]


def taken_apart(question: str, now: datetime) -> tuple[str, Picked]:
    """The words of a question, and what it picks."""
    picked: dict[Field, tuple[str, ...]] = dict.fromkeys(FACETS, ())
    taken = []
    for one in operators(question, now):
        [found] = parse(question[one.start : one.end], now).filters or [None]
        if found is not None and found.field in FIELDS and not found.excluded:
            picked[found.field] = tuple(dict.fromkeys((*picked[found.field], *sorted(found.values))))
            taken.append(one)
    return without(question, taken), picked


def put_together(words: str, picked: Mapping[Field, tuple[str, ...]]) -> str:
    """A question of these words that picks this."""
    cleaned = {
        field: tuple(filter(None, (value.replace('"', "").strip() for value in picked[field]))) for field in FIELDS
    }
    return f"{written(Asked('', cleaned).filters)} {words}".strip()


def scope_of(db: Connection, reader: Reader, picked: Picked, *, viewer: Viewer) -> Scope:
    """What can be picked of all that the viewer may read, with what is."""
    counts = find("", viewer=viewer, store=db, index=reader.index, now=reader.clock(), page=COUNTS).facets
    shown = {count.value for count in counts.get(Field.SPACE, ())} | {*picked[Field.SPACE]}
    names = space_names(db, shown, viewer=viewer)
    offered = facets_of(picked, {field: counts.get(field, ()) for field in FACETS}, names)
    some = [(field, values) for field, values in offered if field in FIELDS and values]
    chosen = [value.text for _, values in some for value in values if value.picked]
    return Scope(tuple(facet(field, values) for field, values in some), tuple(chosen))


def picked_from(space: list[str], kind: list[str], label: list[str], most: int) -> Picked:
    """What a form or an address picks, no more than so many of each."""
    ticked = zip(FIELDS, (space, kind, label), strict=True)
    return dict.fromkeys(FACETS, ()) | {field: tuple(dict.fromkeys(values[:most])) for field, values in ticked}
