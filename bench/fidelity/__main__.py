"""Facts kept, junk leaked, structure held: every construct through ours and through other people's converters.

`--publish` also writes the tables to docs/fidelity.md.
"""

import subprocess
import sys
from datetime import UTC, datetime

from bench.fidelity import converters, page
from bench.fidelity.constructs import Construct, constructs
from bench.fidelity.converters import ADF, PEERS, PINS, RENDERED, STORAGE, Peer, PeerFailed
from bench.fidelity.page import Column, Table
from bench.fidelity.score import score, total
from bench.peers import NoPeer, peer_python
from bench.verdicts import Report, options


def main() -> int:
    """0 when ours keeps everything, else 1."""
    given = options(__doc__, publish=False)
    report = Report("Fidelity: facts kept, junk leaked and structure held, over all constructs")
    asked = constructs()
    python = _python(report)
    tables = []
    for formats in ((STORAGE, RENDERED), (ADF,)):
        pages = [each for each in asked if bool(each.adf) is (ADF in formats)]
        peers = [peer for peer in PEERS if peer.reads in formats]
        columns = [_ours(pages, formats[0]), *(_theirs(python, peers, pages, report) if python else [])]
        tables.append(Table(formats[0], pages, columns))
        _verdicts(report, formats[0], columns)
    written = page.published(tables, datetime.now(UTC).date())
    print(written)
    if given.publish:
        page.PUBLISHED.write_text(written, encoding="utf-8")
    return report.end(given.into)


def _ours(asked: list[Construct], reads: str) -> Column:
    convert = converters.ours("markdown")
    return Column("Mainstem", "", reads, tuple(score(each, convert(each)) for each in asked))


def _python(report: Report) -> str | None:
    try:
        return peer_python(PINS)
    except NoPeer as reason:
        report.remark(f"SKIPPED: every other converter: {reason}")
        return None


def _theirs(python: str, peers: list[Peer], asked: list[Construct], report: Report) -> list[Column]:
    columns = []
    for peer in peers:
        try:
            columns.append(_column(python, peer, asked))
        except (PeerFailed, subprocess.TimeoutExpired) as reason:
            report.remark(f"SKIPPED: {peer.name}: {reason}")
    return columns


def _column(python: str, peer: Peer, asked: list[Construct]) -> Column:
    outputs = converters.outputs(python, peer, asked)
    version = next(
        line.partition("==")[2] for line in PINS.read_text().splitlines() if line.startswith(f"{peer.distribution}==")
    )
    scores = tuple(score(each, shown) for each, shown in zip(asked, outputs, strict=True))
    return Column(peer.name, f"{peer.distribution} {version}", peer.reads, scores)


def _verdicts(report: Report, reads: str, columns: list[Column]) -> None:
    ours, *others = (total(column.scores) for column in columns)
    report.holds(f"{reads}: facts kept", f"{ours.kept} of {ours.facts}", [*ours.broken, *ours.lost])
    report.holds(f"{reads}: junk leaked", f"{len(ours.leaked)} of {ours.junk}", ours.leaked)
    report.holds(f"{reads}: structure held", f"{ours.held} of {len(ours.checks)}", ours.displaced)
    for column, theirs in zip(columns[1:], others, strict=True):
        beside = f"{theirs.kept} facts, {len(theirs.leaked)} junk, {theirs.held} held"
        report.show(f"beside {column.name} ({column.reads})", "", beside)


if __name__ == "__main__":
    sys.exit(main())
