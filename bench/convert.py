"""Storage format to Markdown: megabytes in a second of processor time, beside markdownify and a bare parse.

The bare parse is the physical limit: lxml reads the same text into a tree and nothing is made of it. Real documents
come from reference material beside the repository where that is there; generated ones are about 7 KB each.
"""

import re
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from markdownify import markdownify

from bench.verdicts import Report, options
from confluence_emulator.sample import generate
from mainstem.convert import parse, to_markdown

REAL = Path(__file__).resolve().parents[2] / "shared" / "confluence" / "storage" / "real"
LEAST_LEAD = 5.0
LEAST_SECONDS = 2.0
"""Of processor time, that a measurement takes."""

WRAPPED = '<r xmlns:ac="a" xmlns:ri="r" xmlns:at="t">%s</r>'
ENTITY = re.compile(r"&[A-Za-z]\w*;")


def main() -> int:
    given = options(__doc__, pages=300, rounds=2)
    report = Report(f"Conversion to Markdown, MB per CPU second (best of {given.rounds})")
    if REAL.is_dir():
        _measure(report, "real pages", [file.read_text() for file in sorted(REAL.iterdir())], given.rounds)
    else:
        report.remark(f"SKIPPED: real pages: {REAL} is absent")
    _measure(report, "generated pages", generated(given.pages), given.rounds)
    return report.end(given.into)


def generated(number: int) -> list[str]:
    """The bodies of so many made-up pages."""
    site = generate(1, number, 0, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    return [content.body or "" for content in site.contents.values() if content.kind == "page"]


def _measure(report: Report, what: str, texts: Sequence[str], rounds: int) -> None:
    size = sum(len(text.encode()) for text in texts) / 1e6
    ours, theirs, limit = 0.0, 0.0, 0.0
    for _ in range(rounds):
        ours = max(ours, pace(lambda text: to_markdown(parse(text)), texts))
        theirs = max(theirs, pace(markdownify, texts))
        limit = max(limit, pace(bare_parse, texts))
    named = f"{len(texts)} {what}, {size:.2f} MB"
    report.compare(f"{named}: beside markdownify", f"{ours:.2f}", f"{theirs:.2f}", ours / theirs, least=LEAST_LEAD)
    report.show(f"{named}: beside a bare parse", f"{ours:.2f}", f"{limit:.2f}", ours / limit)


def pace(convert: Callable[[str], object], texts: Sequence[str]) -> float:
    """Megabytes of these texts that a second of processor time converts, over at least `LEAST_SECONDS`."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    converted, begun = 0.0, time.process_time()
    while (took := time.process_time() - begun) < LEAST_SECONDS:
        for text in texts:
            convert(text)
        converted += size
    return converted / took


def bare_parse(text: str) -> object:
    """The tree that lxml makes of a body; entities, which only a DTD explains, are blanks to it."""
    return etree.fromstring(WRAPPED % ENTITY.sub(_known, text), etree.XMLParser(recover=True, huge_tree=True))


def _known(entity: re.Match[str]) -> str:
    return entity[0] if entity[0] in {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"} else " "


if __name__ == "__main__":
    sys.exit(main())
