"""The search index: what a query finds is the site as it was `lag` ago, seen with the rights of whoever asks.

Copies of contents are queued as they change and shown when they are old enough, so new contents are missing for a
while, old titles stay, and deleted or archived contents linger. Restrictions and permissions count at once. Answers
are kept until the site or the shown state changes: reading a long answer page by page costs one evaluation.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from confluence_emulator.cql.fields import ORDERS, Asker, Subject, Words, compile_clause, plain_values
from confluence_emulator.cql.syntax import Clause, Comparison, CqlError, Every, Operator, Ordering, Query, parse
from confluence_emulator.state.contents import TREE_KINDS, Content, Kind, Status
from confluence_emulator.state.people import User
from confluence_emulator.state.site import Change, Site
from confluence_emulator.state.visibility import Sight

KEPT_ANSWERS = 64
CLAUSES_OF_THE_DROPPED_ONE = 3


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The whole answer in order; the caller slices it.

    hits: copies of contents as the index knows them (title, version and place may be old; a purged one is no longer in
    `site.contents`), and spaces where the query admits `type = space`. contents: the same without the spaces.
    """

    hits: Sequence[Subject]
    contents: Sequence[Content]


@dataclass(frozen=True, slots=True)
class _Entry:
    due: datetime
    content_id: str
    shown: Content | None


