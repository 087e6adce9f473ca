"""Why a viewer may read a document: each rule above it, and by what of theirs they pass it.

Only for those who can read it; whom a rule stops is told nothing, not even that there is one. An admin may ask why
somebody else can or cannot: then each rule says whether it lets them in, and names nothing that the admin cannot read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from mainstem.store.audiences import HolderKind, group_names, person_names
from mainstem.store.openings import Opening
from mainstem.store.reasons import PassedRule, rules_passed
from mainstem.store.sight import Absent, sight
from mainstem.store.tree import ancestors
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, OPERATOR, Clause, Principal, Viewer, group, user


class How(StrEnum):
    """By what somebody passes a rule."""

    NAME = "name"
    GROUP = "group"
    LICENSED = "licensed"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through a rule. `name` is the person's or the group's, its id where no name is known, else ""."""

    how: How
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule above a document. `name` is that of the connection, the space, or the restricted page.

    `document_id` is the restricted page's, ours. `passed` is never empty, but for the operator, whom no rule stops.
    """

    kind: HolderKind
    name: str
    document_id: int | None
    passed: tuple[Pass, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rules above a document from the site down to the document itself. `operator`: none of them was asked.

    Nor were they, and none is told, where there is an `opening`: all who have an account in the hub see the document.
    `read_at` is when all of them were last read in full, None for what was restored.
    """

    rules: tuple[Rule, ...]
    operator: bool
    opening: Opening | None = None
    read_at: datetime | None = None


def explain(db: Connection, document_id: int, *, viewer: Viewer) -> Explanation | None:
    """Why this viewer may read a document; None when they may not."""
    found = rules_passed(db, document_id, viewer=viewer)
    if found is None:
        return None
    if found.opening is not None:
        return Explanation((), viewer.unrestricted, found.opening)
    rules = found.rules
    if sum(rule.kind is HolderKind.CONTENT for rule in rules) > 1:
        # Only several restrictions need the way down to tell which stands above which.
        path = [place.source_id for place in ancestors(db, document_id, viewer=viewer)]
        depth = {source_id: number for number, source_id in enumerate([*path, found.source_id], start=1)}
        rules.sort(key=lambda rule: (list(HolderKind).index(rule.kind), depth.get(rule.source_id, 0)))
    named = Clause(frozenset(principal for rule in rules for principal in rule.principals))
    people = person_names(db, found.connection_id, named.users)
    ways = _ways(named, people, group_names(db, found.connection_id, named.groups))
    told = (_rule(rule, [ways[principal] for principal in rule.principals]) for rule in rules)
    return Explanation(tuple(told), viewer.unrestricted, read_at=found.read_at)


@dataclass(frozen=True, slots=True)
class Told:
    """One rule above a document, for an admin who asks of somebody else: whether it lets them in, and by what.

    `name` is "" of what the admin cannot read, and then no way is told either; `itself`: it is the document's own.
    """

    kind: HolderKind
    name: str
    itself: bool
    lets_in: bool
    believed: bool
    read_at: datetime | None
    ways: tuple[Pass, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody sees a document, what is in their way besides rules, and the rules from the site down."""

    sees: bool
    absent: tuple[Absent, ...]
    rules: tuple[Told, ...]
    opening: Opening | None


def explain_other(db: Connection, content: tuple[int, str], *, viewer: Viewer, asker: Viewer) -> Verdict | None:
    """Why a viewer may or may not read a content, told to an asker who need not; None where none is stored.

    By its connection and Confluence's id.
    """
    found = sight(db, content, viewer=viewer, asker=asker)
    if found is None:
        return None
    # The way down tells which stands above which, and no name.
    path = [place.source_id for place in ancestors(db, found.document_id, viewer=OPERATOR)]
    depth = {source_id: number for number, source_id in enumerate([*path, found.source_id])}
    steps = sorted(found.steps, key=lambda one: (list(HolderKind).index(one.kind), depth.get(one.source_id, 0)))
    named = Clause(frozenset(each for step in steps for each in step.principals))
    people = person_names(db, found.connection_id, named.users)
    ways = _ways(named, people, group_names(db, found.connection_id, named.groups))
    rules = tuple(
        Told(
            step.kind,
            step.name,
            itself=step.kind is HolderKind.CONTENT and step.source_id == found.source_id,
            lets_in=step.lets_in,
            believed=step.believed,
            read_at=step.read_at,
            ways=_sorted(ways[principal] for principal in step.principals),
        )
        for step in steps
    )
    return Verdict(found.sees, found.absent, rules, found.opening)


def _ways(named: Clause, people: Mapping[str, str], groups: Mapping[str, str]) -> dict[Principal, Pass]:
    ways = {ANONYMOUS: Pass(How.EVERYONE), ALL_LICENSED: Pass(How.LICENSED)}
    ways |= {user(one): Pass(How.NAME, people.get(one, one)) for one in named.users}
    return ways | {group(one): Pass(How.GROUP, groups.get(one, one)) for one in named.groups}


def _sorted(ways: Iterable[Pass]) -> tuple[Pass, ...]:
    order = list(How)
    return tuple(sorted(ways, key=lambda way: (order.index(way.how), way.name.casefold())))


def _rule(rule: PassedRule, passed: Iterable[Pass]) -> Rule:
    return Rule(rule.kind, rule.name, rule.document_id, _sorted(passed))
