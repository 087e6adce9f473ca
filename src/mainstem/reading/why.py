"""Why a viewer may read a document: each rule above it, and by what of theirs they pass it.

Only for those who can read it; whom a rule stops is told nothing, not even that there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from mainstem.store.audiences import HolderKind, group_names, person_names
from mainstem.store.openings import Opening
from mainstem.store.reasons import PassedRule, rules_passed
from mainstem.store.tree import ancestors
from mainstem.wiki.audience import ALL_LICENSED, ANONYMOUS, Clause, Viewer, group, user


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
    """

    rules: tuple[Rule, ...]
    operator: bool
    opening: Opening | None = None


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
    groups = group_names(db, found.connection_id, named.groups)
    ways = {ANONYMOUS: Pass(How.EVERYONE), ALL_LICENSED: Pass(How.LICENSED)}
    ways |= {user(one): Pass(How.NAME, people.get(one, one)) for one in named.users}
    ways |= {group(one): Pass(How.GROUP, groups.get(one, one)) for one in named.groups}
    told = (_rule(rule, [ways[principal] for principal in rule.principals]) for rule in rules)
    return Explanation(tuple(told), viewer.unrestricted)


def _rule(rule: PassedRule, passed: Iterable[Pass]) -> Rule:
    order = list(How)
    ways = sorted(passed, key=lambda way: (order.index(way.how), way.name.casefold()))
    return Rule(rule.kind, rule.name, rule.document_id, tuple(ways))
