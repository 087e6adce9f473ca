"""The promise table covers the mission, promise by promise."""

import re
import tomllib
from pathlib import Path

from tests.house.source import ROOT

IDS = Path(__file__).with_name("promises.txt")


def test_the_ids_are_those_of_the_mission(shared: Path) -> None:
    mission = (shared / "mission.md").read_text(encoding="utf-8")
    assert IDS.read_text(encoding="utf-8").split() == re.findall(r"^- ([A-Z]\d+) ", mission, re.MULTILINE)


def test_the_table_follows_the_order_of_the_mission() -> None:
    with (ROOT / "docs/promises.toml").open("rb") as stream:
        table = tomllib.load(stream)
    assert list(table) == IDS.read_text(encoding="utf-8").split()
