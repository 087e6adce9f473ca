"""A document as a person reads it: its text, where it stands, what hangs on it and what leads to it, for one viewer.

Everything is read under the viewer's rules of this moment; what they may not read is not there, whatever names it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final

from sqlalchemy import Connection

from mainstem.convert import Heading, headings, nodes, parse, section, to_html, to_markdown
from mainstem.reading.addresses import Addresses
from mainstem.reading.colours import coloured
from mainstem.reading.comments import CommentRead, threads
from mainstem.reading.files import why_no_text
from mainstem.reading.links import From, ReaderLinks, links_for
from mainstem.reading.live import filled
from mainstem.reading.safe_html import safe
from mainstem.store.backlinks import backlinks
from mainstem.store.comments import comments_on
from mainstem.store.content import STORAGE_FORMAT
from mainstem.store.documents import Document, document
from mainstem.store.related import related
from mainstem.store.targets import StoredFile, files_on, stored_file
from mainstem.store.tree import Place, ancestors, children
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.documents import Passage, Target
from mainstem.wiki.filing import Filed, with_defaults
from mainstem.wiki.macros import MacroUse
from mainstem.wiki.properties import PageProperty

BACKLINKS: Final = 20
"""As many as a page names; the rest are a number."""

RELATED: Final = 6

DEEPEST: Final = 3
"""The lowest level of heading in a table of contents."""

WORDS_A_MINUTE: Final = 220
_WORD: Final = re.compile(r"\w+")
_IDEOGRAPHS: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_IDEOGRAPHS_A_MINUTE: Final = 440


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way down to a document. `document_id` None: not to be opened, as a folder."""

    document_id: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Another document, which the viewer can read."""

    document_id: int
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class FileRef:
    """An attachment. `size` in bytes, `href` within the hub; `media_type` "" when unknown."""

    document_id: int
    filename: str
    media_type: str
    size: int
    href: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document for one viewer.

    Ids are ours; `source` is the connection's name, `url` the address in Confluence. `body` is its text with whatever
    is read into it, `links` say where that leads, and `passages` are the text of what has no body. An attachment has
    itself as its only file, and `no_text` says why its text is not shown, "" where it is. `backlinks` are the newest;
    `backlinks_total` counts all that the viewer can read. `macros` tell how those of its own text came out.
    `related` are about the same, and are neither children nor backlinks.
    `filed` has its labels and its space among what rules and people gave it.
    `author` and `editor` are names, None when unknown. `reading_minutes` is 0 where there is nothing to read.
    """

    id: int
    connection_id: int
    kind: Kind
    title: str
    source: str
    space_key: str
    space_name: str
    breadcrumb: tuple[Crumb, ...]
    body: nodes.Document | None = field(repr=False, compare=False)
    links: ReaderLinks = field(repr=False, compare=False)
    passages: tuple[Passage, ...]
    contents: tuple[Heading, ...]
    labels: tuple[str, ...]
    filed: Filed
    properties: tuple[PageProperty, ...]
    author: str | None
    editor: str | None
    created_at: datetime | None
    modified_at: datetime | None
    version: int
    url: str
    status: Status
    reading_minutes: int
    attachments: tuple[FileRef, ...]
    children: tuple[Ref, ...]
    backlinks: tuple[Ref, ...]
    backlinks_total: int
    related: tuple[Ref, ...]
    comments: tuple[CommentRead, ...]
    macros: tuple[MacroUse, ...]
    no_text: str = ""
    left_at: datetime | None = None

    @property
    def html(self) -> str:
        """Its text, safe to put into a page, its headings with the ids that `contents` and passages name; or ""."""
        return "" if self.body is None else safe(coloured(to_html(self.body, self.links)), anchors=True)

    def markdown(self, anchor: str = "") -> str | None:
        """Its text for programs and models, "" where it has none. Links lead where the viewer may read.

        With the `anchor` of one of its headings, what stands below that heading alone; None where there is no such.
        """
        if self.body is None:
            return None if anchor else "\n\n".join(passage.text for passage in self.passages)
        wanted = section(self.body, anchor) if anchor else self.body
        return None if wanted is None else to_markdown(wanted, self.links)


