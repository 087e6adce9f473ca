"""What hangs on documents, many at once: labels, passages and page properties, and the names around them.

For the store's own modules, after they have chosen which documents a viewer may read or the index must hold.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, select

from mainstem.store.tables import connections, documents, filings, labels, passages, people, properties, spaces
from mainstem.store.upsert import chunks
from mainstem.wiki.documents import Passage
from mainstem.wiki.filing import NOT_FILED, Drawer, Filed, Filing, Origin, filed
from mainstem.wiki.properties import PageProperty, PropertyType

authors = people.alias("authors")


described = (
    documents.join(connections, connections.c.id == documents.c.connection_id)
    .outerjoin(
        spaces, and_(spaces.c.connection_id == documents.c.connection_id, spaces.c.source_id == documents.c.space_id)
    )
    .outerjoin(
        authors,
        and_(authors.c.connection_id == documents.c.connection_id, authors.c.source_id == documents.c.author_id),
    )
)
"""Documents with their connection, and their space and author as far as these are known."""


def labels_of(db: Connection, document_ids: Sequence[int]) -> defaultdict[int, tuple[str, ...]]:
    """The labels of each document, in alphabetical order."""
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for some in chunks(document_ids):
        for document_id, label in db.execute(_labels(), {"some": some}):
            found[document_id] += (label,)
    return found


def passages_of(db: Connection, document_ids: Sequence[int]) -> defaultdict[int, tuple[Passage, ...]]:
    """The passages of each document, in their order."""
    found: defaultdict[int, list[Passage]] = defaultdict(list)
    for some in chunks(document_ids):
        for document_id, ordinal, path, anchor, text in db.execute(_passages(), {"some": some}):
            found[document_id].append(Passage(ordinal, tuple(path), anchor, text))
    return defaultdict(tuple, {document_id: tuple(own) for document_id, own in found.items()})


def properties_of(db: Connection, document_ids: Sequence[int]) -> defaultdict[int, tuple[PageProperty, ...]]:
    """The page properties of each document, in their order."""
    found: defaultdict[int, list[PageProperty]] = defaultdict(list)
    for some in chunks(document_ids):
        for document_id, name, value, type_, parts in db.execute(_properties(), {"some": some}):
            found[document_id].append(PageProperty(name, value, PropertyType(type_), tuple(parts)))
    return defaultdict(tuple, {document_id: tuple(own) for document_id, own in found.items()})


def filed_of(db: Connection, document_ids: Sequence[int]) -> defaultdict[int, Filed]:
    """How each document is filed by rules and people. An owner whom Confluence knows has the name of now."""
    found: defaultdict[int, list[Filing]] = defaultdict(list)
    for some in chunks(document_ids):
        for document_id, drawer, name, by, origin, account, known in db.execute(_filings(), {"some": some}):
            found[document_id].append(Filing(Drawer(drawer), known or name, by, Origin(origin), account))
    return defaultdict(lambda: NOT_FILED, {document_id: filed(own) for document_id, own in found.items()})


@cache
def _labels() -> Select[int, str]:
    own = select(labels.c.document_id, labels.c.label).where(labels.c.document_id.in_(_SOME))
    return own.order_by(labels.c.label)


@cache
def _passages() -> Select[int, int, list[str], str, str]:
    columns = passages.c
    own = select(columns.document_id, columns.ordinal, columns.heading_path, columns.anchor, columns.text)
    return own.where(columns.document_id.in_(_SOME)).order_by(columns.document_id, columns.ordinal)


@cache
def _properties() -> Select[Any]:
    columns = properties.c
    own = select(columns.document_id, columns.name, columns.value, columns.type, columns.parts)
    return own.where(columns.document_id.in_(_SOME)).order_by(columns.document_id, columns.ordinal)


@cache
def _filings() -> Select[Any]:
    owner = and_(people.c.connection_id == documents.c.connection_id, people.c.source_id == filings.c.account)
    columns = filings.c.drawer, filings.c.name, filings.c.by, filings.c.origin, filings.c.account
    own = select(filings.c.document_id, *columns, people.c.display_name)
    joined = own.select_from(filings.join(documents).outerjoin(people, owner))
    return joined.where(filings.c.document_id.in_(_SOME))


_SOME: BindParameter[int] = bindparam("some", expanding=True)
