"""Where a list stands and who looks at it when; and what the macro asks for, in Confluence's words for parameters.

Pure.
"""

import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mainstem.convert import Part, nodes
from mainstem.reading.addresses import Addresses
from mainstem.reading.cql import Asker
from mainstem.reading.includes import Sheet, Shelf
from mainstem.store.branches import Branch
from mainstem.store.listings import Wanted
from mainstem.store.spaces import SpacesOf
from mainstem.store.tallies import LabelsOf, PeopleOf
from mainstem.store.tasks import TasksOf
from mainstem.wiki.criteria import All, Any, Criterion, InSpace, InSpacesOf, Not
from mainstem.wiki.documents import ContentTarget, PageTarget, PersonTarget, SpaceTarget

Blocks = tuple[nodes.Block, ...]

Answer = typing.Any
"""What the store answers to a need; each kind of need has a kind of its own."""

Need = Wanted | Branch | LabelsOf | PeopleOf | TasksOf | SpacesOf
"""What a list asks of the store."""

Parts = Mapping[int, Sheet]
"""Parts of the documents that a list names, by our ids."""

MOST: Final = 100
"""Entries of one list; what there is beyond them is a number."""

_LONGEST: Final = 200
"""Characters of a parameter that are looked at as a number or a word."""


@dataclass(frozen=True, slots=True)
class Place:
    """The page that a list stands on, and whoever looks: `accounts` are theirs on this site, by Confluence's ids."""

    sheet: Sheet
    shelf: Shelf
    accounts: frozenset[str]
    now: datetime
    addresses: Addresses

    @property
    def asker(self) -> Asker:
        """Who asks by a query that stands here."""
        return Asker(self.space_key, self.sheet.home.content_id, self.accounts, self.now)

    @property
    def space_key(self) -> str:
        """The key of the space that it stands in."""
        return self.sheet.home.space_key


@dataclass(frozen=True, slots=True)
class Plan:
    """How a list comes to be: what it needs, None for nothing; which parts of what it names; what then is shown.

    `show` is given what the store answers to `need`, and the parts.
    """

    need: Need | None
    show: "Callable[[Answer, Parts], Blocks]"
    part: Part | None = None


class Asked:
    """The parameters of one list, by their names in small letters."""

    def __init__(self, node: nodes.Listing, place: Place) -> None:
        self._given = dict(node.parameters)
        self._place = place

    def given(self, name: str) -> bool:
        """Whether this parameter says anything."""
        return bool(self._given.get(name))

    def text(self, *names: str) -> str:
        """The text of the first of these parameters that has any, else ""."""
        for name in names:
            for said in self._given.get(name, ()):
                if isinstance(said, str) and said:
                    return said
        return ""

    def words(self, *names: str) -> list[str]:
        """The words of the first of these parameters that has any, parted by commas."""
        return [word for part in self.text(*names).split(",") if (word := part.strip())]

    def flag(self, *names: str) -> bool:
        """Whether one of these parameters says yes."""
        return self.text(*names).lower() in ("true", "yes", "1", "on")

    def number(self, *names: str, default: int, most: int = MOST) -> int:
        """The number that one of these parameters gives, from 1 on, and within what one list may hold."""
        said = self.text(*names)[:_LONGEST]
        number = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
        return min(number or default, most)

    def people(self, *names: str) -> tuple[str, ...]:
        """The ids or user names of people in the first of these parameters that names any."""
        for name in names:
            said = self._given.get(name, ())
            people = [one.id for one in said if isinstance(one, PersonTarget)] or self.words(name)
            if people:
                return tuple(people)
        return ()

    def page(self, *names: str) -> str | None:
        """Confluence's id of the page that a parameter names; None where it is not there for the viewer.

        Where no parameter names one, it is the page that the list stands on.
        """
        sheet = self._place.sheet
        for name in names:
            for said in self._given.get(name, ()):
                if isinstance(said, PageTarget | ContentTarget):
                    found = self._place.shelf.pages.get(said)
                    return None if found is None else found.source_id
                words = {"@home": sheet.homepage_id, "@parent": sheet.parent_id, "@none": sheet.homepage_id}
                if isinstance(said, str) and said in words:
                    return words[said]
        return sheet.home.content_id

    def spaces(self, *names: str, default: str) -> Criterion:
        """The spaces that the first of these parameters means; `default` is what none of them means."""
        for name in names:
            said = self._given.get(name, ())
            keys = [one.key for one in said if isinstance(one, SpaceTarget)] or self.words(name)
            if keys:
                return self.in_spaces(keys)
        return self.in_spaces([default])

    def space(self, *names: str) -> str | None:
        """The key of the space that a parameter names, by default that of the page; None where it means all of them."""
        for name in names:
            said = self._given.get(name, ())
            for key in [one.key for one in said if isinstance(one, SpaceTarget)] or self.words(name):
                return None if key.startswith(("@all", "*")) else self._place.space_key if key == "@self" else key
        return self._place.space_key

    def in_spaces(self, keys: list[str]) -> Criterion:
        """The spaces of these keys, or what the words of Confluence's among them mean."""
        wanted = [self._space(key.lstrip("+")) for key in keys if not key.startswith("-")]
        unwanted = [Not(self._space(key[1:])) for key in keys if key.startswith("-")]
        return All((*([Any(tuple(wanted))] if wanted else []), *unwanted))

    def _space(self, key: str) -> Criterion:
        match key.lower():
            case "@all" | "*":
                return All(())
            case "@self" | "currentspace()" | "":
                return InSpace(self._place.space_key)
            case "@global":
                return InSpacesOf(personal=False)
            case "@personal":
                return InSpacesOf(personal=True)
            case _:
                return InSpace(key)


def leaves_of(criterion: Criterion) -> Iterator[Criterion]:
    """Every condition in a criterion that is not made of others."""
    match criterion:
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(part=part):
            yield from leaves_of(part)
        case _:
            yield criterion
