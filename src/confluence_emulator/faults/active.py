"""The faults in force, their counters and the seeded chance behind them."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from confluence_emulator.faults.specs import Fault


@dataclass(slots=True)
class _Counted:
    fault: Fault
    seen: int = 0


class ActiveFaults:
    """Which faults strike which request. The same seed, faults and requests always give the same strikes."""

    def __init__(self, faults: Iterable[Fault] = (), *, seed: int = 0) -> None:
        """Start with these faults; `seed` drives every `probability`."""
        self._seed = seed
        self.generation = 0
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these faults in force instead of the present ones, with counters and chance from the beginning."""
        self.counted = [_Counted(fault) for fault in faults]
        self.seed = self._seed
        self.generation += 1

    @property
    def seed(self) -> int:
        """What chance comes from; setting it starts chance from the beginning."""
        return self._seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self._seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing

    def specs(self) -> list[str]:
        """The faults in force, as specs."""
        return [counted.fault.spec() for counted in self.counted]

    def striking(self, target: str) -> list[Fault]:
        """The faults that strike this request, in the order given; counts the request for each whose path matches.

        target: path and, after `?`, the query.
        """
        return [counted.fault for counted in self.counted if self._strikes(counted, target)]

    def _strikes(self, counted: _Counted, target: str) -> bool:
        fault = counted.fault
        if not fault.path.search(target):
            return False
        counted.seen += 1
        position = counted.seen - fault.after
        within = position > 0 and (fault.first is None or position <= fault.first)
        if not within or position % fault.every:
            return False
        return fault.probability >= 1 or self.chance.random() < fault.probability
