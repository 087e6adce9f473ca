"""Which pages and blog posts of the chosen spaces come in: by their labels, their dates and their place (S2).

Pure. Comments and attachments go with what they belong to. What is not known of a page - its labels, a date - lets it
in by no filter that asks for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from mainstem.errors import TellPerson
from mainstem.wiki.content import Kind, Status
from mainstem.wiki.documents import ContentTarget
from mainstem.wiki.page_addresses import page_address

SELECTED = frozenset({Kind.PAGE, Kind.BLOGPOST})
"""The kinds that a filter is about."""


class Later(StrEnum):
    """What becomes of a space that is created later. PUBLIC: it comes in as soon as nobody needs to sign in to it."""

    ADD = "add"
    PUBLIC = "public"
    ASK = "ask"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person asks for. Empty, as at first: everything.

    `labels`: at least one of them; `without_labels`: none of these. Days begin in UTC, and count themselves.
    `look_back`: changed within so many days before each sync. `without_spaces` are keys of spaces that stay outside.
    `trees` are ids of pages or folders: only they, and what stands below them; `without_trees`: none of that. A blog
    post stands in no tree. `archived`: archived pages too. `later`: what becomes of spaces that are created later;
    None: they come in where all spaces were chosen.
    """

    labels: frozenset[str] = frozenset()
    without_labels: frozenset[str] = frozenset()
    created_after: date | None = None
    modified_after: date | None = None
    look_back: int | None = None
    without_spaces: frozenset[str] = frozenset()
    later: Later | None = None
    trees: frozenset[str] = frozenset()
    without_trees: frozenset[str] = frozenset()
    archived: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves pages out of spaces that come in, beside archived ones."""
        return self != Filter(without_spaces=self.without_spaces, later=self.later, archived=self.archived)

    def covers(self, other: "Filter") -> bool:
        """Whether it surely lets in all pages that another one lets in, of the spaces that both take."""
        return (
            (not self.labels or (bool(other.labels) and other.labels <= self.labels))
            and self.without_labels <= other.without_labels
            and _later(self.created_after, other.created_after)
            and _later(self.modified_after, other.modified_after)
            and (not self.trees or (bool(other.trees) and other.trees <= self.trees))
            and self.without_trees <= other.without_trees
            and (self.archived or not other.archived)
            and (self.look_back is None or (other.look_back is not None and other.look_back <= self.look_back))
        )

    def leaves_out(self, space_key: str) -> bool:
        """Whether a space stays outside; the case of keys does not count."""
        return space_key.casefold() in {key.casefold() for key in self.without_spaces}


EVERYTHING = Filter()


def later_of(spaces: Collection[str] | None, chosen: Filter) -> Later:
    """What becomes of spaces that are created later: where nobody said so, as with the chosen ones (None: all)."""
    return chosen.later or (Later.ADD if spaces is None else Later.IGNORE)


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter at one instant."""

    filter: Filter
    now: datetime

    @property
    def by_labels(self) -> bool:
        """Whether labels decide."""
        return bool(self.filter.labels or self.filter.without_labels)

    @property
    def everything(self) -> bool:
        """Whether every page of the chosen spaces comes in."""
        return not self.filter.narrows

    @property
    def by_place(self) -> bool:
        """Whether the tree decides, which is known when all of it was listed."""
        return bool(self.filter.trees or self.filter.without_trees)

    def placed(self, lineage: Collection[str] | None) -> bool:
        """Whether its place lets something in: it and all that stands above it, by ids; None: not all is known."""
        if not self.by_place:
            return True
        if lineage is None or not self.filter.without_trees.isdisjoint(lineage):
            return False
        return not self.filter.trees or not self.filter.trees.isdisjoint(lineage)

    def alive(self, status: Status) -> bool:
        """Whether its status lets something in."""
        return status is Status.CURRENT or (status is Status.ARCHIVED and self.filter.archived)

    def in_time(self, created_at: datetime | None, modified_at: datetime | None) -> bool:
        """Whether its dates let something in."""
        return _since(created_at, self.created_since) and _since(modified_at, self.modified_since)

    def labelled(self, labels: Collection[str] | None) -> bool:
        """Whether its labels let something in; None: they are not known."""
        if not self.by_labels:
            return True
        if labels is None:
            return False
        named = {label.casefold() for label in labels}
        wanted = {label.casefold() for label in self.filter.labels}
        unwanted = {label.casefold() for label in self.filter.without_labels}
        return not named & unwanted and (not wanted or bool(named & wanted))

    @property
    def created_since(self) -> datetime | None:
        """What was created earlier stays outside; None: nothing does by that."""
        return _beginning(self.filter.created_after)

    @property
    def modified_since(self) -> datetime | None:
        """The same of what was changed last."""
        day = _beginning(self.filter.modified_after)
        back = None if self.filter.look_back is None else self.now - timedelta(days=self.filter.look_back)
        return max((bound for bound in (day, back) if bound is not None), default=None)


def filter_of(facts: Mapping[str, Any]) -> Filter:
    """The filter that `facts_of` put into plain words and lists; what is not said lets everything in."""
    return Filter(
        labels=frozenset(facts.get("labels", ())),
        without_labels=frozenset(facts.get("without_labels", ())),
        created_after=_day(facts.get("created_after")),
        modified_after=_day(facts.get("modified_after")),
        look_back=facts.get("look_back"),
        without_spaces=frozenset(facts.get("without_spaces", ())),
        later=Later(facts["later"]) if "later" in facts else None,
        trees=frozenset(facts.get("trees", ())),
        without_trees=frozenset(facts.get("without_trees", ())),
        archived=facts.get("archived", False),
    )


def facts_of(chosen: Filter) -> dict[str, Any]:
    """A filter in plain words and lists; only what it says."""
    facts = {
        "labels": sorted(chosen.labels),
        "without_labels": sorted(chosen.without_labels),
        "created_after": chosen.created_after and chosen.created_after.isoformat(),
        "modified_after": chosen.modified_after and chosen.modified_after.isoformat(),
        "look_back": chosen.look_back,
        "without_spaces": sorted(chosen.without_spaces),
        "later": chosen.later,
        "trees": sorted(chosen.trees),
        "without_trees": sorted(chosen.without_trees),
        "archived": chosen.archived,
    }
    return {name: value for name, value in facts.items() if value not in (None, [], False)}


class NoTree(TellPerson):
    """Something was named as the top of a tree that is none. `pasted` is what was given."""

    def __init__(self, pasted: str) -> None:
        super().__init__(pasted)
        self.pasted = pasted

    def __str__(self) -> str:
        return f"{self.pasted} names no page by its id: open the page in Confluence and copy its address from there."


def trees_of(pasted: Iterable[str]) -> frozenset[str]:
    """Ids of pages or folders out of ids and addresses. Raises NoTree."""
    return frozenset(_tree(each.strip()) for each in pasted)


def _tree(pasted: str) -> str:
    if pasted.isdecimal():
        return pasted
    address = page_address(pasted)
    if address is None or not isinstance(address.target, ContentTarget):
        raise NoTree(pasted)
    return address.target.content_id


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)


def _later(day: date | None, other: date | None) -> bool:
    return day is None or (other is not None and other >= day)


def _since(instant: datetime | None, bound: datetime | None) -> bool:
    return bound is None or (instant is not None and instant >= bound)
