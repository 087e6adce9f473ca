"""A large site: its first sync, one with nothing changed, and one with ten pages changed.

What an unchanged sync costs is counted by what it asks for: bodies (none), the listings that prove that nothing is
missing, labels and restrictions, and who is in which group. Peak memory is that of the command's own process.
"""

import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.command import Ended, mainstem
from bench.emulator_process import Asked, Emulator, by_path, serving
from bench.first_sync import ONLY_PAGES, shortcomings
from bench.verdicts import Report, options

LATENCY = 50
"""Milliseconds that every answer takes longer."""

MOST_MEMORY = 350.0
MOST_LISTING = 60
MOST_RULES = 60
MOST_FOR_TEN_CHANGES = 20
CHANGED = 10
WORD = "quokkagram"
"""Stands in the changed pages and in no other."""

BODIES = re.compile(r"[?&]body-format=|[?&]expand=[^&]*body")
SORTS = {
    "labels and restrictions": re.compile(r"/rest/api/content/search|/restriction|/labels"),
    "groups and permissions": re.compile(r"/group|/permissions|/space-role|/role-assignments|/users?-bulk"),
}
"""By path; everything else is the listing of contents, the spaces and the sign-in."""
LISTING = "listing and sign-in"


@dataclass(frozen=True, slots=True)
class Sync:
    """One run of the command and what it asked."""

    ended: Ended
    asked: list[Asked]

    @property
    def with_bodies(self) -> int:
        return sum(bool(BODIES.search(each.target)) for each in self.asked)

    def sorts(self) -> Counter[str]:
        """How many requests of each sort there were."""
        return Counter(sort_of(each) for each in self.asked)


def sort_of(asked: Asked) -> str:
    """What a request is for."""
    return next((name for name, paths in SORTS.items() if paths.search(asked.path)), LISTING)


def main() -> int:
    given = options(__doc__, pages=10_000, spaces=1)
    report = Report(f"A site of {given.pages:,} pages, {LATENCY} ms a request")
    spaces = ("--spaces", str(given.spaces))
    with serving(*spaces, pages=given.pages, latency=LATENCY) as emulator, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = sync(emulator, home, *emulator.sign_in, *ONLY_PAGES)
        wrong = shortcomings(emulator, home, first.ended)
        second = sync(emulator, home)
        wrong += shortcomings(emulator, home, second.ended)
        change_some(emulator)
        third = sync(emulator, home)
        wrong += shortcomings(emulator, home, third.ended)
        found = mainstem("search", home, WORD, "--as", "operator", "--json").told["total"]
    _judge_first(report, first)
    _judge_second(report, second)
    _judge_third(report, second, third, found)
    report.holds("complete and findable after each", f"{given.pages:,} pages", wrong)
    return report.end(given.into)


def sync(emulator: Emulator, home: Path, *arguments: str) -> Sync:
    """Run the command, and take down what it asked."""
    emulator.forget_requests()
    ended = mainstem("sync", home, *arguments, "--json")
    return Sync(ended, emulator.requests())


def change_some(emulator: Emulator) -> None:
    """Write a word of its own into pages from all over the site."""
    pages = emulator.visible("mara")["page"]
    for content_id in pages[:: len(pages) // CHANGED][:CHANGED]:
        emulator.change("content/update", id=content_id, body=f"<p>All is new, {WORD} says.</p>")


def _judge_first(report: Report, first: Sync) -> None:
    report.show("first sync", f"{first.ended.seconds:.1f} s")
    report.show("  processor time", f"{first.ended.cpu:.1f} s")
    report.show("  requests", f"{len(first.asked):,}")
    report.at_most("  peak memory", first.ended.peak, MOST_MEMORY, "MB")


def _judge_second(report: Report, second: Sync) -> None:
    sorts = second.sorts()
    report.show("nothing changed", f"{second.ended.seconds:.1f} s")
    report.show("  peak memory", f"{second.ended.peak:.0f} MB")
    report.at_most("  with bodies", second.with_bodies, 0, "requests")
    report.at_most(f"  {LISTING}", sorts[LISTING], MOST_LISTING, "requests")
    report.at_most("  labels and restrictions", sorts["labels and restrictions"], MOST_RULES, "requests")
    report.show("  groups and permissions", f"{sorts['groups and permissions']} requests")
    told = second.ended.told
    touched = {name: told[name] for name in ("added", "changed", "deleted") if told[name]}
    report.holds("  untouched", f"{told['unchanged']:,} pages", [f"{touched}"] if touched else [])


def _judge_third(report: Report, second: Sync, third: Sync, found: int) -> None:
    report.show(f"{CHANGED} pages changed", f"{third.ended.seconds:.1f} s")
    more = len(third.asked) - len(second.asked)
    report.at_most("  more requests than with nothing changed", more, MOST_FOR_TEN_CHANGES, "requests")
    for path, number in (by_path(third.asked) - by_path(second.asked)).most_common():
        report.remark(f"{number:4} more {path}")
    changed = third.ended.told["changed"]
    wrong = [] if changed == found == CHANGED else [f"{changed} told as changed, {found} found by their new word"]
    report.holds("  stored and findable", f"{found} pages", wrong)


if __name__ == "__main__":
    sys.exit(main())
