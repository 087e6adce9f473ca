"""Syncs while Confluence misbehaves: nothing may be lost, nothing deleted, and afterwards nothing may be missing.

Each fault strikes a first sync and a sync of a home that is complete. Then it ends, and one more sync must bring both
homes to exactly what an undisturbed one holds.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.command import Ended, mainstem
from bench.emulator_process import Emulator, serving
from bench.home_state import HomeState, home_state
from bench.kill import unlike
from bench.verdicts import Report, options

ANY_CODE = (0, 2, 3)
"""Under a fault a sync may end incomplete, or not even sign in; it must not crash."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault by name; `{page}` and `{space}` in its specs are ids of one page. `fatal`: a first sync is incomplete."""

    name: str
    specs: tuple[str, ...]
    fatal: bool = False


TROUBLES = (
    Trouble("429 with Retry-After", ("429:every=15,retry_after=1",)),
    Trouble("429 without Retry-After", ("429:every=20",)),
    Trouble("500 now and then", ("500:every=11",)),
    Trouble("503 in a row", ("503:after=10,first=3,retry_after=1",)),
    Trouble("connections reset", ("reset:every=9",)),
    Trouble("listings cut short", ("truncate:path=/pages",)),
    Trouble("token revoked midway", ("revoke:after=14",), fatal=True),
    Trouble(
        "one page that always fails",
        (
            r"500:path=/pages/{page}\b",
            r"500:path=/pages\?.*id={page}\b",
            r"500:path=/spaces/{space}/pages\?.*body-format",
        ),
        fatal=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A home that nobody disturbed, and what it holds."""

    home: Path
    state: HomeState


def main() -> int:
    given = options(__doc__, pages=600)
    report = Report(f"Syncs of {given.pages} pages under faults, and after them")
    with serving("--spaces", "2", pages=given.pages) as emulator, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "undisturbed"
        mainstem("sync", home, *emulator.sign_in)
        whole = Whole(home, home_state(home))
        for trouble in TROUBLES:
            first, wrong = first_sync_under(trouble, emulator, whole)
            report.holds(f"{trouble.name}: first sync", told(first), wrong)
            later, wrong = later_sync_under(trouble, emulator, whole)
            report.holds(f"{trouble.name}: later sync", told(later), wrong)
    return report.end(given.into)


def first_sync_under(trouble: Trouble, emulator: Emulator, whole: Whole) -> tuple[Ended, list[str]]:
    """A first sync under a fault, and one after it; how the first ended, and what was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        return _under(trouble, emulator, whole, home)


def later_sync_under(trouble: Trouble, emulator: Emulator, whole: Whole) -> tuple[Ended, list[str]]:
    """The same in a home that is complete, which a fault must not make smaller."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(whole.home, home)
        ended, wrong = _under(trouble, emulator, whole, home)
        return ended, wrong


def _under(trouble: Trouble, emulator: Emulator, whole: Whole, home: Path) -> tuple[Ended, list[str]]:
    before = home_state(home) if home.joinpath("mainstem.db").exists() else None
    with _striking(trouble, emulator, whole):
        ended = mainstem("sync", home, *emulator.sign_in, "--json", codes=ANY_CODE)
    wrong = list(_losses(before, home))
    if trouble.fatal and ended.code == 0 and before is None:
        wrong.append("it calls itself complete")
    mainstem("sync", home, *emulator.sign_in)
    return ended, wrong + [f"afterwards: {reason}" for reason in unlike(whole.state, home)]


@contextmanager
def _striking(trouble: Trouble, emulator: Emulator, whole: Whole) -> Iterator[None]:
    page = sorted(whole.state.documents)[7]
    space = whole.state.documents[page].space_id
    emulator.fault(*[spec.replace("{page}", page).replace("{space}", space) for spec in trouble.specs])
    try:
        yield
    finally:
        emulator.fault()


def _losses(before: HomeState | None, home: Path) -> Iterator[str]:
    """What a sync under a fault deleted, or took from a home that had it."""
    if before is None:
        return
    state = home_state(home)
    for source_id, was in before.documents.items():
        now = state.documents.get(source_id)
        if now is None or (now.deleted and not was.deleted):
            yield f"deleted: {source_id} {was.title}"
        elif (was.has_body, was.passages) != (now.has_body, now.passages):
            yield f"its text went: {source_id} {was.title}"


def told(ended: Ended) -> str:
    """How a sync ended, in a few words."""
    if not ended.printed:
        return f"code {ended.code}: {ended.said.strip()[:60]}"
    told = ended.told
    return f"code {ended.code}, {told['added']} added, {told['failed']} failed, {ended.seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
