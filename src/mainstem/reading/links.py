"""Where the links of a document lead for one viewer: to our own pages as far as the viewer may read them.

All targets are looked up together, a statement per kind, however many there are. What is hidden and what does not exist
answer alike: not at all, so that the words of the link stay and its title is told by nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Connection

from mainstem.convert.anchors import find, key
from mainstem.reading.addresses import Addresses
from mainstem.reading.pages import Page, Pages, pages_named
from mainstem.store.audiences import person_names
from mainstem.store.targets import Found, StoredFile, files_on, heading_anchors, sites, space_names
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import (
    AttachmentTarget,
    ContentTarget,
    Destination,
    HubTarget,
    PageTarget,
    PersonTarget,
    SpaceTarget,
    Target,
    UrlTarget,
)
from mainstem.wiki.page_addresses import InSite, page_address

_HOSTED = frozenset({"http", "https", "ftp", "sftp", "ssh"})
"""Schemes whose addresses name a host; without one, a browser takes them as relative."""


@dataclass(frozen=True, slots=True)
class From:
    """The page that links. `url` is its address in Confluence; `files` are the attachments that it may show by name."""

    connection_id: int
    space_key: str
    url: str
    files: tuple[StoredFile, ...]


class ReaderLinks:
    """A `LinkResolver` for one page and one viewer; see `links_for`."""

    def __init__(self, found: Mapping[Target, Destination], own_files: Mapping[str, Destination], url: str) -> None:
        """`found` answers all targets but addresses and the page's own files, which go by name."""
        self._found = found
        self._own_files = own_files
        self._url = url

    def resolve(self, target: Target) -> Destination | None:
        """The destination of a target; None where it is unknown to this viewer."""
        match target:
            case UrlTarget(url=url) if target not in self._found:
                href = _absolute(self._url, url)
                return Destination(href, url) if href else None
            case HubTarget(href=href, title=title):
                return Destination(href, title)
            case AttachmentTarget(filename=filename, page=None):
                return self._own_files.get(filename)
            case _:
                return self._found.get(target)


def links_for(
    db: Connection, page: From, targets: Iterable[Target], *, viewer: Viewer, addresses: Addresses
) -> ReaderLinks:
    """Look up where these targets lead from a page that the viewer can read; addresses of connected sites too."""
    wanted = set(targets)
    inside = _inside(db, page, wanted, viewer=viewer)
    asked = {page.connection_id: set(wanted)}
    for connection_id, target in inside.values():
        asked.setdefault(connection_id, set()).add(target)
    led = {
        id_: _destinations(db, replace(page, connection_id=id_), some, viewer=viewer, addresses=addresses)
        for id_, some in asked.items()
    }
    found = led[page.connection_id]
    found |= {url: led[id_][target] for url, (id_, target) in inside.items() if target in led[id_]}
    own_files = {file.filename: Destination(addresses.file(file.document_id), file.filename) for file in page.files}
    return ReaderLinks(found, own_files, page.url)


def _inside(
    db: Connection, page: From, wanted: Collection[Target], *, viewer: Viewer
) -> dict[UrlTarget, tuple[int, InSite]]:
    """The addresses that mean something in a connected site: which connection that is, and what they mean there.

    Of several connections with one site, it is the page's own, if it is among them.
    """
    urls = {target: _absolute(page.url, target.url) for target in wanted if isinstance(target, UrlTarget)}
    meant = {target: found for target, url in urls.items() if (found := page_address(url)) and found.site}
    if not meant:
        return {}
    own_last = sorted(sites(db, viewer=viewer), key=lambda site: site[0] == page.connection_id)
    known = {_bare(url): id_ for id_, url in own_last}
    return {
        target: (known[_bare(found.site)], found.target)
        for target, found in meant.items()
        if _bare(found.site) in known
    }


def _bare(site: str) -> str:
    """A site's address as far as it tells sites apart."""
    return site.partition("://")[2].casefold()


def _destinations(
    db: Connection, page: From, wanted: Collection[Target], *, viewer: Viewer, addresses: Addresses
) -> dict[Target, Destination]:
    """Where targets of one connection lead, all but the files of the page itself."""
    pages = pages_named(db, page.connection_id, page.space_key, wanted, viewer=viewer)
    named = {target: document for target in wanted if isinstance(target, Page) and (document := pages.find(target))}
    anchors = _anchors(db, named, viewer=viewer)
    found: dict[Target, Destination] = {
        target: Destination(_address(document, anchors.get(target, ""), addresses), document.title)
        for target, document in named.items()
    }
    found |= _files_elsewhere(db, page, wanted, pages, viewer=viewer, addresses=addresses)
    found |= _spaces(db, page, wanted, viewer=viewer, addresses=addresses)
    # Who stands on a page that the viewer reads is no secret from them; there is no page about people to lead to.
    who = {target.id for target in wanted if isinstance(target, PersonTarget)}
    names = person_names(db, page.connection_id, who)
    return found | {PersonTarget(one): Destination("", name) for one, name in names.items()}


def _address(document: Found, anchor: str, addresses: Addresses) -> str:
    if document.kind is Kind.ATTACHMENT:
        return addresses.file(document.document_id)
    return addresses.document(document.document_id, anchor)


def _anchors(db: Connection, named: Mapping[PageTarget | ContentTarget, Found], *, viewer: Viewer) -> dict[Target, str]:
    """The ids, in our pages, of the headings that targets name as Confluence does."""
    anchored = {target: document.document_id for target, document in named.items() if target.anchor}
    ids: dict[int, dict[str, str]] = {document_id: {} for document_id in anchored.values()}
    for document_id, words, anchor in heading_anchors(db, ids, viewer=viewer) if ids else ():
        ids[document_id].setdefault(key(words), anchor)
    return {target: find(ids[document_id], target.anchor) for target, document_id in anchored.items()}


def _files_elsewhere(
    db: Connection, page: From, wanted: Collection[Target], pages: Pages, *, viewer: Viewer, addresses: Addresses
) -> dict[Target, Destination]:
    """Files on other pages: only on those that the viewer can read."""
    asked: dict[AttachmentTarget, tuple[str, str]] = {}
    for target in wanted:
        if isinstance(target, AttachmentTarget) and target.page and (owner := pages.find(target.page)):
            asked[target] = (owner.source_id, target.filename)
    owners, filenames = ({pair[part] for pair in asked.values()} for part in (0, 1))
    files = {
        (file.container_id, file.filename): Destination(addresses.file(file.document_id), file.filename)
        for file in files_on(db, page.connection_id, owners, filenames, viewer=viewer)
    }
    return {target: files[pair] for target, pair in asked.items() if pair in files}


def _spaces(
    db: Connection, page: From, wanted: Collection[Target], *, viewer: Viewer, addresses: Addresses
) -> dict[Target, Destination]:
    keys = {target.key for target in wanted if isinstance(target, SpaceTarget)}
    names = space_names(db, keys, viewer=viewer, connection_id=page.connection_id)
    return {
        SpaceTarget(key): Destination(addresses.space(page.connection_id, key), name) for key, name in names.items()
    }


def _absolute(base: str, url: str) -> str:
    """The address as it is, or, for one relative to the site, beside the page's own; "" where that leads nowhere.

    Never a relative one: that would lead into the hub, where the document has no business.
    """
    try:
        joined = urljoin(base, url)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    whole = parts.netloc if parts.scheme in _HOSTED else parts.scheme
    return joined if whole and parts.scheme else ""
