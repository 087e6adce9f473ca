"""The promise table is judged on small projects of its own, run by pytest inside pytest."""

from collections.abc import Callable
from pathlib import Path

import pytest

Judge = Callable[..., pytest.RunResult]

TESTS = """
import pytest

def test_good():
    pass

def test_bad():
    assert 1 == 2

@pytest.mark.parametrize("number", [1, 2])
def test_many(number):
    assert number < 3

class TestGroup:
    def test_inner(self):
        pass

def test_needs_reference():
    pytest.skip("../shared is absent: nothing to compare with")

def test_skipped():
    pytest.skip("not today")

@pytest.mark.xfail(strict=True)
def test_known_bug():
    assert 1 == 2

@pytest.fixture
def untidy():
    yield
    raise ValueError

def test_untidy(untidy):
    pass
"""

TABLE = '[C1]\nsays = "It connects"\nstatus = "{status}"\ntests = [{tests}]\n{missing}\n'
MISSING = 'missing = "most of it"'


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with some tests, one promise of its mission and no configuration but where these stand."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    pytester.makeini(
        "[pytest]\ntestpaths = checks\npromises = promises.toml\npromise_ids = ids.txt\ncomplaints = complaints.toml\n"
    )
    (pytester.path / "checks").mkdir()
    (pytester.path / "checks/test_it.py").write_text(TESTS)
    (pytester.path / "ids.txt").write_text("C1\n")
    (pytester.path / "complaints.toml").touch()
    return pytester.path


@pytest.fixture
def judge(project: Path, pytester: pytest.Pytester) -> Judge:
    """Runs pytest on the project, whose one promise has this status and names these tests."""

    def run(
        status: str, *tests: str, options: tuple[str, ...] = ("-k", "good"), apart: bool = False
    ) -> pytest.RunResult:
        named = ", ".join(f'"checks/test_it.py::{test}"' for test in tests)
        missing = MISSING if status == "partly" else ""
        (project / "promises.toml").write_text(TABLE.format(status=status, tests=named, missing=missing))
        runner = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return runner("-p", "tests.plugins.promises", "-p", "no:randomly", *options)

    return run


def only_good(project: Path) -> None:
    (project / "checks/test_it.py").write_text("def test_good():\n    pass\n")


@pytest.mark.parametrize("test", ["test_good", "test_many", "test_many[1]", "TestGroup::test_inner"])
def test_a_promise_is_kept_when_its_test_ran_and_passed(judge: Judge, test: str) -> None:
    result = judge("kept", test, options=("-k", "good or many or inner"))
    assert result.ret == pytest.ExitCode.OK


def test_an_open_promise_claims_nothing(judge: Judge) -> None:
    assert judge("open").ret == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("test_gone", "C1 names checks/test_it.py::test_gone, which does not exist"),
        ("TestGroup::test_gone", "C1 names checks/test_it.py::TestGroup::test_gone, which does not exist"),
        ("TestGroup", "C1 names checks/test_it.py::TestGroup, which does not exist"),
    ],
)
def test_a_named_test_must_exist_even_when_the_run_did_not_select_it(judge: Judge, test: str, fault: str) -> None:
    result = judge("partly", test)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([fault])


@pytest.mark.parametrize(
    ("test", "word"),
    [
        ("test_bad", "failed"),
        ("test_skipped", "skipped not today"),
        ("test_known_bug", "failed"),
        ("test_untidy", "failed"),
    ],
)
def test_a_test_that_did_not_pass_refutes_its_promise(judge: Judge, test: str, word: str) -> None:
    result = judge("kept", test, options=("-k", test))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"C1 is kept, but checks/test_it.py::{test} {word}"])


def test_a_skip_for_something_absent_is_excused_and_listed(judge: Judge) -> None:
    result = judge("kept", "test_needs_reference", options=("-k", "reference"))
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*NOT checked here*", "C1 *test_needs_reference: ../shared is absent: nothing*"])


def test_a_partial_run_judges_only_what_it_collected(judge: Judge) -> None:
    assert judge("kept", "test_bad", options=("-k", "good")).ret == pytest.ExitCode.OK


