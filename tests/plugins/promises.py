"""Holds `docs/promises.toml` true at the end of every test run.

A promise that is `kept` or `partly` kept names its tests; one that is partly kept says what is missing. Each test must
exist, whatever this run selected; and each that this run collected must have run and passed. A full run must have
collected them all. Otherwise the run fails.
A test may be skipped only for something that a checkout cannot bring along (`EXCUSES`); such skips are listed loudly.

Under xdist the controller judges, from the reports of its workers. What a promise says is never judged here.
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
"""How the reason of a skip begins that a promise survives."""

STATUSES = ("open", "partly", "kept")

# Options that leave tests out: a run that uses one is not a full run.
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "maxfail")


@dataclass(frozen=True, slots=True)
class Promise:
    """One table of `docs/promises.toml`; `tests` are node ids, `missing` is what keeps a promise from being kept."""

    id: str
    says: str
    status: str
    tests: tuple[str, ...]
    missing: str


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


def read_promises(table: Path) -> tuple[Promise, ...]:
    """The promises of a table; what is missing reads as empty, and `table_faults` names it."""
    with table.open("rb") as stream:
        tables: dict[str, dict[str, Any]] = tomllib.load(stream)
    return tuple(
        Promise(key, row.get("says", ""), row.get("status", ""), tuple(row.get("tests", ())), row.get("missing", ""))
        for key, row in tables.items()
    )


def table_faults(promises: Sequence[Promise], ids: Sequence[str], root: Path) -> Iterator[str]:
    """What is wrong with the table itself, whatever a run selected."""
    known = [promise.id for promise in promises]
    yield from (f"{missing} is a promise of the mission and has no table" for missing in ids if missing not in known)
    yield from (f"{extra} is no promise of the mission" for extra in known if extra not in ids)
    for promise in promises:
        if not promise.says:
            yield f"{promise.id} says nothing"
        if promise.status not in STATUSES:
            yield f"{promise.id} has the status {promise.status!r}; it may be {', '.join(STATUSES)}"
        if promise.status in {"partly", "kept"} and not promise.tests:
            yield f"{promise.id} is {promise.status} and names no test that proves it"
        if promise.status == "partly" and not promise.missing:
            yield f"{promise.id} is partly and does not say what is missing"
        if promise.status != "partly" and promise.missing:
            yield f"{promise.id} is {promise.status} and says that something is missing"
        yield from (
            f"{promise.id} names {test}, which does not exist" for test in promise.tests if not exists(test, root)
        )


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
    """What a file of tests consists of. Many promises name tests of the same file, and the run waits for this."""
    return ast.parse(file.read_text(encoding="utf-8")).body


def run_faults(promises: Iterable[Promise], run: Run) -> Iterator[str]:
    """Which tests of a claimed promise this run refutes."""
    for promise, test in claimed(promises):
        cases = cases_of(test, run.collected)
        if not cases and run.full:
            yield f"{promise.id} names {test}, which a full run does not collect"
        for case in cases:
            outcome = run.outcomes.get(case, Outcome("never ran"))
            if outcome.word != "passed" and not outcome.excused:
                yield f"{promise.id} is {promise.status}, but {case} {outcome.word} {outcome.reason}".rstrip()


def excused_tests(promises: Iterable[Promise], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Which tests of a claimed promise were skipped with an excuse."""
    for promise, test in claimed(promises):
        for case in cases_of(test, outcomes):
            if outcomes[case].excused:
                yield f"{promise.id} {case}: {outcomes[case].reason}"


def claimed(promises: Iterable[Promise]) -> Iterator[tuple[Promise, str]]:
    """Each test of each promise that is said to be kept, fully or partly."""
    return ((promise, test) for promise in promises if promise.status != "open" for test in promise.tests)


def cases_of(test: str, nodes: Collection[str]) -> list[str]:
    """The node ids that a test of the table stands for: itself, or every case of it."""
    return sorted(node for node in nodes if node == test or node.startswith(f"{test}["))


def is_full(config: pytest.Config) -> bool:
    """Whether a run was asked for all of `testpaths`, and for no choice among them."""
    testpaths = {(config.rootpath / path).resolve() for path in config.getini("testpaths")}
    asked = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
    return asked == testpaths and not any(config.getoption(name, default=None) for name in NARROWING)


class PromiseKeeper:
    """Listens to a run, in the process that sees all of it, and judges the table when it ends."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        self._table = self._root / config.getini("promises")
        try:
            self._ids = (self._root / config.getini("promise_ids")).read_text(encoding="utf-8").split()
            self._promises = read_promises(self._table)
        except (OSError, tomllib.TOMLDecodeError) as fault:
            raise pytest.UsageError(f"the promises cannot be read: {fault}") from fault
        self._run = Run(full=is_full(config))
        self._faults: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without xdist, the session knows what was collected."""
        self._run.collected.update(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """With xdist, each worker tells what it collected."""
        self._run.collected.update(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record a report, of this process or of a worker."""
        self._run.record(report)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge, and fail a run that would have passed otherwise."""
        self._faults.extend(table_faults(self._promises, self._ids, self._root))
        stopped = exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if not stopped and not session.config.option.collectonly:
            self._faults.extend(run_faults(self._promises, self._run))
        if self._faults and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what is not true, then what was not checked here, then how many promises are kept."""
        excuses = list(excused_tests(self._promises, self._run.outcomes))
        if self._faults:
            terminalreporter.section(f"{self._table.name} is not true", red=True)
            for fault in self._faults:
                terminalreporter.line(fault, red=True)
        if excuses:
            terminalreporter.section("promises NOT checked here", yellow=True)
            for excuse in excuses:
                terminalreporter.line(excuse, yellow=True)
        if self._run.full:
            counts = (f"{sum(one.status == word for one in self._promises)} {word}" for word in reversed(STATUSES))
            terminalreporter.line(f"promises: {', '.join(counts)}")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the table and the mission's list of ids stand, below the root."""
    parser.addini("promises", "the table of promises", default="docs/promises.toml")
    parser.addini("promise_ids", "the ids that the table must have", default="tests/house/promises.txt")


def pytest_configure(config: pytest.Config) -> None:
    """Listen everywhere but in an xdist worker, which sees a part only."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(PromiseKeeper(config), "promise-keeper")
