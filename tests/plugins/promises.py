"""Holds `docs/promises.toml` and `docs/complaints.toml` true at the end of every test run.

A promise that is `kept` or `partly` kept names its tests; one that is partly kept says what is missing. A complaint
names the tests that exclude it here, or a decision. `claims` says when a run refutes them: then the run fails. Skips
for which there is an excuse are listed loudly.

Under xdist the controller judges, from the reports of its workers.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plugins.claims import OPEN, Claim, Run, excused_tests, is_full, run_faults, tables_of, unknown_tests
from tests.plugins.complaints import complaint_faults, read_complaints

STATUSES = (OPEN, "partly", "kept")


@dataclass(frozen=True, slots=True)
class Promise(Claim):
    """One table of `docs/promises.toml`; `missing` is what keeps a promise from being kept."""

    says: str
    missing: str


def read_promises(table: Path) -> tuple[Promise, ...]:
    """The promises of a table; what is missing reads as empty, and `promise_faults` names it."""
    return tuple(
        Promise(key, row.get("status", ""), tuple(row.get("tests", ())), row.get("says", ""), row.get("missing", ""))
        for key, row in tables_of(table).items()
    )


def promise_faults(promises: Sequence[Promise], ids: Sequence[str]) -> Iterator[str]:
    """What is wrong with the table itself, but for tests that there are not."""
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


class Keeper:
    """Listens to a run, in the process that sees all of it, and judges both tables when it ends."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = config.rootpath
        try:
            self._ids = (self._root / config.getini("promise_ids")).read_text(encoding="utf-8").split()
            self._promises = read_promises(self._root / config.getini("promises"))
            self._complaints = read_complaints(self._root / config.getini("complaints"))
        except (OSError, tomllib.TOMLDecodeError) as fault:
            raise pytest.UsageError(f"the promises or complaints cannot be read: {fault}") from fault
        self._claims: tuple[Claim, ...] = (*self._promises, *self._complaints)
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
        self._faults.extend(promise_faults(self._promises, self._ids))
        self._faults.extend(complaint_faults(self._complaints, self._root))
        self._faults.extend(unknown_tests(self._claims, self._root))
        stopped = exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if not stopped and not session.config.option.collectonly:
            self._faults.extend(run_faults(self._claims, self._run))
        if self._faults and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what is not true, then what was not checked here, then how many promises are kept."""
        excuses = list(excused_tests(self._claims, self._run.outcomes))
        if self._faults:
            terminalreporter.section("promises or answers to complaints that are not true", red=True)
            for fault in self._faults:
                terminalreporter.line(fault, red=True)
        if excuses:
            terminalreporter.section("promises and answers NOT checked here", yellow=True)
            for excuse in excuses:
                terminalreporter.line(excuse, yellow=True)
        if self._run.full:
            counts = (f"{sum(one.status == word for one in self._promises)} {word}" for word in reversed(STATUSES))
            terminalreporter.line(f"promises: {', '.join(counts)}; complaints: {len(self._complaints)} answered")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the tables and the mission's list of ids stand, below the root."""
    parser.addini("promises", "the table of promises", default="docs/promises.toml")
    parser.addini("complaints", "the table of complaints", default="docs/complaints.toml")
    parser.addini("promise_ids", "the ids that the table must have", default="tests/house/promises.txt")


def pytest_configure(config: pytest.Config) -> None:
    """Listen everywhere but in an xdist worker, which sees a part only."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Keeper(config), "promise-keeper")
