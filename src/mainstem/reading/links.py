"""Where the links of a document lead for one viewer: to our own pages as far as the viewer may read them.

All targets are looked up together, a statement per kind, however many there are. What is hidden and what does not exist
answer alike: not at all, so that the words of the link stay and its title is told by nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Connection

from mainstem.reading.addresses import Addresses
from mainstem.reading.pages import Page, Pages, pages_named
from mainstem.store.audiences import person_names
from mainstem.store.targets import Found, StoredFile, files_on, space_names
from mainstem.wiki.audience import Viewer
from mainstem.wiki.content import Kind
from mainstem.wiki.documents import (
    AttachmentTarget,
    Destination,
    PersonTarget,
    SpaceTarget,
    Target,
    UrlTarget,
)

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
            case UrlTarget(url=url):
                href = _absolute(self._url, url)
                return Destination(href, url) if href else None
            case AttachmentTarget(filename=filename, page=None):
                return self._own_files.get(filename)
            case _:
                return self._found.get(target)


def links_for(
    db: Connection, page: From, targets: Iterable[Target], *, viewer: Viewer, addresses: Addresses
) -> ReaderLinks:
    """Look up where these targets lead from a page that the viewer can read."""
    wanted = set(targets)
    pages = pages_named(db, page.connection_id, page.space_key, wanted, viewer=viewer)
    found: dict[Target, Destination] = {}
    for target in wanted:
        if isinstance(target, Page) and (document := pages.find(target)):
            found[target] = Destination(_address(document, target.anchor, addresses), document.title)
    found |= _files_elsewhere(db, page, wanted, pages, viewer=viewer, addresses=addresses)
    found |= _spaces(db, page, wanted, viewer=viewer, addresses=addresses)
    # Who stands on a page that the viewer reads is no secret from them; there is no page about people to lead to.
    who = {target.id for target in wanted if isinstance(target, PersonTarget)}
    names = person_names(db, page.connection_id, who)
    found |= {PersonTarget(one): Destination("", name) for one, name in names.items()}
    own_files = {file.filename: Destination(addresses.file(file.document_id), file.filename) for file in page.files}
    return ReaderLinks(found, own_files, page.url)


def _address(document: Found, anchor: str, addresses: Addresses) -> str:
    if document.kind is Kind.ATTACHMENT:
        return addresses.file(document.document_id)
    return addresses.document(document.document_id, anchor)


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
