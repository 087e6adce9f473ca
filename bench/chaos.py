"""Workers that share a database while everything around them breaks: nothing is lost, doubled or wrongly deleted.

Several connections of one site are synced without a pause. Meanwhile workers are killed (SIGKILL) and frozen (SIGSTOP,
and some time later SIGCONT), the database server is restarted, one request in ten to Confluence fails, and people edit.
Then all is quiet, and the database must hold what syncs of the same site hold that nobody ever disturbed.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.command import Running, mainstem
from bench.crew import Crew, crew, freeze, number, thaw
from bench.emulator_process import Emulator, serving
from bench.home_state import HomeState, differences, home_state, index_state
from bench.postgresql import Server, running
from bench.verdicts import Report, amount, options
from mainstem.index.local import LocalIndex
from mainstem.store.database import reading
from mainstem.sync import indexing

FAULTS = ("500:probability=0.04", "429:probability=0.03,retry_after=1", "reset:probability=0.03")
"""One request in ten."""

SPACES = 3
REPLACED = 60.0
"""Seconds in which another must be at what a lost worker was at."""

CALM = 600.0
"""Seconds that the syncs after the storm may take."""

LOOK = 0.25


@dataclass(frozen=True, slots=True)
class Storm:
    """How long it blows and how hard: seconds in all, and between two blows; seconds of a freeze at most.

    `silence`: seconds after which the workers take one for dead.
    """

    seconds: float
    workers: int
    pause: tuple[float, float] = (2.0, 12.0)
    freeze: float = 45.0
    silence: float = 20.0


@dataclass(slots=True)
class Member:
    """One worker; `wakes_at` is when it goes on that is frozen."""

    running: Running
    stack: ExitStack
    wakes_at: float | None = None


@dataclass(slots=True)
class Lost:
    """A worker that was lost while it had a connection; when, and until when nobody was at it."""

    connection_id: int
    pid: int
    at: float


@dataclass(slots=True)
class Chaos:
    """The storm under way: who works, what was done to them, and how long others took to replace them."""

    crew: Crew
    server: Server
    emulator: Emulator
    connection_ids: list[int]
    chance: random.Random
    members: list[Member] = field(default_factory=list)
    blows: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)
    replaced: list[float] = field(default_factory=list)

    def blow(self, storm: Storm) -> None:
        """Break things until the time is over; then wake whoever sleeps, and let all be well."""
        for _ in range(storm.workers):
            self._hire()
        self.emulator.fault(*FAULTS)
        end, next_blow = time.monotonic() + storm.seconds, time.monotonic() + storm.pause[1]
        while (now := time.monotonic()) < end:
            self._keep_busy()
            self._note_replaced()
            self._wake(now)
            if now >= next_blow:
                self._strike(storm)
                next_blow = time.monotonic() + self.chance.uniform(*storm.pause)
            time.sleep(LOOK)
        self._wake(float("inf"))
        self.emulator.fault()

    def settle(self) -> bool:
        """Sync each connection once more, in peace; whether that came to its end."""
        before = {each: self.crew.latest(each) for each in self.connection_ids}
        if not self.crew.until(lambda: not self._under_way(), CALM):
            return False
        for each in self.connection_ids:
            self.crew.ask(each)
        self.crew.until(lambda: all(self.crew.latest(each) != before[each] for each in self.connection_ids), CALM)
        return self.crew.until(lambda: not self._under_way(), CALM)

    def dismiss(self) -> None:
        """End all workers."""
        for member in self.members:
            member.stack.close()

    def _under_way(self) -> bool:
        self._note_replaced()
        unfinished = "SELECT count(*) FROM runs WHERE state NOT IN ('done', 'failed', 'cancelled')"
        waiting = "SELECT count(*) FROM plans WHERE asked_at IS NOT NULL"
        return bool(number(self.crew.engine, unfinished) + number(self.crew.engine, waiting) or self.crew.busy())

    def _hire(self) -> None:
        stack = ExitStack()
        self.members.append(Member(stack.enter_context(self.crew.worker()), stack))

    def _strike(self, storm: Storm) -> None:
        awake = [member for member in self.members if member.wakes_at is None]
        deed = self.chance.choice(["kill", "kill", "freeze", "freeze", "restart", "edit", "edit"])
        if deed in {"kill", "freeze"} and not awake:
            return
        self.blows[deed] += 1
        if deed == "kill":
            member = self.chance.choice(awake)
            self._note_lost(member)
            member.running.kill()
            member.stack.close()
            self.members.remove(member)
            self._hire()
        elif deed == "freeze":
            member = self.chance.choice(awake)
            self._note_lost(member)
            freeze(member.running.pid)
            member.wakes_at = time.monotonic() + self.chance.uniform(1, storm.freeze)
        elif deed == "restart":
            self.server.restart(self.chance.choice(["immediate", "fast"]))
        else:
            self._edit()

    def _edit(self) -> None:
        ids = self.emulator.visible(self.emulator.email.partition("@")[0])["page"]
        for id_ in self.chance.sample(ids, 3):
            self.emulator.change("content/update", id=id_, body=f"<p>Edited {self.chance.random()}</p>")
        self.emulator.change("content/trash", id=self.chance.choice(ids))

    def _note_lost(self, member: Member) -> None:
        for connection_id, pid in self.crew.busy().items():
            if pid == member.running.pid:
                self.lost.append(Lost(connection_id, pid, time.monotonic()))

    def _keep_busy(self) -> None:
        busy = self.crew.busy()
        for each in self.connection_ids:
            if each not in busy:
                self.crew.ask(each)

    def _note_replaced(self) -> None:
        busy = self.crew.busy()
        for lost in list(self.lost):
            if busy.get(lost.connection_id) == lost.pid:
                continue
            # Somebody else is at it, or could be.
            self.replaced.append(time.monotonic() - lost.at)
            self.lost.remove(lost)

    def _wake(self, now: float) -> None:
        for member in self.members:
            if member.wakes_at is not None and member.wakes_at <= now:
                thaw(member.running.pid)
                # Who slept shortly was not taken for dead, and goes on.
                self.lost = [lost for lost in self.lost if lost.pid != member.running.pid]
                member.wakes_at = None


def main() -> int:
    given = options(__doc__, seconds=600, pages=5_000, workers=3, seed=1)
    with running(durable=True) as server, serving("--spaces", str(SPACES), pages=given.pages) as emulator:
        report = storm(server, emulator, Storm(given.seconds, given.workers), given.pages, random.Random(given.seed))
    return report.end(given.into)


def storm(server: Server, emulator: Emulator, weather: Storm, pages: int, chance: random.Random) -> Report:
    """Let it blow over a new database; what became of it."""
    report = Report(f"{weather.seconds:.0f} s of chaos over {pages:,} pages and {weather.workers} workers")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        made = stack.enter_context(crew(server.database("chaos"), Path(folder) / "home", silence=weather.silence))
        keys = space_keys(emulator)
        for key in keys:
            made.mainstem("connect", *emulator.sign_in, "--name", key, "--space", key)
        ids = made.connection_ids()
        chaos = Chaos(made, server, emulator, ids, chance)
        try:
            chaos.blow(weather)
            settled = chaos.settle()
        finally:
            chaos.dismiss()
        expected = undisturbed(emulator, Path(folder) / "undisturbed", keys)
        _judge(report, chaos, expected, settled=settled)
    return report


def space_keys(emulator: Emulator) -> list[str]:
    """The keys of all spaces that the first account sees."""
    answer = httpx.get(f"{emulator.url}/api/v2/spaces?limit=250", auth=(emulator.email, emulator.token))
    return sorted(space["key"] for space in answer.json()["results"])


def undisturbed(emulator: Emulator, home: Path, keys: list[str]) -> HomeState:
    """What the same connections come to in a home of their own, now that all is quiet."""
    for key in keys:
        mainstem("connect", home, *emulator.sign_in, "--name", key, "--space", key)
        mainstem("sync", home, key)
    return home_state(home)


def _judge(report: Report, chaos: Chaos, expected: HomeState, *, settled: bool) -> None:
    engine, found = chaos.crew.engine, chaos.crew.state()
    for deed, times in sorted(chaos.blows.items()):
        report.show(f"{deed}s", str(times))
    faults = sum(each.status in {0, 429, 500} for each in chaos.emulator.requests())
    asked = chaos.emulator.number_of_requests()
    report.show("requests to Confluence", f"{asked:,}", f"{faults:,} failed")
    for state in ("done", "failed", "cancelled"):
        report.show(f"runs that ended {state}", str(number(engine, f"SELECT count(*) FROM runs WHERE state='{state}'")))
    report.holds("quiet afterwards", "all ended", [] if settled else ["a sync did not end"])
    slowest = max(chaos.replaced, default=0.0)
    still = [f"connection {lost.connection_id}" for lost in chaos.lost if time.monotonic() - lost.at > REPLACED]
    report.show("lost in the midst of a sync", str(len(chaos.replaced)))
    report.at_most("  slowest to be free for another", slowest, REPLACED, "s")
    report.holds("  none forgotten", "all free", still)
    lost = [f"{id_} {one.title}" for id_, one in expected.documents.items() if id_ not in found.documents]
    report.holds("nothing lost", amount(expected.live, "documents"), lost)
    report.holds("nothing doubled", amount(found.live, "documents"), list(found.duplicates))
    report.holds("nothing wrongly deleted", "", _deleted(expected, found))
    report.holds("all as undisturbed", "", list(differences(expected, _without_the_gone(found, expected))))
    with tempfile.TemporaryDirectory() as folder:
        index = LocalIndex(Path(folder))
        indexing.catch_up(engine, index)
        with reading(engine) as db:
            stands = index_state(db, index)
        index.close()
    report.holds("an index that follows the journal", f"{stands.position:,} entries", stands.wrong)


def _deleted(expected: HomeState, found: HomeState) -> list[str]:
    there = found.documents
    return [
        f"{id_} {one.title}"
        for id_, one in expected.documents.items()
        if not one.deleted and id_ in there and there[id_].deleted
    ]


def _without_the_gone(found: HomeState, expected: HomeState) -> HomeState:
    """Without what was trashed after it had been stored: a later first sync never meets it."""
    kept = {id_: one for id_, one in found.documents.items() if id_ in expected.documents or not one.deleted}
    return HomeState(kept, found.duplicates, found.members, found.people, found.failures)


if __name__ == "__main__":
    sys.exit(main())
