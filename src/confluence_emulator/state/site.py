"""The one state that every dialect reads: a site with its people, groups, spaces and contents, and indexes over them.

Reading is here; `changes` and `membership` write, and `visibility` decides who may view. The clock is handed in, ids
come from a counter: the same calls on the same clock build the same site.
"""

import uuid
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from confluence_emulator.state.contents import Content, Kind, Label, Status
from confluence_emulator.state.people import Group, User
from confluence_emulator.state.spaces import Space

HIGH_IDS = 2**53
"""Every tenth id lies above this, where a reader that takes ids for floating-point numbers goes wrong."""

_NAMESPACE = uuid.UUID("5b6d6fae-30a7-4a6f-8b7a-f2b0a1d9f3c1")

SortKey = tuple[object, int]
_SORTS: dict[str, Callable[[Content], SortKey]] = {
    "id": lambda content: (content.number, content.number),
    "created-date": lambda content: (content.created_at, content.number),
    "modified-date": lambda content: (content.versions[-1].created_at, content.number),
    "title": lambda content: (content.versions[-1].title.casefold(), content.number),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened: Data Center's webhook event name, what it happened to, who did it and when."""

    event: str
    subject_id: str
    actor_id: str | None
    at: datetime


class Site:
    """A Confluence site.

    `name` is the part before `.atlassian.net`; `base_url` is what people open on Cloud and what `_links.base` says,
    ending in `/wiki`; `datacenter_url` is the same for Data Center. `anonymous_access` is the site-wide switch.
    `role_mode` is PRE_ROLES, ROLES_TRANSITION or ROLES: whether spaces are granted by role. `listeners` are called
    after each change; `journal` keeps all changes in order. `allocated` counts the ids given out.
    """

    def __init__(
        self,
        name: str,
        now: Callable[[], datetime],
        *,
        base_url: str = "",
        datacenter_url: str = "http://localhost:8090/confluence",
        anonymous_access: bool = False,
    ) -> None:
        self.name = name
        self.now = now
        self.base_url = base_url or f"https://{name}.atlassian.net/wiki"
        self.datacenter_url = datacenter_url
        self.anonymous_access = anonymous_access
        self.role_mode = "PRE_ROLES"
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.spaces: dict[str, Space] = {}
        self.contents: dict[str, Content] = {}
        self.purged: set[str] = set()
        self.labels: dict[tuple[str, str], Label] = {}
        self.listeners: list[Callable[[Change], None]] = []
        self.journal: list[Change] = []
        self.revision = 0
        self.allocated = 0
        self._space_keys: dict[str, str] = {}
        self._user_keys: dict[str, str] = {}
        self._by_kind: defaultdict[tuple[Kind, str], dict[str, Content]] = defaultdict(dict)
        self._children: defaultdict[str, dict[str, Content]] = defaultdict(dict)
        self._contained: defaultdict[str, dict[str, Content]] = defaultdict(dict)
        self._titles: defaultdict[tuple[str, str], dict[str, Content]] = defaultdict(dict)
        self._sorted: dict[tuple[Kind, str, str], tuple[int, list[Content]]] = {}
        self._closures: dict[str, frozenset[str]] = {}
        self.cloud_id = self.allocate_uuid()

    # Ids

    def allocate_number(self) -> int:
        """The next free number for an id; every tenth is above 2**53."""
        self.allocated += 1
        number = 98305 + self.allocated * 32768
        return HIGH_IDS + number if self.allocated % 10 == 0 else number

    def allocate_uuid(self) -> str:
        """The next UUID, the same in every site built alike."""
        self.allocated += 1
        return str(uuid.uuid5(_NAMESPACE, f"{self.name}:{self.allocated}"))

    # People

    def user_by_username(self, username: str) -> User | None:
        """The account with this username (case does not count) or this user key."""
        account_id = self._user_keys.get(username.casefold())
        return self.users[account_id] if account_id is not None else None

    def user_by_email(self, email: str) -> User | None:
        """The account that signs in with this address."""
        wanted = email.casefold()
        return next((user for user in self.users.values() if user.email.casefold() == wanted), None)

    def group_by_name(self, name: str) -> Group | None:
        """The live group of this name (case does not count)."""
        wanted = name.casefold()
        return next(
            (group for group in self.groups.values() if group.name.casefold() == wanted and not group.deleted), None
        )

    def groups_of(self, account_id: str) -> frozenset[str]:
        """The ids of all live groups a person is in, directly or through groups inside groups."""
        known = self._closures.get(account_id)
        if known is None:
            known = self._closures[account_id] = self._close(account_id)
        return known

    def _close(self, account_id: str) -> frozenset[str]:
        live = [group for group in self.groups.values() if not group.deleted]
        found = {group.id for group in live if account_id in group.members}
        grown = True
        while grown:
            above = {group.id for group in live if group.id not in found and not found.isdisjoint(group.children)}
            grown = bool(above)
            found |= above
        return frozenset(found)

    def is_licensed(self, user: User) -> bool:
        """Whether the account is active and some group gives it Confluence."""
        return user.active and any(self.groups[group_id].access for group_id in self.groups_of(user.account_id))

    # Spaces

    def space_by_key(self, key: str) -> Space | None:
        """The space of this key; case does not count."""
        space_id = self._space_keys.get(key.casefold())
        return self.spaces[space_id] if space_id is not None else None

    # Contents

    def listing(self, kind: Kind, sort: str = "id", *, space_id: str = "") -> Sequence[Content]:
        """All contents of a kind in ascending order, of one space or of the site, whatever their status.

        `sort` is id, created-date, modified-date or title. Kept between calls until something changes: a reader that
        takes a slice pays for the slice.
        """
        key = (kind, sort, space_id)
        cached = self._sorted.get(key)
        if cached is None or cached[0] != self.revision:
            ordered = sorted(self._by_kind[kind, space_id].values(), key=_SORTS[sort])
            cached = self._sorted[key] = (self.revision, ordered)
        return cached[1]

    def listing_from(
        self, kind: Kind, sort: str, after: SortKey | None, *, space_id: str = "", descending: bool = False
    ) -> Iterator[Content]:
        """The listing from behind the key `after` (see `sort_key`), so that a cursor survives changes between pages."""
        ordered = self.listing(kind, sort, space_id=space_id)
        if descending:
            start = len(ordered) if after is None else bisect_left(ordered, after, key=_SORTS[sort])
            return (ordered[index] for index in range(start - 1, -1, -1))
        start = 0 if after is None else bisect_right(ordered, after, key=_SORTS[sort])
        return (ordered[index] for index in range(start, len(ordered)))

    @staticmethod
    def sort_key(content: Content, sort: str) -> SortKey:
        """Where a content stands in a listing."""
        return _SORTS[sort](content)

    def children(self, content_id: str) -> list[Content]:
        """What stands directly below a content in the tree (or answers a comment), by position, whatever the status."""
        return sorted(self._children.get(content_id, {}).values(), key=lambda child: (child.position, child.number))

    def roots(self, space_id: str) -> list[Content]:
        """The contents at the top of a space's tree, by position, whatever their status."""
        return self.children(f"space:{space_id}")

    def contained(self, content_id: str, kind: Kind) -> list[Content]:
        """The comments (replies too) or attachments of a content, oldest first, whatever their status."""
        return [content for content in self._contained.get(content_id, {}).values() if content.kind is kind]

    def ancestors(self, content: Content) -> list[Content]:
        """What stands above a content in the tree, the topmost first. Comments, attachments and blog posts: nothing."""
        above: list[Content] = []
        if content.kind in (Kind.COMMENT, Kind.ATTACHMENT):
            return above
        parent = self.contents.get(content.parent_id) if content.parent_id else None
        while parent is not None:
            above.append(parent)
            parent = self.contents.get(parent.parent_id) if parent.parent_id else None
        above.reverse()
        return above

    def container(self, content: Content) -> Content:
        """Whose readers a content shares: its page or blog post for comments and attachments, else itself."""
        while content.container_id is not None:
            content = self.contents[content.container_id]
        return content

    def titled(self, space_id: str, title: str) -> list[Content]:
        """The pages and blog posts of a space with exactly this title; case does not count."""
        return list(self._titles.get((space_id, title.casefold()), {}).values())

    def page_titled(self, space_id: str, title: str) -> Content | None:
        """The page that holds this title in a space: archived ones keep theirs, trashed ones do not."""
        holders = (Status.CURRENT, Status.ARCHIVED)
        return next((c for c in self.titled(space_id, title) if c.kind is Kind.PAGE and c.status in holders), None)

    # Keeping the indexes true: for `changes` and `membership` only

    def index(self, content: Content) -> None:
        """Enter a content into every index."""
        self.contents[content.id] = content
        self._by_kind[content.kind, ""][content.id] = content
        self._by_kind[content.kind, content.space_id][content.id] = content
        if content.kind in (Kind.PAGE, Kind.BLOGPOST):
            self._titles[content.space_id, content.title.casefold()][content.id] = content
        if content.container_id is not None:
            self._contained[content.container_id][content.id] = content
        for parent_key in self._tree_keys(content):
            self._children[parent_key][content.id] = content
        self.revision += 1

    def unindex(self, content: Content) -> None:
        """Take a content out of every index; call it before changing its place or title."""
        del self.contents[content.id]
        del self._by_kind[content.kind, ""][content.id]
        del self._by_kind[content.kind, content.space_id][content.id]
        if content.kind in (Kind.PAGE, Kind.BLOGPOST):
            del self._titles[content.space_id, content.title.casefold()][content.id]
        if content.container_id is not None:
            del self._contained[content.container_id][content.id]
        for parent_key in self._tree_keys(content):
            del self._children[parent_key][content.id]
        self.revision += 1

    @staticmethod
    def _tree_keys(content: Content) -> tuple[str, ...]:
        if content.parent_id is not None:
            return (content.parent_id,)
        in_no_tree = content.kind in (Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT)
        return () if in_no_tree else (f"space:{content.space_id}",)

    def index_space(self, space: Space) -> None:
        """Enter a space."""
        self.spaces[space.id] = space
        self._space_keys[space.key.casefold()] = space.id

    def unindex_space(self, space: Space) -> None:
        """Take a space out."""
        del self.spaces[space.id]
        del self._space_keys[space.key.casefold()]

    def index_user(self, user: User) -> None:
        """Enter an account."""
        self.users[user.account_id] = user
        self._user_keys[user.username.casefold()] = user.account_id
        self._user_keys[user.user_key.casefold()] = user.account_id

    def memberships_changed(self) -> None:
        """Forget who is in which group; it is worked out anew when asked for."""
        self._closures.clear()

    def record(self, event: str, subject_id: str, actor_id: str | None = None) -> None:
        """Note that something happened: listings are sorted anew, and listeners are told."""
        self.revision += 1
        change = Change(event, subject_id, actor_id, self.now())
        self.journal.append(change)
        for listener in self.listeners:
            listener(change)
