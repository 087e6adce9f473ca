"""`mainstem test`: check by check, with causes and repairs where one fails."""

from pathlib import Path

from tests.cli.acme import Acme
from tests.cli.conftest import answer, mainstem


def test_a_good_connection_ends_with_the_count_of_its_pages(acme: Acme) -> None:
    result = mainstem("test", *acme.as_ada())
    assert result.exit_code == 0
    assert "Connection successful, found 3 pages" in result.stdout
    assert [line.split()[0] for line in result.stdout.splitlines()[-2:]] == ["ENG", "SEC"]


def test_a_stored_connection_is_tested_by_its_name(acme: Acme, loaded: Path) -> None:
    told = answer("test", "Acme", "--home", loaded)
    assert told["passed"]
    assert {space["key"]: space["pages"] for space in told["checks"][-1]["spaces"]} == {"ENG": 2, "SEC": 1}


def test_the_only_connection_needs_no_name(acme: Acme, loaded: Path) -> None:
    told = answer("test", "--space", "eng", "--home", loaded)
    assert told["checks"][-1]["detail"] == "Connection successful, found 2 pages"


def test_a_failure_names_causes_and_numbered_fixes(acme: Acme) -> None:
    result = mainstem("test", "--url", acme.cloud, "--email", "ada@example.com", "--token", "s3cret-but-wrong")
    assert result.exit_code == 2
    assert "✗ sign in" in result.stdout
    assert "Possible causes, in the order to check" in result.stdout
    assert "What to do" in result.stdout
    assert "    1. As that account, open id.atlassian.com" in result.stdout
    assert "- pages               not tried" in result.stdout


def test_a_failure_is_the_same_for_programs(acme: Acme) -> None:
    told = answer("test", *acme.as_ada(), "--space", "ENGG")
    failed = [check for check in told["checks"] if check["state"] == "failed"]
    assert (told["passed"], [check["name"] for check in failed]) == (False, ["list spaces"])
    assert set(failed[0]) == {"name", "state", "detail", "symptom", "causes", "fixes", "field", "spaces"}
    assert "did you mean ENG?" in failed[0]["detail"]


def test_a_name_and_an_address_are_two_things(acme: Acme, loaded: Path) -> None:
    result = mainstem("test", "Acme", *acme.as_ada(), "--home", loaded)
    assert (result.exit_code, "one of them at a time" in result.stderr) == (2, True)


def test_options_that_would_go_unheard_are_refused(acme: Acme, loaded: Path) -> None:
    result = mainstem("test", "Acme", "--token", "another", "--home", loaded)
    assert (result.exit_code, "Acme has its own --token" in result.stderr) == (2, True)


def test_a_name_that_is_not_there_lists_those_that_are(loaded: Path) -> None:
    result = mainstem("test", "Acne", "--home", loaded)
    assert (result.exit_code, "the names are Acme" in result.stderr) == (2, True)


def test_a_report_on_the_site_is_printed_to_be_sent_on(acme: Acme) -> None:
    told = answer("test", *acme.as_ada(), "--report")
    assert (told["passed"], told["deployment"], told["credential"]) == (True, "cloud", "EmailToken")
    result = mainstem(
        "test", "--url", acme.cloud, "--email", "ada@example.com", "--token", "s3cret-but-wrong", "--report"
    )
    assert result.exit_code == 2
    assert "s3cret" not in result.stdout
    assert "ada@" not in result.stdout
