"""Which pages and blog posts of the chosen spaces come in: by their labels and their dates (S2).

Pure. Comments and attachments go with what they belong to. What is not known of a page - its labels, a date - lets it
in by no filter that asks for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from mainstem.wiki.content import Kind

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
    `later`: what becomes of spaces that are created later; None: they come in where all spaces were chosen.
    """

    labels: frozenset[str] = frozenset()
    without_labels: frozenset[str] = frozenset()
    created_after: date | None = None
    modified_after: date | None = None
    look_back: int | None = None
    without_spaces: frozenset[str] = frozenset()
    later: Later | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves pages out of spaces that come in."""
        return self != Filter(without_spaces=self.without_spaces, later=self.later)

    def covers(self, other: "Filter") -> bool:
        """Whether it surely lets in all pages that another one lets in, of the spaces that both take."""
        return (
            (not self.labels or (bool(other.labels) and other.labels <= self.labels))
            and self.without_labels <= other.without_labels
            and _later(self.created_after, other.created_after)
            and _later(self.modified_after, other.modified_after)
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
    }
    return {name: value for name, value in facts.items() if value not in (None, [])}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=UTC)


def _later(day: date | None, other: date | None) -> bool:
    return day is None or (other is not None and other >= day)


def _since(instant: datetime | None, bound: datetime | None) -> bool:
    return bound is None or (instant is not None and instant >= bound)
