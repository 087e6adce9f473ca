"""`mainstem sync`: its summary for programs and people, and its exit codes."""

from pathlib import Path

from tests.cli.acme import Acme
from tests.cli.conftest import answer, mainstem

KEYS = {
    *("spaces", "pages", "blogposts", "comments", "attachments", "passages"),
    *("added", "changed", "unchanged", "deleted", "requests", "failed", "failures"),
    *("waiting_deletions", "message", "seconds", "complete"),
}


def test_a_second_sync_finds_everything_unchanged(acme: Acme, copied: Path) -> None:
    told = answer("sync", "Acme", "--home", copied)
    assert set(told) == KEYS
    assert (told["pages"], told["spaces"], told["unchanged"], told["added"]) == (3, 2, 3, 0)
    assert told["complete"]


def test_the_same_account_at_the_same_address_is_the_same_connection(acme: Acme, copied: Path) -> None:
    told = answer("sync", *acme.as_ada(), "--home", copied)
    assert (told["unchanged"], told["added"]) == (3, 0)


def test_a_person_reads_it_in_two_lines(acme: Acme, copied: Path) -> None:
    lines = mainstem("sync", "--home", copied).stdout.splitlines()
    assert lines[0] == "3 pages, 0 blog posts, 0 comments, 0 attachments in 2 spaces, as 3 passages."
    assert lines[1].startswith("0 added, 0 changed, 3 unchanged, 0 deleted; ")


def test_a_listing_that_breaks_off_leaves_the_sync_incomplete(acme: Acme, copied: Path) -> None:
    acme.strike("404:path=/pages")
    result = mainstem("sync", "--home", copied)
    assert result.exit_code == 3
    assert "3 pages" in result.stdout


def test_without_a_connection_the_way_to_one_is_told(tmp_path: Path) -> None:
    result = mainstem("sync", "--home", tmp_path)
    assert (result.exit_code, "mainstem connect" in result.stderr) == (2, True)


def test_what_a_stored_connection_loads_is_not_changed_in_passing(loaded: Path) -> None:
    result = mainstem("sync", "Acme", "--space", "ENG", "--home", loaded)
    assert (result.exit_code, "has its own --space" in result.stderr) == (2, True)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = mainstem("sync", "--home", tmp_path / "file/hub")
    assert (result.exit_code, f"Cannot write to {tmp_path}/file/hub" in result.stderr) == (2, True)


def test_a_smaller_choice_is_refused_until_what_goes_is_approved(acme: Acme, copied: Path) -> None:
    smaller = ["sync", *acme.as_ada(), "--space", "ENG", "--home", copied]
    refused = mainstem(*smaller)
    said = " ".join(refused.stderr.split())
    assert (refused.exit_code, "Exactly 1 page or post of what is stored now. With them all" in said) == (
        2,
        True,
    )
    other = mainstem("sync", *acme.as_ada(), "--label", "nothing-has-it", "--home", copied)
    assert (other.exit_code, "Exactly 3 pages and posts" in " ".join(other.stderr.split())) == (2, True)
    assert answer("sync", "Acme", "--home", copied)["pages"] == 3
    told = answer(*smaller, "--approve-deletions")
    assert (told["pages"], told["deleted"]) == (2, 1)


def test_the_requests_of_connecting_count(acme: Acme, copied: Path) -> None:
    acme.desk.log.reset()
    told = answer("sync", *acme.as_ada(), "--home", copied)
    assert told["requests"] == len(acme.desk.log.entries)


def test_a_site_is_asked_only_once_what_it_is(acme: Acme, tmp_path: Path) -> None:
    acme.desk.log.reset()
    assert mainstem("sync", *acme.as_ada(), "--home", tmp_path).exit_code == 0
    assert acme.desk.log.counts()["GET /_edge/tenant_info"] == 1
