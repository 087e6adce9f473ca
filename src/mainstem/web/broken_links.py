"""The links of a connection that lead nowhere, as far as the member who asks may read the pages they stand on.

What the member may not read counts as not there, in pages and in what links lead to alike.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from mainstem.accounts.members import viewer_of
from mainstem.store.broken_links import BrokenLink, broken_links
from mainstem.store.database import reading
from mainstem.web import addresses
from mainstem.web.asking import SignedIn
from mainstem.web.connection_views import Standing, standing
from mainstem.web.connections import Id, connection_of
from mainstem.web.office import office_of
from mainstem.web.pages import page
from mainstem.web.words import Link, kind_of

router = APIRouter(prefix="/connections/{connection_id}/links")

AT_ONCE = 100
FURTHEST = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One link: the document it stands in, and what it names that is not there."""

    document: Link
    space: str
    names: str
    why: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Some of the broken links, of so many."""

    now: Standing
    rows: tuple[Row, ...]
    total: int
    more_href: str


@router.get("")
def broken(
    request: Request, asking: SignedIn, connection_id: Id, offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0
) -> Response:
    """The links that lead nowhere."""
    office = office_of(request)
    with reading(office.hub.engine) as db:
        work = office.worker.state(connection_id)
        now = standing(db, connection_of(db, connection_id), work, office.hub.clock())
        viewer = viewer_of(db, asking.member, rules_since=office.hub.rules_since)
        found, total = broken_links(db, connection_id, viewer=viewer, limit=AT_ONCE, offset=offset)
    reached = offset + len(found)
    more = f"/connections/{connection_id}/links?offset={reached}" if found and reached < min(total, FURTHEST) else ""
    return page(request, "broken_links.html", Broken(now, tuple(map(_row, found)), total, more), asking=asking)


def _row(link: BrokenLink) -> Row:
    names, why = _told(link)
    title = link.title or kind_of(link.kind_of_document)
    return Row(Link(title, addresses.document(link.document_id)), link.space_key, names, why)


def _told(link: BrokenLink) -> tuple[str, str]:
    """What a link names, and what is not there."""
    where = f"in {link.page_space}" if link.page_space else "in its own space"
    if link.kind == "url":
        return link.address, "nothing stands at this address"
    if link.filename:
        return link.filename, f"no such file on “{link.page}”" if link.page else "no such file"
    if link.page:
        return link.page, f"no page of this title {where}"
    if link.content_id:
        return f"content {link.content_id}", "nothing has this id"
    return link.page_space, "no such space"
