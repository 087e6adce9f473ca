"""The page of a document: its text, where it stands, what hangs on it, and why this member may see it.

What the member may not read is not there, whatever its address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from mainstem.accounts.members import viewer_of
from mainstem.reading.comments import CommentRead
from mainstem.reading.document import FileRef, ReadDocument, open_document
from mainstem.reading.files import shown_in_place
from mainstem.reading.why import Explanation, How, Pass, Rule, explain
from mainstem.store.audiences import HolderKind
from mainstem.store.database import reading
from mainstem.web import addresses
from mainstem.web.asking import SignedIn
from mainstem.web.face import face_of
from mainstem.web.losses import Losses, losses_of
from mainstem.web.pages import page
from mainstem.web.words import Link, kind_of, size_of
from mainstem.wiki.content import Kind
from mainstem.wiki.filing import Filing

router = APIRouter()

STAND = "Where Confluence cannot be reached they stand for {hours:g} hours; then this page hides."

DEEPEST = 3
"""How far answers to comments move in; deeper ones stand there as well."""

DocumentId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment and how deep it stands, 0 for those that answer none."""

    comment: CommentRead
    depth: int


@dataclass(frozen=True, slots=True)
class Open:
    """The page of a document. `parents` and the like are where else to go; the
    hints of `tags`, `category`, `collections` and `owner` tell where these came from.

    Of an attachment, `itself` is the file to save, and `picture` what to show of it, if it is one.

    `why` are sentences, one for each rule, which were all read at `rules_read_at` or later; `losses` tell which macros
    of its own text did not come out as they were.
    """

    document: ReadDocument
    kind: str
    space_href: str
    parents: tuple[Link, ...]
    tags: tuple[Link, ...]
    category: Link | None
    collections: tuple[Link, ...]
    owner: Link | None
    files: tuple[Link, ...]
    itself: Link | None
    picture: Link | None
    children: tuple[Link, ...]
    backlinks: tuple[Link, ...]
    related: tuple[Link, ...]
    comments: tuple[Said, ...]
    why: tuple[str, ...]
    rules_read_at: datetime | None
    rules_stand: str
    losses: Losses


@router.get("/documents/{document_id}")
def document_page(request: Request, asking: SignedIn, document_id: DocumentId) -> Response:
    """A document."""
    reader = face_of(request).reader
    with reading(reader.engine) as db:
        viewer = viewer_of(db, asking.member, rules_since=reader.rules_since)
        found = open_document(db, document_id, viewer=viewer, addresses=addresses.Ours(), now=reader.clock())
        why = explain(db, document_id, viewer=viewer)
    if found is None or why is None:
        raise HTTPException(404)
    return page(request, "document.html", _content(found, why, reader.permissions_max_age), asking=asking)


def _content(found: ReadDocument, why: Explanation, believed: timedelta) -> Open:
    return Open(
        document=found,
        kind=kind_of(found.kind),
        space_href=addresses.space(found.space_key),
        parents=tuple(
            Link(crumb.title, "" if crumb.document_id is None else addresses.document(crumb.document_id))
            for crumb in found.breadcrumb
        ),
        tags=tuple(map(_filed, found.filed.tags)),
        category=_filed(found.filed.category) if found.filed.category else None,
        collections=tuple(map(_filed, found.filed.collections)),
        owner=_filed(found.filed.owner) if found.filed.owner else None,
        files=() if found.kind is Kind.ATTACHMENT else tuple(_file(file) for file in found.attachments),
        itself=_file(found.attachments[0]) if found.kind is Kind.ATTACHMENT and found.attachments else None,
        picture=_picture(found),
        children=tuple(Link(ref.title, addresses.document(ref.document_id)) for ref in found.children),
        backlinks=tuple(Link(ref.title, addresses.document(ref.document_id)) for ref in found.backlinks),
        related=tuple(Link(ref.title, addresses.document(ref.document_id)) for ref in found.related),
        comments=_in_a_row(found.comments),
        why=_sentences(why),
        rules_read_at=why.read_at,
        rules_stand=STAND.format(hours=believed / timedelta(hours=1)),
        losses=losses_of(found.macros, found.connection_id),
    )


def _filed(each: Filing) -> Link:
    """What a document is filed as; the hint tells where that came from."""
    return Link(each.name, addresses.filed(each.drawer, each.name), each.came_from)


def _file(file: FileRef) -> Link:
    return Link(file.filename, addresses.file(file.document_id, file.filename), size_of(file.size) if file.size else "")


def _picture(found: ReadDocument) -> Link | None:
    """What to show of a file that is a picture."""
    itself = found.attachments[0] if found.kind is Kind.ATTACHMENT and found.attachments else None
    return Link(itself.filename, itself.href) if itself and shown_in_place(itself.media_type) else None


def _in_a_row(threads: Sequence[CommentRead]) -> tuple[Said, ...]:
    """Comments as they stand below each other, each before its answers."""
    row, waiting = [], [Said(comment, 0) for comment in reversed(threads)]
    while waiting:
        said = waiting.pop()
        row.append(said)
        waiting += [Said(answer, min(said.depth + 1, DEEPEST)) for answer in reversed(said.comment.replies)]
    return tuple(row)


def _sentences(why: Explanation) -> tuple[str, ...]:
    opening = why.opening
    if opening is not None:
        said = f"{opening.opened_by} chose on {opening.opened_at:%Y-%m-%d} to go without the permissions of Confluence"
        return (f"{said}: everybody with an account here sees it.",)
    return tuple(_sentence(rule) for rule in why.rules)


def _sentence(rule: Rule) -> str:
    """Why one rule lets the member pass."""
    opened = {
        HolderKind.SITE: f"The site {rule.name} lets you in",
        HolderKind.SPACE: f"The space {rule.name} is open to you",
        HolderKind.CONTENT: f"“{rule.name}” is restricted, and you are among those who may see it",
        HolderKind.FROZEN: "When it left Confluence, a rule above it let you in",
    }[rule.kind]
    ways = [_way(each) for each in rule.passed]
    return f"{opened}: {', and '.join(ways)}." if ways else f"{opened}."


def _way(each: Pass) -> str:
    return {
        How.NAME: "it names you",
        How.GROUP: f"you are in the group {each.name}",
        How.LICENSED: "everybody with a licence may",
        How.EVERYONE: "everybody may",
    }[each.how]
