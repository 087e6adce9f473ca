"""The report on losses, for admins: which macros a connection's documents hold, how they came out, and where.

Numbers count all documents, whoever may read them; what is listed is what the member who asks may read.
"""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection as Database

from mainstem.api.asking import Asking
from mainstem.api.connections import ConnectionId, Sees, connection_of
from mainstem.api.pages import Asked, Paged, Stretch
from mainstem.store import content
from mainstem.store.database import reading
from mainstem.store.losses import Choice, Found, Where, count_documents_with, documents_with, macros_found
from mainstem.wiki.audience import OPERATOR
from mainstem.wiki.content import Kind
from mainstem.wiki.macros import WHY, Reason, Treatment

router = APIRouter(tags=["connections"])


class Place(Asked):
    """Which documents are asked about."""

    space: str = Field(default="", max_length=255, description="The key of a space; empty for all.")


class One(Place, Stretch):
    """One macro that came out one way."""

    name: str = Field(max_length=255)
    reason: Reason | None = Field(default=None, description="Without it: where it came out as it is in Confluence.")


class Macro(BaseModel):
    """A macro that came out one way."""

    name: str
    treatment: Treatment
    reason: Reason | None
    why: str = Field(description="The reason as a sentence; empty where there is none.")
    documents: int = Field(ge=1, description="In how many documents, whoever may read them.")
    uses: int = Field(ge=1)


class Macros(BaseModel):
    """All macros of a connection or of a space, those in the most documents first."""

    macros: list[Macro]


class Holder(BaseModel):
    """A document that holds the macro."""

    id: int
    kind: Kind
    title: str
    space: str = Field(description="The key of its space.")
    uses: int = Field(ge=1)
    href: str = Field(description="Its page in Mainstem.")


class Holders(Paged):
    """Documents that hold the macro, those with the most uses first."""

    hidden: int = Field(ge=0, description="In how many more documents it stands that you may not read.")
    documents: list[Holder]


@router.get("/connections/{connection_id}/macros")
def macros(who: Sees, connection_id: ConnectionId, place: Annotated[Place, Query()]) -> Macros:
    """The macros of a connection, and how they came out."""
    with reading(who.behind.reader.engine) as db:
        found = macros_found(db, _choice(db, connection_id, place.space), viewer=OPERATOR)
    return Macros(macros=[_macro(each) for each in found])


@router.get("/connections/{connection_id}/macros/documents")
def holders(who: Sees, connection_id: ConnectionId, one: Annotated[One, Query()]) -> Holders:
    """The documents in which a macro came out one way."""
    with reading(who.behind.reader.engine) as db:
        choice, viewer = _choice(db, connection_id, one.space), who.viewer(db)
        everywhere = count_documents_with(db, choice, one.name, one.reason, viewer=OPERATOR)
        total = count_documents_with(db, choice, one.name, one.reason, viewer=viewer)
        found = documents_with(db, choice, one.name, one.reason, viewer=viewer, limit=one.limit, offset=one.offset)
    listed = [_holder(who, each) for each in found]
    return Holders(total=total, limit=one.limit, offset=one.offset, hidden=everywhere - total, documents=listed)


def _choice(db: Database, connection_id: int, key: str) -> Choice:
    connection = connection_of(db, connection_id)
    if not key:
        return Choice(connection.id)
    picked = [space.id for space in content.saved_spaces(db, connection.id) if space.key == key]
    if not picked:
        raise HTTPException(404)
    return Choice(connection.id, picked[0])


def _macro(found: Found) -> Macro:
    use = found.use
    why = "" if use.reason is None else WHY[use.reason]
    return Macro(
        name=use.name, treatment=use.treatment, reason=use.reason, why=why, documents=found.documents, uses=use.uses
    )


def _holder(who: Asking, where: Where) -> Holder:
    return Holder(
        id=where.document_id,
        kind=where.kind,
        title=where.title,
        space=where.space_key,
        uses=where.uses,
        href=who.behind.addresses.document(where.document_id),
    )
