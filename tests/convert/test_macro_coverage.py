"""How many macros that people really use are handled by what they mean, and that each handler has its example."""

import re
from collections import Counter
from pathlib import Path

from mainstem.convert import macros, parse
from mainstem.wiki.macros import Reason
from tools.macro_listing import examples_by_handler

GOAL = 0.95
ROW = re.compile(r"^\| ([^|]+?) \| \d+ \((\d+)\) \| (\d+) \|", re.MULTILINE)


def missing(uses: Counter[str]) -> list[tuple[str, int]]:
    """What nobody handles, the most used first."""
    return [(name, number) for name, number in uses.most_common() if name not in macros.MACROS]


def handled(uses: Counter[str]) -> float:
    """The share of the uses whose macro has a handler."""
    return 1 - sum(number for _, number in missing(uses)) / uses.total()


def test_at_least_95_percent_of_the_macro_uses_in_real_documents_are_handled_by_meaning(shared: Path) -> None:
    uses, unknown = Counter[str](), Counter[str]()
    for path in (shared / "confluence" / "storage" / "real").iterdir():
        for use in parse(path.read_text("utf-8", "replace")).macros:
            uses[use.name] += use.uses
            unknown[use.name] += use.uses if use.reason is Reason.UNKNOWN else 0
    assert uses.total() > 0
    assert 1 - unknown.total() / uses.total() >= GOAL, +unknown


def test_at_least_95_percent_of_the_uses_in_the_list_of_macros_seen_are_handled_by_meaning(shared: Path) -> None:
    listed = (shared / "confluence" / "api.md").read_text("utf-8").split("### 13.5")[1].split("### 13.6")[0]
    rows = [(name.lower(), int(real), int(uses)) for name, real, uses in ROW.findall(listed)]
    assert len(rows) > 150
    everything = Counter({name: uses for name, _, uses in rows})
    in_wikis = Counter({name: uses for name, real, uses in rows if real})
    assert handled(everything) >= GOAL, missing(everything)
    assert handled(in_wikis) >= GOAL, missing(in_wikis)


def test_every_handler_has_an_example_on_the_sample_page() -> None:
    lacking = set(macros.MACROS.values()) - set(examples_by_handler())
    assert [name for name, handler in macros.MACROS.items() if handler in lacking] == []
