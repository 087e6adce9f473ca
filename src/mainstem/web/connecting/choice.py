"""What should come in by a connection that is being filled in, as its draft keeps it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mainstem.sync.schedule import Schedule
from mainstem.wiki import conversion
from mainstem.wiki.content import Kind
from mainstem.wiki.conversion import AS_IT_STANDS, ConversionOptions
from mainstem.wiki.selection import EVERYTHING, Filter, Later, facts_of, filter_of

KINDS = (Kind.PAGE, Kind.BLOGPOST, Kind.COMMENT, Kind.ATTACHMENT)

SAYS: Mapping[Kind, tuple[str, str]] = {
    Kind.PAGE: ("Pages", "With their place in the tree."),
    Kind.BLOGPOST: ("Blog posts", "The news of each space."),
    Kind.COMMENT: ("Comments", "Below a page and beside its text, for whoever may read the page."),
    Kind.ATTACHMENT: ("Attachments", "Found by their names, for whoever may read the page."),
}
"""What each kind is called, and what comes with it."""

LATER_SPACES: Mapping[Later, tuple[str, str]] = {
    Later.ADD: ("They come in", "those created later come in"),
    Later.PUBLIC: ("Only public ones come in", "those created later come in once nobody needs to sign in to them"),
    Later.ASK: ("They wait until somebody decides", "those created later wait until somebody decides"),
    Later.IGNORE: ("They stay outside", "those created later stay outside"),
}
"""What may become of spaces that are created later: to choose from, and behind the names of those that come in."""

HOURLY = Schedule()


@dataclass(frozen=True, slots=True)
class Choice:
    """`spaces` are keys; None: all but those `without`. `later`: what becomes of those that are created later."""

    spaces: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    later: Later | None = None
    kinds: frozenset[Kind] = frozenset(KINDS)
    filter: Filter = EVERYTHING
    schedule: Schedule = HOURLY
    conversion: ConversionOptions = AS_IT_STANDS

    @property
    def whole_filter(self) -> Filter:
        """The filter with the spaces that stay outside."""
        return replace(self.filter, without_spaces=frozenset(self.without), later=self.later)


def choice_of(kept: Mapping[str, Any]) -> Choice:
    """A choice from the words that `kept_spaces` and `kept_options` put it into; the rest is as at first."""
    first = Choice()
    spaces = kept.get("spaces")
    return Choice(
        spaces=None if spaces is None else tuple(spaces),
        without=tuple(kept.get("without", ())),
        later=Later(kept["later"]) if kept.get("later") else None,
        kinds=frozenset(Kind(kind) for kind in kept.get("kinds", first.kinds)),
        filter=filter_of(kept.get("filter", {})),
        schedule=Schedule.parse(kept["schedule"]) if "schedule" in kept else first.schedule,
        conversion=conversion.options_of(kept.get("conversion", {})),
    )


def kept_spaces(choice: Choice) -> dict[str, Any]:
    """What the step of spaces says, in plain words, as a draft keeps it."""
    spaces = None if choice.spaces is None else list(choice.spaces)
    return {"spaces": spaces, "without": list(choice.without), "later": choice.later}


def kept_options(choice: Choice) -> dict[str, Any]:
    """The same of the step of options."""
    return {
        "kinds": sorted(choice.kinds),
        "filter": facts_of(choice.filter),
        "schedule": str(choice.schedule),
        "conversion": conversion.facts_of(choice.conversion),
    }


def kinds_in_words(kinds: Collection[Kind]) -> str:
    """What is taken, by the names of its kinds."""
    return ", ".join(SAYS[kind][0] for kind in KINDS if kind in kinds).capitalize()
