"""What a measurement says: figures beside their goals, printed as one table, with a verdict on each.

A script makes a `Report`, adds figures, and ends with `report.end(...)`, whose number is its exit code.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

PASS, FAIL, SHOWN = "PASS", "FAIL", ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `verdict` is SHOWN for what has no goal and is there to be known."""

    what: str
    measured: str
    beside: str = ""
    ratio: str = ""
    goal: str = ""
    verdict: str = SHOWN


@dataclass(slots=True)
class Report:
    """The figures of one script, and remarks on how they came about."""

    title: str
    figures: list[Figure] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def show(self, what: str, measured: str, beside: str = "", ratio: float | None = None) -> None:
        """A figure without a goal."""
        self.figures.append(Figure(what, measured, beside, _times(ratio)))

    def at_most(self, what: str, value: float, goal: float, unit: str) -> None:
        """A figure that must not be larger than `goal`."""
        self.figures.append(
            Figure(what, amount(value, unit), goal=f"<= {amount(goal, unit)}", verdict=_if(value <= goal))
        )

    def holds(self, what: str, measured: str, wrong: Sequence[str]) -> None:
        """Something that must be so; `wrong` says why it is not, and the first few reasons are shown."""
        self.figures.append(Figure(what, measured, goal="as it should be", verdict=_if(not wrong)))
        self.remarks += [f"{what}: {reason}" for reason in wrong[:5]]
        if len(wrong) > 5:
            self.remarks.append(f"{what}: and {len(wrong) - 5} more")

    def compare(self, what: str, measured: str, beside: str, ratio: float, *, least: float) -> None:
        """A figure beside a peer's, of which it must be at least so many times."""
        goal, verdict = f">= {least:g} x", _if(ratio >= least)
        self.figures.append(Figure(what, measured, beside, _times(ratio), goal, verdict))

    def add(
        self, what: str, measured: str, *, goal: str, passed: bool, beside: str = "", ratio: float | None = None
    ) -> None:
        """A figure whose goal is of its own kind."""
        self.figures.append(Figure(what, measured, beside, _times(ratio), goal, _if(passed)))

    def remark(self, text: str) -> None:
        """A line below the table."""
        self.remarks.append(text)

    @property
    def passed(self) -> bool:
        return all(figure.verdict != FAIL for figure in self.figures)

    def end(self, into: Path | None = None) -> int:
        """Print everything; add it to the file `into`, a line of JSON. 0 when nothing failed, else 1."""
        print_table(self.title, self.figures)
        for remark in self.remarks:
            print(f"  {remark}")
        if into is not None:
            with into.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(self)) + "\n")
        return 0 if self.passed else 1


def options(about: str | None, **asked: int) -> argparse.Namespace:
    """The options of a script: `--into`, one for each number with its default, and a switch for each False."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, help="also add the report to this file, as a line of JSON")
    for name, default in asked.items():
        if default is False:
            parser.add_argument(f"--{name}", action="store_true")
            continue
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default: {default}")
    return parser.parse_args()


def read_reports(file: Path) -> list[Report]:
    """The reports that `Report.end` wrote."""
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Report(each["title"], [Figure(**figure) for figure in each["figures"]], each["remarks"]) for each in told]


def print_table(title: str, figures: Iterable[Figure]) -> None:
    """Figures in columns."""
    rows = [("", "measured", "beside", "ratio", "goal", "")]
    rows += [(one.what, one.measured, one.beside, one.ratio, one.goal, one.verdict) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print(f"\n{title}")
    for what, *others in rows:
        cells = [what.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        print(f"  {'  '.join(cells)}".rstrip())
    sys.stdout.flush()


def amount(value: float, unit: str) -> str:
    """A number as people read it: `1,000 requests`, `2.41 s`."""
    whole = isinstance(value, int) or value >= 100
    return f"{value:,.0f} {unit}" if whole else f"{value:.2f} {unit}"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1f} x"


def _if(holds: object) -> str:
    return PASS if holds else FAIL
