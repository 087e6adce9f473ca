"""Storage format to Markdown: megabytes in a second of processor time, beside two peers and a bare parse; and memory.

The bare parse is the physical limit: lxml reads the same text into a tree and nothing is made of it. Of the peers,
markdownify is written in Python and html-to-markdown in Rust. Real documents come from reference material beside the
repository where that is there; generated ones are about 7 KB each.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from markdownify import markdownify

from bench import pace as measured
from bench.command import MAINSTEM, run
from bench.fidelity.converters import PINS
from bench.pace import pace
from bench.peers import NoPeer, peer_python
from bench.verdicts import Report, options
from confluence_emulator.sample import generate
from mainstem.convert import parse, to_markdown

REAL = Path(__file__).resolve().parents[2] / "shared" / "confluence" / "storage" / "real"
LEAST_LEAD = 5.0
LEAST_BESIDE_RUST = 0.5
LARGEST = 20_000_000
MOST_MEMORY = 300.0
CELLS = 100_000
MOST_SECONDS = 5.0

WRAPPED = '<r xmlns:ac="a" xmlns:ri="r" xmlns:at="t">%s</r>'
ENTITY = re.compile(r"&[A-Za-z]\w*;")


def main() -> int:
    given = options(__doc__, pages=300, rounds=2)
    report = Report(f"Conversion to Markdown, MB per CPU second (best of {given.rounds})")
    rust = _rust(report)
    pages = generated(given.pages)
    if REAL.is_dir():
        _measure(report, "real pages", [file.read_text() for file in sorted(REAL.iterdir())], given.rounds, rust)
    else:
        report.remark(f"SKIPPED: real pages: {REAL} is absent")
    _measure(report, "generated pages", pages, given.rounds, rust)
    _largest(report, pages)
    _widest(report)
    return report.end(given.into)


def generated(number: int) -> list[str]:
    """The bodies of so many made-up pages."""
    site = generate(1, number, 0, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    return [content.body or "" for content in site.contents.values() if content.kind == "page"]


def _rust(report: Report) -> str | None:
    try:
        return peer_python(PINS)
    except NoPeer as reason:
        report.remark(f"SKIPPED: html-to-markdown: {reason}")
        return None


def _measure(report: Report, what: str, texts: Sequence[str], rounds: int, rust: str | None) -> None:
    size = sum(len(text.encode()) for text in texts) / 1e6
    ours, theirs, rusts, limit = 0.0, 0.0, 0.0, 0.0
    for _ in range(rounds):
        ours = max(ours, pace(lambda text: to_markdown(parse(text)), texts))
        theirs = max(theirs, pace(markdownify, texts))
        rusts = max(rusts, _pace_of_rust(rust, texts) if rust else 0.0)
        limit = max(limit, pace(bare_parse, texts))
    named = f"{len(texts)} {what}, {size:.2f} MB"
    report.compare(f"{named}: beside markdownify", f"{ours:.2f}", f"{theirs:.2f}", ours / theirs, least=LEAST_LEAD)
    if rust:
        beside = f"{named}: beside html-to-markdown (Rust)"
        report.compare(beside, f"{ours:.2f}", f"{rusts:.2f}", ours / rusts, least=LEAST_BESIDE_RUST)
    report.show(f"{named}: beside a bare parse", f"{ours:.2f}", f"{limit:.2f}", ours / limit)


def _pace_of_rust(python: str, texts: Sequence[str]) -> float:
    command = [python, measured.__file__, "html_to_markdown"]
    told = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True).stdout
    return float(told)


def bare_parse(text: str) -> object:
    """The tree that lxml makes of a body; entities, which only a DTD explains, are blanks to it."""
    return etree.fromstring(WRAPPED % ENTITY.sub(_known, text), etree.XMLParser(recover=True, huge_tree=True))


def _known(entity: re.Match[str]) -> str:
    return entity[0] if entity[0] in {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"} else " "


def _largest(report: Report, pages: Sequence[str]) -> None:
    """The memory of a whole process that converts a page of `LARGEST` bytes."""
    page = "".join(pages)
    page *= LARGEST // len(page.encode()) + 1
    for target in ("markdown", "html"):
        ended = _converted(page, target)
        what = f"memory of a page of {len(page.encode()) / 1e6:.0f} MB as {target}"
        report.at_most(what, ended[0], MOST_MEMORY, "MB")


def _widest(report: Report) -> None:
    """The processor time of a whole process that converts one table of `CELLS` cells."""
    row = "<tr>" + "".join(f"<td><p>cell {number}</p></td>" for number in range(10)) + "</tr>"
    _, cpu = _converted(f"<table><tbody>{row * (CELLS // 10)}</tbody></table>", "markdown")
    report.at_most(f"a table of {CELLS:,} cells", cpu, MOST_SECONDS, "CPU s")


def _converted(page: str, target: str) -> tuple[float, float]:
    """Peak MB and CPU seconds of `mainstem convert` on a page."""
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write(page)
        file.flush()
        ended = run(MAINSTEM, "convert", file.name, "--to", target)
    return ended.peak, ended.cpu


if __name__ == "__main__":
    sys.exit(main())
