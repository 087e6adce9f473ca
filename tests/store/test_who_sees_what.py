"""P1 as a property: whatever happens to a wiki, the store lets exactly those read whom Confluence would.

And what left Confluence is for its last readers, once it is restored, and for nobody when it is purged. The model is in
`world`.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from mainstem.store import audiences
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, NOBODY, Clause, group, user
from mainstem.wiki.content import Content, Kind, Status
from tests.plugins.databases import examples
from tests.store.site import NOW
from tests.store.world import GROUPS, IDS, INHERITING, NOT_STORED, PEOPLE, SPACES, TREE, Own, begin

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


puts = st.tuples(st.just("put"), st.sampled_from(IDS).flatmap(contents_of), st.booleans())
rulings = st.tuples(st.just("rule"), st.sampled_from(IDS), restrictions)
changes = often(
    st.one_of(puts, rulings),
    st.one_of(
        st.tuples(st.just("delete"), st.sampled_from(IDS)),
        st.tuples(st.just("go_without"), st.booleans()),
        st.tuples(st.just("restore"), st.sampled_from(IDS)),
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


leavings = often(
    st.tuples(st.sampled_from(["delete", "delete", "restore", "restore", "purge"]), st.sampled_from(IDS[:3])),
    st.one_of(
        st.tuples(st.just("open_space"), st.just(SPACES[0]), clauses),
        st.tuples(st.just("rule"), st.sampled_from(IDS[:3]), clauses),
    ),
    3,
)


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
            hub.undergo(then)
            transaction.rollback()

    holds()


def test_what_is_restored_is_for_its_last_readers_alone_and_what_is_purged_for_nobody(shared_engine: Engine) -> None:
    @examples(shared_engine)
    @given(
        tree=st.tuples(*map(contents_of, IDS)),
        own=st.tuples(*(often(st.none(), clauses, 3) for _ in IDS)),
        left=st.sampled_from(IDS[:3]),
        since=clauses,
        then=st.lists(often(leavings, changes, 4), max_size=8),
    )
    def holds(
        tree: tuple[Content, ...], own: tuple[Own, ...], left: str, since: Clause, then: list[tuple[Any, ...]]
    ) -> None:
        with shared_engine.connect() as db, db.begin() as transaction:
            hub = begin(db)
            hub.fill(tree, own)
            hub.undergo([("delete", left), ("restore", left), ("open_space", SPACES[0], since), *then])
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
