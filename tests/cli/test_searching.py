"""`mainstem search`: each viewer finds what they may read, and hears what to do when that is nothing."""

from pathlib import Path

import pytest

from tests.cli.conftest import answer, mainstem

KEYS = {
    *("document_id", "source_id", "kind", "title", "space", "source", "url", "heading_path"),
    *("passage", "tags", "author", "updated_at", "score"),
}


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("ada@example.com", {"Rotate the signing key", "Signing key of the vault"}),
        ("operator", {"Rotate the signing key", "Signing key of the vault"}),
        ("bob@example.com", {"Rotate the signing key"}),
        ("anonymous", set()),
        ("eve@example.com", set()),
    ],
)
def test_a_viewer_finds_and_is_told_the_number_of_what_they_may_read(who: str, titles: set[str], loaded: Path) -> None:
    told = answer("search", "signing key", "--as", who, "--home", loaded)
    assert told["total"] == len(titles)
    assert {result["title"] for result in told["results"]} == titles
    assert all(set(result) == KEYS for result in told["results"])


def test_results_are_numbered_dated_and_linked_in_one_piece(loaded: Path) -> None:
    shown = mainstem("search", "signing", "--as", "bob@example.com", "--home", loaded, env={"COLUMNS": "40"}).stdout
    assert shown.startswith("1 document\n\n 1  Rotate the signing key")
    assert "page · ENG · Ada · 2026-03-01" in shown
    address = shown.splitlines()[-1].strip()
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith("/Rotate+the+signing+key")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("anonymous", "what everybody may read"),
        ("eve@example.com", "no active account is known as eve@example.com"),
        ("bob@example.com", "what bob@example.com may read"),
        ("operator", "Try fewer or other words"),
    ],
)
def test_finding_nothing_says_why_that_may_be(who: str, said: str, loaded: Path) -> None:
    result = mainstem("search", "brontosaurus", "--as", who, "--home", loaded)
    assert (result.exit_code, said in result.stdout) == (0, True)


def test_a_folder_without_a_hub_is_bad_input(tmp_path: Path) -> None:
    result = mainstem("search", "key", "--home", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"There is no hub in {tmp_path}" in result.stderr


def test_a_slip_in_the_settings_is_heard(loaded: Path) -> None:
    result = mainstem("search", "key", env={"MAINSTEM_HOMR": str(loaded)})
    assert (result.exit_code, "MAINSTEM_HOMR" in result.stderr) == (2, True)


def test_the_home_comes_from_the_settings_where_no_option_names_it(loaded: Path) -> None:
    assert answer("search", "key", "--as", "operator", env={"MAINSTEM_HOME": str(loaded)})["total"] == 2
