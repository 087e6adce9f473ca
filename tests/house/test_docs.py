"""What the documents list is what there is: packages, commands of make, settings, decisions."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from mainstem.store.tables import metadata
from mainstem.wiki.filing import On
from tests.house.source import ROOT
from tools.field_listing import LANDINGS, RULES, TITLES, fields_page
from tools.listings import settings_page
from tools.macro_listing import macros_page

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
PARTS = ("**Question.**", "**Decision.**", "**Why.**", "**Price.**")
GUIDES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def contracts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return found


def test_architecture_lists_the_layers_in_their_order() -> None:
    table = page("ARCHITECTURE.md").split("| packages |")[1].split("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith(("| `", "| (`"))]
    layers = next(rule["layers"] for rule in contracts() if rule["type"] == "layers")
    assert isinstance(layers, list)
    assert [set(re.findall(r"\w+", row)) for row in rows] == [set(re.findall(r"\w+", layer)) for layer in layers]


def test_architecture_marks_as_planned_what_is_not_written() -> None:
    table = page("ARCHITECTURE.md").split("| packages |")[1].split("\n\n")[0]
    names = re.findall(r"\(?`(\w+)`\)?", "".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    planned = set(re.findall(r"\(`(\w+)`\)", table))
    written = {path.name.removesuffix(".py") for path in (ROOT / "src/mainstem").iterdir()}
    assert planned == set(names) - written


@pytest.mark.parametrize("guide", GUIDES)
def test_each_make_command_that_a_guide_names_exists(guide: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    named = re.findall(r"`make ([a-z-]+)|^    make ([a-z-]+)", page(guide), re.MULTILINE)
    assert {first or second for first, second in named} <= targets


def test_contributing_lists_every_gate() -> None:
    gates = re.findall(r"^GATES := (.*)", page("Makefile"), re.MULTILINE)[0].split()
    assert re.findall(r"^\| `make ([a-z-]+)` \|", page("CONTRIBUTING.md"), re.MULTILINE) == gates


@pytest.mark.parametrize("guide", GUIDES)
def test_each_file_that_a_guide_links_to_exists(guide: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page(guide))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_macros_are_listed_as_they_are_handled_each_with_an_example() -> None:
    assert page("docs/macros.md") == macros_page(), "make listings"


def test_settings_are_listed_as_they_are_declared() -> None:
    assert page("docs/settings.md") == settings_page(), "run `make listings`"


def test_the_changelog_opens_with_what_is_not_released_yet() -> None:
    assert re.findall(r"^## (.*)", page("CHANGELOG.md"), re.MULTILINE)[0] == "Unreleased"


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(file.name[:4]) for file in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("file", DECISIONS, ids=[file.stem for file in DECISIONS])
def test_a_decision_says_what_was_asked_decided_why_at_what_price_and_what_holds_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(file.name[:4])}. ")
    assert [part for part in PARTS if part not in text] == []
    held = " ".join(re.findall(r"Held by:(.*?)\n\n", text, re.DOTALL)[0].split())
    paths = [path for path in re.findall(r"`([^`]+)`", held) if "/" in path]
    assert paths or "`pyproject.toml`" in held
    assert [path for path in paths if not (ROOT / path).exists()] == []
    names = {str(rule["name"]) for rule in contracts()}
    assert set(re.findall(r'"([^"]+)"', held)) <= names


def test_the_page_on_fields_is_made_from_their_table() -> None:
    assert page("docs/fields.md") == fields_page(), "run `make listings`"


def test_every_field_that_is_read_is_told_of_with_a_column_that_there_is() -> None:
    columns = {str(column) for table in metadata.tables.values() for column in table.columns}
    assert set(LANDINGS) == set(TITLES)
    for of, landings in LANDINGS.items():
        assert list(landings) == [field.name for field in fields(of)]
        assert {each.column for each in landings.values()} - {""} <= columns
    assert list(RULES) == list(On)
