"""A document as Markdown with all that is known of it; and the spaces there are. What is hidden is not there."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from mainstem.api.asking import Reads
from mainstem.api.pages import Asked, Paged, Wanted
from mainstem.reading.addresses import Addresses
from mainstem.reading.document import Crumb, FileRef, ReadDocument, Ref, open_document
from mainstem.store.database import reading
from mainstem.store.spaces import count_spaces, spaces_read
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.filing import Origin
from mainstem.wiki.macros import WHY, MacroUse, Reason, Treatment
from mainstem.wiki.properties import PropertyType

router = APIRouter(tags=["documents"])

DocumentId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Part(Asked):
    """How much of a document somebody wants."""

    section: str = Field(default="", max_length=250, description="The anchor of one section, which is read alone.")


class Place(BaseModel):
    """A document as a list or a path names it. One without an id cannot be opened."""

    id: int | None
    title: str
    href: str


class Heading(BaseModel):
    """A heading of the document."""

    model_config = ConfigDict(from_attributes=True)

    level: int = Field(ge=1, le=6)
    text: str
    anchor: str


class File(BaseModel):
    """A file that hangs on the document."""

    id: int
    name: str
    media_type: str = Field(description="Empty when unknown.")
    size: int = Field(ge=0, description="In bytes.")
    href: str


class Macro(BaseModel):
    """A macro of a document's own text that did not come out as it is in Confluence."""

    name: str
    uses: int = Field(ge=1)
    treatment: Treatment
    reason: Reason
    why: str = Field(description="The reason as a sentence.")


class PageField(BaseModel):
    """One page property."""

    name: str
    type: PropertyType
    values: list[str]


class Given(BaseModel):
    """A tag, category, collection or owner of a document."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    origin: Origin = Field(description="Whether Confluence says so, a rule, or a person.")
    by: str = Field(description="What it is in Confluence, what the rule asks for, or who the person is.")


class Document(BaseModel):
    """One document, for you: what it leads to is only what you may read."""

    id: int
    kind: Kind
    title: str
    markdown: str = Field(description="CommonMark with GitHub's tables, task lists and callouts.")
    connection: str = Field(description="The name of its connection.")
    space: str = Field(description="The key of its space.")
    space_name: str
    path: list[Place] = Field(description="What stands above it, the root first.")
    sections: list[Heading]
    labels: list[str] = Field(description="Its labels in Confluence, each of which is a tag.")
    tags: list[Given]
    category: Given | None
    collections: list[Given]
    owner: Given | None
    properties: dict[str, str] = Field(description="Its page properties, as they read.")
    fields: list[PageField] = Field(description="Its page properties with their types, as searches compare them.")
    author: str | None
    editor: str | None
    created_at: datetime | None
    updated_at: datetime | None
    version: int
    status: Status
    files: list[File]
    children: list[Place]
    backlinks: list[Place] = Field(description="The newest of what leads to it.")
    comments: int = Field(ge=0, description="How many comments answer none of the others.")
    losses: list[Macro] = Field(description="The macros that were simplified, or of which only the name is left.")
    href: str = Field(description="Its page in Mainstem.")
    url: str = Field(description="Its address in Confluence.")


class Space(BaseModel):
    """A space in which you can read something."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    connection_id: int
    connection: str
    documents: int = Field(ge=1, description="How many of its documents you can read.")
    url: str = Field(description="Its address in Confluence; empty when unknown.")


class Spaces(Paged):
    """Spaces by name."""

    spaces: list[Space]


@router.get("/documents/{document_id}")
def document(who: Reads, document_id: DocumentId, part: Annotated[Part, Query()]) -> Document:
    """A document with its Markdown or, with `section`, that of one section."""
    addresses, reader = who.behind.addresses, who.behind.reader
    now = reader.clock()
    with reading(reader.engine) as db:
        viewer = who.viewer(db)
        found = open_document(db, document_id, viewer=viewer, addresses=addresses, now=now)
    text = None if found is None else found.markdown(part.section)
    if found is None or text is None:
        raise HTTPException(404)
    return _shown(found, text, addresses, part.section)


@router.get("/spaces")
def spaces(who: Reads, wanted: Wanted) -> Spaces:
    """The spaces in which you can read something."""
    with reading(who.behind.reader.engine) as db:
        viewer = who.viewer(db)
        total = count_spaces(db, viewer=viewer)
        found = spaces_read(db, viewer=viewer, limit=wanted.limit, offset=wanted.offset)
    listed = [Space.model_validate(each) for each in found]
    return Spaces(total=total, limit=wanted.limit, offset=wanted.offset, spaces=listed)


def _shown(found: ReadDocument, text: str, addresses: Addresses, anchor: str) -> Document:
    def place(each: Crumb | Ref) -> Place:
        leads = "" if each.document_id is None else addresses.document(each.document_id)
        return Place(id=each.document_id, title=each.title, href=leads)

    return Document(
        id=found.id,
        kind=found.kind,
        title=found.title,
        markdown=text,
        connection=found.source,
        space=found.space_key,
        space_name=found.space_name,
        path=[place(each) for each in found.breadcrumb],
        sections=[Heading.model_validate(each) for each in found.contents],
        labels=list(found.labels),
        tags=[Given.model_validate(each) for each in found.filed.tags],
        category=None if found.filed.category is None else Given.model_validate(found.filed.category),
        collections=[Given.model_validate(each) for each in found.filed.collections],
        owner=None if found.filed.owner is None else Given.model_validate(found.filed.owner),
        fields=[PageField(name=each.name, type=each.type, values=list(each.parts)) for each in found.properties],
        properties={each.name: each.value for each in found.properties},
        author=found.author,
        editor=found.editor,
        created_at=found.created_at,
        updated_at=found.modified_at,
        version=found.version,
        status=found.status,
        files=[_file(each) for each in found.attachments],
        children=[place(each) for each in found.children],
        backlinks=[place(each) for each in found.backlinks],
        comments=len(found.comments),
        losses=[_macro(use, use.reason) for use in found.macros if use.reason is not None],
        href=addresses.document(found.id, anchor),
        url=found.url,
    )


def _macro(use: MacroUse, reason: Reason) -> Macro:
    return Macro(name=use.name, uses=use.uses, treatment=use.treatment, reason=reason, why=WHY[reason])


def _file(file: FileRef) -> File:
    return File(id=file.document_id, name=file.filename, media_type=file.media_type, size=file.size, href=file.href)
