"""A sync that is killed at random moments and taken up again ends like one that nobody disturbed.

Each time the real command is killed (SIGKILL) in a fresh home and run again to its end. Then the home must hold the
same documents under the same rules, nothing twice, its index must stand at the journal's end, and no process may be
left of the killed command.
"""

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bench.command import KILLED, MAINSTEM, Running, mainstem, started
from bench.emulator_process import Emulator, serving
from bench.home_state import HomeState, differences, home_index, home_state
from bench.verdicts import Report, options

LATENCY = 50
"""Milliseconds that every answer takes longer, so that there are moments to choose from."""

LATER = 0.6
"""Seconds at most between the request that a kill waits for and the kill."""

INDEXING = 2.0
"""Seconds at most after the last request, when only the index is behind."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What every disturbed run must come to, and how many requests it took."""

    state: HomeState
    requests: int


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: after how many seconds and requests, in which phase, what the second run asked, and what is wrong."""

    seconds: float
    requests: int
    phase: str
    asked_again: int
    wrong: list[str]


def main() -> int:
    given = options(__doc__, kills=10, seed=1, pages=0)
    report = Report(f"{given.kills} kills at random moments of a first sync (seed {given.seed})")
    with serving(pages=given.pages, latency=LATENCY) as emulator:
        whole = undisturbed(emulator)
        for number in range(given.kills):
            chance = random.Random(given.seed * 1000 + number)
            killed = kill_and_finish(emulator, whole, chance)
            moment = f"killed after {killed.seconds:.1f} s and {killed.requests} requests, in {killed.phase}"
            saved = whole.requests - killed.asked_again
            report.holds(moment, f"{saved} of {whole.requests} requests saved", killed.wrong)
    return report.end(given.into)


def undisturbed(emulator: Emulator) -> Undisturbed:
    """Sync into a fresh home from beginning to end."""
    with tempfile.TemporaryDirectory() as folder:
        emulator.forget_requests()
        mainstem("sync", Path(folder), *emulator.sign_in)
        return Undisturbed(home_state(Path(folder)), emulator.number_of_requests())


def kill_and_finish(emulator: Emulator, whole: Undisturbed, chance: random.Random) -> Killed:
    """Kill a sync at a moment drawn by `chance`, run it again, and compare."""
    while True:
        with tempfile.TemporaryDirectory() as folder:
            killed = _killed(emulator, whole, Path(folder), chance)
        if killed is not None:
            return killed


def _killed(emulator: Emulator, whole: Undisturbed, home: Path, chance: random.Random) -> Killed | None:
    """None when the sync was over before the kill came."""
    emulator.forget_requests()
    after = chance.randint(0, whole.requests)
    later = chance.uniform(0, INDEXING if after == whole.requests else LATER)
    with started(MAINSTEM, "sync", *emulator.sign_in, "--home", str(home)) as running:
        _wait(emulator, running, after)
        time.sleep(later)
        seconds, requests = running.seconds, emulator.number_of_requests()
        running.kill()
        if running.end().code != KILLED:
            return None
        orphans = ["processes that it had started live on"] if running.left_behind() else []
    phase = phase_of(home)
    emulator.forget_requests()
    mainstem("sync", home, *emulator.sign_in)
    wrong = orphans + unlike(whole.state, home)
    return Killed(seconds, requests, phase, emulator.number_of_requests(), wrong)


def _wait(emulator: Emulator, running: Running, requests: int) -> None:
    while not running.ended and emulator.number_of_requests() < requests:
        time.sleep(0.02)


def phase_of(home: Path) -> str:
    """Where the newest run of a killed home stands, by its own row."""
    engine = create_engine(f"sqlite:///{home / 'mainstem.db'}")
    try:
        with engine.connect() as db:
            row = db.execute(text("SELECT phase, state FROM runs ORDER BY id DESC LIMIT 1")).one_or_none()
    except OperationalError:
        return "no home yet"
    finally:
        engine.dispose()
    if row is None:
        return "no run yet"
    return "indexing" if row.state == "done" else row.phase


def unlike(expected: HomeState, home: Path) -> list[str]:
    """Where a home differs from what it should be, its index included; nothing when all is well."""
    index = home_index(home)
    wrong = list(differences(expected, home_state(home)))
    if not index.complete:
        wrong.append(f"the index stands at {index.position} of {index.journal_end}; {', '.join(index.wrong)}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