def test_a_full_run_must_collect_every_named_test(judge: Judge, project: Path) -> None:
    only_good(project)
    (project / "elsewhere.py").write_text("def test_lost():\n    pass\n")
    table = TABLE.format(status="kept", tests='"checks/test_it.py::test_good", "elsewhere.py::test_lost"', missing="")
    result = judge("kept", "test_good", options=())
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["promises: 1 kept, 0 partly, 0 open; complaints: 0 answered"])
    (project / "other.toml").write_text(table)
    result = judge("kept", options=("-o", "promises=other.toml"))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["C1 names elsewhere.py::test_lost, which a full run does not collect"])


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        ("kept", "C1 is kept and names no test that proves it"),
        ("partly", "C1 is partly and names no test that proves it"),
        ("done", "C1 has the status 'done'; it may be open, partly, kept"),
    ],
)
def test_a_claim_needs_a_known_status_and_a_test(judge: Judge, status: str, fault: str) -> None:
    result = judge(status)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([fault])


@pytest.mark.parametrize(
    ("status", "missing", "fault"),
    [
        ("partly", "", "C1 is partly and does not say what is missing"),
        ("kept", MISSING, "C1 is kept and says that something is missing"),
        ("open", MISSING, "C1 is open and says that something is missing"),
    ],
)
def test_what_is_partly_kept_and_nothing_else_says_what_is_missing(
    judge: Judge, project: Path, status: str, missing: str, fault: str
) -> None:
    table = TABLE.format(status=status, tests='"checks/test_it.py::test_good"', missing=missing)
    (project / "other.toml").write_text(table)
    result = judge("open", options=("-k", "good", "-o", "promises=other.toml"))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([fault])


def test_the_table_has_exactly_the_promises_of_the_mission(judge: Judge, project: Path) -> None:
    (project / "ids.txt").write_text("C2\nC3\n")
    result = judge("open")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["C2 is*no table", "C3 is*no table", "C1 is no promise of the mission"])


def test_a_table_that_cannot_be_read_stops_the_run_with_its_fault(judge: Judge, project: Path) -> None:
    (project / "broken.toml").write_text("[C1\n")
    result = judge("open", options=("-o", "promises=broken.toml"), apart=True)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: the promises or complaints cannot be read: *"])


COMPLAINT = '["peer/product#7"]\nhappened = "It broke"\nhere = "It holds"\n'


@pytest.mark.parametrize(
    ("complaint", "fault"),
    [
        (COMPLAINT + 'tests = ["checks/test_it.py::test_good"]', None),
        (COMPLAINT + 'decision = "ids.txt"', None),
        (COMPLAINT, "names neither a test nor a decision"),
        (COMPLAINT + 'decision = "gone.md"', "names gone.md, which does not exist"),
        (
            COMPLAINT + 'tests = ["checks/test_it.py::test_gone"]',
            "names checks/test_it.py::test_gone, which does not exist",
        ),
        (COMPLAINT + 'tests = ["checks/test_it.py::test_bad"]', "is answered, but checks/test_it.py::test_bad failed"),
        (COMPLAINT.replace("It broke", ""), "does not say what happened"),
        (COMPLAINT.replace("It holds", ""), "does not say why it cannot happen here"),
    ],
)
def test_a_complaint_is_answered_by_tests_that_pass_or_by_a_decision(
    judge: Judge, project: Path, complaint: str, fault: str | None
) -> None:
    (project / "complaints.toml").write_text(complaint)
    result = judge(
        "open",
        options=(
            "-k",
            "good or (bad and not known)",
        ),
    )
    lines = [line for line in result.outlines if line.startswith("peer/product#7")]
    assert (not lines) == (fault is None)
    if fault:
        assert f"peer/product#7 {fault}" in lines
        assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_under_xdist_the_controller_judges_what_its_workers_ran(judge: Judge) -> None:
    result = judge("kept", "test_good", "test_skipped", "test_needs_reference", options=("-n", "2"), apart=True)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["C1 is kept, but checks/test_it.py::test_skipped skipped not today"])
    result.stdout.fnmatch_lines(["C1 checks/test_it.py::test_needs_reference: ../shared is absent*"])
    result.stdout.no_fnmatch_line("*test_good*")
    assert "promises: 1 kept" in result.stdout.str()
