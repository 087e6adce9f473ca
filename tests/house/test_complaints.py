"""The table of complaints has every one that was collected, by its public name, and in our own words."""

import re
import tomllib
from pathlib import Path

from tests.house.source import ROOT

THREAD = re.compile(r"[\w.-]+/[\w.-]+#\d+|CONF(?:CLOUD|SERVER)-\d+")

with (ROOT / "docs/complaints.toml").open("rb") as stream:
    TABLE = tomllib.load(stream)

THREADS = [thread for key in TABLE for thread in key.split(", ")]


def test_each_thread_has_a_public_name_and_stands_once() -> None:
    assert [thread for thread in THREADS if not THREAD.fullmatch(thread)] == []
    assert len(set(THREADS)) == len(THREADS)


def test_there_are_thirty_and_more_and_each_says_nothing_but_what_is_asked_for() -> None:
    assert len(TABLE) >= 30
    assert {key for row in TABLE.values() for key in row} <= {"happened", "here", "tests", "decision"}
    assert all(len(row["happened"].split()) > 5 and len(row["here"].split()) > 5 for row in TABLE.values())


def test_every_complaint_that_was_collected_is_answered_in_other_words(shared: Path) -> None:
    told = (shared / "peers.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| (.*?) \| ", told.split("## (b)")[1].split("\n---")[0], re.MULTILINE)
    assert len(rows) == 30
    numbers = {number for thread in THREADS for number in re.findall(r"[#-](\d+)$", thread)}
    assert [row for row in rows if not set(re.findall(r"[#-](\d+)", row)) <= numbers] == []
    assert [row["happened"] for row in TABLE.values() if row["happened"] in told] == []
