"""Spaces that are created, renamed and deleted later: what the rule makes of each, and that a person can decide."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from confluence_emulator.state import membership
from confluence_emulator.state.spaces import ANONYMOUS, VIEWER_RIGHTS
from mainstem.store import connections, met_spaces
from mainstem.store.connections import SavedConnection
from mainstem.store.database import reading
from mainstem.store.met_spaces import MetSpace, Standing
from mainstem.sync.changing import takes
from mainstem.sync.meeting import ComesIn, decided
from mainstem.wiki.selection import Filter, Later
from tests.sync.larkhill import Session, Wiki, connected


@pytest.fixture(params=["cloud", "datacenter"])
def session(wiki: Wiki, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Session]:
    with connected(wiki, tmp_path / "home", datacenter=request.param == "datacenter") as session:
        yield session


def saved(session: Session) -> SavedConnection:
    with reading(session.hub.engine) as db:
        return connections.connection(db, session.connection_id)


def choose(session: Session, spaces: tuple[str, ...] | None, later: Later | None) -> None:
    new = replace(saved(session), chosen_spaces=spaces, filter=Filter(later=later))
    with session.hub.engine.begin() as db:
        connections.change(db, session.connection_id, new)


def met(session: Session) -> dict[str, MetSpace]:
    with reading(session.hub.engine) as db:
        return {each.key: each for each in met_spaces.met(db, session.connection_id).values()}


def say(session: Session, key: str, *, inside: bool) -> None:
    after, space = decided(saved(session), met(session)[key], inside=inside)
    with session.hub.engine.begin() as db:
        connections.change(db, session.connection_id, after)
        met_spaces.save(db, session.connection_id, [space])


@pytest.mark.parametrize("spaces", [None, ("ENG",)])
@pytest.mark.parametrize(
    ("later", "standing", "comes"),
    [
        (Later.ADD, Standing.ADDED, True),
        (Later.ASK, Standing.WAITS, False),
        (Later.IGNORE, Standing.IGNORED, False),
        (Later.PUBLIC, Standing.CLOSED, False),
    ],
)
def test_a_rule_decides_about_spaces_that_are_created_later(
    wiki: Wiki, session: Session, spaces: tuple[str, ...] | None, later: Later, standing: Standing, *, comes: bool
) -> None:
    page, early = wiki.page("Page"), wiki.page("Early", space=wiki.new_space("OPS", "Operations"))
    choose(session, spaces, later)
    session.sync()
    first = {page.id} if spaces else {page.id, early.id}
    assert set(session.held()) == first
    new = wiki.page("New", space=wiki.new_space("NEW", "New"))
    session.sync()
    assert set(session.held()) == (first | {new.id} if comes else first)
    assert {key: each.standing for key, each in met(session).items()} == {
        "ENG": Standing.KNOWN,
        "OPS": Standing.KNOWN,
        "NEW": standing,
    }
    session.sync()
    assert set(session.held()) == (first | {new.id} if comes else first)


def test_without_a_rule_later_spaces_come_in_where_all_were_chosen(wiki: Wiki, session: Session) -> None:
    wiki.page("Page")
    assert saved(session).later is Later.ADD
    session.sync()
    new = wiki.page("New", space=wiki.new_space("NEW", "New"))
    session.sync()
    assert new.id in session.held()
    assert replace(saved(session), chosen_spaces=("ENG",)).later is Later.IGNORE


@pytest.mark.parametrize("spaces", [None, ("ENG",)])
def test_a_person_decides_where_the_rule_says_ask(wiki: Wiki, session: Session, spaces: tuple[str, ...] | None) -> None:
    wiki.page("Page")
    choose(session, spaces, Later.ASK)
    session.sync()
    yes = wiki.page("Yes", space=wiki.new_space("YES", "Yes"))
    no = wiki.page("No", space=wiki.new_space("NO", "No"))
    session.sync()
    say(session, "YES", inside=True)
    say(session, "NO", inside=False)
    choice = saved(session)
    assert (takes(choice, met(session)["YES"].space), takes(choice, met(session)["NO"].space)) == (True, False)
    session.sync()
    assert yes.id in session.held()
    assert no.id not in session.held()
    assert {each.standing for each in met(session).values()} == {Standing.KNOWN}
    with pytest.raises(ComesIn, match="says first what leaves"):
        say(session, "YES", inside=False)


def test_what_becomes_public_comes_in_by_the_rule_that_asks_for_it(wiki: Wiki, session: Session) -> None:
    wiki.page("Page")
    wiki.site.anonymous_access = True
    choose(session, ("ENG",), Later.PUBLIC)
    session.sync()
    new = wiki.new_space("NEW", "New")
    page = wiki.page("New", space=new)
    session.sync()
    assert page.id not in session.held()
    membership.grant(wiki.site, new, ANONYMOUS, VIEWER_RIGHTS)
    session.sync()
    assert page.id in session.held()
    assert met(session)["NEW"].standing is Standing.ADDED


def test_a_rule_that_changes_moves_nothing_that_is_there(wiki: Wiki, session: Session) -> None:
    wiki.page("Page")
    choose(session, ("ENG",), Later.IGNORE)
    session.sync()
    wiki.page("Old", space=wiki.new_space("OLD", "Old"))
    session.sync()
    choose(session, ("ENG",), Later.ADD)
    new = wiki.page("New", space=wiki.new_space("NEW", "New"))
    session.sync()
    assert {"Old", "New"} & set(session.held().values()) == {"New"}
    assert new.id in session.held()
    choose(session, saved(session).chosen_spaces, Later.IGNORE)
    session.sync()
    assert new.id in session.held()


def test_renamed_and_deleted_spaces_are_told(wiki: Wiki, session: Session) -> None:
    wiki.page("Page")
    ops, law = wiki.new_space("OPS", "Operations"), wiki.new_space("LAW", "Legal")
    choose(session, ("ENG",), None)
    session.sync()
    ops.name = "Platform"
    del wiki.site.spaces[law.id]
    session.sync()
    told = met(session)
    assert (told["OPS"].name, told["OPS"].former_name) == ("Platform", "Operations")
    assert told["OPS"].renamed_at == told["LAW"].gone_at
    session.sync()
    assert met(session) == told


def test_a_space_that_gets_another_key_stays_chosen(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Page")
    choose(session, ("ENG",), None)
    session.sync()
    wiki.space.key = "BUILD"
    session.sync()
    assert saved(session).chosen_spaces == ("BUILD",)
    assert page.id in session.held()
    assert met(session)["BUILD"].former_key == "ENG"


def test_a_list_that_is_cut_short_makes_no_space_new_or_gone(wiki: Wiki, session: Session) -> None:
    page = wiki.page("Page", space=wiki.new_space("OPS", "Operations"))
    choose(session, None, Later.IGNORE)
    session.sync()
    before = met(session)
    wiki.fault("empty:path=(api/v2/spaces|rest/api/space)\\?,first=1")
    session.sync()
    assert page.id in session.held()
    wiki.fault()
    session.sync()
    assert met(session) == before
    assert page.id in session.held()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_spaces_the_rule_of_that_hour_stands(wiki: Wiki, session: Session, seed: int) -> None:
    dice = random.Random(seed)
    wiki.page("Page")
    inside = {"ENG"}
    choose(session, dice.choice([None, ("ENG",)]), Later.ADD)
    session.sync()
    for number in range(5):
        rule = dice.choice([Later.ADD, Later.ASK, Later.IGNORE])
        choice = saved(session)
        with session.hub.engine.begin() as db:
            connections.change(db, choice.id, replace(choice, filter=replace(choice.filter, later=rule)))
        keys = [f"S{number}{each}" for each in range(dice.randint(0, 2))]
        for key in keys:
            wiki.page(f"In {key}", space=wiki.new_space(key, key))
        inside |= set(keys) if rule is Later.ADD else set()
        session.sync()
        waiting = [key for key, each in met(session).items() if each.standing is Standing.WAITS]
        if waiting and dice.random() < 0.5:
            say(session, waiting[0], inside=True)
            inside.add(waiting[0])
            session.sync()
        keys_of = {wiki.site.spaces[wiki.site.contents[id_].space_id].key for id_ in session.held()}
        assert keys_of == inside
