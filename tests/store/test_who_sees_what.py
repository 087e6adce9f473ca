"""P1 as a property: whatever happens to a wiki, the store lets exactly those read whom Confluence would.

The model is the rule in words: site and space and every ancestor and the page itself. It knows nothing of holders and
chains, walks the tree anew for each question, and shares no code with the store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from mainstem.store import (
    audiences,
    chains,
    connections,
    content,
    documents,
    openings,
    rules,
    sight,
    tables,
    visibility,
)
from mainstem.store.chains import RulesState
from mainstem.store.rules import RulesGap
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, NOBODY, Clause, Principal, Rules, Viewer, group, user
from mainstem.wiki.content import Content, Group, Kind, Membership, Person, Space, Status
from tests.plugins.databases import examples
from tests.store.site import NOW, clause, made, new_connection

PEOPLE = (
    Person("ann", "Ann"),
    Person("ben", "Ben"),
    Person("gus", "Gus", guest=True),
    Person("app", "App", kind="app"),
    Person("ida", "Ida", active=False),
)
GROUPS = ("g0", "g1", "g2")
SPACES = ("s0", "s1")
IDS = tuple("abcdefgh")
NOT_STORED = "z"
TREE = (Kind.PAGE, Kind.FOLDER, Kind.BLOGPOST)
INHERITING = (Kind.COMMENT, Kind.ATTACHMENT)
ASKING = ("ann", "ben")
"""The viewers who ask after every change, and for each document by its id."""
VIEWERS = ("ann", "ben", "gus", "app", "ida", "stranger", "")
MEMBERS = frozenset({"ben", "ida", "stranger"})
"""Who of them has an account in the hub, whoever they are in Confluence."""

Own = Clause | Literal["failed", "unread"] | None
"""A content's own restriction as far as it was read: None is open."""

principals = st.sampled_from(
    [ANONYMOUS, ALL_LICENSED, *(user(person.id) for person in PEOPLE), *(group(each) for each in GROUPS)]
)
clauses = st.builds(Clause, st.frozensets(principals, max_size=3))


def often(common: st.SearchStrategy[Any], rare: st.SearchStrategy[Any], one_in: int) -> st.SearchStrategy[Any]:
    """Mostly the one and sometimes the other: a wiki where everything is odd shows nobody anything."""
    return st.integers(1, one_in).flatmap(lambda n: rare if n == one_in else common)


restrictions = often(st.none(), often(clauses, st.sampled_from(["failed", "unread"]), 5), 2)
statuses = often(st.just(Status.CURRENT), st.sampled_from([Status.ARCHIVED, Status.DRAFT, Status.UNKNOWN]), 8)
members = st.builds(
    lambda people, inner: (frozenset(people), frozenset(inner)),
    st.sets(st.sampled_from([person.id for person in PEOPLE]), max_size=3),
    st.sets(st.sampled_from(GROUPS), max_size=2),
)


