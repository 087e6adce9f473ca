"""A sync that is killed, again and again, ends where an undisturbed one ends (Y6). `bench/kill.py` is the long form."""

import random
import time
from pathlib import Path

from bench.command import MAINSTEM, mainstem, started
from bench.emulator_process import Emulator, serving
from bench.home_state import differences, home_index, home_state


def test_a_killed_sync_resumes_to_the_state_of_an_undisturbed_one(tmp_path: Path) -> None:
    moments = random.Random(7)
    with serving(pages=400, latency=60) as emulator:
        undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
        sync(emulator, undisturbed)
        for _ in range(3):
            kill_after(emulator, killed, moments.uniform(0.05, 1.2))
        summary = sync(emulator, killed)
    assert summary["complete"]
    assert list(differences(home_state(undisturbed), home_state(killed))) == []
    assert home_index(killed).complete


def sync(emulator: Emulator, home: Path) -> dict[str, object]:
    return mainstem("sync", home, *emulator.sign_in, "--json").told


def kill_after(emulator: Emulator, home: Path, seconds: float) -> None:
    """Start a sync and kill it this long after it first asked for content."""
    emulator.forget_requests()
    with started(MAINSTEM, "sync", *emulator.sign_in, "--home", str(home), "--json") as running:
        while not running.ended and not any("/spaces" in each.path for each in emulator.requests()):
            time.sleep(0.02)
        time.sleep(seconds)
        running.kill()
        running.end()
