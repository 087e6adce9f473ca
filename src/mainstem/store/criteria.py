"""Criteria as conditions on rows of `documents`. Who may read the rows is not asked here: see `visibility.readable`."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from mainstem.store.tables import documents, labels, links, people, properties, spaces
from mainstem.wiki import criteria
from mainstem.wiki.criteria import Criterion, Deed

DEEPEST = 50
"""Levels below a page that are looked through: a tree of Confluence is not as deep."""


def condition(criterion: Criterion, connection_id: int) -> ColumnElement[bool]:
    """The condition under which a row of `documents` of this connection fulfils a criterion."""
    return _CONDITIONS[type(criterion)](criterion, connection_id)


def _labelled(asked: criteria.Labelled, _: int) -> ColumnElement[bool]:
    return documents.c.id.in_(select(labels.c.document_id).where(labels.c.label == asked.label.lower()))


def _shares_labels(asked: criteria.SharesLabels, connection_id: int) -> ColumnElement[bool]:
    page, own, shared = documents.alias(), labels.alias(), labels.alias()
    known = select(own.c.label).join(page, page.c.id == own.c.document_id)
    known = known.where(page.c.connection_id == connection_id, page.c.source_id == asked.source_id)
    return documents.c.id.in_(select(shared.c.document_id).where(shared.c.label.in_(known)))


def _in_space(asked: criteria.InSpace, connection_id: int) -> ColumnElement[bool]:
    return _in_spaces(func.lower(spaces.c.key) == asked.key.lower(), connection_id)


def _in_spaces_of(asked: criteria.InSpacesOf, connection_id: int) -> ColumnElement[bool]:
    personal = spaces.c.kind == "personal"
    return _in_spaces(personal if asked.personal else not_(personal), connection_id)


def _in_spaces(chosen: ColumnElement[bool], connection_id: int) -> ColumnElement[bool]:
    return documents.c.space_id.in_(select(spaces.c.source_id).where(spaces.c.connection_id == connection_id, chosen))


def _of_kind(asked: criteria.OfKind, _: int) -> ColumnElement[bool]:
    return documents.c.kind == asked.kind


def _named(asked: criteria.Named, _: int) -> ColumnElement[bool]:
    return documents.c.source_id == asked.source_id


def _below(asked: criteria.Below, connection_id: int) -> ColumnElement[bool]:
    if asked.straight:
        return and_(documents.c.parent_id == asked.source_id, documents.c.source_id != asked.source_id)
    child, parent = documents.alias(), documents.alias()
    first = select(child.c.source_id).where(
        child.c.connection_id == connection_id, child.c.parent_id == asked.source_id
    )
    tree = first.cte(recursive=True)
    further = select(parent.c.source_id).where(
        parent.c.connection_id == connection_id, parent.c.parent_id == tree.c.source_id
    )
    # UNION, not UNION ALL: a page may be its own descendant.
    tree = tree.union(further)
    return and_(documents.c.source_id.in_(select(tree.c.source_id)), documents.c.source_id != asked.source_id)


def _hangs_on(asked: criteria.HangsOn, _: int) -> ColumnElement[bool]:
    return documents.c.container_id == asked.source_id


def _by(asked: criteria.By, connection_id: int) -> ColumnElement[bool]:
    who = accounts(asked.person, connection_id)
    created = documents.c.author_id.in_(who)
    return created if asked.deed is Deed.CREATED else or_(created, documents.c.editor_id.in_(who))


def _mentions(asked: criteria.Mentions, connection_id: int) -> ColumnElement[bool]:
    who = accounts(asked.person, connection_id)
    named = select(links.c.document_id).where(links.c.kind == "person", links.c.address.in_(who))
    return documents.c.id.in_(named)


def accounts(person: str, connection_id: int) -> Any:
    """The ids of the account that has this id or user name."""
    named = or_(people.c.source_id == person, people.c.username_key == person.casefold())
    return select(people.c.source_id).where(people.c.connection_id == connection_id, named)


def _since(asked: criteria.Since, _: int) -> ColumnElement[bool]:
    column = documents.c.created_at if asked.deed is Deed.CREATED else documents.c.modified_at
    return and_(column.is_not(None), column >= asked.moment)


def _titled(asked: criteria.Titled, _: int) -> ColumnElement[bool]:
    if asked.exactly:
        return func.lower(documents.c.title) == asked.title.lower()
    words = asked.title.replace("*", " ").split()
    return and_(true(), *(documents.c.title.icontains(word, autoescape=True) for word in words))


def _has_properties(_asked: criteria.HasProperties, _: int) -> ColumnElement[bool]:
    return documents.c.id.in_(select(properties.c.document_id))


def _all(asked: criteria.All, connection_id: int) -> ColumnElement[bool]:
    return and_(true(), *(condition(part, connection_id) for part in asked.parts))


def _any(asked: criteria.Any, connection_id: int) -> ColumnElement[bool]:
    return or_(false(), *(condition(part, connection_id) for part in asked.parts))


def _not(asked: criteria.Not, connection_id: int) -> ColumnElement[bool]:
    return func.coalesce(not_(condition(asked.part, connection_id)), true())


_CONDITIONS: Final[dict[type, Callable[[Any, int], ColumnElement[bool]]]] = {
    criteria.Labelled: _labelled,
    criteria.SharesLabels: _shares_labels,
    criteria.InSpace: _in_space,
    criteria.InSpacesOf: _in_spaces_of,
    criteria.OfKind: _of_kind,
    criteria.Named: _named,
    criteria.Below: _below,
    criteria.HangsOn: _hangs_on,
    criteria.By: _by,
    criteria.Mentions: _mentions,
    criteria.Since: _since,
    criteria.Titled: _titled,
    criteria.HasProperties: _has_properties,
    criteria.All: _all,
    criteria.Any: _any,
    criteria.Not: _not,
}
