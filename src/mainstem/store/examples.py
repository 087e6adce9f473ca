"""Documents that show best what a choice of conversion does: pages and posts that hold the most of what it is about."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, distinct, func, select

from mainstem.store.tables import bodies, documents, macros, spaces
from mainstem.store.visibility import readable_among_all, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind

NEWEST: Final = 300
"""So many bodies are looked through for words of markup, the last changed first."""

_KINDS: Final = (Kind.PAGE, Kind.BLOGPOST)


@dataclass(frozen=True, slots=True)
class Example:
    """A document by our id; `space_key` is "" when unknown."""

    document_id: int
    title: str
    space_key: str


def examples(
    db: Connection, connection_id: int, *, names: Collection[str], markup: Collection[str], viewer: Viewer, limit: int
) -> tuple[Example, ...]:
    """What this viewer can read and that holds the most kinds of these macros and words of markup, the best first.

    `names` are macros in small letters; where nothing is asked for, all macros count.
    """
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    some = [_with_macros(db, connection_id, names, viewer, limit)] if names or not markup else []
    some += [_with_markup(db, connection_id, word, viewer, limit) for word in markup]
    for document_id, kinds, amount in (row for rows in some for row in rows):
        before = found[document_id]
        found[document_id] = before[0] + kinds, before[1] + amount
    best = sorted(found, key=lambda id_: (found[id_], -id_), reverse=True)[:limit]
    named = _named(db, viewer, documents.c.id.in_(best), limit=limit)
    return tuple(sorted(named, key=lambda each: best.index(each.document_id)))


def examples_called(
    db: Connection, connection_id: int, words: str, *, viewer: Viewer, limit: int
) -> tuple[Example, ...]:
    """What this viewer can read and has these words in its title, the last changed first."""
    here = documents.c.connection_id == connection_id
    called = documents.c.title.icontains(words, autoescape=True)
    return _named(db, viewer, here, called, limit=limit)


def _with_macros(
    db: Connection, connection_id: int, names: Collection[str], viewer: Viewer, limit: int
) -> Iterator[tuple[int, int, int]]:
    kinds, uses = func.count(distinct(macros.c.name)), func.sum(macros.c.uses)
    statement = (
        select(documents.c.id, kinds, uses)
        .join_from(macros, documents)
        .where(*_here(connection_id, viewer), macros.c.name.in_(names) if names else macros.c.name.is_not(None))
        .group_by(documents.c.id)
        .order_by(kinds.desc(), uses.desc(), documents.c.id)
        .limit(limit)
    )
    return (tuple(row) for row in db.execute(statement, seen_by(viewer)))


def _with_markup(
    db: Connection, connection_id: int, word: str, viewer: Viewer, limit: int
) -> Iterator[tuple[int, int, int]]:
    newest = (
        select(documents.c.id)
        .where(*_here(connection_id, viewer))
        .order_by(documents.c.modified_at.desc(), documents.c.id)
        .limit(NEWEST)
        .subquery()
    )
    length = func.length
    times = (length(bodies.c.source) - length(func.replace(bodies.c.source, word, ""))) / len(word)
    statement = select(newest.c.id, times).join(bodies, bodies.c.document_id == newest.c.id)
    rows = db.execute(statement.where(times > 0).order_by(times.desc()).limit(limit), seen_by(viewer))
    return ((id_, 1, int(amount)) for id_, amount in rows)


def _here(connection_id: int, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return documents.c.connection_id == connection_id, documents.c.kind.in_(_KINDS), readable_among_all(viewer)


def _named(db: Connection, viewer: Viewer, *chosen: ColumnElement[bool], limit: int) -> tuple[Example, ...]:
    space = (spaces.c.connection_id == documents.c.connection_id) & (spaces.c.source_id == documents.c.space_id)
    statement = (
        select(documents.c.id, documents.c.title, func.coalesce(spaces.c.key, ""))
        .select_from(documents.outerjoin(spaces, space))
        .where(*chosen, documents.c.kind.in_(_KINDS), readable_among_all(viewer))
        .order_by(documents.c.modified_at.desc(), documents.c.id)
        .limit(limit)
    )
    return tuple(Example(*row) for row in db.execute(statement, seen_by(viewer)))
