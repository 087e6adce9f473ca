"""What the test of a draft told, as it is shown step by step, kept with the draft, and picked from afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mainstem.confluence.catalogue import Field
from mainstem.confluence.checks import STEPS, CheckResult, State, facts_of, results_of
from mainstem.web.words import Link

WAITING, RUNNING = "waiting", "running"

Places = Mapping[Field, Link]
"""Where each field of the catalogue is changed."""

SAYS: Mapping[str, str] = {
    "reach": "Reach the address",
    "TLS": "Trust its certificate",
    "sign in": "Sign in",
    "product and version": "Recognise product and version",
    "rights": "See what the account may read",
    "list spaces": "List the spaces",
    "rate limit": "Look at the rate limit",
    "pages": "Count the pages",
}
"""The checks in words, in their order."""


@dataclass(frozen=True, slots=True)
class FoundSpace:
    """A space that the account sees. `pages` None: it was not counted; `exact` False reads as "about".

    `changed_at`: when one of its pages or posts was changed last, where that is known.
    """

    key: str
    name: str
    kind: str
    archived: bool
    pages: int | None
    exact: bool
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One check as it is shown; `state` is a State, or whether it waits or runs. `field` leads to what to change."""

    name: str
    state: str
    detail: str = ""
    symptom: str = ""
    causes: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    field: Link | None = None

    @property
    def says(self) -> str:
        """What is checked, in words."""
        return SAYS[self.name]


@dataclass(frozen=True, slots=True)
class Trial:
    """A test, whole or under way."""

    rows: tuple[Row, ...]
    spaces: tuple[FoundSpace, ...] = ()

    @property
    def over(self) -> bool:
        """Whether every check ended."""
        return not any(row.state in (WAITING, RUNNING) for row in self.rows)

    @property
    def begun(self) -> bool:
        """Whether any check ended or runs."""
        return any(row.state != WAITING for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether it is over and no check failed."""
        return self.over and not any(row.state == State.FAILED for row in self.rows)

    @property
    def spotless(self) -> bool:
        """Whether it passed without a warning."""
        return self.passed and not any(row.state == State.WARNED for row in self.rows)

    @property
    def result(self) -> str:
        """What a passed test ends with: how many pages were found."""
        return self.rows[-1].detail if self.passed else ""


UNTRIED = Trial(tuple(Row(name, WAITING) for name in STEPS))


def trial_of(results: Sequence[CheckResult], places: Places) -> Trial:
    """A test as far as it has come: behind these results one check runs, and the others wait."""
    rows = list(rows_of(results, places))
    left = list(STEPS)[len(rows) :]
    rows += [Row(name, WAITING if number else RUNNING) for number, name in enumerate(left)]
    return Trial(tuple(rows), _spaces(results))


def kept_form(results: Sequence[CheckResult]) -> dict[str, Any]:
    """A finished test in plain words, as a draft keeps it."""
    spaces = [
        {name: getattr(space, name) for name in ("key", "name", "kind", "archived", "pages", "exact")}
        | {"changed_at": space.changed_at and space.changed_at.isoformat()}
        for space in _spaces(results)
    ]
    return {"checks": facts_of(results), "spaces": spaces}


def kept_trial(kept: Mapping[str, Any], places: Places) -> Trial:
    """The test that a draft keeps; one in which everything waits where it keeps none."""
    if not kept.get("checks"):
        return UNTRIED
    spaces = tuple(_kept_space(each) for each in kept["spaces"])
    return Trial(rows_of(results_of(kept["checks"]), places), spaces)


def _kept_space(kept: Mapping[str, Any]) -> FoundSpace:
    at = kept.get("changed_at")
    return FoundSpace(**{**kept, "changed_at": None if at is None else datetime.fromisoformat(at)})


def rows_of(results: Iterable[CheckResult], places: Places) -> tuple[Row, ...]:
    """Checks as they are shown."""
    return tuple(
        Row(
            each.name,
            each.state,
            each.detail,
            each.symptom,
            each.causes,
            each.fixes,
            None if each.field is None else places.get(each.field),
        )
        for each in results
    )


def _spaces(results: Iterable[CheckResult]) -> tuple[FoundSpace, ...]:
    counts = {space.id: count for result in results for space, count in result.counts}
    found: list[FoundSpace] = []
    for space in [space for result in results for space in result.visible]:
        count = counts.get(space.id)
        found.append(
            FoundSpace(
                key=space.key,
                name=space.name,
                kind=space.kind,
                archived=space.status == "archived",
                pages=None if count is None else count.number,
                exact=count is not None and count.exact,
                changed_at=None if count is None else count.changed_at,
            )
        )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))
