"""Where a question is looked for: picked beside it, kept in it as the operators of a search, and shown as words.

There is one way to narrow, that of search. Nothing is offered or counted that the member may not read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel
from pydantic import Field as Number
from sqlalchemy import Connection

from mainstem.index.query import Field
from mainstem.search.find import COUNTS, find
from mainstem.search.query import DOCUMENT, operators, parse, without, written
from mainstem.store.results import titles
from mainstem.store.targets import space_names
from mainstem.web.facets import FACETS, Facet, Picked, Value, facet, facets_of, folded
from mainstem.web.searching import Asked
from mainstem.wiki.audience import Viewer
from mainstem.wiring.reader import Reader

FIELDS: Final = (Field.SPACE, Field.KIND, Field.LABEL)
"""What can be picked; other operators stay words of the question."""

MOST: Final = 10
"""Values of one field, so that a question has room for words."""

GONE = "A page that you cannot open"


@dataclass(frozen=True, slots=True)
class Where:
    """What is picked: values of fields, and documents by their numbers."""

    picked: Picked
    documents: tuple[int, ...] = ()


class Picks(BaseModel):
    """What a form or an address picks."""

    space: list[str] = []
    type: list[str] = []
    label: list[str] = []
    document: list[Annotated[int, Number(ge=1, le=2**62)]] = []

    @property
    def where(self) -> Where:
        """It, no more than MOST of each."""
        ticked = zip(FIELDS, (self.space, self.type, self.label), strict=True)
        picked = dict.fromkeys(FACETS, ()) | {field: tuple(dict.fromkeys(values[:MOST])) for field, values in ticked}
        return Where(picked, tuple(dict.fromkeys(self.document[:MOST])))


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: what can be picked, and `chosen`, what is, in words; () is everywhere."""

    facets: tuple[Facet, ...]
    chosen: tuple[str, ...]


def taken_apart(question: str, now: datetime) -> tuple[str, Where]:
    """The words of a question, and what it picks."""
    picked: dict[Field, tuple[str, ...]] = dict.fromkeys(FACETS, ())
    documents: tuple[int, ...] = ()
    taken = []
    for one in operators(question, now):
        if one.name == DOCUMENT:
            documents = tuple(dict.fromkeys((*documents, *map(int, one.values))))
            taken.append(one)
            continue
        [found] = parse(question[one.start : one.end], now).filters or [None]
        if found is not None and found.field in FIELDS and not found.excluded:
            picked[found.field] = tuple(dict.fromkeys((*picked[found.field], *sorted(found.values))))
            taken.append(one)
    return without(question, taken), Where(picked, documents)


def put_together(words: str, where: Where) -> str:
    """A question of these words that picks this."""
    cleaned = {
        field: tuple(filter(None, (value.replace('"', "").strip() for value in where.picked[field])))
        for field in FIELDS
    }
    documents = f"{DOCUMENT}:{','.join(map(str, where.documents))}" if where.documents else ""
    return " ".join(filter(None, (documents, written(Asked("", cleaned).filters), words)))


def scope_of(db: Connection, reader: Reader, where: Where, *, viewer: Viewer) -> Scope:
    """What can be picked of all that the viewer may read, with what is."""
    picked = where.picked
    counts = find("", viewer=viewer, store=db, index=reader.index, now=reader.clock(), page=COUNTS).facets
    shown = {count.value for count in counts.get(Field.SPACE, ())} | {*picked[Field.SPACE]}
    names = space_names(db, shown, viewer=viewer)
    offered = facets_of(picked, {field: counts.get(field, ()) for field in FACETS}, names)
    some = [(field, values) for field, values in offered if field in FIELDS and values]
    facets = [*_documents(db, where, viewer=viewer), *(facet(field, values) for field, values in some)]
    chosen = [value.text for each in facets for value in (*each.first, *each.rest) if value.picked]
    return Scope(tuple(facets), tuple(chosen))


def _documents(db: Connection, where: Where, *, viewer: Viewer) -> list[Facet]:
    if not where.documents:
        return []
    known = titles(db, where.documents, viewer=viewer)
    values = [Value(str(each), known.get(each, GONE), int(each in known), picked=True) for each in where.documents]
    return [folded(DOCUMENT, "Page", values)]