@dataclass
class World:
    """What Confluence holds, as far as it was read."""

    site: Clause
    spaces: dict[str, Clause]
    groups: dict[str, tuple[frozenset[str], frozenset[str]]]
    people: dict[str, Person]
    contents: dict[str, Content] = field(default_factory=dict)
    own: dict[str, Own] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    without: bool = False

    def may_read(self, who: str, id_: str) -> bool:
        """Whether a person ("" for nobody in particular) may read a content."""
        item = self.contents.get(id_)
        mine = self.principals(who)
        if item is None or id_ in self.deleted or item.status not in (Status.CURRENT, Status.ARCHIVED):
            return False
        if self.without and who in MEMBERS:
            return True
        owner = self.owner(id_)
        if owner is None:
            return False
        above = self.ancestry(owner)
        if above is None:
            return False
        rules_above = [self.site, self.spaces[self.contents[owner].space_id], *above]
        return all(rule.principals & mine for rule in rules_above)

    def owner(self, id_: str) -> str | None:
        """The page or post that a content hangs on in the end."""
        for _ in range(len(IDS) + 1):
            item = self.there(id_)
            if item is None or item.kind not in INHERITING:
                return None if item is None else id_
            id_ = item.container_id or NOT_STORED
        return None

    def ancestry(self, id_: str) -> list[Clause] | None:
        """All restrictions from a content up; None when one of them, or an ancestor, is not known."""
        found: list[Clause] = []
        step: str | None = id_
        for _ in range(len(IDS) + 1):
            if step is None:
                return found
            item, own = self.there(step), self.own.get(step)
            if item is None or item.status not in (Status.CURRENT, Status.ARCHIVED) or isinstance(own, str):
                return None
            found += [] if own is None else [own]
            step = None if item.kind is Kind.BLOGPOST else item.parent_id
        return None

    def there(self, id_: str) -> Content | None:
        """A content that is stored and no tombstone."""
        return None if id_ in self.deleted else self.contents.get(id_)

    def principals(self, who: str) -> frozenset[Principal]:
        """What a person may pass for."""
        person = self.people.get(who)
        if person is None:
            return frozenset({ANONYMOUS})
        if not person.active:
            return frozenset()
        inside = {each for each, (people, _) in self.groups.items() if who in people}
        for _ in GROUPS:
            inside |= {each for each, (_, inner) in self.groups.items() if inner & inside}
        licensed = {ALL_LICENSED} if not person.guest and person.kind == "atlassian" else set()
        own = {user(who), *licensed, *map(group, inside)}
        # Whoever may not use the site is anonymous there, whatever spaces name them.
        return frozenset({ANONYMOUS, *own} if own & self.site.principals else {ANONYMOUS})


@st.composite
def contents_of(draw: st.DrawFn, id_: str) -> Content:
    """One content, mostly a page below one of the ids before; sometimes below any, an unknown one, or itself."""
    kind = draw(often(st.just(Kind.PAGE), st.sampled_from([*TREE, *INHERITING]), 3))
    above = IDS[: IDS.index(id_)]
    usual = st.sampled_from(above) if above else st.none()
    other = draw(often(usual, st.sampled_from([None, *IDS, NOT_STORED]), 6))
    space = draw(often(st.just(SPACES[0]), st.just(SPACES[1]), 6))
    item = Content(id_, kind, space, f"Title {id_}", 1, draw(statuses))
    return replace(item, container_id=other) if kind in INHERITING else replace(item, parent_id=other)


