"""Where a page of Confluence is that somebody has the address of: here, left out, gone, or not to be seen (Y9).

Confluence is asked live, as the account of the connection, and nothing is stored. What is found is told without a
title or a word of the page; whether the asker may read it, only the statement that shows documents says.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine

from mainstem.confluence.client import Confluence
from mainstem.confluence.errors import UnknownSpace
from mainstem.errors import SkipItem
from mainstem.store import documents, runs, selection, targets
from mainstem.store.chains import RulesState
from mainstem.store.connections import SavedConnection
from mainstem.store.content import saved_spaces
from mainstem.store.heads import Head, stored_heads
from mainstem.store.runs import StandingFailure
from mainstem.sync.account import check_account
from mainstem.sync.alone import alone
from mainstem.sync.missing import ask
from mainstem.wiki.audience import OPERATOR, Viewer
from mainstem.wiki.content import Content, Space, Status
from mainstem.wiki.documents import AttachmentTarget, ContentTarget, PageTarget, SpaceTarget
from mainstem.wiki.page_addresses import page_address
from mainstem.wiki.selection import Selection


class Place(StrEnum):
    """Where it is, or why it is not here."""

    HERE = "here"
    OLDER = "older"
    HIDDEN = "hidden"
    FAILED = "failed"
    COMING = "coming"
    SPACE = "space left out"
    KIND = "kind left out"
    DATES = "dates left out"
    LABELS = "labels left out"
    TREES = "tree left out"
    ARCHIVED = "archived"
    TRASHED = "trashed"
    UNSEEN = "not shown"
    UNSEEN_SPACE = "space not shown"
    ELSEWHERE = "another site"
    NO_PAGE = "no page"


@dataclass(frozen=True, slots=True)
class Shown:
    """What Confluence shows of it now. `space` is the one it is in; `labels` None: unread, or of no account.

    `lineage` is it and all that stands above it, by ids; None: unknown, or of no account.
    """

    content: Content
    space: Space | None
    labels: frozenset[str] | None = None
    lineage: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of it, and what is the matter with it."""

    head: Head | None = None
    failure: StandingFailure | None = None

    @property
    def is_here(self) -> bool:
        """Whether it counts as a document: neither a tombstone nor left out."""
        return self.head is not None and self.head.in_scope and not self.head.deleted

    @property
    def is_restored(self) -> bool:
        """Whether it left and is shown again all the same."""
        return self.head is not None and self.head.restored


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where it is. `still_here`: what is stored shows until the next sync. `document_id` and `title` only for readers.

    `restored`: what is stored shows to those who could read it last, for it left and was restored.
    Versions are None where they are not known; `cause` is why it failed, `space` the key of its space or "".
    """

    place: Place
    account: str
    source_id: str = ""
    space: str = ""
    here: int | None = None
    there: int | None = None
    still_here: bool = False
    restored: bool = False
    cause: str = ""
    synced_at: datetime | None = None
    document_id: int | None = None
    title: str = ""

    @property
    def says(self) -> str:
        """The answer, in a sentence or two."""
        tail = " What is stored of it leaves with the next sync." if self.still_here else ""
        tail += " What is stored of it was restored, for those who could read it last." if self.restored else ""
        return _SAYS[self.place].format(one=self) + tail

    @property
    def next_step(self) -> str:
        """What to do about it, "" where nothing is."""
        return _NEXT[self.place].format(one=self)

    @property
    def facts(self) -> dict[str, Any]:
        """All of it as JSON."""
        at = self.synced_at and self.synced_at.isoformat()
        return asdict(self) | {"synced_at": at, "says": self.says, "next_step": self.next_step}


_SAYS = {
    Place.HERE: "It is here, in version {one.here}, and Confluence has no newer one.",
    Place.OLDER: "It is here in version {one.here}, and Confluence has version {one.there}.",
    Place.HIDDEN: "It is stored here, but hidden from everybody: who may view it could not be read yet.",
    Place.FAILED: "It could not be had: {one.cause}.",
    Place.COMING: "Confluence has it, nothing leaves it out, and it is not here yet.",
    Place.SPACE: "Its space {one.space} is not among those that this connection brings in.",
    Place.KIND: "This connection does not bring in content of its kind.",
    Place.DATES: "The filter leaves it out by when it was created or changed.",
    Place.LABELS: "The filter leaves it out by its labels.",
    Place.TREES: "The filter leaves it out by its place in the tree.",
    Place.ARCHIVED: "It is archived in Confluence, or its space is, and archived pages do not come in.",
    Place.TRASHED: "It is in the trash of Confluence.",
    Place.UNSEEN: "Confluence shows {one.account} nothing there: it is gone for good, or that account may not view it.",
    Place.UNSEEN_SPACE: "Confluence shows {one.account} no space {one.space}: it is gone, or closed to that account.",
    Place.ELSEWHERE: "This is an address of another site than that of this connection.",
    Place.NO_PAGE: "This address names no page or blog post of Confluence that could be looked for.",
}

_NEXT = {
    Place.HERE: "Who does not find it may not read it: see the rules above the page.",
    Place.OLDER: "The next sync brings it in; “Sync now” does at once.",
    Place.HIDDEN: "Sync again; if it stays, see “What could not be had”.",
    Place.FAILED: "Retry it under “What could not be had”.",
    Place.COMING: "The next sync brings it in; “Sync now” does at once.",
    Place.SPACE: "Add the space in the settings, under “What comes in”.",
    Place.KIND: "Choose its kind in the settings, under “What comes in”.",
    Place.DATES: "Change the filter in the settings, under “What comes in”.",
    Place.LABELS: "Change its labels in Confluence, or the filter in the settings, under “What comes in”.",
    Place.ARCHIVED: "Restore it from the archive, or let archived pages come in: the next sync brings it in.",
    Place.TREES: "Change the filter in the settings, under “What comes in”.",
    Place.TRASHED: "Restore it from the trash in Confluence; the next sync brings it in.",
    Place.UNSEEN: "Open it in Confluence: if you see it, let {one.account} view the page and all above it.",
    Place.UNSEEN_SPACE: "Open it in Confluence: if you see it, let {one.account} view the space.",
    Place.ELSEWHERE: "Ask on the page of the connection to that site.",
    Place.NO_PAGE: "Paste the address of a page as your browser shows it.",
}


def place_of(shown: Shown, stored: Stored, connection: SavedConnection, now: datetime) -> Place:
    """Where something is that Confluence shows. Pure."""
    content = shown.content
    if content.status in {Status.TRASHED, Status.DELETED}:
        return Place.TRASHED
    left_out = _left_out(shown, connection)
    if left_out is not None:
        return left_out
    if stored.failure is not None:
        return Place.FAILED
    filtered = _filtered(shown, Selection(connection.filter, now))
    if filtered is not None:
        return filtered
    head = stored.head
    if head is None or not stored.is_here:
        return Place.COMING
    if head.version < content.version:
        return Place.OLDER
    return Place.HERE if head.rules_state in {RulesState.OPEN, RulesState.RESTRICTED} else Place.HIDDEN


def _filtered(shown: Shown, chosen: Selection) -> Place | None:
    if not chosen.in_time(shown.content.created_at, shown.content.modified_at):
        return Place.DATES
    if shown.labels is not None and not chosen.labelled(shown.labels):
        return Place.LABELS
    return Place.TREES if shown.lineage is not None and not chosen.placed(shown.lineage) else None


def _left_out(shown: Shown, connection: SavedConnection) -> Place | None:
    chosen, space = connection.chosen_spaces, shown.space
    if space is None:
        return Place.SPACE if chosen is not None else None
    if (chosen is not None and space.key not in chosen) or connection.filter.leaves_out(space.key):
        return Place.SPACE
    archived_space = chosen is None and space.status is not Status.CURRENT
    if archived_space or (shown.content.status is Status.ARCHIVED and not connection.filter.archived):
        return Place.ARCHIVED
    return Place.KIND if shown.content.kind not in connection.kinds else None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks where pages of a connection are; `confluence` is signed in as its account."""

    engine: Engine
    confluence: Confluence
    connection: SavedConnection
    now: datetime
    viewer: Viewer

    async def whereabouts(self, url: str) -> Whereabouts:
        """Where the page is that an address names.

        Raises AccountChanged, and the RetryLater and StopRun errors of reading.
        """
        connection = self.connection
        check_account(self.confluence.account, connection)
        unknown = Whereabouts(
            Place.NO_PAGE, connection.account_name or "the account", synced_at=connection.last_sync_at
        )
        address = page_address(url.strip())
        if address is None or isinstance(address.target, SpaceTarget):
            return unknown
        if not _same_site(address.site, connection.url):
            return replace(unknown, place=Place.ELSEWHERE)
        target = address.target.page if isinstance(address.target, AttachmentTarget) else address.target
        if isinstance(target, ContentTarget):
            return await self._by_id(replace(unknown, source_id=target.content_id))
        if isinstance(target, PageTarget) and target.space_key:
            return await self._by_title(replace(unknown, space=target.space_key), target.title)
        return unknown

    async def _by_id(self, asked: Whereabouts) -> Whereabouts:
        content = await self.confluence.found(asked.source_id)
        if content is not None:
            shown = await self._shown(content)
            return await ask(self.engine, lambda db: self._answer(db, asked, shown))
        stored = await ask(self.engine, lambda db: _stored(db, self.connection.id, asked.source_id))
        return replace(asked, place=Place.UNSEEN, still_here=stored.is_here, restored=stored.is_restored)

    async def _by_title(self, asked: Whereabouts, title: str) -> Whereabouts:
        try:
            [space] = await self.confluence.spaces([asked.space])
        except UnknownSpace:
            return replace(asked, place=Place.UNSEEN_SPACE)
        ids = [each.id for each in sorted(await self.confluence.named(space, title), key=_by_state)]
        # It may have another title by now, and Confluence tells nobody the former ones.
        ids = ids or await ask(self.engine, lambda db: self._formerly(db, (space.key, title)))
        if ids:
            return await self._by_id(replace(asked, source_id=ids[0]))
        return replace(asked, place=Place.UNSEEN)

    def _formerly(self, db: Connection, named: tuple[str, str]) -> list[str]:
        found = targets.by_former_title(db, self.connection.id, {named}, viewer=OPERATOR)
        return [each.source_id for _, each in found]

    async def _shown(self, content: Content) -> Shown:
        key = await ask(self.engine, lambda db: _key_of(db, self.connection.id, content.space_id))
        try:
            found = await self.confluence.spaces(key)
        except UnknownSpace:
            found = await self.confluence.spaces()
        space = next((each for each in found if each.id == content.space_id), None)
        if not Selection(self.connection.filter, self.now).by_labels:
            return Shown(content, space)
        try:
            rules = await alone(self.confluence, self.confluence.rules_of(content.id, content.kind))
        except SkipItem:
            return Shown(content, space)
        return Shown(content, space, frozenset(rules.labels))

    def _answer(self, db: Connection, asked: Whereabouts, shown: Shown) -> Whereabouts:
        content, stored = shown.content, _stored(db, self.connection.id, shown.content.id)
        if Selection(self.connection.filter, self.now).by_place:
            above = selection.parents(db, self.connection.id) | {content.id: content.parent_id}
            shown = replace(shown, lineage=selection.lineage(content.id, above))
        place = place_of(shown, stored, self.connection, self.now)
        readable = documents.document(db, (self.connection.id, content.id), viewer=self.viewer)
        return replace(
            asked,
            place=place,
            source_id=content.id,
            space=shown.space.key if shown.space else asked.space,
            here=stored.head.version if stored.is_here and stored.head else None,
            there=content.version,
            still_here=stored.is_here and place in _LEAVING,
            restored=stored.is_restored,
            cause=(stored.failure.cause if stored.failure else "").rstrip("."),
            document_id=readable.id if readable else None,
            title=readable.title if readable else "",
        )


_LEAVING = frozenset({Place.SPACE, Place.KIND, Place.DATES, Place.LABELS, Place.TREES, Place.ARCHIVED, Place.TRASHED})


def _by_state(content: Content) -> tuple[bool, str]:
    """What is current comes first."""
    return content.status is not Status.CURRENT, content.id


def _key_of(db: Connection, connection_id: int, space_id: str) -> list[str] | None:
    return next(([space.key] for space in saved_spaces(db, connection_id) if space.id == space_id), None)


def _stored(db: Connection, connection_id: int, source_id: str) -> Stored:
    head = stored_heads(db, connection_id, source_ids=[source_id]).get(source_id)
    return Stored(head, runs.standing_failure(db, connection_id, source_id))


def _same_site(asked: str, site: str) -> bool:
    """Whether an address is of this site: host and context path, however it is reached."""
    return asked.partition("://")[2].casefold() == site.partition("://")[2].rstrip("/").casefold()