class SearchIndex:
    """One site's search index. `lag` may be changed at any time and counts for what happens from then on."""

    def __init__(self, site: Site, *, lag: timedelta = timedelta(0)) -> None:
        """Index what is there, at once, and listen to what happens from now on."""
        self.site = site
        self.lag = lag
        self._shown: dict[str, Content] = {}
        self._grouped: defaultdict[tuple[Kind, str], dict[str, Content]] = defaultdict(dict)
        self._latest: dict[str, Content] = {}
        self._below: defaultdict[str, set[str]] = defaultdict(set)
        self._queue: deque[_Entry] = deque()
        self._applied = 0
        self._words: Words = {}
        self._answers: dict[tuple[object, ...], SearchResult] = {}
        for content in site.contents.values():
            self._show(content.id, self._remember(content))
        site.listeners.append(self._note)

    def search(
        self,
        text: str,
        *,
        viewer: User | None,
        now: datetime,
        bypass: bool = False,
        pages_only: bool = False,
        archived_spaces: bool = False,
    ) -> SearchResult:
        """Every content (and space) the query finds and the viewer may view, in a stable order.

        viewer: None is the anonymous caller; dates are read in the viewer's time zone. bypass: see everything, as Data
        Center's super group does. pages_only: folders and their like count as pages, as Data Center shows them.
        archived_spaces: include what lies in archived spaces. Trashed, archived and draft contents are never found; an
        unknown space key finds nothing. Raises CqlError.
        """
        self._advance(now)
        state = (self.site.revision, self._applied, now.replace(second=0, microsecond=0) if "(" in text else None)
        key = (text, viewer and viewer.account_id, bypass, pages_only, archived_spaces, *state)
        answer = self._answers.get(key)
        if answer is None:
            query = parse(text)
            asker = Asker(self.site, viewer, now, self._words, pages_only)
            sight = Sight(self.site, viewer, bypass=bypass)
            hits = self._find(query, asker, sight, archived_spaces=archived_spaces)
            answer = SearchResult(hits, [hit for hit in hits if isinstance(hit, Content)])
            while len(self._answers) >= KEPT_ANSWERS:
                del self._answers[next(iter(self._answers))]
            self._answers[key] = answer
        return answer

    def catch_up(self) -> None:
        """Show everything that is still waiting, whatever the lag."""
        while self._queue:
            self._apply(self._queue.popleft())

    # Answering

    def _find(self, query: Query, asker: Asker, sight: Sight, *, archived_spaces: bool) -> list[Subject]:
        clause = _without_dropped_site_search(query.clause)
        meets = compile_clause(clause, asker)
        found = [
            subject
            for subject in self._candidates(clause, asker)
            if self._visible(subject, sight, archived_spaces=archived_spaces) and meets(subject)
        ]
        found.sort(key=lambda subject: subject.number)
        for ordering in reversed(query.orderings):
            found.sort(key=_order(ordering, asker), reverse=ordering.descending)
        return found

    def _candidates(self, clause: Clause, asker: Asker) -> Iterator[Subject]:
        """What the clause can find at all: a superset, narrowed by the types and spaces that it demands."""
        types, keys = _demanded(clause, ("type",)), _demanded(clause, ("space", "space.key"))
        if types is None or "space" in types:
            yield from self.site.spaces.values()
        kinds = [kind for kind in Kind if types is None or kind in types or (asker.pages_only and kind in TREE_KINDS)]
        if keys is None:
            space_ids = [""]
        else:
            space_ids = [space.id for key in keys if (space := self.site.space_by_key(key)) is not None]
        for kind in kinds:
            for space_id in space_ids:
                yield from self._grouped[kind, space_id].values()

    def _visible(self, subject: Subject, sight: Sight, *, archived_spaces: bool) -> bool:
        if not isinstance(subject, Content):
            return sight.space(subject) and (archived_spaces or subject.status is Status.CURRENT)
        space = self.site.spaces.get(subject.space_id)
        if space is None or (space.status is Status.ARCHIVED and not archived_spaces):
            return False
        if subject.container_id is not None and not self._holds(subject.container_id):
            return False
        alive = self.site.contents.get(subject.id)
        return sight.content(alive if alive is not None and alive.status is Status.CURRENT else subject)

    def _holds(self, container_id: str) -> bool:
        container = self.site.contents.get(container_id)
        if container is None or container.status is not Status.CURRENT:
            return False
        return container.container_id is None or self._holds(container.container_id)

    # Keeping up

    def _note(self, change: Change) -> None:
        content = self.site.contents.get(change.subject_id)
        if content is None:
            if change.subject_id in self._latest:
                self._enqueue(change.at, change.subject_id, None)
        else:
            for affected in self._affected(content):
                self._enqueue(change.at, affected.id, self._remember(affected))
        for child_id in self._strays(change.subject_id):
            self._enqueue(change.at, child_id, self._remember(self.site.contents[child_id]))

    def _affected(self, content: Content) -> Iterator[Content]:
        """The content, and all that lies below or in it if it went to another space."""
        known = self._latest.get(content.id)
        yield content
        if known is not None and known.space_id != content.space_id:
            for kind in (Kind.COMMENT, Kind.ATTACHMENT):
                yield from self.site.contained(content.id, kind)
            for child in self.site.children(content.id):
                yield from self._affected(child)

    def _strays(self, content_id: str) -> list[str]:
        """What stood below a content and no longer does: children move up when it is trashed or purged."""
        contents = self.site.contents
        return [
            below
            for below in self._below.get(content_id, ())
            if below in contents and contents[below].parent_id != content_id
        ]

    def _remember(self, content: Content) -> Content | None:
        """A copy to show later, None where the index must not show it; its readers are corrected at once."""
        known = self._latest.get(content.id)
        if known is not None and known.parent_id is not None:
            self._below[known.parent_id].discard(content.id)
        twin = copy(content)
        twin.versions, twin.labels = list(content.versions), list(content.labels)
        self._latest[content.id] = twin
        if content.parent_id is not None and content.kind in TREE_KINDS:
            self._below[content.parent_id].add(content.id)
        if (shown := self._shown.get(content.id)) is not None:
            shown.readers = content.readers
        return twin if content.status is Status.CURRENT else None

    def _enqueue(self, at: datetime, content_id: str, shown: Content | None) -> None:
        self._queue.append(_Entry(at + self.lag, content_id, shown))

    def _advance(self, now: datetime) -> None:
        while self._queue and self._queue[0].due <= now:
            self._apply(self._queue.popleft())

    def _apply(self, entry: _Entry) -> None:
        self._show(entry.content_id, entry.shown)
        self._applied += 1

    def _show(self, content_id: str, shown: Content | None) -> None:
        old = self._shown.pop(content_id, None)
        if old is not None:
            del self._grouped[old.kind, ""][content_id]
            del self._grouped[old.kind, old.space_id][content_id]
        if shown is not None:
            self._shown[content_id] = shown
            self._grouped[shown.kind, ""][content_id] = shown
            self._grouped[shown.kind, shown.space_id][content_id] = shown


def _order(ordering: Ordering, asker: Asker) -> Callable[[Subject], str | int | datetime]:
    order = ORDERS.get(ordering.field)
    if order is None:
        raise CqlError(f"the field '{ordering.field}' does not support ordering")
    return lambda subject: order(subject, asker)


def _demanded(clause: Clause, names: Iterable[str]) -> frozenset[str] | None:
    """The values a field must have for the clause to hold, None if the clause does not say."""
    for part in clause.clauses if isinstance(clause, Every) else (clause,):
        if isinstance(part, Comparison) and part.field in names and part.operator in (Operator.EQUALS, Operator.IN):
            return plain_values(part.values)
    return None


def _without_dropped_site_search(clause: Clause) -> Clause:
    """Confluence forgets a siteSearch clause that stands in the middle of three."""
    if isinstance(clause, Every) and len(clause.clauses) == CLAUSES_OF_THE_DROPPED_ONE:
        first, middle, last = clause.clauses
        if isinstance(middle, Comparison) and middle.field == "sitesearch":
            return Every((first, last))
    return clause
