"""Workers as processes of their own on one PostgreSQL server: they share the work, and one that is lost is replaced.

`bench/chaos.py` is the long form.
"""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.command import Running, mainstem
from bench.crew import Crew, crew, freeze, thaw
from bench.emulator_process import Emulator, serving
from bench.home_state import differences, home_state
from bench.postgresql import Server
from mainstem.cli.working import STOPPED
from mainstem.store.runs import Run, RunState

MINUTE = 60.0
HELD = "429:after=9,retry_after=3"
"""Lets a sync begin and wait in its midst."""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with serving("--spaces", "2", pages=120) as emulator:
        yield emulator


@pytest.fixture
def larkspur(postgresql_server: Server, emulator: Emulator, tmp_path: Path) -> Iterator[Crew]:
    """A crew without workers, connected to the site."""
    with crew(postgresql_server.database("crew"), tmp_path / "home", silence=3) as made:
        made.connect(emulator)
        yield made
    postgresql_server.drop("crew")


def latest(crew: Crew) -> Run:
    run = crew.latest(1)
    assert run is not None
    return run


def done(crew: Crew) -> bool:
    run = crew.latest(1)
    return run is not None and run.state is RunState.DONE and not crew.busy()


def held(crew: Crew, emulator: Emulator) -> int:
    """The pid of the worker that has begun a sync and waits in its midst."""
    emulator.forget_requests()
    emulator.fault(HELD)
    crew.ask(1)
    assert crew.until(lambda: any(each.status == 429 for each in emulator.requests()), MINUTE)
    return crew.busy()[1]


def test_who_is_killed_or_frozen_is_replaced_within_a_minute_and_nothing_is_lost(
    larkspur: Crew, emulator: Emulator, tmp_path: Path
) -> None:
    mainstem("sync", tmp_path / "undisturbed", *emulator.sign_in)
    with larkspur.worker() as one, larkspur.worker() as two, larkspur.worker() as three:
        pids = {each.pid for each in (one, two, three)}
        assert larkspur.until(lambda: larkspur.present() == pids, MINUTE)
        killed = held(larkspur, emulator)
        begun = latest(larkspur)
        next(each for each in (one, two, three) if each.pid == killed).kill()
        frozen = taken_over(larkspur, killed)
        assert latest(larkspur).id == begun.id
        freeze(frozen)
        last = taken_over(larkspur, killed, frozen)
        emulator.fault()
        thaw(frozen)
        assert larkspur.until(lambda: done(larkspur), MINUTE)
        assert latest(larkspur).id == begun.id
        # Whoever was taken for dead has noticed, and works again.
        assert larkspur.until(lambda: larkspur.present() == {frozen, last}, MINUTE)
        check_end(next(each for each in (one, two, three) if each.pid == last))
    assert list(differences(home_state(tmp_path / "undisturbed"), larkspur.state())) == []


def taken_over(crew: Crew, *lost: int) -> int:
    """The pid of the worker who is at the sync now, other than those that are lost."""
    assert crew.until(lambda: crew.busy().get(1) not in {None, *lost}, MINUTE)
    return crew.busy()[1]


def check_end(running: Running) -> None:
    """Told to end, it does so at once, and says what becomes of its work."""
    running.process.send_signal(signal.SIGTERM)
    ended = running.end()
    assert ended.code == 130
    assert ended.said.endswith(f"{STOPPED}\n")
