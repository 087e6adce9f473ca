"""`mainstem rules`: lists, adds, counts and takes away, and search follows at once."""

from pathlib import Path

import pytest

from tests.cli.conftest import answer, mainstem


def test_rules_are_counted_added_in_their_place_and_taken_away(copied: Path) -> None:
    home = ("--home", copied)
    assert answer("rules", *home)["rules"] == []
    everything = ("rules", "--gives", "tag", "--named", "Confluence", *home)
    counted = answer(*everything, "--preview")["documents"]
    assert counted > 0
    assert answer("rules", *home)["rules"] == []
    added = answer(*everything)["rules"]
    assert added == [{"on": "all", "drawer": "tag", "name": "Confluence", "documents": counted}]
    first = answer("rules", "--gives", "category", "--space", "ENG", "--named", "Building", "--at", "1", *home)
    assert [each["drawer"] for each in first["rules"]] == ["category", "tag"]
    found = answer("search", "tag:confluence category:building signing", "--as", "bob@example.com", *home)
    assert [each["title"] for each in found["results"]] == ["Rotate the signing key"]
    shown = mainstem("rules", *home).stdout
    assert shown.startswith("  1  space ENG: category Building (")
    left = mainstem("rules", "--remove", "1", *home).stdout
    assert left.startswith(f"  1  everything: tag Confluence ({counted} documents)")
    assert answer("search", "category:building", "--as", "bob@example.com", *home)["total"] == 0


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (("--named", "x"), "Say --gives tag, category, collection or owner"),
        (("--gives", "tag"), "say which tag it gives"),
        (("--gives", "tag", "--space", "ENG", "--label", "x"), "A rule looks at one thing"),
        (("--remove", "7"), "There is no rule 7"),
    ],
)
def test_what_makes_no_sense_says_what_to_write(loaded: Path, said: tuple[str, ...], trouble: str) -> None:
    refused = mainstem("rules", *said, "--home", loaded)
    assert refused.exit_code != 0
    assert trouble in " ".join(refused.stderr.split())
