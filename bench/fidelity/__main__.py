"""Facts kept, junk leaked, structure held: every construct through ours and through other people's converters.

`--publish` also writes the tables to docs/fidelity.md.
"""

import subprocess
import sys
from datetime import UTC, datetime

from bench.fidelity import converters, page
from bench.fidelity.constructs import Construct, constructs
from bench.fidelity.converters import PEERS, Peer, PeerFailed
from bench.fidelity.page import Column
from bench.fidelity.score import score, total
from bench.peers import NoPeer, peer_python
from bench.verdicts import Report, options

PINS = converters.PEER.with_name("peers.txt")


def main() -> int:
    """0 when ours keeps everything, else 1."""
    given = options(__doc__, publish=False)
    report = Report("Fidelity: facts kept, junk leaked and structure held, over all constructs")
    asked = constructs()
    columns = [_ours(asked), *_theirs(asked, report)]
    for line in page.tables(asked, columns):
        print(line)
    _verdicts(report, columns)
    if given.publish:
        today = datetime.now(UTC).date()
        page.PUBLISHED.write_text(page.published(asked, columns, today), encoding="utf-8")
    return report.end(given.into)


def _ours(asked: list[Construct]) -> Column:
    convert = converters.ours("markdown")
    return Column("Mainstem", "", "storage", tuple(score(each, convert(each)) for each in asked))


def _theirs(asked: list[Construct], report: Report) -> list[Column]:
    try:
        python = peer_python(PINS)
    except NoPeer as reason:
        report.remark(f"SKIPPED: every other converter: {reason}")
        return []
    columns = []
    for peer in PEERS:
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


def _verdicts(report: Report, columns: list[Column]) -> None:
    ours, *others = (total(column.scores) for column in columns)
    report.holds("facts kept", f"{ours.kept} of {ours.facts}", [*ours.broken, *ours.lost])
    report.holds("junk leaked", f"{len(ours.leaked)} of {ours.junk}", ours.leaked)
    report.holds("structure held", f"{ours.held} of {len(ours.checks)}", ours.displaced)
    for column, theirs in zip(columns[1:], others, strict=True):
        beside = f"{theirs.kept} facts, {len(theirs.leaked)} junk, {theirs.held} held"
        report.show(f"beside {column.name} ({column.reads})", "", beside)


if __name__ == "__main__":
    sys.exit(main())
