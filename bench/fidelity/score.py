"""What one output is worth: facts kept, broken and lost, junk that leaked, and what kept its place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bench.fidelity.checks import CHECKS
from bench.fidelity.constructs import Construct
from bench.fidelity.shown import Shown
from bench.fidelity.wording import BROKEN, LOST, outcome


@dataclass(frozen=True, slots=True)
class Score:
    """One output of one construct, or a sum of several: what was asked, and what went wrong, by name."""

    facts: int
    broken: tuple[str, ...]
    lost: tuple[str, ...]
    junk: int
    leaked: tuple[str, ...]
    checks: tuple[tuple[str, bool], ...]
    """The kind of each check, and whether it held."""
    displaced: tuple[str, ...]
    failed: int = 0
    """Constructs for which the converter gave nothing but an error."""

    @property
    def kept(self) -> int:
        """Facts that are said as they should be."""
        return self.facts - len(self.broken) - len(self.lost)

    @property
    def held(self) -> int:
        """Checks that hold."""
        return sum(holds for _, holds in self.checks)

    @property
    def faultless(self) -> bool:
        """All facts, no junk, everything in its place."""
        return not (self.broken or self.lost or self.leaked or self.displaced or self.failed)

    @property
    def faults(self) -> list[str]:
        """Each fault, in words."""
        return [
            *(f"broken: {fact}" for fact in self.broken),
            *(f"lost: {fact}" for fact in self.lost),
            *(f"leaked: {junk}" for junk in self.leaked),
            *(f"displaced: {check}" for check in self.displaced),
            *(["failed"] if self.failed else []),
        ]

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """For each kind of check, how many held and how many were asked."""
        asked, held = Counter(kind for kind, _ in self.checks), Counter(kind for kind, holds in self.checks if holds)
        return {kind: (held[kind], asked[kind]) for kind in asked}


def score(construct: Construct, shown: Shown | None) -> Score:
    """What an output of a construct is worth; None where there is none."""
    failed = shown is None
    shown = shown or Shown("")
    outcomes = [(ways[0], outcome(ways, shown.text)) for ways in construct.facts]
    held = [(check, CHECKS[check.kind](shown, check.spec)) for check in construct.checks]
    said = " ".join(shown.text.split())
    return Score(
        len(outcomes),
        tuple(fact for fact, how in outcomes if how == BROKEN),
        tuple(fact for fact, how in outcomes if how == LOST),
        len(construct.junk),
        tuple(junk for junk in construct.junk if junk in said),
        tuple((check.kind, holds) for check, holds in held),
        tuple(f"{check.kind} {check.spec}" for check, holds in held if not holds),
        int(failed),
    )


def total(scores: Iterable[Score]) -> Score:
    """All of them together."""
    summed = Score(0, (), (), 0, (), (), ())
    for one in scores:
        summed = Score(
            summed.facts + one.facts,
            summed.broken + one.broken,
            summed.lost + one.lost,
            summed.junk + one.junk,
            summed.leaked + one.leaked,
            summed.checks + one.checks,
            summed.displaced + one.displaced,
            summed.failed + one.failed,
        )
    return summed
