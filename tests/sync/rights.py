"""Who may read what, by brute force: the model that a hub is held to, of Confluence's own state and memory alone.

It asks the emulated site anew for everybody and everything, knows nothing of holders, chains or journals, and shares
no code with the product. What it cannot know exactly - what a broken listing brought, what waits for a person - it
bounds: `must` is what somebody has to be shown, `may` all that may be shown to them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from confluence_emulator.state import Content, Kind, Sight, Space, Status, User
from tests.sync.larkhill import OUTER_KINDS, Wiki

STALE = timedelta(hours=72)


@dataclass
class Rights:
    """Everybody's rights in a wiki through time, as far as a hub of some spaces (`chosen` keys; None: all) goes.

    `ever` is the newest text of each content that somebody could read at any time, and with it all texts before it.
    `known` is what the hub was told of and not yet told to be gone, with the space it was told. `unsure` are the ids of
    the spaces of which the last sync need not know everything, None when it failed; `waiting`: deletions of it wait for
    a person.
    """

    wiki: Wiki
    chosen: Collection[str] | None = None
    ever: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    contents: dict[str, Content] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    read_at: dict[str, datetime] = field(default_factory=dict)
    unsure: Collection[str] | None = None
    waiting: bool = False

    def __post_init__(self) -> None:
        self.remember()
        self.wiki.site.listeners.append(lambda _: self.remember())

    def remember(self) -> None:
        """Note who can read which text at this moment."""
        self.contents |= self.wiki.site.contents
        for person in self.wiki.readers:
            self.ever[name(person)] |= {each.id: each.version.number for each in self._shown(person, archived=True)}

    def failed(self) -> None:
        """A sync has ended early just now: what the hub shows may be of any age."""
        self.unsure = None

    def synced(self, *, broken: Collection[str], restless: bool, waiting: bool) -> None:
        """A sync has ended just now; the listings of the spaces `broken` broke off.

        `restless`: things happened in Confluence while it went on. `waiting`: it left deletions to a person.
        """
        # One that was archived while a sync went on was still a space of the hub when it began.
        spaces = set(self.wiki.site.spaces) if restless else {space.id for space in self._spaces()}
        self.read_at |= dict.fromkeys(spaces - set(broken), self.wiki.clock())
        self.unsure, self.waiting = spaces if restless else broken, waiting
        told = {each.id: each.space_id for each in self._told() if each.space_id not in self.unsure}
        left = {id_ for id_, space in self.known.items() if space in self.unsure or (waiting and self._silent(id_))}
        self.known = {id_: space for id_, space in self.known.items() if id_ in left} | told

    def right(self, person: User | None) -> set[str]:
        """What Confluence shows somebody of what the hub can see, by id."""
        told = {each.id for each in self._told()}
        return {each.id for each in self._shown(person) if each.id in told}

    def must(self, person: User | None) -> set[str]:
        """What a hub has to show after its sync: what is right, but for files in the archive, which no search finds."""
        if self.unsure is None or (person is not None and not person.active):
            return set()
        return {id_ for id_ in self.right(person) if self._space_of(id_) not in self.unsure and not self._stowed(id_)}

    def may(self, person: User | None) -> set[str]:
        """What a hub may show after its sync, or much later."""
        once = set(self.ever[name(person)])
        if self.unsure is None:
            allowed = once
        else:
            allowed = self.right(person) | {id_ for id_ in once if self._space_of(id_) in self.unsure}
            allowed |= {id_ for id_ in once & self.known.keys() if self._silent(id_)}
        whole = {id_ for id_ in allowed if self.contents[id_].container_id in {None, *allowed}}
        return {id_ for id_ in whole if self._fresh(id_)}

    def too_new(self, person: User | None, shown: Mapping[str, int]) -> list[str]:
        """Those of these contents, with the versions of their texts, that somebody could at no time read so new."""
        newest = self.ever[name(person)]
        return sorted(id_ for id_, number in shown.items() if number > newest.get(id_, 0))

    def _shown(self, person: User | None, *, archived: bool = False) -> Iterator[Content]:
        """What Confluence shows somebody of what is current; without a licence they see what is open to everyone."""
        sights = [Sight(self.wiki.site, person), Sight(self.wiki.site, None)]
        living = {Status.CURRENT, Status.ARCHIVED} if archived else {Status.CURRENT}
        for content in self.wiki.site.contents.values():
            lives = {content.status, self.wiki.site.container(content).status} <= living
            if lives and content.kind in OUTER_KINDS and any(sight.content(content) for sight in sights):
                yield content

    def _told(self) -> list[Content]:
        """What Confluence lists for the hub's own account in the spaces of the hub."""
        spaces = {space.id for space in self._spaces()}
        return [each for each in self._shown(self.wiki.sync) if each.space_id in spaces]

    def _spaces(self) -> list[Space]:
        """The spaces of the hub: the chosen ones, or all that are not archived."""
        spaces = self.wiki.site.spaces.values()
        if self.chosen is None:
            return [space for space in spaces if space.status is Status.CURRENT]
        return [space for space in spaces if space.key in self.chosen]

    def _silent(self, id_: str) -> bool:
        """Whether Confluence tells the account nothing of a content: purged, out of its sight, its space archived."""
        content = self.wiki.site.contents.get(id_)
        if content is None:
            return True
        if self.chosen is None and self.wiki.site.spaces[content.space_id].status is Status.ARCHIVED:
            return True
        return not Sight(self.wiki.site, self.wiki.sync).content(content)

    def _stowed(self, id_: str) -> bool:
        archived = self.wiki.site.spaces[self._space_of(id_)].status is Status.ARCHIVED
        return archived and self.contents[id_].kind is Kind.ATTACHMENT

    def _space_of(self, id_: str) -> str:
        """The space that the hub should think a content to be in."""
        return self.known.get(id_) or self.contents[id_].space_id

    def _fresh(self, id_: str) -> bool:
        """Whether the rules of a content's space were read in full within 72 hours; new spaces are still being read.

        Where a space is unsure, what was in it may have been met in its new one.
        """
        now, spaces = self.wiki.clock(), {self._space_of(id_)}
        if self.unsure is None or spaces & set(self.unsure):
            spaces.add(self.contents[id_].space_id)
        return any(now - self.read_at.get(space, now) <= STALE for space in spaces)


def name(person: User | None) -> str:
    """What somebody is called in these tables."""
    return "anonymous" if person is None else person.username
