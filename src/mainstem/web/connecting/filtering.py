"""The fields that say which pages come in by labels, dates and place: what they send, what they show, and in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from mainstem.web.scheduling import SentSchedule
from mainstem.wiki.selection import Filter, NoTree, trees_of

ROLLING, FIXED = "rolling", "fixed"
"""How days are looked back: before each sync, or before today once and for all."""

MOST_DAYS = 36_500


class SentFilter(SentSchedule):
    """What the fields of a filter send, beside those of a schedule on the same page."""

    labels: str = ""
    without_labels: str = ""
    created_after: str = ""
    modified_after: str = ""
    look_back: str = ""
    looking: str = ROLLING
    trees: str = ""
    without_trees: str = ""
    archived: bool = False

    def filter(self, today: date) -> tuple[Filter, dict[str, str]]:
        """What was asked for, as far as it makes sense, and what is wrong with the rest, by field."""
        troubles: dict[str, str] = {}
        created = _day(self.created_after, "created_after", troubles)
        modified = _day(self.modified_after, "modified_after", troubles)
        back = _number(self.look_back, troubles)
        if back is not None and self.looking == FIXED:
            fixed = today - timedelta(days=back)
            modified, back = max(fixed, modified or fixed), None
        chosen = Filter(
            labels=_named(self.labels),
            without_labels=_named(self.without_labels),
            created_after=created,
            modified_after=modified,
            look_back=back,
            trees=_trees(self.trees, "trees", troubles),
            without_trees=_trees(self.without_trees, "without_trees", troubles),
            archived=self.archived,
        )
        if both := chosen.labels & chosen.without_labels:
            troubles["without_labels"] = f"{', '.join(sorted(both))} cannot be wanted and left out at once."
        return chosen, troubles


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The fields as they are shown."""

    labels: str = ""
    without_labels: str = ""
    created_after: str = ""
    modified_after: str = ""
    look_back: str = ""
    trees: str = ""
    without_trees: str = ""
    archived: bool = False

    @property
    def narrow(self) -> bool:
        """Whether anything is asked for."""
        return self != FilterFields(archived=self.archived)


def fields_of(chosen: Filter) -> FilterFields:
    """The fields of a filter that was kept."""
    return FilterFields(
        labels=", ".join(sorted(chosen.labels)),
        without_labels=", ".join(sorted(chosen.without_labels)),
        created_after="" if chosen.created_after is None else chosen.created_after.isoformat(),
        modified_after="" if chosen.modified_after is None else chosen.modified_after.isoformat(),
        look_back="" if chosen.look_back is None else str(chosen.look_back),
        trees=", ".join(sorted(chosen.trees)),
        without_trees=", ".join(sorted(chosen.without_trees)),
        archived=chosen.archived,
    )


def in_words(chosen: Filter) -> str:
    """A filter as people say it."""
    said = [
        f"with the label {' or '.join(sorted(chosen.labels))}" if chosen.labels else "",
        f"without the label {' or '.join(sorted(chosen.without_labels))}" if chosen.without_labels else "",
        f"created since {_said(chosen.created_after)}" if chosen.created_after else "",
        f"changed since {_said(chosen.modified_after)}" if chosen.modified_after else "",
        f"changed within {chosen.look_back:,} days before each sync" if chosen.look_back else "",
        f"below {_pages(chosen.trees)}" if chosen.trees else "",
        f"not below {_pages(chosen.without_trees)}" if chosen.without_trees else "",
    ]
    told = ", ".join(part for part in said if part)
    return (f"Only {told}" if told else "All of them") + (", archived ones too" if chosen.archived else "")


def _pages(ids: frozenset[str]) -> str:
    return f"{'page' if len(ids) == 1 else 'pages'} {', '.join(sorted(ids))}"


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _named(text: str) -> frozenset[str]:
    """Labels, as Confluence keeps them: in lower case, without blanks."""
    return frozenset(label.lower() for label in text.replace(",", " ").split())


def _trees(text: str, name: str, troubles: dict[str, str]) -> frozenset[str]:
    try:
        return trees_of(text.replace(",", " ").split())
    except NoTree as trouble:
        troubles[name] = str(trouble)
        return frozenset()


def _day(text: str, name: str, troubles: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        troubles[name] = "Give a day, or leave it empty."
        return None


def _number(text: str, troubles: dict[str, str]) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        troubles["look_back"] = "Give a number of days, or leave it empty."
        return None
    return int(text)
