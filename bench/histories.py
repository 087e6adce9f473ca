"""Wild histories of a wiki by the hundred: whatever happens, nobody reads what they never could in Confluence.

The long form of `tests/sync/test_histories.py`; here things also happen while a sync goes on. What breaks is told as
the story of its seed.
"""

import random
import sys
import tempfile
from pathlib import Path

from bench.verdicts import Report, options
from tests.sync.trials import trial


def main() -> int:
    given = options(__doc__, histories=20, rounds=4, seed=1)
    report = Report(f"{given.histories} wild histories from seed {given.seed} on, of {given.rounds} syncs each")
    for seed in range(given.seed, given.seed + given.histories):
        wrong, story = tried(seed, given.rounds)
        report.holds(f"seed {seed}", f"{len(story)} events", wrong)
        if wrong:
            print(f"Seed {seed}:", *story, *wrong[:5], sep="\n  ")
    return report.end(given.into)


def tried(seed: int, rounds: int) -> tuple[list[str], list[str]]:
    """What is wrong after the first round that shows something, and what had happened until then."""
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(seed)
        with trial(chance, Path(folder) / "home", datacenter=seed % 2 == 0, wild=True, restless=True) as wild:
            for _ in range(rounds):
                if wrong := wild.go_on():
                    return sorted(set(wrong)), wild.deeds.story
            return [], wild.deeds.story


if __name__ == "__main__":
    sys.exit(main())
