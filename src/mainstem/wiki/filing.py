"""Filing: rules by which what is known of a document - its space, labels and page properties - sorts it in (T7).

Pure. Without a rule of anybody every label is a tag and the space is the category; a rule only ever adds to that. Who
may read a document follows from none of this.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from unicodedata import category

from mainstem.errors import TellPerson
from mainstem.wiki.properties import PageProperty, day_of, number_of

MOST_RULES: Final = 100
LONGEST: Final = 100
"""Characters of the name of a tag, category or collection, or of an owner."""

MOST_VALUES: Final = 20
"""Names that one rule takes from one document; nobody means a list of a thousand rows as tags."""

_READING: Final = 1
"""Raised whenever the same rules give something else: every document is filed anew then."""

ANY: Final = "*"
"""Stands for any characters in a label or a value."""


class On(StrEnum):
    """What a rule looks at."""

    ALL = "all"
    SPACE = "space"
    LABEL = "label"
    FIELD = "field"
    """A page property."""


class Drawer(StrEnum):
    """What a rule gives. A document has any number of tags and collections, and one category and owner."""

    TAG = "tag"
    CATEGORY = "category"
    COLLECTION = "collection"
    OWNER = "owner"


SINGLE: Final = frozenset({Drawer.CATEGORY, Drawer.OWNER})


class Origin(StrEnum):
    """Who filed a document. Rules take away only what rules gave; no filing is kept of what Confluence says itself."""

    CONFLUENCE = "confluence"
    RULE = "rule"
    PERSON = "person"


class BadRule(TellPerson):
    """A rule that makes no sense."""


@dataclass(frozen=True, slots=True)
class FilingRule:
    """One rule. `names`: keys of spaces, labels (with * for any characters) or one page property; none with ALL.

    `value`: what the property must be; "" is whatever it is. `name` "": the label itself, the name of the space, or
    each value of the property. An owner's name is an e-mail, an account's id, a user name or a name.
    """

    on: On
    drawer: Drawer
    names: tuple[str, ...] = ()
    value: str = ""
    name: str = ""

    @property
    def condition(self) -> str:
        """What it asks for, in few words."""
        if self.on is On.ALL:
            return "everything"
        listed = f"{self.on} {' or '.join(self.names)}"
        return f"{listed} = {self.value}" if self.value else listed

    @property
    def outcome(self) -> str:
        """What it gives, in few words."""
        return f"{self.drawer} {self.name}" if self.name else f"{self.drawer} {_OWN[self.on]}"

    @property
    def key(self) -> tuple[Drawer, str, str]:
        """What is told apart of what rules gave: the drawer, the condition and the name."""
        return self.drawer, self.condition, self.name

    @property
    def number(self) -> int:
        """What tells it from all others of its list, wherever it stands there."""
        return number_of_rules([self])


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may know of a document."""

    space_key: str = ""
    space_name: str = ""
    labels: tuple[str, ...] = ()
    properties: tuple[PageProperty, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """One thing that a document was given. `by`: what it is in Confluence, the condition of the rule, or who did it.

    `account` is that of an owner whom Confluence knows, None for others.
    """

    drawer: Drawer
    name: str
    by: str
    origin: Origin = Origin.RULE
    account: str | None = None

    @property
    def came_from(self) -> str:
        """Where it came from, in a few words."""
        return {
            Origin.CONFLUENCE: f"{self.by} in Confluence",
            Origin.RULE: f"by rule: {self.by}",
            Origin.PERSON: f"by {self.by}",
        }[self.origin]


@dataclass(frozen=True, slots=True)
class Filed:
    """How a document is filed. What a person chose comes before what rules gave."""

    tags: tuple[Filing, ...] = ()
    collections: tuple[Filing, ...] = ()
    category: Filing | None = None
    owner: Filing | None = None


NOT_FILED: Final = Filed()


def filings(facts: Facts, rules: Sequence[FilingRule]) -> tuple[Filing, ...]:
    """What rules give a document, in their order: each tag and collection once, the first category, the first owner.

    A tag that is one of its labels is not given again.
    """
    given: dict[tuple[Drawer, str], Filing] = {}
    labels = {folded(label) for label in facts.labels}
    for rule in rules:
        for name in given_by(rule, facts):
            slot = rule.drawer, "" if rule.drawer in SINGLE else folded(name)
            if not (rule.drawer is Drawer.TAG and folded(name) in labels):
                given.setdefault(slot, Filing(rule.drawer, name, rule.condition))
    return tuple(given.values())


def given_by(rule: FilingRule, facts: Facts) -> tuple[str, ...]:
    """The names that one rule gives a document, whatever others do; none where it does not apply."""
    found = dict[str, str]()
    for own in _found(rule, facts):
        name = " ".join((rule.name or own).split())
        if name and len(name) <= LONGEST:
            found.setdefault(folded(name), name)
    return tuple(found.values())[:MOST_VALUES]


def filed(found: Iterable[Filing]) -> Filed:
    """What was given to a document, by rules and by people, put together."""
    in_order = sorted(found, key=lambda each: (each.origin is not Origin.PERSON, folded(each.name)))
    first: dict[tuple[Drawer, str], Filing] = {}
    for each in in_order:
        first.setdefault((each.drawer, "" if each.drawer in SINGLE else folded(each.name)), each)

    def all_of(drawer: Drawer) -> tuple[Filing, ...]:
        several = (each for each in first.values() if each.drawer is drawer)
        return tuple(sorted(several, key=lambda each: folded(each.name)))

    single = {drawer: first.get((drawer, "")) for drawer in SINGLE}
    return Filed(all_of(Drawer.TAG), all_of(Drawer.COLLECTION), single[Drawer.CATEGORY], single[Drawer.OWNER])


def with_defaults(own: Filed, *, labels: Sequence[str], space: str) -> Filed:
    """All of how a document is filed: each label is a tag, and the name of its space the category where none is given.

    `own` is what rules and people gave it.
    """
    labelled = {folded(label): Filing(Drawer.TAG, label, "label", Origin.CONFLUENCE) for label in labels}
    named = {folded(each.name): each for each in own.tags} | labelled
    category = own.category or (Filing(Drawer.CATEGORY, space, "space", Origin.CONFLUENCE) if space else None)
    return replace(own, tags=tuple(named[each] for each in sorted(named)), category=category)


def rules_of(listed: Iterable[Mapping[str, Any]]) -> tuple[FilingRule, ...]:
    """The rules that `facts_of` put into plain words, or that a person did. Raises BadRule."""
    return _listed(map(rule_of, listed))


def with_rule(rules: Sequence[FilingRule], rule: FilingRule, at: int | None = None) -> tuple[FilingRule, ...]:
    """The list with one more rule, behind all others or `at` a place that counts from 0. Raises BadRule."""
    at = len(rules) if at is None else at
    return _listed((*rules[:at], rule, *rules[at:]))


def without_rule(rules: Sequence[FilingRule], number: int) -> tuple[FilingRule, ...]:
    """The list without the rule of this number."""
    return tuple(rule for rule in rules if rule.number != number)


def moved(rules: Sequence[FilingRule], number: int, by: int) -> tuple[FilingRule, ...]:
    """The list with the rule of this number so many places further down, or up where that is negative."""
    at = next((place for place, rule in enumerate(rules) if rule.number == number), None)
    if at is None:
        return tuple(rules)
    return with_rule(without_rule(rules, number), rules[at], max(0, at + by))


def _listed(rules: Iterable[FilingRule]) -> tuple[FilingRule, ...]:
    rules = tuple(rules)
    if len(rules) > MOST_RULES:
        raise BadRule(f"These are {len(rules)} rules: keep at most {MOST_RULES}.")
    if len({*rules}) < len(rules):
        raise BadRule("This rule is there twice: one of them is enough.")
    return rules


def rule_of(facts: Mapping[str, Any]) -> FilingRule:
    """One rule from plain words: `on`, `drawer`, and where they are needed `names`, `value` and `name`.

    Raises BadRule.
    """
    on, drawer = _one_of(On, facts.get("on", "")), _one_of(Drawer, facts.get("drawer", ""))
    names = tuple(dict.fromkeys(name for each in facts.get("names", ()) if (name := " ".join(str(each).split()))))
    rule = FilingRule(on, drawer, names, *(" ".join(str(facts.get(each, "")).split()) for each in ("value", "name")))
    if trouble := _trouble(rule):
        raise BadRule(trouble)
    return rule


def facts_of(rules: Sequence[FilingRule]) -> list[dict[str, Any]]:
    """Rules in plain words; only what they say."""
    told = ({"names": list(rule.names), "value": rule.value, "name": rule.name} for rule in rules)
    return [
        {"on": rule.on.value, "drawer": rule.drawer.value} | {key: said for key, said in each.items() if said}
        for rule, each in zip(rules, told, strict=True)
    ]


def number_of_rules(rules: Sequence[FilingRule]) -> int:
    """What tells this list of rules from others, and from any order of them; 0 where there are none."""
    if not rules:
        return 0
    told = json.dumps([_READING, *facts_of(rules)], sort_keys=True)
    return int(sha256(told.encode()).hexdigest()[:7], 16) + 1


def folded(name: str) -> str:
    """A name as it is compared: its case and its blanks do not count."""
    return " ".join(name.split()).casefold()


def _found(rule: FilingRule, facts: Facts) -> Iterator[str]:
    """What a rule finds in a document, once for each time that it applies."""
    match rule.on:
        case On.ALL:
            yield ""
        case On.SPACE:
            if folded(facts.space_key) in map(folded, rule.names):
                yield facts.space_name or facts.space_key
        case On.LABEL:
            yield from (label for label in facts.labels if any(_fits(name, label) for name in rule.names))
        case On.FIELD:
            for each in facts.properties:
                if folded(each.name) in map(folded, rule.names):
                    yield from (part for part in _values(each) if not rule.value or _is(rule.value, part))


def _values(of: PageProperty) -> tuple[str, ...]:
    # A box that is there and empty is no value: a rule asks for what somebody wrote.
    return of.parts or ((of.value,) if of.value else ())


def _is(wanted: str, value: str) -> bool:
    """Whether a value is what a rule asks for: the same text, number or day."""
    if _fits(wanted, value):
        return True
    number, day = number_of(wanted), day_of(wanted)
    return (number is not None and number == number_of(value)) or (day is not None and day == day_of(value))


def _fits(pattern: str, text: str) -> bool:
    # Not by a regular expression: what people write into it could keep that busy for years.
    text = folded(text)
    first, *others = folded(pattern).split(ANY)
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for part in others[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(others[-1], at)


def _trouble(rule: FilingRule) -> str:
    """Why a rule makes no sense, in a sentence that says what to do; "" for most."""
    if rule.on is On.ALL and (rule.names or not rule.name):
        return f"A rule for everything takes a name and nothing else: say which {rule.drawer} it gives."
    if rule.on is not On.ALL and not rule.names:
        return f"This rule names no {_ASKED[rule.on]}: write one."
    if rule.on is On.FIELD and len(rule.names) > 1:
        return "A rule looks at one field: make one rule for each."
    if rule.value and rule.on is not On.FIELD:
        return "Only a field has a value: leave the value empty."
    said = (*rule.names, rule.value, rule.name)
    if any(category(sign) in _UNWRITTEN for each in said for sign in each):
        return "A name or value in this rule holds a character that nobody can write: type it again."
    if any(len(each) > LONGEST for each in said):
        return f"A name or value in this rule is too long: write at most {LONGEST} characters."
    return ""


_OWN: Final = {
    On.ALL: "",
    On.SPACE: "by the name of the space",
    On.LABEL: "by the name of the label",
    On.FIELD: "by the value of the field",
}
_UNWRITTEN: Final = frozenset({"Cc", "Cs"})
_ASKED: Final = {On.SPACE: "space", On.LABEL: "label", On.FIELD: "field"}


def _one_of(words: Any, wanted: Any) -> Any:
    try:
        return words(wanted)
    except ValueError:
        known = ", ".join(words)
        raise BadRule(f"A rule cannot say {str(wanted)[:100]!r} there: choose one of {known}.") from None