def open_document(
    db: Connection, document_id: int, *, viewer: Viewer, addresses: Addresses, now: datetime
) -> ReadDocument | None:
    """A document by our id; None when it is not there for this viewer. The number of statements is bounded."""
    found = document(db, document_id, viewer=viewer)
    if found is None:
        return None
    files = _files(db, found, viewer=viewer)
    comments = comments_on(db, found.connection_id, found.source_id, viewer=viewer)
    source = found.source if found.representation == STORAGE_FORMAT else None
    parsed = [parse(each or "", options=found.conversion) for each in (source, *(each.source for each in comments))]
    body, *replies = filled(db, found, parsed, viewer=viewer, addresses=addresses, now=now)
    links = links_for(db, _from(found, files), _targets(body, *replies), viewer=viewer, addresses=addresses)
    below = children(db, found.id, viewer=viewer)
    leading = backlinks(db, found, viewer=viewer, limit=BACKLINKS)
    said = [safe(coloured(to_html(reply, links)), anchors=False) for reply in replies]
    return ReadDocument(
        id=found.id,
        connection_id=found.connection_id,
        kind=found.kind,
        title=found.title,
        source=found.connection_name,
        space_key=found.space_key,
        space_name=found.space_name,
        breadcrumb=tuple(map(_crumb, ancestors(db, found.id, viewer=viewer))),
        body=body if source else None,
        links=links,
        passages=found.passages,
        contents=_contents(body, links),
        labels=found.labels,
        filed=with_defaults(found.filed, labels=found.labels, space=found.space_name or found.space_key),
        properties=found.properties,
        author=found.author or None,
        editor=found.editor or None,
        created_at=found.created_at,
        modified_at=found.modified_at,
        version=found.version,
        url=found.url,
        status=found.status,
        reading_minutes=_minutes(found.passages),
        attachments=tuple(_file_ref(file, addresses) for file in files if _hangs_on(file, found)),
        children=_refs(below),
        backlinks=_refs(leading.newest),
        backlinks_total=leading.total,
        related=_refs(_related(db, found, (*leading.newest, *below), viewer=viewer)),
        comments=threads(list(zip(comments, said, strict=True))),
        macros=body.macros,
        no_text=_no_text(db, found, viewer=viewer),
        left_at=found.left_at,
    )


def _targets(*read: nodes.Document) -> list[Target]:
    return [target for each in read for target in each.links]


def _files(db: Connection, found: Document, *, viewer: Viewer) -> tuple[StoredFile, ...]:
    """What the body may show by name; a comment's pictures hang on its page more often than on itself."""
    if found.kind is Kind.ATTACHMENT:
        itself = stored_file(db, found.id, viewer=viewer)
        return () if itself is None else (itself,)
    owners = {found.source_id}
    if found.kind is Kind.COMMENT and found.container_id:
        owners.add(found.container_id)
    files = files_on(db, found.connection_id, owners, viewer=viewer)
    return tuple(sorted(files, key=lambda file: file.container_id == found.source_id))


def _from(found: Document, files: tuple[StoredFile, ...]) -> From:
    return From(found.connection_id, found.space_key, found.url, files)


def _no_text(db: Connection, found: Document, *, viewer: Viewer) -> str:
    is_read = found.kind is not Kind.ATTACHMENT or found.source
    return "" if is_read else why_no_text(db, found.id, viewer=viewer)


def _hangs_on(file: StoredFile, found: Document) -> bool:
    return file.document_id == found.id or file.container_id == found.source_id


def _file_ref(file: StoredFile, addresses: Addresses) -> FileRef:
    return FileRef(file.document_id, file.filename, file.media_type, file.size, addresses.file(file.document_id))


def _crumb(place: Place) -> Crumb:
    return Crumb(None if place.kind is Kind.FOLDER else place.document_id, place.title)


def _refs(places: Iterable[Place]) -> tuple[Ref, ...]:
    return tuple(Ref(place.document_id, place.title, place.kind) for place in places)


def _related(db: Connection, found: Document, named: Iterable[Place], *, viewer: Viewer) -> tuple[Place, ...]:
    """The nearest documents that the page does not name already."""
    known = {place.document_id for place in named}
    near = related(db, found.id, viewer=viewer, limit=2 * RELATED)
    return tuple(place for place in near if place.document_id not in known)[:RELATED]


def _contents(body: nodes.Document, links: ReaderLinks) -> tuple[Heading, ...]:
    return tuple(heading for heading in headings(body, links) if heading.level <= DEEPEST)


def _minutes(passages: Iterable[Passage]) -> int:
    """Whole minutes, rounded up; languages written without blanks are counted by the character."""
    words = ideographs = 0
    for passage in passages:
        text, found = _IDEOGRAPHS.subn(" ", passage.text)
        words += len(_WORD.findall(text))
        ideographs += found
    return ceil(words / WORDS_A_MINUTE + ideographs / _IDEOGRAPHS_A_MINUTE)