@dataclass
class Hub:
    """The store, told of every change in the way a sync would, beside the model."""

    db: Connection
    id: int
    world: World

    def fill(self, tree: Sequence[Content], own: Sequence[Own]) -> None:
        """The first load: contents, and then their rules."""
        self.world.contents = {item.id: item for item in tree}
        self.world.own = {item.id: rule for item, rule in zip(tree, own, strict=True)}
        self.save(*tree)
        self.save_rules(self.world.own)

    def put(self, item: Content, *, body: bool) -> None:
        """A content is new, moved, or changed its kind, space or status."""
        self.world.contents[item.id] = item
        self.world.own.setdefault(item.id, "unread")
        if body:
            self.world.deleted.discard(item.id)
            self.save(item)
        else:
            content.save_heads(self.db, self.id, [item], NOW)
            chains.rebuild_chains(self.db, self.id)

    def save(self, *items: Content) -> None:
        """Save contents with their bodies."""
        content.save_documents(self.db, self.id, [(replace(item, body="x"), "h", made("text")) for item in items], NOW)
        chains.rebuild_chains(self.db, self.id)

    def rule(self, id_: str, own: Own) -> None:
        """A restriction came, went, changed, or could not be read."""
        if id_ in self.world.contents:
            self.world.own[id_] = own
        self.save_rules({id_: own})

    def save_rules(self, own: Mapping[str, Own]) -> None:
        """Save what was read of restrictions, or that it was not."""
        found = [
            RulesGap(id_, RulesState(rule)) if isinstance(rule, str) else Rules(id_, restriction=rule)
            for id_, rule in own.items()
        ]
        changed = rules.save_rules(self.db, self.id, found)
        if changed.loosened and not changed.tightened:
            # The rebuild may wait; until then some may be refused who need not be, and nobody is let in.
            assert not [f"{who} reads {sorted(ids)}" for who in ASKING if (ids := self.listed(who) - self.right(who))]
        if changed.tightened or changed.loosened:
            chains.rebuild_chains(self.db, self.id)

    def delete(self, id_: str) -> None:
        """A content went to the trash."""
        if id_ in self.world.contents:
            self.world.deleted.add(id_)
            content.tombstone(self.db, content.ids_of(self.db, self.id, [id_]).values(), NOW)
            chains.rebuild_chains(self.db, self.id)

    def open_site(self, rule: Clause) -> None:
        """Somebody changed who may use the site."""
        self.world.site = rule
        audiences.save_site_clause(self.db, self.id, rule)

    def open_space(self, space: str, rule: Clause) -> None:
        """Somebody changed who may view a space."""
        self.world.spaces[space] = rule
        audiences.save_clauses(self.db, self.id, audiences.HolderKind.SPACE, {space: rule})

    def fill_group(self, name: str, inside: tuple[frozenset[str], frozenset[str]]) -> None:
        """The members of a group changed."""
        self.world.groups[name] = inside
        people = tuple(self.world.people[each] for each in sorted(inside[0]))
        inner = tuple(Group(each, each) for each in sorted(inside[1]))
        audiences.save_memberships(self.db, self.id, [Membership(Group(name, name), people, inner)], NOW)

    def change_person(self, person: Person) -> None:
        """Somebody left, came back, or became a guest."""
        self.world.people[person.id] = person
        audiences.save_people(self.db, self.id, [person], NOW)

    def go_without(self, without: bool) -> None:
        """Somebody switched permissions off or on; on again, nobody sees anything until they are read."""
        if not without and self.world.without:
            self.world.site = NOBODY
            self.world.spaces = dict.fromkeys(self.world.spaces, NOBODY)
        self.world.without = without
        if without:
            openings.open_to_members(self.db, self.id, "Olga", NOW)
        else:
            openings.close(self.db, self.id)

    def viewer(self, who: str) -> Viewer:
        """The viewer as the store proves it."""
        if not who:
            return visibility.anonymous(self.db, rules_since=NOW)
        return replace(visibility.viewer_for(self.db, who, rules_since=NOW), member=who in MEMBERS)

    def right(self, who: str) -> set[str]:
        """What somebody may read, as the model has it."""
        return {id_ for id_ in IDS if self.world.may_read(who, id_)}

    def listed(self, who: str) -> set[str]:
        """What somebody may read, as the store has it."""
        names, viewer = {id_: name for name, id_ in content.ids_of(self.db, self.id, IDS).items()}, self.viewer(who)
        shown = {names[id_] for id_ in documents.document_ids(self.db, viewer=viewer)}
        each = select(tables.documents.c.source_id).where(visibility.readable(viewer))
        assert set(self.db.execute(each, visibility.seen_by(viewer)).scalars()) == shown, (
            "asked of each and of all at once"
        )
        return shown

    def agree(self) -> None:
        """A quick look, after every single change."""
        for who in ASKING:
            assert self.listed(who) == self.right(who), who

    def differences(self) -> Iterator[str]:
        """Where store and model disagree."""
        names = content.ids_of(self.db, self.id, IDS)
        for who in VIEWERS:
            viewer, right, listed = self.viewer(who), self.right(who), self.listed(who)
            pages = documents.counts(self.db, self.id, viewer=viewer).pages
            if listed != right:
                yield f"{who or 'anonymous'} is shown {sorted(listed)} where {sorted(right)} is right"
            if pages != sum(self.world.contents[id_].kind is Kind.PAGE for id_ in right):
                yield f"{who or 'anonymous'} is told of {pages} pages"
            for id_ in names:
                told = sight.sight(self.db, (self.id, id_), viewer=viewer, asker=viewer)
                if told is None or told.sees != (id_ in right):
                    yield f"{who or 'anonymous'} is explained {told} where {id_ in right} is right"
            yield from (
                f"{who or 'anonymous'} asks for {id_} and gets the wrong answer"
                for id_ in (IDS if who in ASKING else ())
                if (documents.document(self.db, (self.id, id_), viewer=viewer) is not None) != (id_ in right)
            )


