"""Which spaces of a site are new, renamed or gone, and what the rule for later ones makes of them (C3). Pure.

The rule speaks once, when a space is first met: what it then decides stands in the choice of the connection, so a rule
that changes later moves nothing that is there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mainstem.errors import TellPerson
from mainstem.store.connections import SavedConnection
from mainstem.store.met_spaces import MetSpace, Standing
from mainstem.sync.changing import leaving_out, named, takes, taking_in
from mainstem.wiki.content import Space, Status
from mainstem.wiki.selection import Later

BY_RULE = {Later.ADD: Standing.ADDED, Later.ASK: Standing.WAITS, Later.IGNORE: Standing.IGNORED}


class Whether(StrEnum):
    """How a space stands to a connection: it comes in, waits for a person, stays outside, or is shown no more."""

    IN = "in"
    WAITS = "waits"
    OUT = "out"
    GONE = "gone"


def whether(connection: SavedConnection, space: MetSpace) -> Whether:
    """How a space stands to a connection as it is chosen now."""
    if space.gone_at is not None:
        return Whether.GONE
    if takes(connection, space.space):
        return Whether.IN
    return Whether.WAITS if space.standing is Standing.WAITS else Whether.OUT


class ComesIn(TellPerson):
    """A space comes in already, so what would leave with it is to be said first."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"{self.name} comes in already: change what comes in to leave it out, which says first what leaves."


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a connection becomes by the spaces that it met, and those of them that are not as they were.

    `new` are those that were created since the choice was made.
    """

    connection: SavedConnection
    changed: tuple[MetSpace, ...] = ()
    new: tuple[MetSpace, ...] = ()


def meet(
    connection: SavedConnection,
    before: Mapping[str, MetSpace],
    found: Sequence[Space],
    *,
    public: Collection[str],
    held: Collection[str],
    now: datetime,
) -> Meeting:
    """What becomes of the spaces that were `found`; `public` are the ids of those that need no sign-in.

    Where nothing was met before, all were there when the choice was made; so were those of which something is `held`.
    """
    after, changed, new = connection, list[MetSpace](), list[MetSpace]()
    for space in found:
        old = before.get(space.id)
        if old is None:
            settled = not before or space.id in held or space.status is not Status.CURRENT or named(after, space.key)
            standing = Standing.KNOWN if settled else _standing(connection.later, space.id in public)
            met = MetSpace(space.id, space.key, space.name, space.kind, space.status, space.url, standing, now)
            if not settled:
                new.append(met)
                after = (taking_in if standing is Standing.ADDED else leaving_out)(after, space.key)
        else:
            met = _met_again(old, space, now)
            if met.key != old.key:
                after = _under_another_key(after, old.key, met.key)
            if old.standing is Standing.CLOSED and connection.later is Later.PUBLIC and space.id in public:
                met = replace(met, standing=Standing.ADDED)
                after = taking_in(after, space.key)
        if met != old:
            changed.append(met)
    return Meeting(after, tuple(changed), tuple(new))


def gone_since(
    before: Mapping[str, MetSpace], found: Sequence[Space], keys: Collection[str], now: datetime
) -> list[MetSpace]:
    """Those with these keys, under which Confluence shows nothing any more, as they stand from now on."""
    there = {space.id for space in found}
    return [
        replace(each, gone_at=now)
        for each in before.values()
        if each.key in keys and each.gone_at is None and each.id not in there
    ]


def expected(before: Mapping[str, MetSpace]) -> set[str]:
    """The keys of the spaces that were shown the last time."""
    return {each.key for each in before.values() if each.gone_at is None}


def asks_for_public(connection: SavedConnection, before: Mapping[str, MetSpace], found: Sequence[Space]) -> bool:
    """Whether it matters which spaces need no sign-in."""
    if connection.later is not Later.PUBLIC or not before:
        return False
    return any(space.id not in before or before[space.id].standing is Standing.CLOSED for space in found)


def decided(connection: SavedConnection, space: MetSpace, *, inside: bool) -> tuple[SavedConnection, MetSpace]:
    """A connection, and a space that stays outside so far, once a person said where it belongs.

    Raises ComesIn where it comes in already and is to stay outside.
    """
    if not inside and takes(connection, space.space):
        raise ComesIn(space.name)
    after = (taking_in if inside else leaving_out)(connection, space.key)
    return after, replace(space, standing=Standing.KNOWN)


def _standing(rule: Later, public: bool) -> Standing:  # noqa: FBT001 - the space's one property
    if rule is Later.PUBLIC:
        return Standing.ADDED if public else Standing.CLOSED
    return BY_RULE[rule]


def _met_again(old: MetSpace, space: Space, now: datetime) -> MetSpace:
    met = replace(
        old, key=space.key, name=space.name, kind=space.kind, status=space.status, url=space.url, gone_at=None
    )
    if (old.key, old.name) == (space.key, space.name):
        return met
    return replace(met, former_key=old.key, former_name=old.name, renamed_at=now)


def _under_another_key(connection: SavedConnection, old: str, new: str) -> SavedConnection:
    """The same choice, where a space that it names is called otherwise now."""
    chosen, without = connection.chosen_spaces, connection.filter.without_spaces
    if chosen is not None:
        chosen = tuple(dict.fromkeys(new if key == old else key for key in chosen))
    without = frozenset(new if key.casefold() == old.casefold() else key for key in without)
    return replace(connection, chosen_spaces=chosen, filter=replace(connection.filter, without_spaces=without))
