"""Random histories of a wiki, synced again and again: everybody finds exactly what Confluence would show them.

Histories of every day, and wild ones in which anything happens; `bench/histories.py` tries wild ones by the hundred.
`tests/store` holds the same rule against far more trees, without a sync.
"""

import random
from pathlib import Path

import pytest

from tests.sync.trials import trial

ROUNDS = 2


@pytest.mark.parametrize(("seed", "datacenter"), [(1, False), (2, True)])
def test_everybody_finds_exactly_what_confluence_would_show(tmp_path: Path, seed: int, datacenter: bool) -> None:
    with trial(random.Random(seed), tmp_path / "home", datacenter=datacenter, wild=False) as calm:
        for _ in range(ROUNDS):
            assert calm.go_on() == [], calm.told


@pytest.mark.parametrize(("seed", "datacenter"), [(17, False), (8, True)])
def test_nobody_reads_what_they_never_could_whatever_happens(tmp_path: Path, seed: int, datacenter: bool) -> None:
    with trial(random.Random(seed), tmp_path / "home", datacenter=datacenter, wild=True) as wild:
        for _ in range(ROUNDS):
            assert wild.go_on() == [], wild.told