puts = st.tuples(st.just("put"), st.sampled_from(IDS).flatmap(contents_of), st.booleans())
rulings = st.tuples(st.just("rule"), st.sampled_from(IDS), restrictions)
changes = often(
    st.one_of(puts, rulings),
    st.one_of(
        st.tuples(st.just("delete"), st.sampled_from(IDS)),
        st.tuples(st.just("go_without"), st.booleans()),
        st.tuples(st.just("open_site"), clauses),
        st.tuples(st.just("open_space"), st.sampled_from(SPACES), clauses),
        st.tuples(st.just("fill_group"), st.sampled_from(GROUPS), members),
        st.tuples(
            st.just("change_person"),
            st.builds(replace, st.sampled_from(PEOPLE), active=st.booleans(), guest=st.booleans()),
        ),
    ),
    3,
)


def begin(db: Connection) -> Hub:
    """An empty wiki that lets everybody in."""
    site_id = connections.add(db, new_connection(), NOW).id
    everybody = clause(ANONYMOUS)
    hub = Hub(db, site_id, World(everybody, {}, {}, {}))
    content.save_spaces(db, site_id, [Space(each, each.upper(), each) for each in SPACES])
    hub.open_site(everybody)
    for each in SPACES:
        hub.open_space(each, everybody)
    hub.world.people = {person.id: person for person in PEOPLE}
    audiences.save_people(db, site_id, PEOPLE, NOW)
    audiences.rules_read(db, site_id, SPACES, NOW)
    return hub


def test_exactly_those_read_whom_confluence_lets(shared_engine: Engine) -> None:
    @examples(shared_engine)
    @given(
        tree=st.tuples(*map(contents_of, IDS)),
        own=st.tuples(*(restrictions for _ in IDS)),
        teams=st.fixed_dictionaries(dict.fromkeys(GROUPS, members)),
        then=st.lists(changes, max_size=6),
    )
    def holds(
        tree: tuple[Content, ...],
        own: tuple[Own, ...],
        teams: dict[str, tuple[frozenset[str], frozenset[str]]],
        then: list[tuple[Any, ...]],
    ) -> None:
        with shared_engine.connect() as db, db.begin() as transaction:
            hub = begin(db)
            for name, inside in teams.items():
                hub.fill_group(name, inside)
            hub.fill(tree, own)
            assert list(hub.differences()) == []
            for name, first, *more in then:
                if name == "put":
                    hub.put(first, body=more[0])
                else:
                    getattr(hub, name)(first, *more)
                hub.agree()
            assert list(hub.differences()) == []
            transaction.rollback()

    holds()


def test_rules_that_are_too_old_pass_nobody(shared_engine: Engine) -> None:
    @examples(shared_engine, 15)
    @given(
        tree=st.tuples(*map(contents_of, IDS)),
        site=st.integers(-1, 1),
        spaces=st.tuples(*(st.integers(-1, 1) for _ in SPACES)),
    )
    def holds(tree: tuple[Content, ...], site: int, spaces: tuple[int, ...]) -> None:
        with shared_engine.connect() as db, db.begin() as transaction:
            hub = begin(db)
            hub.fill(tree, [None] * len(tree))
            for space, hours in zip(SPACES, spaces, strict=True):
                audiences.rules_read(db, hub.id, [space], NOW + timedelta(hours=hours))
                if hours < 0:
                    hub.world.spaces[space] = NOBODY
            audiences.rules_read(db, hub.id, [], NOW + timedelta(hours=site))
            if site < 0:
                hub.world.site = NOBODY
            assert list(hub.differences()) == []
            transaction.rollback()

    holds()
