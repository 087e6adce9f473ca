"""`mainstem spaces`: lists what the last sync met, sets the rule for later spaces, and decides about new ones."""

from pathlib import Path

from tests.cli.conftest import answer, mainstem


def test_spaces_are_listed_and_the_rule_for_later_ones_is_set(copied: Path) -> None:
    home = ("--home", copied)
    told = answer("spaces", *home)
    assert told["later"] in {"add", "ignore"}
    assert {"in"} <= {each["stands"] for each in told["spaces"]} <= {"in", "out"}
    assert answer("spaces", "--later", "ask", *home)["later"] == "ask"
    outside = [each["key"] for each in told["spaces"] if each["stands"] == "out"]
    for key in outside[:1]:
        said = answer("spaces", "--add", key.lower(), *home)
        assert {each["key"]: each["stands"] for each in said["spaces"]}[key] == "in"
    assert mainstem("spaces", *home).stdout.endswith("Spaces that are created later wait for you.\n")
    inside = next(each["key"] for each in told["spaces"] if each["stands"] == "in")
    refused = mainstem("spaces", "--leave", inside, *home)
    assert refused.exit_code != 0
    assert "comes in already" in " ".join(refused.stderr.split())
    unknown = mainstem("spaces", "--add", "NOPE", *home)
    assert unknown.exit_code != 0
    assert "has no space NOPE" in " ".join(unknown.stderr.split())
