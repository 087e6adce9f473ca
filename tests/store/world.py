"""Who may read what in words: a model that walks the tree anew for each question, and the store that is told the same.

The model knows nothing of holders and chains, and shares no code with the store.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection, select

from mainstem.store import (
    audiences,
    chains,
    connections,
    content,
    documents,
    openings,
    purging,
    rules,
    sight,
    tables,
    tombstones,
    visibility,
)
from mainstem.store.chains import RulesState
from mainstem.store.rules import RulesGap
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, NOBODY, Clause, Principal, Rules, Viewer, group, user
from mainstem.wiki.content import Content, Group, Kind, Membership, Person, Space, Status
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
    last: dict[str, tuple[str, list[Clause] | None]] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)
    without: bool = False

    def may_read(self, who: str, id_: str) -> bool:
        """Whether a person ("" for nobody in particular) may read a content."""
        item = self.contents.get(id_)
        mine = self.principals(who)
        if item is None or self.there(id_) is None or item.status not in (Status.CURRENT, Status.ARCHIVED):
            return False
        if self.without and who in MEMBERS:
            return True
        above = self.rules_above(id_)
        return above is not None and all(rule.principals & mine for rule in above)

    def rules_above(self, id_: str) -> list[Clause] | None:
        """All that must let somebody pass; None where that is not known. What was restored keeps what it had last."""
        owner = self.owner(id_)
        if owner is None:
            return None
        if owner in self.restored:
            return self.last[owner][1]
        above = self.ancestry(owner)
        return None if above is None else [self.site, self.spaces[self.contents[owner].space_id], *above]

    def parts(self, id_: str) -> set[str]:
        """The comments and files of a content, and what hangs on these."""
        found: set[str] = set()
        for _ in IDS:
            found |= {each.id for each in self.contents.values() if each.container_id in {id_, *found}}
        return found - {id_}

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
            if (
                step in self.restored
                or item is None
                or item.status not in (Status.CURRENT, Status.ARCHIVED)
                or isinstance(own, str)
            ):
                return None
            found += [] if own is None else [own]
            step = None if item.kind is Kind.BLOGPOST else item.parent_id
        return None

    def there(self, id_: str) -> Content | None:
        """A content that is stored and no tombstone, or was restored."""
        return None if id_ in self.deleted - self.restored else self.contents.get(id_)

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
        """A content is new, moved, or changed its kind, space or status. What was restored is so only by its body."""
        if body or item.id not in self.world.restored:
            self.world.contents[item.id] = item
            self.world.own.setdefault(item.id, "unread")
        if body:
            self.world.deleted.discard(item.id)
            self.world.restored.discard(item.id)
            self.world.last.pop(item.id, None)
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
            if id_ not in self.world.deleted:
                above = None if self.world.without else self.world.rules_above(id_)
                self.world.last[id_] = self.world.contents[id_].space_id, above
            self.world.deleted.add(id_)
            content.tombstone(self.db, content.ids_of(self.db, self.id, [id_]).values(), NOW)
            chains.rebuild_chains(self.db, self.id)

    def restore(self, id_: str) -> None:
        """Somebody wants it shown again, with what belongs to it and was not deleted by itself."""
        world = self.world
        if id_ in world.last and id_ not in world.restored:
            shown = {id_, *(part for part in world.parts(id_) if part not in world.last)}
            world.restored |= shown
            world.deleted |= shown
            item = replace(world.contents[id_], space_id=world.last[id_][0])
            world.contents |= {id_: item}
            for each in shown:
                if world.contents[each].status not in (Status.CURRENT, Status.ARCHIVED):
                    world.contents[each] = replace(world.contents[each], status=Status.CURRENT)
                world.last.setdefault(each, ("", None))
        tombstones.restore(self.db, self.id, content.ids_of(self.db, self.id, [id_]).values(), NOW)

    def purge(self, id_: str) -> None:
        """Somebody wants nothing left of it."""
        ids = content.ids_of(self.db, self.id, [id_]).values()
        if purging.purge(self.db, self.id, ids):
            for each in {id_, *self.world.parts(id_)}:
                self.world.contents.pop(each)
                self.world.own.pop(each)
                self.world.last.pop(each, None)
                self.world.deleted.discard(each)
                self.world.restored.discard(each)
            chains.rebuild_chains(self.db, self.id)
        assert set(content.ids_of(self.db, self.id, IDS)) == set(self.world.contents)

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

    def undergo(self, changes: Sequence[tuple[Any, ...]]) -> None:
        """Change after change; store and model agree behind each."""
        for name, first, *more in changes:
            if name == "put":
                self.put(first, body=more[0])
            else:
                getattr(self, name)(first, *more)
            self.agree()
        assert list(self.differences()) == []

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
