"""Passages to answer from: those of some documents now, and those that a kept answer rests on.

What the viewer may not read is not there, however often it was quoted to them before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from mainstem.store.parts import described, passages_of
from mainstem.store.results import Card, cards
from mainstem.store.tables import answer_sources, connections, documents, spaces
from mainstem.store.visibility import readable, seen_by
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import Passage

_NO_PASSAGE = -1
_KEPT = ("number", "document_id", "ordinal", "heading_path", "anchor", "text")


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as an answer cites it, under its number there.

    `space_key` and `space_name` may be "", `source` is the connection's name, `url` the address in Confluence.
    `changed`: the document is not as it was when the passage was quoted.
    """

    number: int
    document_id: int
    kind: Kind
    title: str
    space_key: str
    space_name: str
    source: str
    url: str
    ordinal: int
    heading_path: tuple[str, ...]
    anchor: str
    text: str
    updated_at: datetime | None
    changed: bool = False


def in_full(db: Connection, document_ids: Sequence[int], *, viewer: Viewer) -> list[tuple[Card, tuple[Passage, ...]]]:
    """Those of the documents that the viewer can read now, with all their passages, in the order asked for."""
    shown = cards(db, [(document_id, _NO_PASSAGE) for document_id in document_ids], viewer=viewer)
    texts = passages_of(db, sorted(shown))
    return [(shown[each], texts[each]) for each in document_ids if each in shown]


def quoted(db: Connection, answer_id: int, *, viewer: Viewer) -> tuple[Quote, ...]:
    """The passages an answer rests on, by number, without those of documents that the viewer cannot read now."""
    statement = (
        select(
            *(answer_sources.c[name] for name in _KEPT),
            answer_sources.c.document_updated_at.label("then"),
            documents.c.kind,
            documents.c.title,
            func.coalesce(spaces.c.key, "").label("space_key"),
            func.coalesce(spaces.c.name, "").label("space_name"),
            connections.c.name.label("source"),
            documents.c.url,
            documents.c.modified_at.label("updated_at"),
        )
        .select_from(described.join(answer_sources, answer_sources.c.document_id == documents.c.id))
        .where(answer_sources.c.answer_id == answer_id, readable(viewer))
        .order_by(answer_sources.c.number)
    )
    found = []
    for row in db.execute(statement, seen_by(viewer)).mappings():
        facts = dict(row)
        then = facts.pop("then")
        own = {"kind": Kind(facts["kind"]), "heading_path": tuple(facts["heading_path"])}
        found.append(Quote(**facts | own, changed=then != facts["updated_at"]))
    return tuple(found)
