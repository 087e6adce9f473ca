"""The first sync of a site, until its pages can be searched, in a fresh home: as a command, and by a hub that is up.

Beside the command, in the same run: a bare download and conversion of the same pages, both by the clock of a whole
process. Beside the hub that is up, from the asking on: LangChain's loader with its check of restrictions, whose clock
starts after its imports too. Every request is answered late, as over a real line. What was synced must be complete and
findable, or the speed counts for nothing. The best of several rounds counts.
"""

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.command import CommandFailed, Ended, mainstem, run, served
from bench.emulator_process import Asked, Emulator, by_path, serving
from bench.home_state import home_index, home_state
from bench.peers import HERE, NoPeer, peer_python
from bench.verdicts import Report, options

LATENCY = 50
"""Milliseconds that every answer takes longer."""

SLOWEST_RATIO = 2.5
FAST_ENOUGH = 3.0
MOST_REQUESTS = 40
LEAST_LEAD = 20.0
LOADED_BY_LANGCHAIN = 200
"""It takes one request for each page, so its pace is measured on fewer."""

SPACE = "ACCO0"
"""The only space of the generated site."""

LOOK = 0.05
"""Seconds between questions whether the served hub is done."""

ONLY_PAGES = ("--without", "comment", "--without", "attachment")


@dataclass(frozen=True, slots=True)
class Synced:
    """One first sync: how the command ended, what it asked, and what was wrong with the outcome."""

    ended: Ended
    asked: list[Asked]
    wrong: list[str]


def main() -> int:
    given = options(__doc__, pages=1000, rounds=5)
    report = Report(f"First sync of {given.pages:,} pages, {LATENCY} ms a request (best of {given.rounds})")
    with serving(pages=given.pages, latency=LATENCY) as emulator:
        bare, synced, by_server = [], [], []
        for _ in range(given.rounds):
            bare.append(bare_download(emulator, given.pages))
            synced.append(first_sync(emulator))
            by_server.append(served_sync(emulator, given.pages))
        _judge(report, min(by_server), min(bare, key=lambda one: one.seconds))
        best = min(synced, key=lambda one: one.ended.seconds)
        _show_command(report, best, min(bare, key=lambda one: one.seconds), given.pages)
        report.holds("complete and findable", f"{given.pages:,} pages", [why for one in synced for why in one.wrong])
        _count(report, best)
        _beside_langchain(report, emulator, given.pages / min(by_server))
    return report.end(given.into)


def bare_download(emulator: Emulator, pages: int) -> Ended:
    """Download and convert everything, and nothing else."""
    ended = run(sys.executable, "-m", "bench.bare_download", emulator.url, emulator.email, emulator.token)
    if int(ended.printed) != pages:
        raise CommandFailed(f"the bare download got {ended.printed.strip()} of {pages} pages")
    return ended


def first_sync(emulator: Emulator) -> Synced:
    """Sync into a fresh home, and look whether everything is there."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        emulator.forget_requests()
        ended = mainstem("sync", home, *emulator.sign_in, *ONLY_PAGES, "--json")
        return Synced(ended, emulator.requests(), list(shortcomings(emulator, home, ended)))


def served_sync(emulator: Emulator, pages: int) -> float:
    """The same by a hub that is up: seconds from asking for the sync to the server's word that it is over."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        mainstem("connect", home, *emulator.sign_in, *ONLY_PAGES)
        with served(home) as (url, _):
            token = json.loads((home / "server").read_text())["token"]
            with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as server:
                begun = time.monotonic()
                server.post("/errands/sync/1").raise_for_status()
                while server.get("/errands/sync/1").json()["state"] is not None:
                    time.sleep(LOOK)
                seconds = time.monotonic() - begun
        found = mainstem("search", home, "type:page", "--as", "operator", "--json").told["total"]
        if found != pages:
            raise CommandFailed(f"the served hub finds {found} of {pages} pages")
        return seconds


def shortcomings(emulator: Emulator, home: Path, ended: Ended) -> list[str]:
    """What is missing from a home that should hold every page of the emulator, by all that can be asked about it."""
    there = set(emulator.visible("mara")["page"])
    state, index = home_state(home), home_index(home)
    found = mainstem("search", home, "type:page", "--as", "operator", "--json").told["total"]
    expected = {
        "complete": (True, ended.told["complete"]),
        "pages told": (len(there), ended.told["pages"]),
        "pages found": (len(there), found),
        "ids stored": (there, state.documents.keys()),
        "bodies": (len(there), sum(one.has_body and one.passages > 0 for one in state.documents.values())),
        "rules read": ({"open", "restricted"}, {one.rules_state for one in state.documents.values()}),
        "index at the journal's end, as the store says": (True, index.complete),
    }
    return [f"{what}: {want} / {have}" for what, (want, have) in expected.items() if want != have]


def _judge(report: Report, seconds: float, bare: Ended) -> None:
    ratio = seconds / bare.seconds
    report.add(
        "by a hub that is up, to searchable",
        f"{seconds:.2f} s",
        beside=f"{bare.seconds:.2f} s",
        ratio=ratio,
        goal=f"<= {SLOWEST_RATIO} x or < {FAST_ENOUGH:.0f} s",
        passed=ratio <= SLOWEST_RATIO or seconds < FAST_ENOUGH,
    )


def _show_command(report: Report, synced: Synced, bare: Ended, pages: int) -> None:
    ended = synced.ended
    seconds = f"{ended.seconds:.2f} s"
    report.show(
        "as a command, from its start to its end", seconds, f"{bare.seconds:.2f} s", ended.seconds / bare.seconds
    )
    report.show("processor time", f"{ended.cpu:.2f} s", f"{bare.cpu:.2f} s", ended.cpu / bare.cpu)
    report.show("peak memory", f"{ended.peak:.0f} MB", f"{bare.peak:.0f} MB", ended.peak / bare.peak)
    startup = min(
        (run(sys.executable, "-c", "import mainstem.cli.syncing") for _ in range(3)), key=lambda one: one.seconds
    )
    report.show("of it, starting Python and importing", f"{startup.seconds:.2f} s")
    report.show("pages a second", f"{pages / ended.seconds:.0f}", f"{pages / bare.seconds:.0f}")


def _count(report: Report, synced: Synced) -> None:
    report.at_most("requests", len(synced.asked), MOST_REQUESTS, "requests")
    told = synced.ended.told["requests"]
    differing = [] if told == len(synced.asked) else [f"the log has {len(synced.asked)}"]
    report.holds("requests told by the command", f"{told}", differing)
    for path, number in by_path(synced.asked).most_common():
        report.remark(f"{number:4} {path}")


def _beside_langchain(report: Report, emulator: Emulator, pace: float) -> None:
    """Both clocks start after the imports: its loader's with its making, our hub's with the asking."""
    what = f"pages a second, beside LangChain's loader on {LOADED_BY_LANGCHAIN}"
    try:
        python = peer_python()
    except NoPeer as missing:
        report.remark(f"SKIPPED: {what}: its environment cannot be installed: {missing}")
        return
    command = (python, str(HERE / "langchain_loader.py"), emulator.url, emulator.email, emulator.token)
    loads = [run(*command, SPACE, str(LOADED_BY_LANGCHAIN)) for _ in range(2)]
    theirs = max(LOADED_BY_LANGCHAIN / json.loads(ended.printed)["seconds"] for ended in loads)
    report.compare(what, f"{pace:.0f}", f"{theirs:.1f}", pace / theirs, least=LEAST_LEAD)


if __name__ == "__main__":
    sys.exit(main())
