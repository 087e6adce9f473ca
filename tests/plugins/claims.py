"""What a table of the docs claims of the code, and the tests that it names for it: which of them a run refutes.

Each named test must exist, whatever a run selected; and each that it collected must have run and passed. A full run
must have collected them all. A test may be skipped only for something that a checkout cannot bring along (`EXCUSES`).
What a claim says is never judged here.
"""

import ast
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

EXCUSES = ("../shared is absent", "no browser", "PostgreSQL does not start here")
"""How the reason of a skip begins that a claim survives."""

OPEN = "open"
"""The status of what is not claimed yet, so that its tests prove nothing."""

# Options that leave tests out: a run that uses one is not a full run.
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "maxfail")

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Claim:
    """One table of a file: what its key is said to be, and the node ids of the tests that prove it."""

    id: str
    status: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test ended: passed, failed, or skipped for a reason."""

    word: str
    reason: str = ""

    @property
    def excused(self) -> bool:
        """Whether it was skipped for something that a checkout cannot bring along."""
        return self.word == "skipped" and self.reason.startswith(EXCUSES)


@dataclass(slots=True)
class Run:
    """What one run collected, and how each test ended, by node id. `full` when nothing was left out."""

    full: bool
    collected: set[str] = field(default_factory=set)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def record(self, report: pytest.TestReport) -> None:
        """Keep the worst of what a test's setup, call and teardown tell."""
        if report.failed or hasattr(report, "wasxfail"):
            self.outcomes[report.nodeid] = Outcome("failed")
        elif report.skipped:
            self.outcomes[report.nodeid] = Outcome("skipped", skip_reason(report))
        elif report.when == "call":
            self.outcomes.setdefault(report.nodeid, Outcome("passed"))


def skip_reason(report: pytest.TestReport) -> str:
    """The words that a skip was given."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def tables_of(file: Path) -> Tables:
    """The tables of a file by their keys."""
    with file.open("rb") as stream:
        return tomllib.load(stream)


def unknown_tests(claims: Iterable[Claim], root: Path) -> Iterator[str]:
    """Which of the named tests there are not, whatever a run selected."""
    for claim in claims:
        yield from (f"{claim.id} names {test}, which does not exist" for test in claim.tests if not exists(test, root))


def exists(test: str, root: Path) -> bool:
    """Whether a node id names a function that stands in its file. The cases of a parametrised test are not checked."""
    path, *names = test.partition("[")[0].split("::")
    file = root / path
    if not names or not file.is_file():
        return False
    scope: Iterable[ast.stmt] = statements(file)
    for name in names:
        found = [node for node in scope if getattr(node, "name", None) == name]
        if not found:
            return False
        scope = getattr(found[0], "body", ())
    return isinstance(found[0], ast.FunctionDef | ast.AsyncFunctionDef)


@cache
def statements(file: Path) -> Sequence[ast.stmt]:
    """What a file of tests consists of. Many claims name tests of the same file, and the run waits for this."""
    return ast.parse(file.read_text(encoding="utf-8")).body


def run_faults(claims: Iterable[Claim], run: Run) -> Iterator[str]:
    """Which tests of what is claimed this run refutes."""
    for claim, test in claimed(claims):
        cases = cases_of(test, run.collected)
        if not cases and run.full:
            yield f"{claim.id} names {test}, which a full run does not collect"
        for case in cases:
            outcome = run.outcomes.get(case, Outcome("never ran"))
            if outcome.word != "passed" and not outcome.excused:
                yield f"{claim.id} is {claim.status}, but {case} {outcome.word} {outcome.reason}".rstrip()


def excused_tests(claims: Iterable[Claim], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Which tests of what is claimed were skipped with an excuse."""
    for claim, test in claimed(claims):
        for case in cases_of(test, outcomes):
            if outcomes[case].excused:
                yield f"{claim.id} {case}: {outcomes[case].reason}"


def claimed(claims: Iterable[Claim]) -> Iterator[tuple[Claim, str]]:
    """Each test of all that is claimed."""
    return ((claim, test) for claim in claims if claim.status != OPEN for test in claim.tests)


def cases_of(test: str, nodes: Collection[str]) -> list[str]:
    """The node ids that a test of the table stands for: itself, or every case of it."""
    return sorted(node for node in nodes if node == test or node.startswith(f"{test}["))


def is_full(config: pytest.Config) -> bool:
    """Whether a run was asked for all of `testpaths`, and for no choice among them."""
    testpaths = {(config.rootpath / path).resolve() for path in config.getini("testpaths")}
    asked = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
    return asked == testpaths and not any(config.getoption(name, default=None) for name in NARROWING)
